package dispositif

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/pg"
)

const selectProgramme = `SELECT p.id, p.nom, p.porteur_id, o.nom AS porteur, p.seuil_secret::bigint AS seuil_secret, p.debut, p.fin, p.publie, p.demonstration
	FROM pre p JOIN organisme o ON o.id = p.porteur_id `

// lockProgramme reads a programme within the perimeter of whoever asks; two returns of it wait for each other. Who returns counts may not
// change the programme itself, and so not lock its row.
func lockProgramme(ctx context.Context, tx pg.Tx, id int64) (programme, error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('pre_agregat', $1))`, id); err != nil {
		return programme{}, err
	}
	return pg.One[programme](ctx, tx, selectProgramme+`WHERE p.id = $1`, id)
}

// caseRow is a count of the table.
type caseRow struct {
	PreID    int64  `db:"pre_id" json:"-"`
	Annee    int16  `json:"-"`
	Sexe     string `json:"sexe"`
	Age      string `json:"age"`
	Duree    string `json:"duree"`
	Sortie   string `json:"sortie"`
	Effectif *int64 `json:"effectif"`
}

func (r caseRow) rubrique() rubrique { return rubrique{r.Sexe, r.Age, r.Duree, r.Sortie} }

const selectRetour = `SELECT annee, reserve, publie, saisi_le, version FROM pre_annee WHERE pre_id = $1 `

const selectCases = `SELECT pre_id, annee, sexe, age, duree, sortie, effectif::bigint AS effectif FROM `

// readRetour is a year's return with its bare counts; the zero value when there is none.
func readRetour(ctx context.Context, q pg.Q, id int64, annee int) (kept retour, counts effectifs, err error) {
	var returns []retour
	var rows []caseRow
	var b pg.Batch
	pg.Add(&b, &returns, selectRetour+`AND annee = $2`, id, annee)
	pg.Add(&b, &rows, selectCases+`pre_agregat WHERE pre_id = $1 AND annee = $2`, id, annee)
	if err := b.Run(ctx, q); err != nil {
		return kept, nil, err
	}
	counts = effectifs{}
	for _, r := range rows {
		counts[r.rubrique()] = *r.Effectif
	}
	if len(returns) > 0 {
		kept = returns[0]
	}
	return kept, counts, nil
}

// upsertRetour writes a return: its line, its counts, what is shown of them, and the copy that stays.
func upsertRetour(ctx context.Context, tx pg.Tx, par droits.Compte, p programme, next retour, whole effectifs) error {
	tag, err := tx.Exec(ctx, `
		INSERT INTO pre_annee (pre_id, annee, reserve, publie, saisi_par, version) VALUES ($1, $2, $3, $4, nullif($5, 0), 1)
		ON CONFLICT (pre_id, annee) DO UPDATE SET reserve = $3, publie = $4, saisi_par = nullif($5, 0), saisi_le = now(), version = pre_annee.version + 1
		WHERE pre_annee.version = $6`, p.ID, next.Annee, next.Reserve, next.Publie, par.ID, next.Version)
	if err != nil {
		return err
	}
	if tag.RowsAffected() != 1 {
		return fault.Stale
	}
	shown := whole.masquer(p.SeuilSecret)
	columns := make([][]string, 4)
	var counts, masked []*int64
	copies := make([]caseRow, 0, len(whole))
	for _, r := range whole.rubriques() {
		for i, code := range []string{r.Sexe, r.Age, r.Duree, r.Sortie} {
			columns[i] = append(columns[i], code)
		}
		n := whole[r]
		counts, masked = append(counts, &n), append(masked, shown[r])
		copies = append(copies, caseRow{Sexe: r.Sexe, Age: r.Age, Duree: r.Duree, Sortie: r.Sortie, Effectif: &n})
	}
	text, err := json.Marshal(copies)
	if err != nil {
		return fmt.Errorf("copy of a return: %w", err)
	}
	const cases = ` (pre_id, annee, sexe, age, duree, sortie, effectif) SELECT $1::bigint, $2::smallint, * FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::integer[])`
	var b pgx.Batch
	b.Queue(`DELETE FROM pre_agregat WHERE pre_id = $1 AND annee = $2`, p.ID, next.Annee)
	b.Queue(`INSERT INTO pre_agregat`+cases, p.ID, next.Annee, columns[0], columns[1], columns[2], columns[3], counts)
	b.Queue(`DELETE FROM pre_agregat_masque WHERE pre_id = $1 AND annee = $2`, p.ID, next.Annee)
	b.Queue(`INSERT INTO pre_agregat_masque`+cases, p.ID, next.Annee, columns[0], columns[1], columns[2], columns[3], masked)
	b.Queue(`INSERT INTO pre_annee_version (pre_id, annee, version, saisi_par, reserve, effectifs) VALUES ($1, $2, $3, nullif($4, 0), $5, $6)`,
		p.ID, next.Annee, next.Version+1, par.ID, next.Reserve, text)
	return tx.SendBatch(ctx, &b).Close()
}

// versionRow is a version of a return, for its producer.
type versionRow struct {
	Annee   int16
	Version int
	SaisiLe time.Time
	Role    string // of whoever typed it in; empty for the portal itself
	Total   int64
}

// addAgregats queues what the page of a programme's counts shows: bare counts for the producer alone, masked ones for everybody else.
func addAgregats(b *pg.Batch, v *agregatsVue, id int64) {
	pg.AddOne(b, &v.Programme, selectProgramme+`WHERE p.id = $1`, id)
	pg.Add(b, &v.Retours, selectRetour+`ORDER BY annee DESC`, id)
	pg.Add(b, &v.masques, selectCases+`pre_agregat_masque WHERE pre_id = $1`, id)
	pg.Add(b, &v.bruts, selectCases+`pre_agregat a WHERE pre_id = $1 AND EXISTS (SELECT FROM pre p WHERE p.id = a.pre_id AND p.porteur_id = moi_organisme())`, id)
	pg.Add(b, &v.Versions, `
		SELECT v.annee, v.version, v.saisi_le, coalesce((SELECT f.role FROM fonction f WHERE f.compte_id = v.saisi_par ORDER BY f.fin DESC NULLS FIRST, f.id DESC LIMIT 1), '') AS role,
			coalesce((SELECT (e->>'effectif')::bigint FROM jsonb_array_elements(v.effectifs) e WHERE e->>'sexe' || (e->>'age') || (e->>'duree') || (e->>'sortie') = ''), 0) AS total
		FROM pre_annee_version v WHERE v.pre_id = $1 AND EXISTS (SELECT FROM pre p WHERE p.id = v.pre_id AND p.porteur_id = moi_organisme())
		ORDER BY v.annee DESC, v.version DESC LIMIT 50`, id)
}

// publicRow is a published count with its programme.
type publicRow struct {
	PreID         int64 `db:"pre_id"`
	Nom           string
	Demonstration bool
	Annee         int16
	Reserve       string
	Sexe          string
	Age           string
	Duree         string
	Sortie        string
	Effectif      *int64
}

// addChiffres queues every count that is published.
func addChiffres(b *pg.Batch, into *[]publicRow) {
	pg.Add(b, into, `SELECT pre_id, nom, demonstration, annee, reserve, sexe, age, duree, sortie, effectif::bigint AS effectif FROM pre_agregat_public ORDER BY nom COLLATE "fr-x-icu", pre_id, annee DESC`)
}

// importProgramme is a programme with its returns, for an import.
type importRetour struct {
	PreID     int64 `db:"pre_id"`
	Annee     int16
	Effectifs []byte
}

// readImportAgregats reads the programmes whose counts whoever asks may type in, and their returns.
func readImportAgregats(ctx context.Context, tx pg.Tx, par droits.Compte) (programmes []programme, returns []importRetour, err error) {
	var b pg.Batch
	pg.Add(&b, &programmes, selectProgramme+`WHERE $1 OR p.porteur_id = $2 ORDER BY p.id`, par.Role != droits.Referent, par.Organisme)
	pg.Add(&b, &returns, `SELECT a.pre_id, a.annee, json_agg(json_build_object('sexe', a.sexe, 'age', a.age, 'duree', a.duree, 'sortie', a.sortie, 'effectif', a.effectif))::text::bytea AS effectifs
		FROM pre_agregat a JOIN pre p ON p.id = a.pre_id WHERE $1 OR p.porteur_id = $2 GROUP BY a.pre_id, a.annee ORDER BY a.pre_id, a.annee`, par.Role != droits.Referent, par.Organisme)
	err = b.Run(ctx, tx)
	return programmes, returns, err
}

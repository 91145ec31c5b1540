package tableur

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/pg"
)

const colonnes = `id, modele, compte_id, fonction_id, fichier, octets, sha256, format, etat, apercu::text::bytea AS apercu, correspondance::text::bytea AS correspondance,
	lignes, motif, fait, fautes, ajouts, changements, disparus, identiques, empreinte, version, cree_le, applique_le`

// findBrouillon reads a draft that row-level security lets be seen: one's own.
func findBrouillon(ctx context.Context, q pg.Q, id int64) (Brouillon, error) {
	return pg.One[Brouillon](ctx, q, `SELECT `+colonnes+` FROM tableur_brouillon WHERE id = $1`, id)
}

func lockBrouillon(ctx context.Context, tx pg.Tx, modele string, id int64) (Brouillon, error) {
	return pg.One[Brouillon](ctx, tx, `SELECT `+colonnes+` FROM tableur_brouillon WHERE id = $1 AND modele = $2 AND compte_id = moi_compte() FOR UPDATE`, id, modele)
}

// addBrouillon queues a draft of one's own.
func addBrouillon(b *pg.Batch, into *Brouillon, par droits.Compte, modele string, id int64) {
	pg.AddOne(b, into, `SELECT `+colonnes+` FROM tableur_brouillon WHERE id = $1 AND modele = $2 AND compte_id = $3`, id, modele, par.ID)
}

// addBrouillons queues one's own drafts of an import.
func addBrouillons(b *pg.Batch, into *[]Brouillon, par droits.Compte, modele string) {
	pg.Add(b, into, `SELECT `+colonnes+` FROM tableur_brouillon WHERE modele = $1 AND compte_id = $2 ORDER BY id DESC LIMIT 10`, modele, par.ID)
}

// lockEtape keeps two hands from the same step; lockModele two imports of a kind from being written at once.
func lockEtape(ctx context.Context, tx pg.Tx, id int64) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('tableur_brouillon'), $1::int)`, id)
	return err
}

func lockModele(ctx context.Context, tx pg.Tx, modele string) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('tableur ' || $1, 0))`, modele)
	return err
}

// depot is a file that was just sent.
type depot struct {
	modele, fichier, sha256, cle, etat string
	octets                             int
	content                            []byte // while it waits to be read
	lu                                 lu     // once it is
}

// insertBrouillon keeps a file instead of those of the same import that its author had not applied, unless the form of that key
// already did: fresh is then false.
func insertBrouillon(ctx context.Context, tx pg.Tx, par droits.Compte, n depot) (id int64, fresh bool, err error) {
	id, done, err := pg.Once(ctx, tx, "tableur_brouillon", n.cle)
	if err != nil || done {
		return id, false, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM tableur_brouillon WHERE modele = $1 AND compte_id = $2 AND etat NOT IN ('applique', 'application')`, n.modele, par.ID); err != nil {
		return 0, false, err
	}
	err = tx.QueryRow(ctx, `
		INSERT INTO tableur_brouillon (modele, compte_id, fonction_id, fichier, octets, sha256, format, etat, depot, contenu, apercu, lignes, cle)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, convert_from($10, 'UTF8')::json, convert_from($11, 'UTF8')::json, $12, $13) RETURNING id`,
		n.modele, par.ID, par.FonctionID, n.fichier, n.octets, n.sha256, n.lu.format, n.etat, n.content, n.lu.contenu, n.lu.apercu, n.lu.lignes, n.cle).Scan(&id)
	return id, true, err
}

// updateEtat begins or ends a step.
func updateEtat(ctx context.Context, tx pg.Tx, id int64, etat, motif string) error {
	return pg.Change(ctx, tx, `UPDATE tableur_brouillon SET etat = $2, motif = $3, fait = 0, depot = CASE WHEN $2 = 'lecture' THEN depot END, version = version + 1 WHERE id = $1`, id, etat, motif)
}

func updateLu(ctx context.Context, tx pg.Tx, id int64, l lu) error {
	return pg.Change(ctx, tx, `UPDATE tableur_brouillon SET etat = 'colonnes', depot = NULL, format = $2, contenu = convert_from($3, 'UTF8')::json,
		apercu = convert_from($4, 'UTF8')::json, lignes = $5, version = version + 1 WHERE id = $1`, id, l.format, l.contenu, l.apercu, l.lignes)
}

// updateRestes keeps what is left of the rows once the columns are known.
func updateRestes(ctx context.Context, tx pg.Tx, id int64, l lu) error {
	return pg.Change(ctx, tx, `UPDATE tableur_brouillon SET contenu = convert_from($2, 'UTF8')::json, apercu = convert_from($3, 'UTF8')::json WHERE id = $1`, id, l.contenu, l.apercu)
}

func updateCorrespondance(ctx context.Context, tx pg.Tx, b Brouillon, text []byte) error {
	return pg.Change(ctx, tx, `UPDATE tableur_brouillon SET correspondance = convert_from($2, 'UTF8')::json WHERE id = $1`, b.ID, text)
}

// updateFait never waits: progress that cannot be noted now is noted later.
func updateFait(ctx context.Context, tx pg.Tx, id int64, done int) error {
	_, err := tx.Exec(ctx, `UPDATE tableur_brouillon SET fait = $2 WHERE id = (SELECT id FROM tableur_brouillon WHERE id = $1 FOR UPDATE SKIP LOCKED)`, id, done)
	return err
}

func updateEssai(ctx context.Context, tx pg.Tx, id int64, e Essai, seal []byte) error {
	return pg.Change(ctx, tx, `UPDATE tableur_brouillon SET etat = 'pret', fautes = $2, ajouts = $3, changements = $4, disparus = $5, identiques = $6, empreinte = $7,
		version = version + 1 WHERE id = $1`,
		id, len(e.Fautes), e.Compte(SorteAjout), e.Compte(SorteChangement), e.Compte(SorteDisparu), e.Identiques, seal)
}

// updateApplique ends a draft: its rows are in the portal now, and no longer here.
func updateApplique(ctx context.Context, tx pg.Tx, id int64) error {
	return pg.Change(ctx, tx, `UPDATE tableur_brouillon SET etat = 'applique', applique_le = now(), contenu = NULL, apercu = NULL, version = version + 1 WHERE id = $1`, id)
}

func deleteBrouillon(ctx context.Context, tx pg.Tx, modele string, id int64) error {
	return pg.Change(ctx, tx, `DELETE FROM tableur_brouillon WHERE id = $1 AND modele = $2 AND compte_id = moi_compte()`, id, modele)
}

func readDepot(ctx context.Context, q pg.Q, id int64) ([]byte, error) {
	row, err := pg.One[struct{ Depot []byte }](ctx, q, `SELECT depot FROM tableur_brouillon WHERE id = $1`, id)
	return row.Depot, err
}

func readContenu(ctx context.Context, q pg.Q, id int64) (c Classeur, err error) {
	row, err := pg.One[struct{ Contenu []byte }](ctx, q, `SELECT contenu::text::bytea AS contenu FROM tableur_brouillon WHERE id = $1 AND contenu IS NOT NULL`, id)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(row.Contenu, &c); err != nil {
		return c, fmt.Errorf("rows of draft %d: %w", id, err)
	}
	return c, nil
}

// ecartRow is a difference as the table keeps it.
type ecartRow struct {
	Ligne   int     `json:"ligne,omitempty"` // in the file
	Libelle string  `json:"libelle"`
	Champs  []Champ `json:"champs,omitempty"`
}

// insertEcarts keeps what a dry run found instead of what the former one had.
func insertEcarts(ctx context.Context, tx pg.Tx, par droits.Compte, id int64, e Essai) error {
	kinds := make([]string, 0, len(e.Fautes)+len(e.Ecarts))
	details := make([]string, 0, cap(kinds))
	add := func(kind string, detail any) error {
		text, err := json.Marshal(detail)
		if err != nil {
			return err
		}
		kinds, details = append(kinds, kind), append(details, string(text))
		return nil
	}
	for _, f := range e.Fautes {
		if err := add(SorteFaute, f); err != nil {
			return err
		}
	}
	for _, d := range e.Ecarts {
		row := ecartRow{d.Apres.Numero, d.Libelle, d.Champs}
		if d.Sorte == SorteDisparu {
			row.Ligne = 0
		}
		if err := add(d.Sorte, row); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `DELETE FROM tableur_ecart WHERE brouillon_id = $1`, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO tableur_ecart (brouillon_id, compte_id, rang, sorte, detail)
		SELECT $1, $2, rang, sorte, detail::json FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS e (sorte, detail, rang)`, id, par.ID, kinds, details)
	return err
}

// insertRefus keeps the rows that an area refused while it wrote, as faults of the draft: nothing was written.
func insertRefus(ctx context.Context, tx pg.Tx, par droits.Compte, id int64, refused Fautes) error {
	e := Essai{}
	for _, line := range slices.Sorted(maps.Keys(refused)) {
		e.Fautes = append(e.Fautes, Faute{Ligne: line, Phrase: refused[line]})
	}
	if err := insertEcarts(ctx, tx, par, id, e); err != nil {
		return err
	}
	return updateEssai(ctx, tx, id, e, nil)
}

// detailRow is a line of tableur_ecart.
type detailRow struct{ Detail []byte }

// addEcarts queues a page of what the dry run found of a kind.
func addEcarts(b *pg.Batch, into *[]detailRow, par droits.Compte, id int64, sorte string, limit, offset int) {
	pg.Add(b, into, `SELECT detail::text::bytea AS detail FROM tableur_ecart WHERE brouillon_id = $1 AND sorte = $2 AND compte_id = $3 ORDER BY rang LIMIT $4 OFFSET $5`,
		id, sorte, par.ID, limit, offset)
}

// decode reads the details of some differences.
func decode[T any](rows []detailRow) ([]T, error) {
	all := make([]T, len(rows))
	for i, row := range rows {
		if err := json.Unmarshal(row.Detail, &all[i]); err != nil {
			return nil, fmt.Errorf("difference of a draft: %w", err)
		}
	}
	return all, nil
}

// auteur is who a job works for: the account and the fonction that its draft was made in, if it still holds it.
func auteur(ctx context.Context, q pg.Q, id int64) (droits.Compte, error) {
	type row struct {
		CompteID     int64
		Nom          string
		Courriel     string
		FonctionID   int64
		Role         string
		OrganismeID  int64
		OrganismeNom string
		QPV          []int32 `db:"qpv"`
	}
	r, err := pg.One[row](ctx, q, `
		SELECT c.id AS compte_id, c.nom, c.courriel, f.id AS fonction_id, f.role, f.organisme_id, o.nom AS organisme_nom,
			ARRAY(SELECT q.qpv_id FROM fonction_qpv q WHERE q.fonction_id = f.id ORDER BY q.qpv_id) AS qpv
		FROM tableur_brouillon b JOIN compte c ON c.id = b.compte_id JOIN fonction f ON f.id = b.fonction_id JOIN organisme o ON o.id = f.organisme_id
		WHERE b.id = $1 AND c.desactive_le IS NULL AND (f.fin IS NULL OR f.fin > now())`, id)
	if err != nil {
		return droits.Compte{}, err
	}
	return droits.Compte{ID: r.CompteID, Nom: r.Nom, Courriel: r.Courriel, FonctionID: r.FonctionID, Role: droits.Role(r.Role),
		Organisme: r.OrganismeID, OrganismeNom: r.OrganismeNom, QPV: r.QPV}, nil
}

// Purger forgets the drafts made before a time: the retention of the portal runs it.
func Purger(ctx context.Context, tx pgx.Tx, before time.Time) (int64, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM tableur_brouillon WHERE cree_le < $1`, before)
	return tag.RowsAffected(), err
}

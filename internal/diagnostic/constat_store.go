package diagnostic

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"portail/internal/droits"
	"portail/internal/pg"
)

const selectConstat = `SELECT c.id, c.sorte, c.qpv_id, q.code AS qpv_code, q.nom AS qpv_nom, c.thematique, c.organisme_id,
	organisme_nom_au(c.organisme_id, c.cree_le::date) AS organisme, c.texte, c.cree_le, c.modifie_le, c.retire_le, c.retire_motif, c.demonstration, c.version,
	(SELECT count(*) FROM constat_avis a WHERE a.constat_id = c.id AND a.avis = 'accord')::int AS accords,
	(SELECT count(*) FROM constat_avis a WHERE a.constat_id = c.id AND a.avis = 'reserve')::int AS reserves,
	(SELECT count(*) FROM constat_commentaire m WHERE m.constat_id = c.id)::int AS commentaires
	FROM constat c JOIN qpv q ON q.id = c.qpv_id `

// lockConstat makes two changes of a text wait for each other. Not FOR UPDATE, which row-level security keeps for the text's own organisation:
// others answer and comment too.
func lockConstat(ctx context.Context, tx pg.Tx, id int64) (Constat, error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('constat', $1))`, id); err != nil {
		return Constat{}, err
	}
	return pg.One[Constat](ctx, tx, selectConstat+`WHERE c.id = $1`, id)
}

// insertConstat adds a text; a quarter that does not exist is fault.NotFound, one outside the perimeter a fault.
func insertConstat(ctx context.Context, tx pg.Tx, par droits.Compte, code, sorte, thematique, texte, cle string) (int64, error) {
	row, err := pg.One[struct{ ID int64 }](ctx, tx, `INSERT INTO constat (sorte, qpv_id, thematique, organisme_id, texte, compte_id, cle)
		SELECT $1, q.id, $2, $3, $4, $5, $6 FROM qpv q WHERE q.code = $7 RETURNING id`, sorte, thematique, par.Organisme, texte, par.ID, cle, code)
	return row.ID, refusPerimetre(err)
}

// refusPerimetre turns the refusal of row-level security into a sentence.
func refusPerimetre(err error) error {
	var no *pgconn.PgError
	if errors.As(err, &no) && no.Code == "42501" {
		return horsPerimetre
	}
	return err
}

func updateConstat(ctx context.Context, tx pg.Tx, c Constat, texte string) error {
	if _, err := tx.Exec(ctx, `INSERT INTO constat_ancien (constat_id, version, texte) VALUES ($1, $2, $3)`, c.ID, c.Version, c.Texte); err != nil {
		return refusPerimetre(err)
	}
	return pg.Change(ctx, tx, `UPDATE constat SET texte = $3, modifie_le = now(), version = version + 1 WHERE id = $1 AND version = $2`, c.ID, c.Version, texte)
}

func retireConstat(ctx context.Context, tx pg.Tx, c Constat, motif string) error {
	return pg.Change(ctx, tx, `UPDATE constat SET retire_le = now(), retire_motif = $3, version = version + 1 WHERE id = $1 AND version = $2`, c.ID, c.Version, motif)
}

func upsertAvis(ctx context.Context, tx pg.Tx, par droits.Compte, c Constat, avis, motif string) error {
	_, err := tx.Exec(ctx, `INSERT INTO constat_avis (constat_id, organisme_id, avis, motif, sur_version, compte_id) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (constat_id, organisme_id) DO UPDATE SET avis = excluded.avis, motif = excluded.motif, sur_version = excluded.sur_version,
			compte_id = excluded.compte_id, le = now()`, c.ID, par.Organisme, avis, motif, c.Version, par.ID)
	return refusPerimetre(err)
}

func insertCommentaire(ctx context.Context, tx pg.Tx, par droits.Compte, id int64, texte, cle string) error {
	_, err := tx.Exec(ctx, `INSERT INTO constat_commentaire (constat_id, organisme_id, texte, compte_id, cle) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (cle) DO NOTHING`, id, par.Organisme, texte, par.ID, cle)
	return refusPerimetre(err)
}

// avisRow is what another organisation answered.
type avisRow struct {
	Organisme   string
	OrganismeID int64
	Avis        string
	Motif       string
	SurVersion  int
	Le          time.Time
}

// commentaireRow is a comment of the thread.
type commentaireRow struct {
	Organisme string
	Texte     string
	Le        time.Time
}

// ancienRow is a text that a later one replaced.
type ancienRow struct {
	Version    int
	Texte      string
	RemplaceLe time.Time
}

// readConstat reads a text with its thread.
func (s *Service) readConstat(ctx context.Context, par droits.Compte, id int64) (v constatVue, err error) {
	v.Par = par
	var b pg.Batch
	pg.AddOne(&b, &v.Constat, selectConstat+`WHERE c.id = $1`, id)
	pg.Add(&b, &v.Avis, `SELECT o.nom AS organisme, a.organisme_id, a.avis, a.motif, a.sur_version, a.le FROM constat_avis a JOIN organisme o ON o.id = a.organisme_id WHERE a.constat_id = $1 ORDER BY a.le`, id)
	pg.Add(&b, &v.Fil, `SELECT o.nom AS organisme, m.texte, m.le FROM constat_commentaire m JOIN organisme o ON o.id = m.organisme_id WHERE m.constat_id = $1 ORDER BY m.id LIMIT 200`, id)
	pg.Add(&b, &v.Anciens, `SELECT version, texte, remplace_le FROM constat_ancien WHERE constat_id = $1 ORDER BY version DESC LIMIT 50`, id)
	return v, b.RunAs(ctx, s.db, par)
}

// addNom queues the name of a quarter.
func addNom(b *pg.Batch, into *nomRow, code string) {
	pg.AddOne(b, into, `SELECT nom FROM qpv WHERE code = $1`, code)
}

type nomRow struct{ Nom string }

package intervention

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/pg"
)

const selectIntervention = `SELECT i.id, i.organisme_id, o.nom AS organisme, i.qpv_id, q.code AS qpv, q.nom AS qpv_nom, i.thematique, i.annee::integer AS annee, i.credits, i.description,
	(i.montant * 100)::bigint AS montant, i.etp::float8 AS etp, i.places::bigint AS places, i.source, i.cree_le, i.retiree_le, i.demonstration, i.version
	FROM intervention i JOIN organisme o ON o.id = i.organisme_id JOIN qpv q ON q.id = i.qpv_id `

// quartiersDu is the quarters in force of the département $1: the latest list.
const quartiersDu = `(SELECT * FROM qpv WHERE departement = $1 AND generation = (SELECT max(generation) FROM qpv WHERE departement = $1))`

func find(ctx context.Context, tx pg.Q, id int64) (Intervention, error) {
	return pg.One[Intervention](ctx, tx, selectIntervention+`WHERE i.id = $1`, id)
}

// lock makes two changes of a line wait for each other. Not FOR UPDATE, which row-level security keeps for the line's own organisation:
// another is told that it may not, rather than that there is no such line.
func lock(ctx context.Context, tx pg.Tx, id int64) (Intervention, error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('intervention', $1))`, id); err != nil {
		return Intervention{}, err
	}
	return find(ctx, tx, id)
}

// insert adds a line; a quarter that is not of the list in force is a fault of the form.
func insert(ctx context.Context, tx pg.Tx, par droits.Compte, departement string, d Declaration, cle string) (int64, error) {
	row, err := pg.One[struct{ ID int64 }](ctx, tx, `INSERT INTO intervention (qpv_id, thematique, annee, credits, description, montant, etp, places, source, organisme_id, compte_id, cle)
		SELECT q.id, $3, $4, $5, $6, $7::bigint / 100.0, $8::float8::numeric, $9, $10, $11, $12, $13 FROM `+quartiersDu+` q WHERE q.code = $2 RETURNING id`,
		departement, d.QPV, d.Thematique, d.Annee, d.Credits, d.Description, d.Montant, d.Etp, d.Places, d.Source, par.Organisme, par.ID, cle)
	if errors.Is(err, fault.NotFound) {
		return 0, quartierInconnu
	}
	return row.ID, refus(err)
}

var quartierInconnu = fault.Fields{"qpv": "Choisissez un quartier de la liste en vigueur."}

// uneFois is the index that keeps an action from being told twice.
const uneFois = "intervention_une_fois"

// refus turns what the database refuses into a sentence: the same action twice, a quarter outside the lettre de mission.
func refus(err error) error {
	var no *pgconn.PgError
	switch {
	case pg.Violates(err, uneFois):
		return dejaDeclaree
	case errors.As(err, &no) && no.Code == "42501":
		return horsPerimetre
	}
	return err
}

// update writes a line over; kept is the version that is replaced.
func update(ctx context.Context, tx pg.Tx, departement string, kept Intervention, d Declaration) error {
	there, err := pg.List[struct{ ID int32 }](ctx, tx, `SELECT id FROM `+quartiersDu+` q WHERE q.code = $2`, departement, d.QPV)
	if err == nil && len(there) == 0 {
		err = quartierInconnu
	}
	if err != nil {
		return err
	}
	return refus(pg.Change(ctx, tx, `UPDATE intervention SET qpv_id = $3, thematique = $4, annee = $5, credits = $6, description = $7, montant = $8::bigint / 100.0,
			etp = $9::float8::numeric, places = $10, source = $11, version = version + 1 WHERE id = $1 AND version = $2`,
		kept.ID, kept.Version, there[0].ID, d.Thematique, d.Annee, d.Credits, d.Description, d.Montant, d.Etp, d.Places, d.Source))
}

func retire(ctx context.Context, tx pg.Tx, kept Intervention) error {
	return pg.Change(ctx, tx, `UPDATE intervention SET retiree_le = now(), version = version + 1 WHERE id = $1 AND version = $2 AND retiree_le IS NULL`, kept.ID, kept.Version)
}

// addIntervention queues a line.
func addIntervention(b *pg.Batch, into *Intervention, id int64) {
	pg.AddOne(b, into, selectIntervention+`WHERE i.id = $1`, id)
}

// choix is something that a list offers: its value and its name.
type choix struct{ Valeur, Nom string }

// addQuartiers queues the quarters that whoever asks may declare actions in: of the list in force, and for a délégué of their lettre de mission.
func addQuartiers(b *pg.Batch, into *[]choix, departement string, par droits.Compte) {
	pg.Add(b, into, `SELECT q.code AS valeur, q.nom FROM `+quartiersDu+` q WHERE NOT $2 OR q.id = ANY ($3::integer[]) ORDER BY q.nom COLLATE "fr-x-icu", q.code`,
		departement, par.Role == droits.Delegue, par.QPV)
}

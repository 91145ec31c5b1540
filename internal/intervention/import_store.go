package intervention

import (
	"context"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/pg"
	"portail/internal/tableur"
)

// listSiennes reads the lines of the organisation of whoever asks, locked against a change until the import that asks is over.
func listSiennes(ctx context.Context, tx pg.Tx, par droits.Compte) ([]Intervention, error) {
	return pg.List[Intervention](ctx, tx, selectIntervention+`WHERE i.organisme_id = $1 AND i.retiree_le IS NULL AND moi_ecrit_sur(i.qpv_id) ORDER BY i.id FOR UPDATE OF i`, par.Organisme)
}

// ecrireLignes adds and corrects lines, and gives their numbers in the order of the changes.
func ecrireLignes(ctx context.Context, tx pg.Tx, par droits.Compte, departement string, changes []tableur.Ecart) ([]int64, error) {
	columns := map[string][]string{}
	known := make([]int64, len(changes))
	for n, c := range changes {
		for _, code := range []string{"annee", "quartier", "thematique", "credits", "description", "montant", "etp", "places", "source"} {
			columns[code] = append(columns[code], c.Apres.Val(code))
		}
		if c.Avant != nil {
			known[n] = c.Avant.ID
		}
	}
	rows := []any{known, columns["annee"], columns["quartier"], columns["thematique"], columns["credits"], columns["description"], columns["montant"], columns["etp"], columns["places"], columns["source"]}
	const file = `unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
		WITH ORDINALITY AS n (id, annee, quartier, thematique, credits, description, montant, etp, places, source, rang)`
	tag, err := tx.Exec(ctx, `UPDATE intervention i SET montant = nullif(n.montant, '')::numeric, etp = nullif(n.etp, '')::numeric, places = nullif(n.places, '')::integer, source = n.source, version = version + 1
		FROM `+file+` WHERE n.id <> 0 AND i.id = n.id`, rows...)
	if err != nil {
		return nil, refus(err)
	}
	made, err := pg.List[struct{ ID, Rang int64 }](ctx, tx, `WITH faites AS (
			INSERT INTO intervention (organisme_id, compte_id, qpv_id, annee, thematique, credits, description, montant, etp, places, source)
			SELECT $11, $12, q.id, n.annee::smallint, n.thematique, n.credits, n.description, nullif(n.montant, '')::numeric, nullif(n.etp, '')::numeric, nullif(n.places, '')::integer, n.source
			FROM `+file+` JOIN qpv q ON q.code = n.quartier AND q.departement = $13 WHERE n.id = 0 ORDER BY n.rang
			RETURNING id, qpv_id, annee, thematique, credits, description)
		SELECT f.id, n.rang FROM `+file+` JOIN qpv q ON q.code = n.quartier
			JOIN faites f ON f.qpv_id = q.id AND f.annee = n.annee::smallint AND f.thematique = n.thematique AND f.credits = n.credits AND f.description = n.description
		WHERE n.id = 0`, append(rows, par.Organisme, par.ID, departement)...)
	if pg.Violates(err, uneFois) { // somebody declared it since the rows were compared
		return nil, fault.Stale
	}
	if err != nil {
		return nil, refus(err)
	}
	for _, m := range made {
		known[m.Rang-1] = m.ID
	}
	if tag.RowsAffected()+int64(len(made)) != int64(len(changes)) {
		return nil, fault.Stale
	}
	return known, nil
}

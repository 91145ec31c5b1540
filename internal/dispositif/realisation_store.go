package dispositif

import (
	"context"

	"portail/internal/fault"
	"portail/internal/pg"
)

const colonnesRealisation = `r.id, r.dispositif_id, d.nom AS dispositif, r.intitule, r.porteur_id, o.nom AS porteur, r.description, r.etat, r.debut, r.fin,
	ARRAY(SELECT q.id FROM realisation_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.realisation_id = r.id ORDER BY q.nom COLLATE "fr-x-icu", q.id) AS qpv,
	ARRAY(SELECT q.nom FROM realisation_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.realisation_id = r.id ORDER BY q.nom COLLATE "fr-x-icu", q.id) AS qpv_noms,
	ARRAY(SELECT q.code FROM realisation_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.realisation_id = r.id ORDER BY q.nom COLLATE "fr-x-icu", q.id) AS qpv_codes,
	coalesce((SELECT sum(m.montant * 100)::bigint FROM realisation_montant m WHERE m.realisation_id = r.id), 0) AS centimes, r.publie, r.demonstration, r.version`

const depuisRealisation = ` FROM realisation r JOIN dispositif d ON d.id = r.dispositif_id JOIN organisme o ON o.id = r.porteur_id `

func findRealisation(ctx context.Context, q pg.Q, id int64) (Realisation, error) {
	return pg.One[Realisation](ctx, q, `SELECT `+colonnesRealisation+depuisRealisation+`WHERE r.id = $1`, id)
}

func lockRealisation(ctx context.Context, tx pg.Tx, id int64) (Realisation, error) {
	return pg.One[Realisation](ctx, tx, `SELECT `+colonnesRealisation+depuisRealisation+`WHERE r.id = $1 FOR UPDATE OF r`, id)
}

// addRealisations queues the records of a dispositif, latest first.
func addRealisations(b *pg.Batch, into *[]Realisation, dispositif int64) {
	pg.Add(b, into, `SELECT `+colonnesRealisation+depuisRealisation+`WHERE r.dispositif_id = $1 ORDER BY r.debut DESC, r.id DESC LIMIT 500`, dispositif)
}

func insertRealisation(ctx context.Context, tx pg.Tx, dispositif int64, in SaisieRealisation, cle string) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO realisation (dispositif_id, intitule, porteur_id, description, etat, debut, fin, publie, cle) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
		dispositif, in.Intitule, in.Porteur, in.Description, in.Etat, in.Debut, nulDate(in.Fin), in.Publie, cle).Scan(&id)
	if err != nil {
		return 0, refusRealisation(err)
	}
	return id, replaceRealisationQPV(ctx, tx, id, in.QPV)
}

func updateRealisation(ctx context.Context, tx pg.Tx, r Realisation, in SaisieRealisation) error {
	err := pg.Change(ctx, tx, `
		UPDATE realisation SET intitule = $3, porteur_id = $4, description = $5, etat = $6, debut = $7, fin = $8, publie = $9, version = version + 1 WHERE id = $1 AND version = $2`,
		r.ID, r.Version, in.Intitule, in.Porteur, in.Description, in.Etat, in.Debut, nulDate(in.Fin), in.Publie)
	if err != nil {
		return refusRealisation(err)
	}
	return replaceRealisationQPV(ctx, tx, r.ID, in.QPV)
}

func touchRealisation(ctx context.Context, tx pg.Tx, r Realisation) error {
	return pg.Change(ctx, tx, `UPDATE realisation SET version = version + 1 WHERE id = $1 AND version = $2`, r.ID, r.Version)
}

func replaceRealisationQPV(ctx context.Context, tx pg.Tx, id int64, qpv []int32) error {
	if _, err := tx.Exec(ctx, `DELETE FROM realisation_qpv WHERE realisation_id = $1 AND qpv_id <> ALL($2)`, id, qpv); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO realisation_qpv (realisation_id, qpv_id) SELECT $1, unnest($2::integer[]) ON CONFLICT DO NOTHING`, id, qpv)
	return refusRealisation(err)
}

const (
	selectMontants = `SELECT annee, financeur, (montant * 100)::bigint AS centimes FROM realisation_montant WHERE realisation_id = $1 ORDER BY annee DESC, montant DESC, financeur`
	selectAgregats = `SELECT annee, libelle, valeur::float8 AS valeur, personnes FROM realisation_agregat WHERE realisation_id = $1 ORDER BY annee DESC, libelle COLLATE "fr-x-icu"`
)

func replaceMontants(ctx context.Context, tx pg.Tx, r Realisation, year int64, all []montantAnnuel) error {
	err := replaceAnnee(ctx, tx, `DELETE FROM realisation_montant WHERE realisation_id = $1 AND annee = $2`,
		`INSERT INTO realisation_montant (realisation_id, annee, financeur, montant) SELECT $1, $2, n.financeur, n.centimes::numeric / 100 FROM unnest($3::text[], $4::bigint[]) AS n (financeur, centimes)`, r.ID, year, all)
	if err != nil {
		return err
	}
	return touchRealisation(ctx, tx, r)
}

// replaceAnnee writes who gives what in a year over what was there, in the two statements of a kind of record.
func replaceAnnee(ctx context.Context, tx pg.Tx, deletion, insertion string, id, year int64, all []montantAnnuel) error {
	if _, err := tx.Exec(ctx, deletion, id, year); err != nil {
		return err
	}
	var financeurs []string
	var centimes []int64
	for _, m := range all {
		financeurs, centimes = append(financeurs, m.Financeur), append(centimes, m.Centimes)
	}
	_, err := tx.Exec(ctx, insertion, id, year, financeurs, centimes)
	return err
}

func replaceAgregats(ctx context.Context, tx pg.Tx, r Realisation, year int64, all []agregat) error {
	if _, err := tx.Exec(ctx, `DELETE FROM realisation_agregat WHERE realisation_id = $1 AND annee = $2`, r.ID, year); err != nil {
		return err
	}
	var labels []string
	var values []float64
	var people []bool
	for _, a := range all {
		labels, values, people = append(labels, a.Libelle), append(values, a.Valeur), append(people, a.Personnes)
	}
	_, err := tx.Exec(ctx, `INSERT INTO realisation_agregat (realisation_id, annee, libelle, valeur, personnes)
		SELECT $1, $2, n.libelle, n.valeur, n.personnes FROM unnest($3::text[], $4::numeric[], $5::boolean[]) AS n (libelle, valeur, personnes)`, r.ID, year, labels, values, people)
	if err != nil {
		return err
	}
	return touchRealisation(ctx, tx, r)
}

// addFicheRealisation queues what a record shows.
func addFicheRealisation(b *pg.Batch, v *ficheRealisation, id int64) {
	pg.AddOne(b, &v.Realisation, `SELECT `+colonnesRealisation+depuisRealisation+`WHERE r.id = $1`, id)
	pg.Add(b, &v.Montants, selectMontants, id)
	pg.Add(b, &v.Agregats, selectAgregats, id)
}

// refusRealisation turns what the database refuses into the fault of a field.
func refusRealisation(err error) error {
	switch {
	case pg.Violates(err, "realisation_porteur_id_fkey"):
		return fault.Fields{"porteur": "Choisissez le porteur dans la liste."}
	case pg.Violates(err, "realisation_qpv_qpv_id_fkey"):
		return fault.Fields{"qpv": "Choisissez les quartiers dans la liste."}
	}
	return err
}

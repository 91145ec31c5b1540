package dispositif

import (
	"context"
	"time"

	"portail/internal/fault"
	"portail/internal/pg"
)

const colonnesPRE = `p.id, p.nom, p.porteur_id, o.nom AS porteur, p.porteur_nature, p.domaines, p.debut, p.fin, p.coordination_fonction, p.contact_courriel, p.contact_telephone,
	p.presentation, p.seuil_secret::bigint AS seuil_secret,
	ARRAY(SELECT q.id FROM pre_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.pre_id = p.id ORDER BY q.nom COLLATE "fr-x-icu", q.id) AS qpv,
	ARRAY(SELECT q.nom FROM pre_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.pre_id = p.id ORDER BY q.nom COLLATE "fr-x-icu", q.id) AS qpv_noms,
	ARRAY(SELECT q.code FROM pre_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.pre_id = p.id ORDER BY q.nom COLLATE "fr-x-icu", q.id) AS qpv_codes,
	ARRAY(SELECT t.id FROM pre_commune x JOIN territoire t ON t.id = x.territoire_id WHERE x.pre_id = p.id ORDER BY t.nom COLLATE "fr-x-icu", t.id) AS communes,
	ARRAY(SELECT t.nom FROM pre_commune x JOIN territoire t ON t.id = x.territoire_id WHERE x.pre_id = p.id ORDER BY t.nom COLLATE "fr-x-icu", t.id) AS communes_noms,
	p.publie, p.demonstration, p.version`

const depuisPRE = ` FROM pre p JOIN organisme o ON o.id = p.porteur_id `

// findPRE reads a programme within the perimeter of whoever asks; fault.NotFound when there is none.
func findPRE(ctx context.Context, q pg.Q, id int64) (PRE, error) {
	return pg.One[PRE](ctx, q, `SELECT `+colonnesPRE+depuisPRE+`WHERE p.id = $1`, id)
}

// lockPRE is findPRE for a change.
func lockPRE(ctx context.Context, tx pg.Tx, id int64) (PRE, error) {
	return pg.One[PRE](ctx, tx, `SELECT `+colonnesPRE+depuisPRE+`WHERE p.id = $1 FOR UPDATE OF p`, id)
}

func addListePRE(b *pg.Batch, into *[]PRE) {
	pg.Add(b, into, `SELECT `+colonnesPRE+depuisPRE+`ORDER BY p.fin DESC NULLS FIRST, p.nom COLLATE "fr-x-icu", p.id`)
}

func insertPRE(ctx context.Context, tx pg.Tx, in Programme, cle string) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO pre (nom, porteur_id, porteur_nature, domaines, debut, fin, coordination_fonction, contact_courriel, contact_telephone, presentation, publie, cle)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`,
		in.Nom, in.Porteur, in.PorteurNature, in.Domaines, in.Debut, nulDate(in.Fin), in.CoordinationFonction, in.ContactCourriel, in.ContactTelephone, in.Presentation, in.Publie, cle).Scan(&id)
	if err != nil {
		return 0, refusPRE(err)
	}
	return id, replacePlacesPRE(ctx, tx, id, in)
}

// nulDate is a day, or NULL for the zero time.
func nulDate(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func updatePRE(ctx context.Context, tx pg.Tx, p PRE, in Programme) error {
	err := pg.Change(ctx, tx, `
		UPDATE pre SET nom = $3, porteur_id = $4, porteur_nature = $5, domaines = $6, debut = $7, fin = $8, coordination_fonction = $9, contact_courriel = $10,
			contact_telephone = $11, presentation = $12, publie = $13, version = version + 1
		WHERE id = $1 AND version = $2`,
		p.ID, p.Version, in.Nom, in.Porteur, in.PorteurNature, in.Domaines, in.Debut, nulDate(in.Fin), in.CoordinationFonction, in.ContactCourriel, in.ContactTelephone, in.Presentation, in.Publie)
	if err != nil {
		return refusPRE(err)
	}
	return replacePlacesPRE(ctx, tx, p.ID, in)
}

// touchPRE counts a change of what hangs from a programme.
func touchPRE(ctx context.Context, tx pg.Tx, p PRE) error {
	return pg.Change(ctx, tx, `UPDATE pre SET version = version + 1 WHERE id = $1 AND version = $2`, p.ID, p.Version)
}

func replacePlacesPRE(ctx context.Context, tx pg.Tx, id int64, in Programme) error {
	for _, sql := range []string{
		`DELETE FROM pre_qpv WHERE pre_id = $1 AND qpv_id <> ALL($2)`, `INSERT INTO pre_qpv (pre_id, qpv_id) SELECT $1, unnest($2::integer[]) ON CONFLICT DO NOTHING`,
	} {
		if _, err := tx.Exec(ctx, sql, id, in.QPV); err != nil {
			return refusPRE(err)
		}
	}
	for _, sql := range []string{
		`DELETE FROM pre_commune WHERE pre_id = $1 AND territoire_id <> ALL($2)`, `INSERT INTO pre_commune (pre_id, territoire_id) SELECT $1, unnest($2::integer[]) ON CONFLICT DO NOTHING`,
	} {
		if _, err := tx.Exec(ctx, sql, id, in.Communes); err != nil {
			return refusPRE(err)
		}
	}
	return nil
}

const selectBudgets = `SELECT annee, financeur, (montant * 100)::bigint AS centimes FROM pre_budget WHERE pre_id = $1 ORDER BY annee DESC, montant DESC, financeur`

func replaceBudget(ctx context.Context, tx pg.Tx, id, year int64, all []montantAnnuel) error {
	return replaceAnnee(ctx, tx, `DELETE FROM pre_budget WHERE pre_id = $1 AND annee = $2`,
		`INSERT INTO pre_budget (pre_id, annee, financeur, montant) SELECT $1, $2, n.financeur, n.centimes::numeric / 100 FROM unnest($3::text[], $4::bigint[]) AS n (financeur, centimes)`, id, year, all)
}

const selectReunions = `SELECT sorte, le FROM pre_reunion WHERE pre_id = $1 ORDER BY le DESC, sorte`

func insertReunion(ctx context.Context, tx pg.Tx, id int64, sorte string, le time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO pre_reunion (pre_id, sorte, le) VALUES ($1, $2, $3)`, id, sorte, le)
	return refusPRE(err)
}

func deleteReunion(ctx context.Context, tx pg.Tx, id int64, sorte string, le time.Time) error {
	return pg.Change(ctx, tx, `DELETE FROM pre_reunion WHERE pre_id = $1 AND sorte = $2 AND le = $3`, id, sorte, le)
}

// addFichePRE queues what the record of a programme shows.
func addFichePRE(b *pg.Batch, v *fichePRE, id int64) {
	pg.AddOne(b, &v.PRE, `SELECT `+colonnesPRE+depuisPRE+`WHERE p.id = $1`, id)
	pg.Add(b, &v.Budgets, selectBudgets, id)
	pg.Add(b, &v.Reunions, selectReunions, id)
	pg.AddOne(b, &v.seuils, `SELECT (SELECT nombre::bigint FROM dispositif_alerte WHERE sorte = 'conseil') AS conseil,
		ARRAY(SELECT annee::bigint FROM pre_annee WHERE pre_id = $1 ORDER BY annee DESC) AS annees`, id)
}

// addCommunes queues the communes of a département, for a list: all of them, since a programme may serve one without quarter.
func addCommunes(b *pg.Batch, into *[]choix, departement string) {
	pg.Add(b, into, `SELECT id::bigint AS id, nom FROM territoire t WHERE departement = $1 AND niveau = 'commune' AND EXISTS (SELECT FROM qpv_commune c WHERE c.commune = t.code)
		ORDER BY nom COLLATE "fr-x-icu"`, departement)
}

// refusPRE turns what the database refuses into the fault of a field.
func refusPRE(err error) error {
	switch {
	case pg.Violates(err, "pre_nom_unique"):
		return fault.Fields{"nom": "Un programme porte déjà ce nom."}
	case pg.Violates(err, "pre_porteur_id_fkey"):
		return fault.Fields{"porteur": "Choisissez le porteur dans la liste."}
	case pg.Violates(err, "pre_qpv_qpv_id_fkey"):
		return fault.Fields{"qpv": "Choisissez les quartiers dans la liste."}
	case pg.Violates(err, "pre_commune_territoire_id_fkey"):
		return fault.Fields{"communes": "Choisissez les communes dans la liste."}
	case pg.Violates(err, "pre_reunion_pkey"):
		return fault.Fields{"le": "Cette réunion est déjà enregistrée."}
	}
	return err
}

package dispositif

import (
	"context"

	"portail/internal/pg"
)

// employeurDemo is a real employer of 2022, to whom the demonstration gives invented posts.
type employeurDemo struct {
	ID     int64
	Nature string
}

// categorie is the first that its nature allows.
func (e employeurDemo) categorie() string { return categoriesParNature[e.Nature][0] }

// listEmployeursDemo reads the employers that the ANCT's list names, and the EPCI of the first contract.
func listEmployeursDemo(ctx context.Context, q pg.Q) ([]employeurDemo, error) {
	return pg.List[employeurDemo](ctx, q, `
		SELECT o.id, o.nature FROM organisme o
		WHERE o.ferme_le IS NULL AND o.nature IN ('association', 'collectivite', 'epci')
		  AND (o.siret IN (SELECT siret FROM adulte_relais_finance) OR o.nature = 'epci' AND o.nom IN (
		       SELECT t.nom FROM adulte_relais_finance f JOIN contrat_anct c ON c.code = f.code_contrat JOIN territoire t ON t.niveau = 'epci' AND t.code = c.epci
		       WHERE f.employeur LIKE 'CA %'))
		ORDER BY o.id`)
}

type quartierDemo struct{ ID int32 }

func listQuartiersDemo(ctx context.Context, q pg.Q, departement string) ([]quartierDemo, error) {
	return pg.List[quartierDemo](ctx, q, `SELECT id FROM qpv WHERE departement = $1 AND generation = 2024 ORDER BY code`, departement)
}

func insertARDemo(ctx context.Context, tx pg.Tx, a AdulteRelais, cle string) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO adulte_relais (numero, employeur_id, categorie, departement, missions, quotite, debut, fin, etat, avis, avis_le, accordee_le, signee_le, close_le,
			motif, demonstration, cle)
		VALUES (nullif($1, ''), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, true, $16) RETURNING id`,
		a.Numero, a.EmployeurID, a.Categorie, a.Departement, a.Missions, a.Quotite, a.Debut, a.Fin, a.Etat, a.Avis, a.AvisLe, a.AccordeeLe, a.SigneeLe, a.CloseLe,
		a.Motif, cle).Scan(&id)
	if err != nil {
		return 0, err
	}
	return id, replaceARQPV(ctx, tx, id, a.QPV)
}

// insertPiecesDemo notes the papers of the quarters that are over, but for the last n; -1 of all.
func insertPiecesDemo(ctx context.Context, tx pg.Tx, id int64, n int) error {
	all, err := listTrimestres(ctx, tx, id)
	if err != nil {
		return err
	}
	for i, t := range all {
		if !t.Ecoule || n >= 0 && i >= len(all)-1-n {
			break
		}
		if _, err := tx.Exec(ctx, `INSERT INTO adulte_relais_piece (adulte_relais_id, trimestre, recue_le) VALUES ($1, $2, $3)`, id, t.Trimestre, t.Trimestre.AddDate(0, 3, 20)); err != nil {
			return err
		}
	}
	return nil
}

// seedQuota sets an invented number of posts for this year and the next.
func seedQuota(ctx context.Context, tx pg.Tx, departement string, year int) error {
	_, err := tx.Exec(ctx, `INSERT INTO adulte_relais_quota (departement, annee, postes, source, demonstration)
		SELECT $1, y, 33, 'Nombre inventé pour la démonstration', true FROM generate_series($2::integer - 3, $2::integer + 1) y ON CONFLICT DO NOTHING`, departement, year)
	return err
}

// insertPREDemo writes an invented programme for the quarters of a commune; 0 when its carrier is not there.
func insertPREDemo(ctx context.Context, tx pg.Tx, p Programme, porteur, commune, cle string) (int64, error) {
	rows, err := pg.List[struct{ ID int64 }](ctx, tx, `
		INSERT INTO pre (nom, porteur_id, porteur_nature, domaines, debut, coordination_fonction, contact_courriel, presentation, publie, demonstration, cle)
		SELECT $1, o.id, $3, $4, $5, $6, $7, $8, true, true, $9 FROM organisme o WHERE o.nom = $2 AND o.ferme_le IS NULL ON CONFLICT DO NOTHING RETURNING id`,
		p.Nom, porteur, p.PorteurNature, p.Domaines, p.Debut, p.CoordinationFonction, p.ContactCourriel, p.Presentation, cle)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	id := rows[0].ID
	if _, err := tx.Exec(ctx, `INSERT INTO pre_commune (pre_id, territoire_id) SELECT $1, id FROM territoire WHERE niveau = 'commune' AND code = $2`, id, commune); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO pre_qpv (pre_id, qpv_id) SELECT DISTINCT $1::bigint, c.qpv_id FROM qpv_commune c JOIN qpv q ON q.id = c.qpv_id WHERE c.commune = $2 AND q.generation = 2024`, id, commune)
	return id, err
}

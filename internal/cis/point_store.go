package cis

import (
	"context"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/pg"
)

// colonnesPoint are those of Point, from p.
const colonnesPoint = `p.id, p.seance_id, p.rang, p.nature, p.titre, p.description, p.organisme_id, p.duree_min, p.qpv_id, p.contrat_id, p.dispositif_id, p.restreint,
	o.nom AS organisme, q.nom AS qpv_nom, q.code AS qpv_code, (SELECT v.titre FROM contrat_vue v WHERE v.id = p.contrat_id) AS contrat_titre, f.nom AS dispositif, p.etat, p.origine, p.reference, p.propose_par, d.nom AS propose_par_nom, p.reponse,
	(SELECT count(*) FROM seance_document sd WHERE sd.point_id = p.id)::int AS documents, p.demonstration, p.version`

const depuisPoint = ` FROM point p LEFT JOIN organisme o ON o.id = p.organisme_id LEFT JOIN organisme d ON d.id = p.propose_par LEFT JOIN qpv q ON q.id = p.qpv_id
	LEFT JOIN dispositif f ON f.id = p.dispositif_id `

const pointsSeance = `SELECT ` + colonnesPoint + depuisPoint + `WHERE p.seance_id = $1 ORDER BY p.etat = 'ecarte', p.rang = 0, p.rang, p.id`

// addPoints queues the points of a meeting that whoever asks may see: those kept in order, then those proposed, then those dropped.
func addPoints(b *pg.Batch, into *[]Point, seance int64) { pg.Add(b, into, pointsSeance, seance) }

func listPoints(ctx context.Context, q pg.Q, seance int64) ([]Point, error) {
	return pg.List[Point](ctx, q, pointsSeance, seance)
}

// unPoint is a point of that very meeting.
const unPoint = `SELECT ` + colonnesPoint + depuisPoint + `WHERE p.seance_id = $1 AND p.id = $2`

func findPoint(ctx context.Context, q pg.Q, seance, id int64) (Point, error) {
	return pg.One[Point](ctx, q, unPoint, seance, id)
}

// dernierRang is the place after the last point of a meeting, which the transaction holds locked.
const dernierRang = `(SELECT coalesce(max(rang), 0) + 1 FROM point WHERE seance_id = $1)`

func insertPoint(ctx context.Context, tx pg.Tx, seance int64, in Saisie, cle string) (id int64, fresh bool, err error) {
	id, done, err := pg.Once(ctx, tx, "point", cle)
	if err != nil || done {
		return id, false, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO point (seance_id, rang, nature, titre, description, organisme_id, duree_min, qpv_id, contrat_id, dispositif_id, restreint, cle)
		VALUES ($1, `+dernierRang+`, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
		seance, in.Nature, in.Titre, in.Description, in.OrganismeID, in.DureeMin, in.QPVID, in.ContratID, in.DispositifID, in.Restreint, cle).Scan(&id)
	return id, true, refusPoint(err)
}

// insertProposition keeps what a member proposes; it returns nothing of the row, since its author reads it by another way.
func insertProposition(ctx context.Context, tx pg.Tx, par droits.Compte, seance int64, in Saisie, cle string) (fresh bool, err error) {
	_, done, err := pg.Once(ctx, tx, "point", cle)
	if err != nil || done {
		return false, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO point (seance_id, nature, titre, description, organisme_id, duree_min, qpv_id, etat, origine, propose_par, propose_compte, cle)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'propose', 'membre', $8, $9, $10)`,
		seance, in.Nature, in.Titre, in.Description, in.OrganismeID, in.DureeMin, in.QPVID, par.Organisme, par.ID, cle)
	return true, refusPoint(err)
}

func updatePoint(ctx context.Context, tx pg.Tx, p Point, in Saisie) error {
	return refusPoint(pg.ChangeOne(ctx, tx, `UPDATE point SET nature = $3, titre = $4, description = $5, organisme_id = $6, duree_min = $7, qpv_id = $8, contrat_id = $9,
			dispositif_id = $10, restreint = $11, version = version + 1 WHERE id = $1 AND version = $2`,
		p.ID, p.Version, in.Nature, in.Titre, in.Description, in.OrganismeID, in.DureeMin, in.QPVID, in.ContratID, in.DispositifID, in.Restreint))
}

// swapRang exchanges the places of a point and of its neighbour; false when it has none on that side.
func swapRang(ctx context.Context, tx pg.Tx, p Point, by int) (bool, error) {
	tag, err := tx.Exec(ctx, `UPDATE point SET rang = CASE WHEN rang = $2 THEN $3 ELSE $2 END, version = version + 1
		WHERE seance_id = $1 AND rang IN ($2, $3) AND EXISTS (SELECT FROM point v WHERE v.seance_id = $1 AND v.rang = $3)`, p.SeanceID, p.Rang, p.Rang+by)
	return tag.RowsAffected() == 2, err
}

func keepPoint(ctx context.Context, tx pg.Tx, p Point) error {
	return pg.ChangeOne(ctx, tx, `UPDATE point SET etat = 'retenu', rang = `+dernierRang+`, reponse = '', version = version + 1 WHERE seance_id = $1 AND id = $2 AND version = $3`,
		p.SeanceID, p.ID, p.Version)
}

// dropPoint leaves a point out, and closes the ranks behind it.
func dropPoint(ctx context.Context, tx pg.Tx, p Point, reponse string) error {
	if err := pg.ChangeOne(ctx, tx, `UPDATE point SET etat = 'ecarte', rang = 0, reponse = $3, version = version + 1 WHERE id = $1 AND version = $2`, p.ID, p.Version, reponse); err != nil {
		return err
	}
	if p.Rang == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE point SET rang = rang - 1 WHERE seance_id = $1 AND rang > $2`, p.SeanceID, p.Rang)
	return err
}

// refusPoint turns what the database refuses into the fault of a field.
func refusPoint(err error) error {
	switch {
	case pg.Violates(err, "point_organisme_id_fkey"):
		return fault.Fields{"organisme": "Choisissez un organisme dans la liste."}
	case pg.Violates(err, "point_qpv_id_fkey"):
		return fault.Fields{"qpv": "Choisissez un quartier dans la liste."}
	case pg.Violates(err, "point_contrat_id_fkey"):
		return fault.Fields{"contrat": "Choisissez un contrat dans la liste."}
	case pg.Violates(err, "point_dispositif_id_fkey"):
		return fault.Fields{"dispositif": "Choisissez un dispositif dans la liste."}
	}
	return err
}

// choixQPV is a quarter offered in a list.
type choixQPV struct {
	ID        int32
	Code, Nom string
}

// addQPV queues the quarters of the département of the settings.
func addQPV(b *pg.Batch, into *[]choixQPV, departement string) {
	pg.Add(b, into, `SELECT id, code, nom FROM qpv WHERE departement = $1 ORDER BY nom COLLATE "fr-x-icu"`, departement)
}

// choixLien is a contract or a dispositif offered in a list.
type choixLien struct {
	ID  int64
	Nom string
}

// addContrats queues the contracts that a point may be about, that of the point being changed included.
func addContrats(b *pg.Batch, into *[]choixLien, point int64) {
	pg.Add(b, into, `SELECT v.id, v.titre AS nom FROM contrat_vue v WHERE v.etat NOT IN ('echu', 'denonce') OR v.id = (SELECT contrat_id FROM point WHERE id = $1)
		ORDER BY v.titre COLLATE "fr-x-icu", v.id`, point)
}

// addDispositifs queues the dispositifs that a point may be about, likewise.
func addDispositifs(b *pg.Batch, into *[]choixLien, point int64) {
	pg.Add(b, into, `SELECT d.id, d.nom FROM dispositif d WHERE d.ferme_le IS NULL OR d.id = (SELECT dispositif_id FROM point WHERE id = $1)
		ORDER BY d.nom COLLATE "fr-x-icu", d.id`, point)
}

package contrat

import (
	"context"

	"portail/internal/fault"
	"portail/internal/pg"
)

// findAxe reads an axe of that very text; fault.NotFound when it has none of that id.
func findAxe(ctx context.Context, q pg.Q, r Ref, id int64) (Axe, error) {
	var b pg.Batch
	var c Contenu
	addArbre(&b, &c.Axes, &c.Objectifs, r)
	if err := b.Run(ctx, q); err != nil {
		return Axe{}, err
	}
	for _, a := range c.Axes {
		if a.ID == id {
			return a, nil
		}
	}
	return Axe{}, fault.NotFound
}

// insertAxe adds an axe at the end, with its section.
func insertAxe(ctx context.Context, tx pg.Tx, version int64, a Axe, cle string) (int64, bool, error) {
	id, fresh, err := added(ctx, tx, "contrat_axe", cle, `INSERT INTO contrat_axe (version_id, nature, qpv_id, titre, ordre, cle)
		VALUES ($1, $2, $3, $4, (SELECT coalesce(max(ordre), 0) + 1 FROM contrat_axe WHERE version_id = $1), $5) RETURNING id`,
		version, a.Nature, a.QpvID, a.Titre, cle)
	if err != nil || !fresh {
		return id, fresh, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO contrat_section (version_id, code, axe_id) VALUES ($1, 'axe', $2)`, version, id)
	return id, true, err
}

func updateAxe(ctx context.Context, tx pg.Tx, a Axe) error {
	return changed(ctx, tx, `UPDATE contrat_axe SET nature = $3, qpv_id = $4, titre = $5, version = version + 1 WHERE id = $1 AND version = $2`,
		a.ID, a.Version, a.Nature, a.QpvID, a.Titre)
}

func insertObjectif(ctx context.Context, tx pg.Tx, version int64, o Objectif, cle string) (int64, bool, error) {
	return added(ctx, tx, "contrat_objectif", cle, `INSERT INTO contrat_objectif (version_id, axe_id, titre, texte, ordre, cle)
		VALUES ($1, $2, $3, $4, (SELECT coalesce(max(ordre), 0) + 1 FROM contrat_objectif WHERE axe_id = $2), $5) RETURNING id`,
		version, o.AxeID, o.Titre, o.Texte, cle)
}

func updateObjectif(ctx context.Context, tx pg.Tx, o Objectif) error {
	return changed(ctx, tx, `UPDATE contrat_objectif SET titre = $4, texte = $5, axe_id = $3, version = version + 1,
			ordre = CASE WHEN axe_id = $3 THEN ordre ELSE (SELECT coalesce(max(ordre), 0) + 1 FROM contrat_objectif WHERE axe_id = $3) END
		WHERE id = $1 AND version = $2`, o.ID, o.Version, o.AxeID, o.Titre, o.Texte)
}

func insertEngagement(ctx context.Context, tx pg.Tx, version int64, e Engagement, cle string) (int64, bool, error) {
	return added(ctx, tx, "contrat_engagement", cle, `INSERT INTO contrat_engagement (version_id, objectif_id, partie_id, texte, credits, montant, annee_debut, annee_fin,
			echeance, indicateur, reference_valeur, reference_le, cible_valeur, cible_le, cible_source, cle, ordre)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
			(SELECT coalesce(max(ordre), 0) + 1 FROM contrat_engagement WHERE objectif_id = $2)) RETURNING id`,
		version, e.ObjectifID, e.PartieID, e.Texte, e.Credits, e.Montant, e.AnneeDebut, e.AnneeFin, e.Echeance, e.Indicateur, e.ReferenceValeur, e.ReferenceLe,
		e.CibleValeur, e.CibleLe, e.CibleSource, cle)
}

func updateEngagement(ctx context.Context, tx pg.Tx, e Engagement) error {
	return changed(ctx, tx, `UPDATE contrat_engagement SET partie_id = $4, texte = $5, credits = $6, montant = $7, annee_debut = $8, annee_fin = $9, echeance = $10,
			indicateur = $11, reference_valeur = $12, reference_le = $13, cible_valeur = $14, cible_le = $15, cible_source = $16, objectif_id = $3, version = version + 1,
			ordre = CASE WHEN objectif_id = $3 THEN ordre ELSE (SELECT coalesce(max(ordre), 0) + 1 FROM contrat_engagement WHERE objectif_id = $3) END
		WHERE id = $1 AND version = $2`,
		e.ID, e.Version, e.ObjectifID, e.PartieID, e.Texte, e.Credits, e.Montant, e.AnneeDebut, e.AnneeFin, e.Echeance, e.Indicateur, e.ReferenceValeur, e.ReferenceLe,
		e.CibleValeur, e.CibleLe, e.CibleSource)
}

// noeud is a part of the tree among its siblings.
type noeud struct {
	ID  int64
	Nom string
}

// freres are the parts of a text that have the same parent as the given one, in order, and itself.
func freres(ctx context.Context, tx pg.Tx, b branche, version, id int64) ([]noeud, error) {
	nom := "titre"
	if b == brancheEngagement {
		nom = "texte"
	}
	return pg.List[noeud](ctx, tx, `SELECT f.id, f.`+nom+` AS nom FROM `+b.table+` f JOIN `+b.table+` x ON x.`+b.parent+` = f.`+b.parent+`
		WHERE x.version_id = $1 AND x.id = $2 ORDER BY f.ordre, f.id`, version, id)
}

func reorder(ctx context.Context, tx pg.Tx, b branche, version int64, ids []int64) error {
	_, err := tx.Exec(ctx, `UPDATE `+b.table+` x SET ordre = n.place FROM unnest($2::bigint[]) WITH ORDINALITY n (id, place)
		WHERE x.version_id = $1 AND x.id = n.id AND x.ordre <> n.place`, version, ids)
	return err
}

func deleteNoeud(ctx context.Context, tx pg.Tx, b branche, id int64) error {
	return changed(ctx, tx, `DELETE FROM `+b.table+` WHERE id = $1`, id)
}

package contrat

import (
	"context"

	"portail/internal/pg"
)

// dans bounds a statement to the rows x of a text, named by its contract and number: the whole page is asked for at once.
const dans = `WHERE x.version_id = (SELECT id FROM contrat_version WHERE contrat_id = $1 AND numero = $2) `

const (
	lesParties = `SELECT x.id, x.lignee, x.organisme_id, organisme_nom_au(x.organisme_id, coalesce(v.signe_le, current_date)) AS organisme_nom, x.nature, x.obligation,
			x.dispense_motif, x.dispense_le, x.ordre, x.version, x.signataires, x.declarees, x.confirmees, x.scans, x.signe_le, x.signee, v.a_signer_le
		FROM contrat_partie_vue x JOIN contrat_version v ON v.id = x.version_id ` + dans + `ORDER BY x.ordre, x.id`
	lesSections = `SELECT x.id, x.code, x.axe_id, x.texte, x.revision,
			(SELECT count(*) FROM contrat_commentaire k WHERE k.section_id = x.id AND k.fil_id IS NULL AND k.resolu_le IS NULL)::int AS commentaires
		FROM contrat_section x ` + dans + `ORDER BY x.id`
	lesRameaux = `SELECT x.id, x.lignee, NULL::bigint AS axe_id, x.nature, x.qpv_id, coalesce(q.code || ' ' || q.nom, '') AS qpv_nom, x.titre, '' AS texte, x.ordre, x.version
		FROM contrat_axe x LEFT JOIN qpv q ON q.id = x.qpv_id ` + dans + `
		UNION ALL SELECT x.id, x.lignee, x.axe_id, '', NULL, '', x.titre, x.texte, x.ordre, x.version FROM contrat_objectif x ` + dans + `ORDER BY ordre, id`
	lesEngagements = `SELECT ` + colonnesEngagement + depuisEngagement + dans + `ORDER BY x.ordre, x.id`
)

// colonnesEngagement are those of Engagement, from x, its party p, the organisation o and the last note s.
const colonnesEngagement = `x.id, x.objectif_id, x.partie_id, x.lignee, p.organisme_id, o.nom AS organisme_nom, x.texte, x.credits, x.montant::float8 AS montant,
	x.annee_debut, x.annee_fin, x.echeance, x.indicateur, x.reference_valeur::float8 AS reference_valeur, x.cible_valeur::float8 AS cible_valeur, x.reference_le, x.cible_le,
	x.cible_source, x.ordre, x.version, coalesce(s.avancement, '') AS avancement, s.le AS suivi_le, m.valeur::float8 AS valeur, m.valeur_le`

const depuisEngagement = ` FROM contrat_engagement x JOIN contrat_partie p ON p.id = x.partie_id JOIN organisme o ON o.id = p.organisme_id
	LEFT JOIN LATERAL (SELECT avancement, le FROM contrat_suivi WHERE lignee = x.lignee ORDER BY id DESC LIMIT 1) s ON true
	LEFT JOIN LATERAL (SELECT valeur, valeur_le FROM contrat_suivi WHERE lignee = x.lignee AND valeur IS NOT NULL ORDER BY valeur_le DESC, id DESC LIMIT 1) m ON true `

// rameau is an axe, or an objectif when it has an axe.
type rameau struct {
	ID, Lignee     int64
	AxeID          *int64
	Nature         string
	QpvID          *int32
	QpvNom         string
	Titre, Texte   string
	Ordre, Version int
}

// addArbre queues the axes and the objectifs of a text, in one statement.
func addArbre(b *pg.Batch, axes *[]Axe, objectifs *[]Objectif, r Ref) {
	pg.AddEach(b, func(n rameau) {
		if n.AxeID == nil {
			*axes = append(*axes, Axe{ID: n.ID, Lignee: n.Lignee, Nature: n.Nature, QpvID: n.QpvID, QpvNom: n.QpvNom, Titre: n.Titre, Ordre: n.Ordre, Version: n.Version})
			return
		}
		*objectifs = append(*objectifs, Objectif{ID: n.ID, AxeID: *n.AxeID, Lignee: n.Lignee, Titre: n.Titre, Texte: n.Texte, Ordre: n.Ordre, Version: n.Version})
	}, lesRameaux, r.Contrat, r.Numero)
}

// addTextes queues what a text says, but for its own line: four statements, whatever its size.
func addTextes(b *pg.Batch, into *Contenu, r Ref) {
	pg.Add(b, &into.Parties, lesParties, r.Contrat, r.Numero)
	pg.Add(b, &into.Sections, lesSections, r.Contrat, r.Numero)
	addArbre(b, &into.Axes, &into.Objectifs, r)
	pg.Add(b, &into.Engagements, lesEngagements, r.Contrat, r.Numero)
}

// addContenu queues the whole of a text.
func addContenu(b *pg.Batch, into *Contenu, r Ref) {
	pg.AddOne(b, &into.Version, uneVersion, r.Contrat, r.Numero)
	addTextes(b, into, r)
}

// readContenu is addContenu at once, in a transaction that has told who asks.
func readContenu(ctx context.Context, q pg.Q, r Ref) (c Contenu, err error) {
	var b pg.Batch
	addContenu(&b, &c, r)
	return c, b.Run(ctx, q)
}

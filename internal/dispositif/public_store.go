package dispositif

import (
	"strconv"
	"strings"

	"portail/internal/pg"
)

// noms are the names of quarters or of territories of an array of ids, in French order.
const (
	nomsQPV  = `ARRAY(SELECT q.nom FROM qpv q WHERE q.id = ANY(#.qpv) ORDER BY q.nom COLLATE "fr-x-icu", q.id)`
	codesQPV = `ARRAY(SELECT q.code FROM qpv q WHERE q.id = ANY(#.qpv) ORDER BY q.nom COLLATE "fr-x-icu", q.id)`
)

// ici narrows rows with an array qpv and an array of communes to a place: $1 is a commune (INSEE code), $2 a quarter (code).
const ici = `($2 = '' OR EXISTS (SELECT FROM qpv q WHERE q.code = $2 AND q.id = ANY(#.qpv)))
	AND ($1 = '' OR EXISTS (SELECT FROM qpv_commune c WHERE c.commune = $1 AND c.qpv_id = ANY(#.qpv)) OR EXISTS (SELECT FROM territoire t WHERE t.niveau = 'commune' AND t.code = $1 AND t.id = `

// addPostesPublics queues the mediation posts of a place, a page of them.
func addPostesPublics(b *pg.Batch, into *[]postePublic, f filtrePublic) {
	pg.Add(b, into, `
		SELECT organisme_nom_au(p.employeur_id, current_date) AS employeur, p.missions, p.missions_texte,
			coalesce(nullif(`+of(nomsQPV, "p")+`, '{}'), ARRAY(SELECT t.nom FROM territoire t WHERE t.id = p.territoire_id)) AS lieux, `+of(codesQPV, "p")+` AS codes,
			p.etat, p.demonstration, count(*) OVER () AS total
		FROM adulte_relais_public p JOIN organisme o ON o.id = p.employeur_id WHERE `+of(ici, "p")+`p.territoire_id))
		ORDER BY o.nom COLLATE "fr-x-icu", p.id OFFSET $3 LIMIT $4`, f.Commune, f.QPV, (f.Page-1)*parPage, parPage)
}

// addPREPublics queues the programmes of a place that are under way.
func addPREPublics(b *pg.Batch, into *[]prePublic, f filtrePublic) {
	pg.Add(b, into, `
		SELECT p.id, p.nom, o.nom AS porteur, p.porteur_nature, p.domaines, p.coordination_fonction, p.contact_courriel, p.contact_telephone, p.presentation, `+of(nomsQPV, "p")+` AS qpv_noms, `+of(codesQPV, "p")+` AS qpv_codes,
			ARRAY(SELECT t.nom FROM territoire t WHERE t.id = ANY(p.communes) ORDER BY t.nom COLLATE "fr-x-icu") AS communes, p.demonstration
		FROM pre_public p JOIN organisme o ON o.id = p.porteur_id
		WHERE p.debut <= current_date AND (p.fin IS NULL OR p.fin >= current_date) AND `+of(ici, "p")+`ANY(p.communes)))
		ORDER BY p.nom COLLATE "fr-x-icu", p.id LIMIT 200`, f.Commune, f.QPV)
}

// addRealisationsPubliques queues the generic records of a place, or of one dispositif.
func addRealisationsPubliques(b *pg.Batch, into *[]realisationPublic, f filtrePublic, dispositif string) {
	pg.Add(b, into, `
		SELECT d.code, d.nom AS dispositif, r.intitule, o.nom AS porteur, r.etat, `+of(nomsQPV, "r")+` AS qpv_noms, `+of(codesQPV, "r")+` AS qpv_codes, r.demonstration
		FROM realisation_public r JOIN dispositif d ON d.id = r.dispositif_id AND d.publie JOIN organisme o ON o.id = r.porteur_id
		WHERE ($3 = '' OR d.code = $3) AND `+of(ici, "r")+`NULL))
		ORDER BY d.nom COLLATE "fr-x-icu", r.debut DESC, r.id LIMIT 200`, f.Commune, f.QPV, dispositif)
}

// of writes a piece of SQL for a table: # stands for its name.
func of(sql, table string) string { return strings.ReplaceAll(sql, "#", table) }

// addDispositifsPublics queues the published dispositifs in force.
func addDispositifsPublics(b *pg.Batch, into *[]Dispositif) {
	pg.Add(b, into, `SELECT `+colonnesDispositif+depuisDispositif+`WHERE d.publie AND d.ferme_le IS NULL ORDER BY d.nom COLLATE "fr-x-icu", d.id`)
}

// addDispositifPublic queues a published dispositif; fault.NotFound when there is none.
func addDispositifPublic(b *pg.Batch, into *Dispositif, code string) {
	pg.AddOne(b, into, `SELECT `+colonnesDispositif+depuisDispositif+`WHERE d.publie AND d.code = $1`, code)
}

// addEndroits queues the communes and the quarters that the list can be narrowed to.
func addEndroits(b *pg.Batch, into *[]endroit, departement string) {
	pg.Add(b, into, `
		SELECT sorte, code, nom FROM (
		SELECT 'commune' AS sorte, t.code, t.nom FROM territoire t WHERE t.niveau = 'commune' AND t.departement = $1 AND EXISTS (SELECT FROM qpv_commune c WHERE c.commune = t.code)
		UNION ALL SELECT 'qpv', q.code, q.nom FROM qpv q WHERE q.departement = $1 AND q.generation = `+strconv.Itoa(generation)+`
		) e ORDER BY sorte, nom COLLATE "fr-x-icu", code`, departement)
}

// generation is that of the quarters in force.
const generation = 2024

// addFinances queues the official figures of a département: each year as a whole, and the last one by employer.
func addFinances(b *pg.Batch, into *[]finance, departement string) {
	pg.Add(b, into, `SELECT annee, employeur, postes, centimes, min, max FROM (
		SELECT annee, '' AS employeur, count(*) AS postes, CASE WHEN bool_and(montant IS NOT NULL) THEN (sum(montant) * 100)::bigint END AS centimes,
			(min(montant) * 100)::bigint AS min, (max(montant) * 100)::bigint AS max, 0 AS ordre, 0::bigint AS n
		FROM adulte_relais_finance WHERE departement = $1 GROUP BY annee
		UNION ALL
		SELECT annee, coalesce(max(o.nom), max(f.employeur)), count(*), NULL, NULL, NULL, 1, -count(*)
		FROM adulte_relais_finance f LEFT JOIN organisme o ON o.siret = f.siret
		WHERE f.departement = $1 AND annee = (SELECT max(annee) FROM adulte_relais_finance WHERE departement = $1) GROUP BY annee, coalesce(o.nom, f.employeur)
		) x ORDER BY ordre, annee DESC, n, employeur`, departement)
}

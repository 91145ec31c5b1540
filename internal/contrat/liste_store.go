package contrat

import (
	"portail/internal/lexique"
	"portail/internal/pg"
)

// expressions are what each column sorts on.
var expressions = map[string]string{"titre": `v.titre COLLATE "fr-x-icu"`, "etat": `array_position($5::text[], v.etat)`, "debut": `v.debut`, "fin": `v.fin`}

// mien bounds the lists of the workspace to the contracts of who asks.
const mien = `(moi_prefecture() OR v.id = ANY ((SELECT mes_contrats())::bigint[]))`

// addListe queues a page of the list.
func addListe(b *pg.Batch, into *[]ligne, f filtres) {
	order := expressions[f.Tri]
	if f.Descendant {
		order += " DESC"
	}
	var etats []string
	for _, m := range lexique.EtatsContrat {
		etats = append(etats, m.Code)
	}
	pg.Add(b, into, `SELECT v.id, v.titre, v.generation, coalesce(t.nom, '') AS epci_nom, v.etat, v.debut, v.fin, v.ouverte_etat, v.ouverte_avenant,
			EXISTS (SELECT FROM contrat_version p WHERE p.contrat_id = v.id AND p.publiee_le IS NOT NULL) AS publie, v.demonstration, count(*) OVER ()::int AS total
		FROM contrat_vue v LEFT JOIN territoire t ON t.id = v.epci_id
		WHERE `+mien+` AND ($1 = '' OR v.etat = $1) AND ($2 = '' OR v.generation::text = $2)
			AND ($3 = '' OR strpos(sans_accent(v.titre || ' ' || coalesce(t.nom, '')), sans_accent($3)) > 0) AND cardinality($5::text[]) > 0
		ORDER BY `+order+`, v.titre COLLATE "fr-x-icu", v.id LIMIT $6 OFFSET $4`, f.Etat, f.Generation, f.Q, (f.Page-1)*parPage, etats, parPage)
}

// What a party x of a text t owes, in the board: the rules of Partie, as SQL.
const (
	attendue = `(NOT x.signee AND x.dispense_le IS NULL AND x.obligation <> 'facultatif')`
	enRetard = `(t.a_signer_le < now() - interval '30 days')`
)

// addEtapes queues the board of signatures: for each contract the text being signed, else the last signed one. Page 0 is the whole of it.
func addEtapes(b *pg.Batch, into *[]etape, retard bool, page int) {
	var limit any // none
	if page > 0 {
		limit = parTableau
	}
	pg.Add(b, into, `
		WITH texte AS (SELECT DISTINCT ON (v.id) v.id AS contrat_id, x.id, x.numero, x.avenant, x.titre, x.etat, x.a_signer_le, x.signe_le, v.demonstration
			FROM contrat_vue v JOIN contrat_version x ON x.contrat_id = v.id AND x.etat IN ('a_signer', 'signe')
			WHERE `+mien+` ORDER BY v.id, x.numero DESC)
		SELECT t.contrat_id, t.numero, t.avenant, t.titre, t.etat AS etat_texte, x.id, x.lignee, x.organisme_id,
			organisme_nom_au(x.organisme_id, coalesce(t.signe_le, current_date)) AS organisme_nom, x.nature, x.obligation, x.dispense_motif, x.dispense_le, x.ordre, x.version,
			x.signataires, x.declarees, x.confirmees, x.scans, x.signe_le, x.signee, t.a_signer_le, t.demonstration, count(*) OVER ()::int AS total,
			(count(*) FILTER (WHERE x.signee) OVER ())::int AS ont_signe, (count(*) FILTER (WHERE `+attendue+` AND NOT `+enRetard+`) OVER ())::int AS attendues,
			(count(*) FILTER (WHERE `+attendue+` AND `+enRetard+`) OVER ())::int AS en_retard_total
		FROM texte t JOIN contrat_partie_vue x ON x.version_id = t.id
		WHERE NOT $1 OR t.etat = 'a_signer' AND `+attendue+` AND `+enRetard+`
		ORDER BY t.etat = 'signe', t.titre COLLATE "fr-x-icu", t.contrat_id, x.ordre, x.id LIMIT $3 OFFSET $2`, retard, max(page-1, 0)*parTableau, limit)
}

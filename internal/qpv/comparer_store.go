package qpv

import (
	"portail/internal/chiffre"
	"portail/internal/pg"
)

// colonneRow is a quarter to compare, or the quarter that followed the one of 2015 whose code was asked for.
type colonneRow struct {
	Code, Nom  string
	Generation int
	Evolution  *string
	Communes   []string
	Anciens    []string // codes of the quarters of 2015 that it follows
	Demande    string   // the code that was asked for
}

// addColonnes queues the quarters of the given codes.
func addColonnes(b *pg.Batch, into *[]colonneRow, codes []string) {
	pg.Add(b, into, `
		WITH demandes AS (SELECT code, rang FROM unnest($1::text[]) WITH ORDINALITY d (code, rang))
		SELECT q.code, q.nom, q.generation, q.evolution, d.code AS demande,
			ARRAY(SELECT nom FROM qpv_commune WHERE qpv_id = q.id ORDER BY rang) AS communes,
			ARRAY(SELECT a.code FROM qpv_ancien a WHERE a.qpv_id = q.id ORDER BY a.code) AS anciens
		FROM demandes d
		JOIN qpv q ON q.code = d.code OR NOT EXISTS (SELECT FROM qpv WHERE code = d.code)
			AND q.id IN (SELECT qpv_id FROM qpv_ancien a WHERE a.code = d.code)
		ORDER BY d.rang, q.code`, codes)
}

// territoireRow is a territory that may stand beside the quarters.
type territoireRow struct{ Niveau, Code, Nom string }

// chiffresDe is the relation of the current figures that readers may see, and under which masks.
func (l lectorat) chiffresDe() string {
	if l.services {
		return `(SELECT * FROM valeur_partagee WHERE courante)`
	}
	return `valeur_publiee`
}

// addReferences queues the territories around the quarters, and those already chosen.
func addReferences(b *pg.Batch, into *[]territoireRow, l lectorat, codes []string, chosen []territoireChoisi) {
	levels, keys := paires(chosen)
	pg.Add(b, into, `
		WITH ici AS (SELECT id, departement FROM qpv WHERE code = ANY ($1)),
		autour (niveau, code) AS (
			SELECT 'commune', commune FROM qpv_commune WHERE qpv_id IN (SELECT id FROM ici)
			UNION SELECT 'epci', epci FROM qpv_epci WHERE qpv_id IN (SELECT id FROM ici)
			UNION SELECT 'departement', departement FROM ici
			UNION SELECT 'region', t.region FROM ici JOIN territoire t ON t.niveau = 'departement' AND t.code = ici.departement
			UNION SELECT 'france', code FROM territoire WHERE niveau = 'france'
			UNION SELECT niveau, code FROM unnest($2::text[], $3::text[]) c (niveau, code))
		SELECT niveau, code, t.nom FROM autour JOIN territoire t USING (niveau, code)
		WHERE EXISTS (SELECT FROM `+l.chiffresDe()+` v WHERE v.territoire_id = t.id)
		ORDER BY array_position(ARRAY['commune', 'epci', 'zone_emploi', 'departement', 'region', 'france'], niveau), t.nom COLLATE "fr-x-icu"`,
		codes, levels, keys)
}

// addValeursComparees queues the figures of some indicators, all vintages: of the quarters, of those of 2015 that they follow, and of the
// chosen territories.
func addValeursComparees(b *pg.Batch, into *[]chiffre.LigneValeur, l lectorat, codes []string, chosen []territoireChoisi, indicateurs []string) {
	levels, keys := paires(chosen)
	pg.Add(b, into, `
		WITH choisis AS (SELECT id, code FROM qpv WHERE code = ANY ($1)),
		quartiers AS (SELECT id, code FROM choisis UNION SELECT q.id, q.code FROM choisis c JOIN qpv_ancien a ON a.qpv_id = c.id JOIN qpv q ON q.code = a.code)
		SELECT v.indicateur, 'qpv' AS niveau, q.code, `+chiffre.Colonnes+`
		FROM quartiers q JOIN `+l.chiffresDe()+` v ON v.qpv_id = q.id WHERE v.indicateur = ANY ($4)
		UNION ALL
		SELECT v.indicateur, t.niveau, t.code, `+chiffre.Colonnes+`
		FROM unnest($2::text[], $3::text[]) c (niveau, code) JOIN territoire t USING (niveau, code) JOIN `+l.chiffresDe()+` v ON v.territoire_id = t.id
		WHERE v.indicateur = ANY ($4)`,
		codes, levels, keys, indicateurs)
}

func paires(chosen []territoireChoisi) (levels, codes []string) {
	levels, codes = []string{}, []string{}
	for _, t := range chosen {
		levels, codes = append(levels, t.Niveau), append(codes, t.Code)
	}
	return levels, codes
}

package cartographie

import "portail/internal/pg"

// Add queues the two reads of a département's map: its contour with those of its EPCI, and its quarters.
func Add(b *pg.Batch, departement string, into *Donnees) {
	pg.Add(b, &into.Territoires, `
		SELECT niveau, code, nom, lon, lat, trace, cadre FROM territoire
		WHERE trace IS NOT NULL AND (niveau = 'departement' AND code = $1
			OR niveau = 'epci' AND code IN (SELECT epci FROM territoire WHERE niveau = 'commune' AND departement = $1))
		ORDER BY niveau, code`, departement)
	pg.Add(b, &into.Quartiers, `
		SELECT q.code, q.nom, q.lon, q.lat,
			coalesce(q.trace_carte, '') AS trace_carte, q.cadre_carte, coalesce(q.trace_fiche, '') AS trace_fiche, q.cadre_fiche,
			ARRAY(SELECT coalesce(t.nom, c.nom) FROM qpv_commune c LEFT JOIN territoire t ON t.niveau = 'commune' AND t.code = c.commune
				WHERE c.qpv_id = q.id ORDER BY c.rang) AS communes,
			coalesce(e.epci, '') AS epci, coalesce(e.nom, '') AS epci_nom,
			v.valeur::float8 AS population, v.millesime AS population_a, coalesce(v.secret, false) AS secret
		FROM qpv q
		LEFT JOIN LATERAL (SELECT epci, nom FROM qpv_epci WHERE qpv_id = q.id ORDER BY rang LIMIT 1) e ON true
		LEFT JOIN LATERAL (SELECT valeur, millesime, secret FROM valeur_publiee WHERE qpv_id = q.id AND indicateur = 'population_municipale'
			ORDER BY millesime DESC NULLS LAST LIMIT 1) v ON true
		WHERE q.departement = $1 AND q.generation = 2024
		ORDER BY q.code`, departement)
}

// AddCommunes queues the two reads of the communes' contours: all of them in one path, and those that hold a quarter.
func AddCommunes(b *pg.Batch, departement string, into *Donnees) {
	pg.Add(b, &into.communes, `
		SELECT coalesce(string_agg(trace, '' ORDER BY code), '') AS trace FROM territoire
		WHERE niveau = 'commune' AND departement = $1`, departement)
	pg.Add(b, &into.habitees, `
		SELECT niveau, code, nom, lon, lat, trace, cadre FROM territoire
		WHERE niveau = 'commune' AND departement = $1 AND trace IS NOT NULL
			AND code IN (SELECT commune FROM qpv_commune)
		ORDER BY code`, departement)
}

// AddDepartements queues the contours of the départements that hold quarters, or of one alone, as a background for
// Donnees.Points.
func AddDepartements(b *pg.Batch, departement string, into *Donnees) {
	pg.Add(b, &into.Territoires, `
		SELECT niveau, code, nom, lon, lat, trace, cadre FROM territoire
		WHERE niveau = 'departement' AND trace IS NOT NULL AND ($1 = '' OR code = $1) AND code IN (SELECT departement FROM qpv)
		ORDER BY code`, departement)
}

package qpv

import "portail/internal/pg"

// nomTerritoire is what a place is called.
type nomTerritoire struct{ Code, Nom string }

// addNomTerritoire queues the name of a place; nothing comes when it is not loaded.
func addNomTerritoire(b *pg.Batch, into *[]nomTerritoire, niveau, code string) {
	pg.Add(b, into, `SELECT code, nom FROM territoire WHERE niveau = $1 AND code = $2`, niveau, code)
}

// territoireContour is a place with its contour, as a GeoJSON geometry.
type territoireContour struct{ Code, Nom, Contour string }

// addContours queues the contours of the communes or EPCI of a département.
func addContours(b *pg.Batch, into *[]territoireContour, niveau, departement string) {
	pg.Add(b, into, `
		SELECT code, nom, contour::text AS contour FROM territoire
		WHERE contour IS NOT NULL AND niveau = $1 AND (niveau = 'commune' AND departement = $2
			OR niveau = 'epci' AND code IN (SELECT epci FROM territoire WHERE niveau = 'commune' AND departement = $2))
		ORDER BY code`, niveau, departement)
}

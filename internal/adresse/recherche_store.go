package adresse

import (
	"context"
	"fmt"

	"portail/internal/pg"
)

// maxCandidats is how many streets are compared with the one that was written.
const maxCandidats = 30

type presenceRow struct{ Presentes bool }

// addPresence queues whether local addresses are there at all.
func addPresence(b *pg.Batch, into *presenceRow) {
	pg.AddOne(b, into, `SELECT EXISTS (SELECT FROM voie) AS presentes`)
}

// addVoies queues the streets nearest to a normalised text, by their trigrams.
func addVoies(b *pg.Batch, texte string, into *[]voie) {
	pg.Add(b, into, `SELECT nom, code_postal, commune, nom_commune FROM voie ORDER BY recherche <-> $1 LIMIT $2`, texte, maxCandidats)
}

// listPoints reads the places of a street in the order of their numbers.
func listPoints(ctx context.Context, q pg.Q, v voie) ([]point, error) {
	points, err := pg.List[point](ctx, q, `
		SELECT id, coalesce(nullif(numero, 99999), 0) AS numero, rep, lon, lat, voie AS nom, code_postal, commune, nom_commune
		FROM adresse WHERE commune = $1 AND voie = $2 AND code_postal = $3 ORDER BY numero, rep, id LIMIT 5000`, v.Commune, v.Nom, v.CodePostal)
	if err != nil {
		return nil, fmt.Errorf("list the numbers of a street: %w", err)
	}
	return points, nil
}

// addPoint queues one place by its identifier; an unknown one makes the batch fail as not found.
func addPoint(b *pg.Batch, id string, into *point) {
	pg.AddOne(b, into, `
		SELECT id, coalesce(nullif(numero, 99999), 0) AS numero, rep, lon, lat, voie AS nom, code_postal, commune, nom_commune FROM adresse WHERE id = $1`, id)
}

package adresse

import (
	"context"
	"fmt"
	"time"

	"portail/internal/pg"
)

type quartierRow struct {
	Code, Nom, Departement    string
	Contour, ContourMillesime string
}

type departementRow struct{ Code, Contour string }

type publicationRow struct{ Le time.Time }

// addPublication queues the moment when something published last changed.
func addPublication(b *pg.Batch, into *publicationRow) {
	pg.AddOne(b, into, `SELECT le FROM publication`)
}

// readContours reads the quarters of the list in force. The moment is read first: contours published meanwhile will be read again.
func readContours(ctx context.Context, q pg.Q) (*contours, error) {
	var (
		b            pg.Batch
		publication  publicationRow
		quartiers    []quartierRow
		departements []departementRow
	)
	addPublication(&b, &publication)
	pg.Add(&b, &quartiers, `
		SELECT code, nom, departement, coalesce(contour::text, '') AS contour, contour_millesime
		FROM qpv WHERE generation = (SELECT max(generation) FROM qpv) ORDER BY code`)
	pg.Add(&b, &departements, `
		SELECT code, contour::text AS contour FROM territoire WHERE niveau = 'departement' AND contour IS NOT NULL ORDER BY code`)
	if err := b.Run(ctx, q); err != nil {
		return nil, fmt.Errorf("read contours: %w", err)
	}
	return newContours(publication.Le, quartiers, departements)
}

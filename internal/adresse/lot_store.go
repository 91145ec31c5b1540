package adresse

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"portail/internal/pg"
)

// communeRow is a commune under one of its post codes, as the local addresses spell them.
type communeRow struct{ CodePostal, Commune, NomCommune string }

// addCommunes queues all the communes of the local addresses.
func addCommunes(b *pg.Batch, into *[]communeRow) {
	pg.Add(b, into, `SELECT DISTINCT ON (code_postal, commune) code_postal, commune, nom_commune FROM voie ORDER BY code_postal, commune, nom_commune`)
}

// listVoies reads the streets of some communes, by INSEE code.
func listVoies(ctx context.Context, q pg.Q, communes map[string]bool) ([]voie, error) {
	voies, err := pg.List[voie](ctx, q, `SELECT nom, code_postal, commune, nom_commune FROM voie WHERE commune = ANY($1)`, slices.Sorted(maps.Keys(communes)))
	if err != nil {
		return nil, fmt.Errorf("list the streets of %d communes: %w", len(communes), err)
	}
	return voies, nil
}

type pointDemande struct {
	Rang int
	point
}

// listPointsDe reads, for each line, the places that bear its number, or up to two of its street when it has none: one is
// enough for a hamlet, two tell that the number is missing.
func listPointsDe(ctx context.Context, q pg.Q, lignes []*ligne) ([][]point, error) {
	const columns = `SELECT k.rang::int AS rang, a.id, coalesce(nullif(a.numero, 99999), 0) AS numero, a.rep, a.lon, a.lat, a.voie AS nom, a.code_postal, a.commune, a.nom_commune`
	var (
		b                        pg.Batch
		numbered, others         []pointDemande
		communes, voies, postaux [2][]string
		numeros, rangs           [2][]int
	)
	if len(lignes) == 0 {
		return nil, nil
	}
	for i, l := range lignes {
		kind := 0
		if l.adresse.Numero == 0 {
			kind = 1
		}
		communes[kind], voies[kind], postaux[kind] = append(communes[kind], l.voie.Commune), append(voies[kind], l.voie.Nom), append(postaux[kind], l.voie.CodePostal)
		numeros[kind], rangs[kind] = append(numeros[kind], l.adresse.Numero), append(rangs[kind], i)
	}
	pg.Add(&b, &numbered, columns+`
		FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[]) AS k (commune, voie, code_postal, numero, rang)
		JOIN adresse a ON a.commune = k.commune AND a.voie = k.voie AND a.numero = k.numero AND a.code_postal = k.code_postal
		ORDER BY k.rang, a.rep, a.id`, communes[0], voies[0], postaux[0], numeros[0], rangs[0])
	pg.Add(&b, &others, columns+`
		FROM unnest($1::text[], $2::text[], $3::text[], $4::int[]) AS k (commune, voie, code_postal, rang)
		CROSS JOIN LATERAL (SELECT * FROM adresse a WHERE a.commune = k.commune AND a.voie = k.voie AND a.code_postal = k.code_postal LIMIT 2) a
		ORDER BY k.rang`, communes[1], voies[1], postaux[1], rangs[1])
	if err := b.Run(ctx, q); err != nil {
		return nil, fmt.Errorf("list the numbers of %d lines: %w", len(lignes), err)
	}
	points := make([][]point, len(lignes))
	for _, p := range append(numbered, others...) {
		points[p.Rang] = append(points[p.Rang], p.point)
	}
	return points, nil
}

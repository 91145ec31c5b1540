package adresse

import (
	"context"
	"fmt"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"portail/internal/geo"
)

// contours are the quarters in force, kept in memory for look-ups in microseconds. They never change: a publication makes new ones.
type contours struct {
	publieLe     time.Time
	index        *geo.Index
	quartiers    map[string]Quartier
	departements *geo.Index
	complets     map[string]bool // by département that has a quarter: whether every quarter of it has its contour
}

// newContours reads what the store gave.
func newContours(publieLe time.Time, quartiers []quartierRow, departements []departementRow) (*contours, error) {
	c := &contours{publieLe: publieLe, quartiers: make(map[string]Quartier, len(quartiers)), complets: map[string]bool{}}
	items := make([]geo.Item, 0, len(quartiers))
	for _, row := range quartiers {
		if row.Contour == "" {
			c.complets[row.Departement] = false
			continue
		}
		geom, err := readGeometry(row.Contour)
		if err != nil {
			return nil, fmt.Errorf("read contour of %s: %w", row.Code, err)
		}
		if _, seen := c.complets[row.Departement]; !seen {
			c.complets[row.Departement] = true
		}
		c.quartiers[row.Code] = Quartier{row.Code, row.Nom, row.Departement, row.ContourMillesime, geom}
		items = append(items, geo.Item{Code: row.Code, Nom: row.Nom, Geom: geom})
	}
	c.index = geo.NewIndex(items)
	items = items[:0]
	for _, row := range departements {
		geom, err := readGeometry(row.Contour)
		if err != nil {
			return nil, fmt.Errorf("read contour of département %s: %w", row.Code, err)
		}
		items = append(items, geo.Item{Code: row.Code, Geom: geom})
	}
	c.departements = geo.NewIndex(items)
	return c, nil
}

func readGeometry(text string) (orb.Geometry, error) {
	g, err := geojson.UnmarshalGeometry([]byte(text))
	if err != nil {
		return nil, err
	}
	return g.Geometry(), nil
}

// repondre says where a point is. departement is the INSEE code that its address gives, empty when only the point is known.
func (c *contours) repondre(pt orb.Point, departement string) Reponse {
	if !geo.InFrance(pt) {
		return indetermine(horsFrance)
	}
	if c.index.Len() == 0 {
		return indetermine(sansContour)
	}
	if within := c.index.Within(pt); len(within) > 0 {
		r := Reponse{Nature: DansQuartier}
		for _, item := range within {
			r.Quartiers = append(r.Quartiers, c.quartiers[item.Code])
		}
		return r
	}
	var nearest *geo.Hit
	if hits := c.index.Near(pt, metresVoisin); len(hits) > 0 {
		nearest = &hits[0]
	}
	if nearest != nil && nearest.Metres <= metresProche {
		return Reponse{Nature: Proche, Quartiers: []Quartier{c.quartiers[nearest.Code]}, Metres: nearest.Metres}
	}
	if pourquoi := c.ignorance(pt, departement); pourquoi != "" {
		return indetermine(pourquoi)
	}
	r := Reponse{Nature: Hors}
	if nearest != nil {
		r.Quartiers, r.Metres = []Quartier{c.quartiers[nearest.Code]}, nearest.Metres
	}
	return r
}

// ignorance is why "outside" cannot be said of a point: its département is unknown, none of its quarters was loaded, or one
// lacks its contour. Empty when every quarter that could hold the point is known.
func (c *contours) ignorance(pt orb.Point, departement string) string {
	codes := []string{departement}
	if departement == "" {
		codes = codes[:0]
		for _, item := range c.departements.Within(pt) {
			codes = append(codes, item.Code)
		}
	}
	if len(codes) == 0 {
		return horsTerritoire
	}
	for _, code := range codes {
		switch complet, loaded := c.complets[code]; {
		case !loaded:
			return horsTerritoire
		case !complet:
			return contourManquant
		}
	}
	return ""
}

// departementDe is the département of a commune, by its INSEE code; empty for what is none.
func departementDe(commune string) string {
	switch {
	case len(commune) != 5:
		return ""
	case commune[:2] == "97" || commune[:2] == "98":
		return commune[:3]
	}
	return commune[:2]
}

// aJour gives the contours published at the given moment: those in memory, or else those of the database.
func (s *Service) aJour(ctx context.Context, publieLe time.Time) (*contours, error) {
	if c := s.contours.Load(); c != nil && c.publieLe.Equal(publieLe) {
		return c, nil
	}
	read, err, _ := s.lecture.Do("", func() (any, error) {
		// Not the first visitor's own context: if they leave, the others still wait for the contours.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lectureLimite)
		defer cancel()
		c, err := readContours(ctx, s.db)
		if err == nil {
			s.contours.Store(c)
		}
		return c, err
	})
	if err != nil {
		return nil, err
	}
	return read.(*contours), nil
}

// lectureLimite bounds the reading of all the contours of the country, which takes about a tenth of it.
const lectureLimite = 5 * time.Second

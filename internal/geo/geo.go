// Package geo reads, checks, measures, looks up, draws and writes the contours
// of territories (quartiers prioritaires, communes, EPCI, départements).
//
// Everything is plain computation on WGS84 longitude/latitude, in this order,
// as RFC 7946 (GeoJSON) prescribes: no database, no network. Contours come
// from files that anybody may have touched, so what is read here is hostile
// until Check has returned no fault.
package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Feature is one territory of a GeoJSON file: what is said of it and its shape.
type Feature struct {
	// Proprietes in the order of the file, which is the order written back.
	Proprietes []Propriete
	// Geometrie is a Point, a Polygon or a MultiPolygon; nil when the file
	// gives none or when Fautes says why it could not be read.
	Geometrie orb.Geometry
	// Fautes are the reasons why this feature, although valid JSON, cannot be
	// trusted. A caller must not load a feature that has any.
	Fautes []Fault
}

// Propriete is one name and its value in the properties of a Feature. A value
// read from a file is a string, json.Number, bool, nil, []any or map[string]any.
type Propriete struct {
	Nom    string
	Valeur any
}

// Get returns the value of a property and whether the feature has it.
func (f Feature) Get(nom string) (any, bool) {
	for _, p := range f.Proprietes {
		if p.Nom == nom {
			return p.Valeur, true
		}
	}
	return nil, false
}

// Texte returns a property that the file wrote as text. A number is refused
// on purpose: a code written 01053 without quotes has lost its leading zero.
func (f Feature) Texte(nom string) (string, bool) {
	v, _ := f.Get(nom)
	s, ok := v.(string)
	return s, ok
}

// polygons lists the polygons of a geometry, none for points and lines.
func polygons(g orb.Geometry) []orb.Polygon {
	switch g := g.(type) {
	case orb.Polygon:
		return []orb.Polygon{g}
	case orb.MultiPolygon:
		return g
	case orb.Ring:
		return []orb.Polygon{{g}}
	case orb.Bound:
		return []orb.Polygon{g.ToPolygon()}
	}
	return nil
}

// finite tells whether both coordinates are numbers.
func finite(p orb.Point) bool {
	return !math.IsNaN(p[0]) && !math.IsInf(p[0], 0) && !math.IsNaN(p[1]) && !math.IsInf(p[1], 0)
}

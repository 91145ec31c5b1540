package qpv

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// contour reads a geometry of the database; without one a place is its point.
func contour(raw *string, lon, lat float64) (orb.Geometry, error) {
	if raw == nil {
		return orb.Point{lon, lat}, nil
	}
	g, err := geojson.UnmarshalGeometry([]byte(*raw))
	if err != nil {
		return nil, err
	}
	return g.Geometry(), nil
}

package geo

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"
)

// The ellipsoid's surface, 510 065 621.7 km², is known; one cell of one degree
// is compared with the sum of its parts and the whole sphere with the constant.
func TestArea(t *testing.T) {
	world := orb.Polygon{{{-180, -90}, {180, -90}, {180, 90}, {-180, 90}, {-180, -90}}}
	if got := Area(world) / 100; math.Abs(got-510_065_621.7) > 1 {
		t.Errorf("world: %.1f km²", got)
	}
	sq := ring(0, 0, 10, 0, 10, 10, 0, 10)
	hole := ring(2, 2, 2, 8, 8, 8, 8, 2)
	whole, pierced := Area(orb.Polygon{sq}), Area(orb.Polygon{sq, hole})
	if math.Abs(pierced/whole-0.64) > 1e-4 {
		t.Errorf("hole: %v of %v", pierced, whole)
	}
	reversed := sq.Clone()
	reversed.Reverse()
	if Area(orb.Polygon{reversed}) != whole && math.Abs(Area(orb.Polygon{reversed})-whole) > 1e-9 {
		t.Error("surface depends on the direction")
	}
	// A sphere is at most 0.7 % away.
	if sphere := orbgeo.Area(orb.Polygon{sq}) / 10_000; math.Abs(whole/sphere-1) > 0.007 {
		t.Errorf("%v ha, %v on the sphere", whole, sphere)
	}
	for _, g := range []orb.Geometry{nil, orb.Point{6, 48}, orb.Polygon{}, orb.Polygon{{}}, orb.MultiPolygon{{}}} {
		if Area(g) != 0 {
			t.Errorf("%v has a surface", g)
		}
	}
}

func TestDistanceMetres(t *testing.T) {
	p := orb.Polygon{ring(0, 0, 10, 0, 10, 10, 0, 10), ring(2, 2, 2, 8, 8, 8, 8, 2)}
	// One degree at 48.1° N on WGS84: 111 200.6 m north, 74 460.0 m east (IGN formulas).
	for name, c := range map[string]struct {
		pt   orb.Point
		want float64
	}{
		"inside":      {orb.Point{6.401, 48.101}, 0},
		"corner":      {orb.Point{6.4, 48.1}, 0},
		"on a side":   {orb.Point{6.405, 48.1}, 0},
		"in the hole": {orb.Point{6.405, 48.1025}, 0.0005 * 111200},
		"south":       {orb.Point{6.405, 48.099}, 0.001 * 111200},
		"west":        {orb.Point{6.39, 48.105}, 0.01 * 74450},
		"south-west":  {orb.Point{6.397, 48.096}, math.Hypot(0.003*74460, 0.004*111200)},
	} {
		if got := DistanceMetres(p, c.pt); math.Abs(got-c.want) > 0.001*c.want {
			t.Errorf("%s: %.2f m, want %.2f", name, got, c.want)
		}
	}
	if !math.IsInf(DistanceMetres(nil, orb.Point{6, 48}), 1) {
		t.Error("a distance to nothing")
	}
	// Against the great circle, in all directions, 1 km away.
	for bearing := 0.0; bearing < 360; bearing += 15 {
		o := orb.Point{6.45, 48.17}
		to := orbgeo.PointAtBearingAndDistance(o, bearing, 1000)
		if got := DistanceMetres(o, to); math.Abs(got-1000) > 6 { // the sphere itself is 0.5 % off
			t.Errorf("bearing %v: %.1f m", bearing, got)
		}
	}
}

func TestPointIn(t *testing.T) {
	for name, geom := range map[string]orb.Geometry{
		"square":        orb.Polygon{ring(0, 0, 10, 0, 10, 10, 0, 10)},
		"clockwise":     orb.Polygon{ring(0, 0, 0, 10, 10, 10, 10, 0)},
		"crescent":      orb.Polygon{ring(0, 0, 10, 0, 10, 10, 0, 10, 0, 9, 9, 9, 9, 1, 0, 1)},
		"frame":         orb.Polygon{ring(0, 0, 10, 0, 10, 10, 0, 10), ring(1, 1, 1, 9, 9, 9, 9, 1)},
		"thin sliver":   orb.Polygon{ring(0, 0, 50, 50.001, 100, 0, 50, 50)},
		"two parts":     orb.MultiPolygon{{ring(0, 0, 1, 0, 1, 1)}, {ring(20, 0, 30, 0, 30, 10)}},
		"empty as well": orb.MultiPolygon{{}, {{}}, {ring(20, 0, 30, 0, 30, 10)}},
	} {
		pt := PointIn(geom)
		on := false
		for _, p := range polygons(geom) {
			on = on || len(p) > 0 && len(p[0]) > 0 && strictlyInside(p, pt)
		}
		if !on {
			t.Errorf("%s: %v is not inside", name, pt)
		}
	}
	if c := PointIn(orb.Polygon{ring(0, 0, 10, 0, 10, 10, 0, 10)}); math.Abs(c[0]-6.405) > 1e-9 || math.Abs(c[1]-48.105) > 1e-9 {
		t.Errorf("centre of a square: %v", c)
	}
	if got := PointIn(nil); got != (orb.Point{}) {
		t.Errorf("point in nothing: %v", got)
	}
	if got := PointIn(orb.MultiPolygon{{ring(0, 0, 1, 0, 1, 1)}, {ring(20, 0, 30, 0, 30, 10)}}); got[0] < 6.42 {
		t.Errorf("not in the largest part: %v", got)
	}
}

func TestOrientIsExact(t *testing.T) {
	// 0.1 steps are not on one line in binary; these are, or by one unit in the last place not.
	a, b := orb.Point{0.5, 0.5}, orb.Point{12, 12}
	if orient(a, b, orb.Point{24, 24}) != 0 {
		t.Error("on the diagonal")
	}
	up := math.Nextafter(24, 25)
	if orient(a, b, orb.Point{24, up}) != 1 || orient(a, b, orb.Point{up, 24}) != -1 {
		t.Error("beside the diagonal by the least step")
	}
}

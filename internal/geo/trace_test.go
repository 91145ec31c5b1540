package geo

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// readPath gives back the rings of path data.
func readPath(t *testing.T, path string) []orb.Ring {
	t.Helper()
	numbers := regexp.MustCompile(`-?\d+`)
	var rings []orb.Ring
	for _, part := range strings.Split(strings.TrimSuffix(path, "z"), "z") {
		if !regexp.MustCompile(`^M-?\d+ -?\d+l-?\d+([ -]\d+|-\d+)+$`).MatchString(part) {
			t.Fatalf("not path data: %q", part)
		}
		var r orb.Ring
		at := orb.Point{}
		all := numbers.FindAllString(part, -1)
		for i := 0; i+1 < len(all); i += 2 {
			x, _ := strconv.Atoi(all[i])
			y, _ := strconv.Atoi(all[i+1])
			at = orb.Point{at[0] + float64(x), at[1] + float64(y)}
			r = append(r, at)
		}
		rings = append(rings, append(r, r[0]))
	}
	return rings
}

func TestTrace(t *testing.T) {
	sq := ring(0, 0, 10, 0, 10, 10, 0, 10)
	pl := Plan{Origine: sq[0], Unite: 1}
	path, b := Trace(orb.Polygon{sq}, pl)
	rings := readPath(t, path)
	if len(rings) != 1 || len(rings[0]) != 5 {
		t.Fatalf("%s", path)
	}
	// 0.01° is 745 m east and 1 112 m north: north is up, y goes down.
	if b.MinX != 0 || math.Abs(float64(b.MaxX)-745) > 5 || b.MaxY != 0 || math.Abs(float64(b.MinY)+1112) > 5 {
		t.Errorf("box %+v", b)
	}
	if got := ViewBox(10, b); got != "-10 "+strconv.Itoa(b.MinY-10)+" "+strconv.Itoa(b.MaxX+20)+" "+strconv.Itoa(-b.MinY+20) {
		t.Errorf("viewBox %s of %+v", got, b)
	}

	// The hole turns the other way, whatever the file says.
	for _, hole := range []orb.Ring{ring(2, 2, 2, 8, 8, 8, 8, 2), ring(2, 2, 8, 2, 8, 8, 2, 8)} {
		path, _ := Trace(orb.Polygon{sq, hole}, pl)
		rings := readPath(t, path)
		if len(rings) != 2 || gridArea(rings[0]) <= 0 || gridArea(rings[1]) >= 0 {
			t.Errorf("directions of %s", path)
		}
	}
	if hole := ring(2, 2, 2, 8, 8, 8, 8, 2); sq[0] != (orb.Point{6.4, 48.1}) || hole[0][0] != 6.402 {
		t.Error("the contour was changed by drawing it")
	}

	// Two shapes on one plan share their common side.
	_, left := Trace(orb.Polygon{sq}, pl)
	_, right := Trace(orb.Polygon{ring(10, 0, 20, 0, 20, 10, 10, 10)}, pl)
	if left.MaxX != right.MinX || left.MinY != right.MinY {
		t.Errorf("%+v beside %+v", left, right)
	}
	if u := left.Union(right); u != (Bounds{0, left.MinY, right.MaxX, 0}) || (Bounds{}).Union(u) != u || u.Union(Bounds{}) != u {
		t.Errorf("union %+v", u)
	}
}

func TestTraceNeverVanishesNorDegenerates(t *testing.T) {
	small := orb.Polygon{ring(0, 0, 0.1, 0, 0.1, 0.1, 0, 0.1), ring(0.04, 0.04, 0.04, 0.06, 0.06, 0.06)}
	for name, c := range map[string]struct {
		geom  orb.Geometry
		pl    Plan
		rings int
	}{
		"smaller than the tolerance": {small, Plan{Origine: orb.Point{6.4, 48.1}, Unite: 1, Tolerance: 500}, 2},
		"smaller than the unit":      {small, Plan{Origine: orb.Point{6.4, 48.1}, Unite: 5000}, 1},
		"a small part is left out":   {orb.MultiPolygon{small, {ring(50, 50, 90, 50, 90, 90)}}, Plan{Origine: orb.Point{6.4, 48.1}, Unite: 100}, 1},
		"no unit":                    {small, Plan{Origine: orb.Point{6.4, 48.1}}, 2},
	} {
		path, b := Trace(c.geom, c.pl)
		rings := readPath(t, path)
		if len(rings) != c.rings || b.Empty() {
			t.Errorf("%s: %q", name, path)
		}
		for _, r := range rings {
			if gridArea(r) == 0 || len(r) < 4 {
				t.Errorf("%s: degenerate %q", name, path)
			}
		}
	}
	for _, g := range []orb.Geometry{nil, orb.Polygon{}, orb.MultiPolygon{}, orb.Point{6, 48}} {
		if path, b := Trace(g, Plan{Unite: 1}); path != "" && !(len(polygons(g)) > 0) || !b.Empty() && path == "" {
			t.Errorf("%v drawn as %q in %+v", g, path, b)
		}
	}
}

// Every quarter of France is drawn with a surface near its own.
func TestTraceRealQuarters(t *testing.T) {
	_, items := quarters(t)
	total := 0
	for _, it := range items {
		pl := NewPlan(it.Geom.Bound(), 2, 4)
		path, b := Trace(it.Geom, pl)
		total += len(path)
		area := 0.0
		for _, r := range readPath(t, path) {
			area += gridArea(r) / 2
		}
		if want := Area(it.Geom); math.Abs(area*4/10_000-want) > 0.06*want+0.3 {
			t.Errorf("%s: %.1f ha drawn of %.1f", it.Code, area*4/10_000, want)
		}
		x, y := pl.XY(PointIn(it.Geom))
		if x < b.MinX || x > b.MaxX || y < b.MinY || y > b.MaxY {
			t.Errorf("%s: its point is out of its box", it.Code)
		}
	}
	t.Logf("%d bytes of path for %d quarters", total, len(items))
}

func BenchmarkTraceNational(b *testing.B) {
	_, items := quarters(b)
	pl := Plan{Origine: orb.Point{2.5, 46.5}, Unite: 10, Tolerance: 30}
	for b.Loop() {
		for _, it := range items {
			Trace(it.Geom, pl)
		}
	}
}

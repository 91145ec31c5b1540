package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

func TestIndex(t *testing.T) {
	items := []Item{
		{"B", "b", orb.Polygon{ring(10, 0, 20, 0, 20, 10, 10, 10)}},
		{"A", "a", orb.Polygon{ring(0, 0, 10, 0, 10, 10, 0, 10)}},
		{"C", "sans contour", nil},
		{"D", "vide", orb.Polygon{}},
		{"E", "point", orb.Point{6.401, 48.101}},
	}
	x := NewIndex(items)
	items[1].Code = "changed by the caller"
	if x.Len() != 2 {
		t.Errorf("%d indexed", x.Len())
	}
	at := func(x, y float64) orb.Point { return orb.Point{6.4 + x/1000, 48.1 + y/1000} }
	for name, c := range map[string]struct {
		pt     orb.Point
		metres float64
		within string
		near   string
	}{
		"in A":       {at(1, 5), 100, "A", "A"},
		"on border":  {at(10, 5), 100, "AB", "AB"},
		"near B":     {at(21, 5), 100, "", "B"},
		"too far":    {at(21, 5), 70, "", ""},
		"both":       {at(9, 5), 100, "A", "AB"},
		"no metres":  {at(1, 5), 0, "A", "A"},
		"negative":   {at(1, 5), -1, "A", ""},
		"nowhere":    {orb.Point{math.NaN(), 48.1}, 100, "", ""},
		"beyond":     {orb.Point{6.4, 1e300}, 100, "", ""},
		"the pole":   {orb.Point{0, 90}, 100, "", ""},
		"whole land": {at(1, 5), 1e6, "A", "AB"},
	} {
		got := ""
		for _, it := range x.Within(c.pt) {
			got += it.Code
		}
		if got != c.within {
			t.Errorf("%s: within %q", name, got)
		}
		got = ""
		for _, h := range x.Near(c.pt, c.metres) {
			got += h.Code
			if (h.Metres == 0) != Contains(h.Geom, c.pt) || h.Metres > c.metres {
				t.Errorf("%s: %s at %v m", name, h.Code, h.Metres)
			}
		}
		if got != c.near {
			t.Errorf("%s: near %q", name, got)
		}
	}
}

// The index answers what a look at every quarter of France answers.
func TestNearMissesNothing(t *testing.T) {
	_, items := quarters(t)
	x := NewIndex(items)
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		pt := PointIn(items[r.IntN(len(items))].Geom)
		pt[0] += (r.Float64() - 0.5) / 50
		pt[1] += (r.Float64() - 0.5) / 50
		want := 0
		for _, it := range items {
			if DistanceMetres(it.Geom, pt) <= 1500 {
				want++
			}
		}
		hits := x.Near(pt, 1500)
		if len(hits) != want {
			t.Errorf("%v: %d found, %d are near", pt, len(hits), want)
		}
		for i := 1; i < len(hits); i++ {
			if hits[i].Metres < hits[i-1].Metres {
				t.Errorf("%v: not by distance", pt)
			}
		}
	}
}

func benchmarkPoints(items []Item) []orb.Point {
	r := rand.New(rand.NewPCG(3, 4))
	points := make([]orb.Point, 4096)
	for i := range points {
		pt := PointIn(items[r.IntN(len(items))].Geom)
		points[i] = orb.Point{pt[0] + (r.Float64()-0.5)/100, pt[1] + (r.Float64()-0.5)/100}
	}
	return points
}

func BenchmarkWithin(b *testing.B) {
	_, items := quarters(b)
	x, points := NewIndex(items), benchmarkPoints(items)
	i := 0
	for b.Loop() {
		x.Within(points[i%len(points)])
		i++
	}
}

func BenchmarkNear100m(b *testing.B) {
	_, items := quarters(b)
	x, points := NewIndex(items), benchmarkPoints(items)
	i := 0
	for b.Loop() {
		x.Near(points[i%len(points)], 100)
		i++
	}
}

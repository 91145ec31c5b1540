package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// Item is a territory that can be looked up by place.
type Item struct {
	Code string
	Nom  string
	Geom orb.Geometry // a contour without fault; must not be changed afterwards
}

// Hit is a territory near a point, with its distance in metres (0 inside).
type Hit struct {
	Item
	Metres float64
}

// Index finds the territories at or near a point in about a microsecond. It
// never changes once made, so any number of requests may read it at once; new
// contours make a new Index.
type Index struct {
	items []Item
	tree  rtree.RTreeG[int]
}

// NewIndex indexes territories; those without contour are never found.
func NewIndex(items []Item) *Index {
	x := &Index{items: slices.Clone(items)}
	for i, it := range x.items {
		if len(polygons(it.Geom)) == 0 {
			continue
		}
		b := it.Geom.Bound()
		if b.IsEmpty() || !finite(b.Min) || !finite(b.Max) {
			continue
		}
		x.tree.Insert(b.Min, b.Max, i)
	}
	return x
}

// Len is the number of territories that can be found.
func (x *Index) Len() int { return x.tree.Len() }

// Within lists the territories that contain a point, by code. Borders belong
// to the territory, so a point on a common border is in two.
func (x *Index) Within(pt orb.Point) []Item {
	if !finite(pt) {
		return nil
	}
	var found []Item
	x.tree.Search(pt, pt, func(_, _ [2]float64, i int) bool {
		if Contains(x.items[i].Geom, pt) {
			found = append(found, x.items[i])
		}
		return true
	})
	if len(found) > 1 {
		slices.SortFunc(found, func(a, b Item) int { return cmp.Compare(a.Code, b.Code) })
	}
	return found
}

// Near lists the territories at most so many metres away from a point, those
// that contain it included, nearest first.
func (x *Index) Near(pt orb.Point, metres float64) []Hit {
	if !finite(pt) || math.Abs(pt[1]) > 90 || !(metres >= 0) {
		return nil
	}
	// One percent more covers the change of a degree over the distance.
	local := degreesAt(pt)
	dx, dy := 1.01*metres/max(local.east, 1), 1.01*metres/local.north
	var found []Hit
	x.tree.Search([2]float64{pt[0] - dx, pt[1] - dy}, [2]float64{pt[0] + dx, pt[1] + dy}, func(_, _ [2]float64, i int) bool {
		if d := DistanceMetres(x.items[i].Geom, pt); d <= metres {
			found = append(found, Hit{x.items[i], d})
		}
		return true
	})
	slices.SortFunc(found, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Metres, b.Metres), cmp.Compare(a.Code, b.Code))
	})
	return found
}

package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// The WGS84 ellipsoid.
const (
	wgs84A  = 6378137.0           // half major axis, metres
	wgs84E2 = 6.69437999014132e-3 // square of the eccentricity
)

var wgs84E = math.Sqrt(wgs84E2)

// Area is the surface of a contour in hectares, on the WGS84 ellipsoid, holes
// taken out; 0 for a geometry that has none. Long sides are taken straight on
// an equal-area map: for sides of 200 m, a difference of 0.1 m² each at most.
func Area(geom orb.Geometry) float64 {
	total := 0.0
	for _, p := range polygons(geom) {
		total += polygonArea(p)
	}
	return total / 10_000
}

func polygonArea(p orb.Polygon) float64 {
	total := 0.0
	for i, r := range p {
		if a := math.Abs(ringArea(r)); i == 0 {
			total = a
		} else {
			total -= a
		}
	}
	return total
}

// ringArea is in square metres, positive when the ring turns left. The ring is
// measured after Lambert's cylindrical projection, which keeps surfaces.
func ringArea(r orb.Ring) float64 {
	if len(r) < 4 {
		return 0
	}
	// Relative to the first point, or the difference of great numbers loses digits.
	y0 := authalicY(r[0][1])
	sum, px, py := 0.0, 0.0, 0.0
	for _, p := range r[1:] {
		x := (p[0] - r[0][0]) * math.Pi / 180 * wgs84A
		y := authalicY(p[1]) - y0
		sum += px*y - x*py
		px, py = x, y
	}
	return sum / 2
}

// authalicY is the northing in metres of a latitude in a cylindrical
// projection of the ellipsoid that keeps surfaces.
func authalicY(lat float64) float64 {
	s := math.Sin(lat * math.Pi / 180)
	q := (1 - wgs84E2) * (s/(1-wgs84E2*s*s) + math.Atanh(wgs84E*s)/wgs84E)
	return wgs84A * q / 2
}

// DistanceMetres is the distance on the ground, in metres, from a point to a
// contour (to the nearest side), 0 inside or on its border, +Inf when there is
// no contour. It is true to some millimetres per kilometre.
func DistanceMetres(geom orb.Geometry, pt orb.Point) float64 {
	local := degreesAt(pt)
	if p, ok := geom.(orb.Point); ok {
		return math.Hypot(local.metres(pt, p))
	}
	if Contains(geom, pt) {
		return 0
	}
	best := math.Inf(1)
	for _, p := range polygons(geom) {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				best = min(best, local.toSegment(pt, r[i-1], r[i]))
			}
		}
	}
	return best
}

// degrees is the length in metres of one degree of longitude and latitude at
// some place, by the curvatures of the ellipsoid there.
type degrees struct{ east, north float64 }

func degreesAt(pt orb.Point) degrees {
	sin, cos := math.Sincos(pt[1] * math.Pi / 180)
	w := 1 - wgs84E2*sin*sin
	n := wgs84A / math.Sqrt(w)
	return degrees{n * cos * math.Pi / 180, n * (1 - wgs84E2) / w * math.Pi / 180}
}

// metres gives how far east and north a point is of another.
func (d degrees) metres(from, to orb.Point) (x, y float64) {
	return (to[0] - from[0]) * d.east, (to[1] - from[1]) * d.north
}

func (d degrees) toSegment(pt, a, b orb.Point) float64 {
	ax, ay := d.metres(pt, a)
	bx, by := d.metres(pt, b)
	dx, dy := bx-ax, by-ay
	if l := dx*dx + dy*dy; l > 0 {
		t := max(0, min(1, -(ax*dx+ay*dy)/l))
		ax, ay = ax+t*dx, ay+t*dy
	}
	return math.Sqrt(ax*ax + ay*ay)
}

// Contains tells whether a point is in a contour; its borders, those of its
// holes included, belong to it.
func Contains(geom orb.Geometry, pt orb.Point) bool {
	for _, p := range polygons(geom) {
		if polygonContains(p, pt) {
			return true
		}
	}
	return false
}

func polygonContains(p orb.Polygon, pt orb.Point) bool {
	if len(p) == 0 || ringSide(p[0], pt) < 0 {
		return false
	}
	for _, hole := range p[1:] {
		if ringSide(hole, pt) > 0 {
			return false
		}
	}
	return true
}

// ringSide is 1 inside a ring, 0 on it, -1 outside, exactly.
func ringSide(r orb.Ring, pt orb.Point) int {
	side := -1
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if (a[1] > pt[1]) == (b[1] > pt[1]) {
			flat := a[1] == pt[1] && b[1] == pt[1] && (a[0] < pt[0]) != (b[0] < pt[0])
			if flat || a == pt || b == pt {
				return 0
			}
			continue
		}
		o := orient(a, b, pt)
		if o == 0 {
			return 0
		}
		if (o > 0) == (b[1] > a[1]) {
			side = -side
		}
	}
	return side
}

// PointIn is a point guaranteed inside a contour without fault, where a label
// or a marker can stand: the centre of mass of its largest polygon when that
// is inside, else the middle of its widest east-west crossing. The zero point
// when there is no contour.
func PointIn(geom orb.Geometry) orb.Point {
	if p, ok := geom.(orb.Point); ok {
		return p
	}
	var largest orb.Polygon
	area := -1.0
	for _, p := range polygons(geom) {
		if len(p) == 0 || len(p[0]) == 0 {
			continue
		}
		if a := polygonArea(p); a > area {
			largest, area = p, a
		}
	}
	if largest == nil {
		return orb.Point{}
	}
	if c := centroid(largest); strictlyInside(largest, c) {
		return c
	}
	return widestMiddle(largest)
}

func strictlyInside(p orb.Polygon, pt orb.Point) bool {
	if !finite(pt) || ringSide(p[0], pt) <= 0 {
		return false
	}
	for _, hole := range p[1:] {
		if ringSide(hole, pt) >= 0 {
			return false
		}
	}
	return true
}

// centroid is the centre of mass; not a number when the surface is nil.
func centroid(p orb.Polygon) orb.Point {
	o := p[0][0]
	var sum, cx, cy float64
	for i, r := range p {
		var s, x, y float64
		for k := 1; k < len(r); k++ {
			ax, ay, bx, by := r[k-1][0]-o[0], r[k-1][1]-o[1], r[k][0]-o[0], r[k][1]-o[1]
			cross := ax*by - bx*ay
			s += cross
			x += (ax + bx) * cross
			y += (ay + by) * cross
		}
		if (s < 0) != (i > 0) { // outer ring positive, holes negative, whatever their direction
			s, x, y = -s, -x, -y
		}
		sum, cx, cy = sum+s, cx+x, cy+y
	}
	return orb.Point{o[0] + cx/(3*sum), o[1] + cy/(3*sum)}
}

// widestMiddle cuts the polygon at latitudes between its vertices and takes
// the middle of the widest part inside.
func widestMiddle(p orb.Polygon) orb.Point {
	var lats []float64
	for _, r := range p {
		for _, pt := range r {
			lats = append(lats, pt[1])
		}
	}
	slices.Sort(lats)
	lats = slices.Compact(lats)
	step := max(1, len(lats)/64) // some cuts are enough for a good place
	best, width := p[0][0], 0.0
	for i := 1; i < len(lats); i += step {
		y := lats[i-1] + (lats[i]-lats[i-1])/2
		xs := cuts(p, y)
		for k := 1; k < len(xs); k += 2 {
			mid := orb.Point{xs[k-1] + (xs[k]-xs[k-1])/2, y}
			if w := xs[k] - xs[k-1]; w > width && strictlyInside(p, mid) {
				best, width = mid, w
			}
		}
	}
	return best
}

// cuts lists, from west to east, where the sides of a polygon meet a latitude
// that is none of its vertices'.
func cuts(p orb.Polygon, y float64) []float64 {
	var xs []float64
	for _, r := range p {
		for i := 1; i < len(r); i++ {
			a, b := r[i-1], r[i]
			if (a[1] > y) != (b[1] > y) {
				xs = append(xs, a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]))
			}
		}
	}
	slices.Sort(xs)
	return xs
}

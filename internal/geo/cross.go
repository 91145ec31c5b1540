package geo

import (
	"math"
	"math/big"
	"slices"

	"github.com/paulmach/orb"
)

// maxPairs bounds the comparisons made for one contour: real ones need some
// tens per vertex, only one drawn to wear the machine out needs this many.
const maxPairs = 20_000_000

// segment is one side of a ring, with its box.
type segment struct {
	a, b, next             orb.Point // from a to b, and where the ring goes then
	minX, maxX, minY, maxY float64
	ring                   int // rank among all rings of the contour
	i, n                   int // rank in its ring, number of sides of the ring
	polygone, anneau       int
}

// crossings refuses rings that cross themselves, and rings that cross or
// overlap one another; touching at a point is no fault. Sides are sorted by
// their west end, so that each is compared only with those that begin before
// it ends.
func (c *checker) crossings(mp orb.MultiPolygon) {
	segments := listSegments(mp)
	slices.SortFunc(segments, func(s, t segment) int {
		if s.minX < t.minX {
			return -1
		}
		if s.minX > t.minX {
			return 1
		}
		return 0
	})
	pairs := 0
	told := map[[2]int]bool{} // two rings that cross do so at least twice
	for i := range segments {
		s := &segments[i]
		for j := i + 1; j < len(segments) && segments[j].minX <= s.maxX; j++ {
			t := &segments[j]
			if pairs++; pairs > maxPairs {
				c.fault(Fault{Quoi: "Le contour est trop compliqué pour être vérifié."})
				return
			}
			if t.minY > s.maxY || t.maxY < s.minY {
				continue
			}
			quoi := s.conflict(t)
			rings := [2]int{min(s.ring, t.ring), max(s.ring, t.ring)}
			if quoi == "" || told[rings] {
				continue
			}
			told[rings] = true
			blamed := t
			if s.ring > t.ring {
				blamed = s
			}
			c.fault(Fault{Quoi: quoi, Polygone: blamed.polygone, Anneau: blamed.anneau, Point: blamed.a})
			if len(c.faults) == maxFaults {
				return
			}
		}
	}
}

func listSegments(mp orb.MultiPolygon) []segment {
	var all []segment
	ring := 0
	for i, p := range mp {
		for j, r := range p {
			r := withoutSpikes(r)
			for k, b := range r {
				a, next := r[(k+len(r)-1)%len(r)], r[(k+1)%len(r)]
				all = append(all, segment{
					a: a, b: b, next: next, ring: ring, i: k, n: len(r), polygone: i + 1, anneau: j + 1,
					minX: math.Min(a[0], b[0]), maxX: math.Max(a[0], b[0]),
					minY: math.Min(a[1], b[1]), maxY: math.Max(a[1], b[1]),
				})
			}
			ring++
		}
	}
	return all
}

// withoutSpikes gives the points of a ring, the closing one left out, without
// repeated points and without going there and back on the same line: rounding
// makes such spikes in real contours and they enclose nothing.
func withoutSpikes(r orb.Ring) orb.Ring {
	out := make(orb.Ring, 0, len(r))
	for _, p := range r[:len(r)-1] {
		for len(out) > 1 && turnsBack(out[len(out)-2], out[len(out)-1], p) {
			out = out[:len(out)-1]
		}
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	for len(out) > 2 { // where the end meets the start
		n := len(out)
		switch {
		case out[n-1] == out[0], turnsBack(out[n-2], out[n-1], out[0]):
			out = out[:n-1]
		case turnsBack(out[n-1], out[0], out[1]):
			out = out[1:]
		default:
			return out
		}
	}
	return out
}

// turnsBack tells whether going a, b, c comes back on its own trace.
func turnsBack(a, b, c orb.Point) bool {
	return orient(a, b, c) == 0 && dot(a, b, b, c) < 0
}

// conflict says in French what is wrong between two sides, or nothing.
func (s *segment) conflict(t *segment) string {
	const (
		selfCross = "Le contour se croise lui-même."
		twoRings  = "Deux anneaux du contour se croisent ou se recouvrent."
	)
	same := s.ring == t.ring
	if same && (t.i == (s.i+1)%s.n || s.i == (t.i+1)%s.n) {
		return ""
	}
	st1, st2 := orient(s.a, s.b, t.a), orient(s.a, s.b, t.b)
	if st1 == st2 && st1 != 0 {
		return ""
	}
	ts1, ts2 := orient(t.a, t.b, s.a), orient(t.a, t.b, s.b)
	if ts1 == ts2 && ts1 != 0 {
		return ""
	}
	along := st1 == 0 && st2 == 0 && s.overlaps(t)
	crossed := st1*st2 < 0 && ts1*ts2 < 0 ||
		st2 == 0 && s.holds(t.b) && st1*orient(s.a, s.b, t.next) < 0 ||
		ts2 == 0 && t.holds(s.b) && ts1*orient(t.a, t.b, s.next) < 0 ||
		s.b == t.b && interleaved(s.b, s.a, s.next, t.a, t.next)
	switch {
	// The same way twice is a ring gone round twice; there and back is a neck
	// of no width, which rounding makes in real contours and harms nobody.
	case same && (crossed || along && dot(s.a, s.b, t.a, t.b) > 0):
		return selfCross
	case !same && (crossed || along):
		return twoRings
	}
	return ""
}

// overlaps tells whether two sides on one line share more than a point.
func (s *segment) overlaps(t *segment) bool {
	return math.Min(s.maxX, t.maxX) > math.Max(s.minX, t.minX) || math.Min(s.maxY, t.maxY) > math.Max(s.minY, t.minY)
}

// holds tells whether a point of its line is on a side, ends left out.
func (s *segment) holds(p orb.Point) bool {
	return p != s.a && p != s.b && s.minX <= p[0] && p[0] <= s.maxX && s.minY <= p[1] && p[1] <= s.maxY
}

func dot(a, b, c, d orb.Point) float64 {
	return (b[0]-a[0])*(d[0]-c[0]) + (b[1]-a[1])*(d[1]-c[1])
}

// interleaved tells whether the way a, p, b crosses the way c, p, d at p. Ways
// that share a direction only run along each other there.
func interleaved(p, a, b, c, d orb.Point) bool {
	for _, u := range []orb.Point{a, b} {
		for _, v := range []orb.Point{c, d} {
			if orient(p, u, v) == 0 && dot(p, u, p, v) > 0 {
				return false
			}
		}
	}
	return inSector(p, a, b, c) != inSector(p, a, b, d)
}

// inSector tells whether the direction from p to c is met when turning left
// from a to b.
func inSector(p, a, b, c orb.Point) bool {
	switch orient(p, a, b) {
	case 1:
		return orient(p, a, c) > 0 && orient(p, c, b) > 0
	case -1:
		return !(orient(p, b, c) > 0 && orient(p, c, a) > 0)
	}
	return dot(p, a, p, b) < 0 && orient(p, a, c) > 0
}

// orient is 1 when c is left of the line from a to b, -1 when right, 0 when
// exactly on it. Where float64 cannot tell, it is computed exactly: contours
// rounded to few decimals are full of points on lines.
func orient(a, b, c orb.Point) int {
	l := float64((b[0] - a[0]) * (c[1] - a[1]))
	r := float64((b[1] - a[1]) * (c[0] - a[0]))
	det := l - r
	// Shewchuk's bound on the rounding error of a 2 × 2 determinant of differences.
	if math.Abs(det) > 3.3306690738754716e-16*(math.Abs(l)+math.Abs(r)) {
		if det > 0 {
			return 1
		}
		return -1
	}
	if a == b || b == c || c == a || (b[0] == a[0] || c[1] == a[1]) && (b[1] == a[1] || c[0] == a[0]) {
		return 0 // sides that share an end or lie along a parallel, by far the most frequent cases
	}
	return exact(b[0], a[0], c[1], a[1]).Cmp(exact(b[1], a[1], c[0], a[0]))
}

// exact is (p - q) × (r - s). The precision, in bits, holds any product of
// differences of coordinates; short numbers only use what they need.
func exact(p, q, r, s float64) *big.Float {
	const bits = 4400
	sub := func(x, y float64) *big.Float {
		return new(big.Float).SetPrec(bits).Sub(big.NewFloat(x), big.NewFloat(y))
	}
	return new(big.Float).SetPrec(bits).Mul(sub(p, q), sub(r, s))
}

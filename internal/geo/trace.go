package geo

import (
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"
	"github.com/paulmach/orb/simplify"
)

// Plan is the sheet on which contours are drawn: all shapes of one SVG share
// one Plan, and their paths then fit together in one viewBox.
type Plan struct {
	Origine   orb.Point // longitude and latitude of the point (0, 0)
	Unite     float64   // metres on the ground, at Origine, per unit of the path
	Tolerance float64   // metres a simplified side may stray from the true one; 0 keeps all
}

// Bounds is the box of a drawn path, in units of its Plan, y downwards. The
// zero Bounds is empty.
type Bounds struct {
	MinX, MinY, MaxX, MaxY int
}

// Empty tells whether nothing is in the box.
func (b Bounds) Empty() bool { return b.MaxX <= b.MinX && b.MaxY <= b.MinY }

// Union is the smallest box around both.
func (b Bounds) Union(o Bounds) Bounds {
	switch {
	case b.Empty():
		return o
	case o.Empty():
		return b
	}
	return Bounds{min(b.MinX, o.MinX), min(b.MinY, o.MinY), max(b.MaxX, o.MaxX), max(b.MaxY, o.MaxY)}
}

// ViewBox is the value of an SVG viewBox that shows all boxes with a margin,
// in units, around them.
func ViewBox(margin int, bounds ...Bounds) string {
	var all Bounds
	for _, b := range bounds {
		all = all.Union(b)
	}
	return fmt.Sprintf("%d %d %d %d", all.MinX-margin, all.MinY-margin, all.MaxX-all.MinX+2*margin, all.MaxY-all.MinY+2*margin)
}

// NewPlan places the origin at the centre of a box of longitudes and latitudes.
func NewPlan(b orb.Bound, unite, tolerance float64) Plan {
	return Plan{Origine: b.Center(), Unite: unite, Tolerance: tolerance}
}

// XY gives the place of a point on the sheet, in units.
func (pl Plan) XY(pt orb.Point) (x, y int) {
	p := pl.place(pt)
	return int(p[0]), int(p[1])
}

// place projects to Web-Mercator, whose metres are longer than those of the
// ground by 1/cos(latitude), and rounds to the grid.
func (pl Plan) place(pt orb.Point) orb.Point {
	unit := pl.mercator(pl.Unite)
	o, m := project.WGS84.ToMercator(pl.Origine), project.WGS84.ToMercator(pt)
	return orb.Point{math.Round((m[0] - o[0]) / unit), math.Round((o[1] - m[1]) / unit)}
}

func (pl Plan) mercator(metres float64) float64 {
	return metres * project.MercatorScaleFactor(pl.Origine)
}

// Trace draws a contour without fault as SVG path data in whole numbers, and
// tells its box. Outer rings turn one way and holes the other, so that the
// default fill rule leaves the holes empty. Parts and holes too small for the
// sheet are left out, but a contour never vanishes: the smallest is drawn as a
// square of one unit.
func Trace(geom orb.Geometry, pl Plan) (string, Bounds) {
	if !(pl.Unite > 0) {
		pl.Unite = 1
	}
	t := tracer{}
	for _, p := range polygons(geom) {
		for i, r := range p {
			drawn := pl.shrink(r)
			if drawn == nil {
				if i == 0 {
					break // a hole cannot outlive its polygon
				}
				continue
			}
			if (gridArea(drawn) < 0) != (i > 0) {
				drawn.Reverse()
			}
			t.ring(drawn)
		}
	}
	if len(t.path) == 0 && geom != nil && len(polygons(geom)) > 0 {
		c := pl.place(PointIn(geom))
		t.ring(orb.Ring{c, {c[0] + 1, c[1]}, {c[0] + 1, c[1] + 1}, {c[0], c[1] + 1}, c})
	}
	return string(t.path), t.bounds
}

// shrink simplifies a ring and puts it on the grid; nil when nothing with a
// surface is left. A tolerance that flattens the ring is halved until it does
// not: small quarters keep a shape.
func (pl Plan) shrink(r orb.Ring) orb.Ring {
	projected := project.Ring(r.Clone(), project.WGS84.ToMercator)
	tolerance := pl.mercator(pl.Tolerance)
	for range 8 {
		if tolerance <= 0 {
			break
		}
		if g := pl.grid(simplify.DouglasPeucker(tolerance).Ring(projected.Clone())); g != nil {
			return g
		}
		tolerance /= 2
	}
	return pl.grid(projected)
}

// grid rounds a Web-Mercator ring to the units of the plan, without repeated
// points; nil when its surface is nil there.
func (pl Plan) grid(r orb.Ring) orb.Ring {
	unit, o := pl.mercator(pl.Unite), project.WGS84.ToMercator(pl.Origine)
	g := make(orb.Ring, 0, len(r))
	for _, m := range r {
		p := orb.Point{math.Round((m[0] - o[0]) / unit), math.Round((o[1] - m[1]) / unit)}
		for len(g) > 1 && between(g[len(g)-2], g[len(g)-1], p) {
			g = g[:len(g)-1] // on a straight line the middle point says nothing
		}
		if len(g) == 0 || g[len(g)-1] != p {
			g = append(g, p)
		}
	}
	if len(g) < 4 || gridArea(g) == 0 {
		return nil
	}
	return g
}

// between tells whether b lies on the way straight on from a to c.
func between(a, b, c orb.Point) bool {
	return (b[0]-a[0])*(c[1]-b[1]) == (b[1]-a[1])*(c[0]-b[0]) && (b[0]-a[0])*(c[0]-b[0])+(b[1]-a[1])*(c[1]-b[1]) > 0
}

// gridArea is twice the signed surface, exact on whole numbers.
func gridArea(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		sum += (r[i-1][0]-r[0][0])*(r[i][1]-r[0][1]) - (r[i][0]-r[0][0])*(r[i-1][1]-r[0][1])
	}
	return sum
}

// tracer collects path data and its box.
type tracer struct {
	path   []byte
	bounds Bounds
}

func (t *tracer) ring(r orb.Ring) {
	px, py := int(r[0][0]), int(r[0][1])
	t.path = fmt.Appendf(t.path, "M%d %d", px, py)
	box := Bounds{px, py, px, py}
	for i, p := range r[1 : len(r)-1] { // z closes
		x, y := int(p[0]), int(p[1])
		if i == 0 {
			t.path = append(t.path, 'l')
		}
		t.number(x-px, i > 0)
		t.number(y-py, true)
		px, py = x, y
		box = Bounds{min(box.MinX, x), min(box.MinY, y), max(box.MaxX, x), max(box.MaxY, y)}
	}
	t.path = append(t.path, 'z')
	t.bounds = t.bounds.Union(box)
}

// number writes a relative coordinate; a minus sign separates by itself.
func (t *tracer) number(v int, separate bool) {
	if separate && v >= 0 {
		t.path = append(t.path, ' ')
	}
	t.path = strconv.AppendInt(t.path, int64(v), 10)
}

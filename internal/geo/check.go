package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Fault is one reason why a contour is refused.
type Fault struct {
	Quoi     string    // the reason, a whole sentence in French
	Polygone int       // which polygon, from 1; 0 when the whole contour is meant
	Anneau   int       // which ring of it, from 1 (1 is the outer one); 0 when none
	Point    orb.Point // where, longitude and latitude; zero when nowhere
}

const (
	// maxFaults keeps the report of a wrecked contour readable.
	maxFaults = 20
	// minRingArea, in square metres: below, a ring is a slip and not a place.
	minRingArea = 1
)

// Check returns what is wrong with a contour, nothing when it can be trusted:
// a polygon or multipolygon whose rings are closed, have a surface, do not
// cross or overlap, whose holes are inside, and which lies in France, overseas
// included. Real contours of 10 000 vertices take a few milliseconds.
func Check(geom orb.Geometry) []Fault {
	c := &checker{}
	mp := orb.MultiPolygon(nil)
	switch g := geom.(type) {
	case orb.Polygon:
		mp = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		mp = g
	case nil:
	default:
		c.fault(Fault{Quoi: "Le contour doit être un polygone ou un ensemble de polygones."})
		return c.faults
	}
	if len(mp) == 0 {
		c.fault(Fault{Quoi: "Le contour est vide."})
		return c.faults
	}
	for i, p := range mp {
		if len(p) == 0 {
			c.fault(Fault{Quoi: "Le polygone est vide.", Polygone: i + 1})
		}
		for j, r := range p {
			c.ring(i+1, j+1, r)
		}
	}
	c.places(mp)
	if len(c.faults) > 0 {
		return c.faults // crossings of broken or misplaced rings would only repeat it
	}
	c.crossings(mp)
	if len(c.faults) == 0 {
		c.holes(mp)
	}
	return c.faults
}

type checker struct {
	faults []Fault
}

func (c *checker) fault(f Fault) {
	if len(c.faults) < maxFaults {
		c.faults = append(c.faults, f)
	}
}

// ring judges one ring by itself.
func (c *checker) ring(polygone, anneau int, r orb.Ring) {
	f := Fault{Polygone: polygone, Anneau: anneau}
	if len(r) < 4 {
		f.Quoi = fmt.Sprintf("L’anneau n’a que %d point(s)\u00a0: il en faut au moins 4, le dernier répétant le premier.", len(r))
		c.fault(f)
		return
	}
	for _, p := range r {
		if !finite(p) {
			f.Quoi = "Une coordonnée n’est pas un nombre."
			c.fault(f)
			return
		}
	}
	f.Point = r[0]
	if r[0] != r[len(r)-1] {
		f.Quoi = "L’anneau n’est pas fermé\u00a0: son dernier point n’est pas son premier."
		c.fault(f)
		return
	}
	// Out of range or swapped coordinates are told by places; their surface means nothing.
	if inFrance(r[0]) && flat(r) {
		f.Quoi = "L’anneau a une surface nulle."
		c.fault(f)
	}
}

// flat tells whether a ring encloses less than minRingArea. It is measured on
// a local plan, where points on a line stay on a line.
func flat(r orb.Ring) bool {
	local := degreesAt(r[0])
	sum, px, py := 0.0, 0.0, 0.0
	for _, p := range r[1:] {
		x, y := local.metres(r[0], p)
		sum += px*y - x*py
		px, py = x, y
	}
	return math.Abs(sum/2) < minRingArea
}

// places refuses coordinates that cannot be in France, once per cause.
func (c *checker) places(mp orb.MultiPolygon) {
	var swapped, beyond, outside bool
	for i, p := range mp {
		for j, r := range p {
			for _, pt := range r {
				f := Fault{Polygone: i + 1, Anneau: j + 1, Point: pt}
				switch {
				case !finite(pt) || inFrance(pt): // finite is judged by ring
				case inFrance(orb.Point{pt[1], pt[0]}):
					if !swapped {
						f.Quoi = "Coordonnées inversées\u00a0? La longitude doit venir avant la latitude."
						c.fault(f)
					}
					swapped = true
				case math.Abs(pt[0]) > 180 || math.Abs(pt[1]) > 90:
					if !beyond {
						f.Quoi = "Coordonnées hors limites\u00a0: des degrés sont attendus (WGS 84), non des mètres (Lambert 93…)."
						c.fault(f)
					}
					beyond = true
				default:
					if !outside {
						f.Quoi = "Le contour sort de la France, outre-mer compris."
						c.fault(f)
					}
					outside = true
				}
			}
		}
	}
}

// holes refuses a hole that is not inside its polygon. As nothing crosses any
// more, one point inside the hole tells for the whole of it.
func (c *checker) holes(mp orb.MultiPolygon) {
	for i, p := range mp {
		area := math.Abs(ringArea(p[0]))
		for j, hole := range p[1:] {
			pt := PointIn(orb.Polygon{hole})
			if ringSide(p[0], pt) < 0 || math.Abs(ringArea(hole)) >= area {
				c.fault(Fault{Quoi: "Le trou est hors de son polygone.", Polygone: i + 1, Anneau: j + 2, Point: hole[0]})
			}
		}
	}
}

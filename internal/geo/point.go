package geo

import "github.com/paulmach/orb"

// CheckPoint says in French why a point cannot be a place in France, overseas
// included; nothing when it can.
func CheckPoint(pt orb.Point) string {
	if !finite(pt) {
		return "Une coordonnée n’est pas un nombre."
	}
	if inFrance(pt) {
		return ""
	}
	c := &checker{}
	c.places(orb.MultiPolygon{{{pt}}})
	switch quoi := c.faults[0].Quoi; quoi {
	case "Le contour sort de la France, outre-mer compris.":
		return "Le point est hors de France, outre-mer compris."
	default:
		return quoi
	}
}

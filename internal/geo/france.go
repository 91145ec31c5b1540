package geo

import "github.com/paulmach/orb"

// france bounds the inhabited parts of France, a little wider than the land:
// enough to tell a swapped or foreign coordinate, not to draw a border.
var france = []struct {
	nom   string
	bound orb.Bound
}{
	{"métropole et Corse", box(-5.6, 41.2, 9.8, 51.3)},
	{"Guadeloupe", box(-61.9, 15.8, -60.9, 16.6)},
	{"Martinique", box(-61.3, 14.3, -60.7, 15.0)},
	{"Guyane", box(-54.7, 2.0, -51.5, 6.0)},
	{"La Réunion", box(55.1, -21.5, 55.95, -20.8)},
	{"Mayotte", box(44.9, -13.1, 45.4, -12.5)},
	{"Saint-Barthélemy et Saint-Martin", box(-63.3, 17.8, -62.7, 18.2)},
	{"Saint-Pierre-et-Miquelon", box(-56.6, 46.7, -56.0, 47.2)},
	{"Polynésie française", box(-154.9, -28.0, -134.0, -7.7)},
	{"Nouvelle-Calédonie", box(157.9, -23.0, 172.2, -17.9)},
	{"Wallis-et-Futuna", box(-178.4, -14.5, -175.9, -13.0)},
}

func box(west, south, east, north float64) orb.Bound {
	return orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{east, north}}
}

// InFrance tells whether a point is in the inhabited parts of France, overseas
// included, a little beyond the land.
func InFrance(p orb.Point) bool { return inFrance(p) }

func inFrance(p orb.Point) bool {
	for i := range france {
		if france[i].bound.Contains(p) {
			return true
		}
	}
	return false
}

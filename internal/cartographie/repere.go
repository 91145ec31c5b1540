package cartographie

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"portail/internal/geo"
	"portail/web"
)

// place is a point of geo.GrilleCarte.
type place struct{ x, y float64 }

func placeOf(lon, lat float64) place {
	x, y := geo.GrilleCarte.XY(orb.Point{lon, lat})
	return place{float64(x), float64(y)}
}

// marksOf are round marks for the numbers of places, each a little above its place so as not to hide the contour there, and
// none covering another; lines join them to their places. Links and labels are left to the caller.
func marksOf(places []place, width float64) (marks []web.Shape, lines string) {
	r := width * radius
	above := make([]place, len(places))
	for i, p := range places {
		above[i] = place{p.x, p.y - 2*r}
	}
	marks = make([]web.Shape, len(places))
	for i, at := range spread(above, places, r) {
		marks[i] = web.Shape{Path: disc(at, r), X: math.Round(at.x), Y: math.Round(at.y + width*middle)}
		lines += tick(at, places[i], r)
	}
	return marks, lines
}

// disc is the path of a disc.
func disc(at place, r float64) string {
	x, y, n := int(math.Round(at.x)), int(math.Round(at.y)), max(1, int(math.Round(r)))
	return fmt.Sprintf("M%d %da%d %d 0 1 0 %d 0a%d %d 0 1 0-%d 0z", x-n, y, n, n, 2*n, n, n, 2*n)
}

// tick is the line from the edge of a mark to the place it stands for.
func tick(mark, to place, r float64) string {
	dx, dy := to.x-mark.x, to.y-mark.y
	away := math.Hypot(dx, dy)
	if away <= r {
		return ""
	}
	return fmt.Sprintf("M%d %dL%d %d", int(math.Round(mark.x+dx*r/away)), int(math.Round(mark.y+dy*r/away)), int(to.x), int(to.y))
}

// Gaps between marks, and between a mark and the places, in radii of a mark.
const (
	markGap  = 2.2
	placeGap = 1.4
)

// spread moves marks apart from each other and away from the places until none covers another, or nearly so. The same marks
// always end up in the same places.
func spread(marks, places []place, r float64) []place {
	out := make([]place, len(marks))
	copy(out, marks)
	const rounds = 60
	for range rounds {
		moved := false
		for i := range out {
			for j := i + 1; j < len(out); j++ {
				dx, dy := apart(out[i], out[j], markGap*r)
				out[i], out[j] = place{out[i].x - dx/2, out[i].y - dy/2}, place{out[j].x + dx/2, out[j].y + dy/2}
				moved = moved || dx != 0 || dy != 0
			}
			for _, p := range places {
				dx, dy := apart(p, out[i], placeGap*r)
				out[i] = place{out[i].x + dx, out[i].y + dy}
				moved = moved || dx != 0 || dy != 0
			}
		}
		if !moved {
			break
		}
	}
	return out
}

// apart is how far b must go for the gap to a to be kept.
func apart(a, b place, gap float64) (dx, dy float64) {
	dx, dy = b.x-a.x, b.y-a.y
	away := math.Hypot(dx, dy)
	switch {
	case away >= gap:
		return 0, 0
	case away == 0: // the same place: to the right
		return gap, 0
	}
	push := (gap - away) / away
	return dx * push, dy * push
}

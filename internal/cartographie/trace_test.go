package cartographie

import (
	"math"
	"testing"
)

func TestMarksCoverNeitherEachOtherNorTheirPlaces(t *testing.T) {
	places := []place{{0, 0}, {0, 0}, {1, 0}, {3, 4}, {200, 200}}
	above := make([]place, len(places))
	for i, p := range places {
		above[i] = place{p.x, p.y - 20}
	}
	out := spread(above, places, 10)
	for i, a := range out {
		for _, b := range out[i+1:] {
			if gap := math.Hypot(a.x-b.x, a.y-b.y); gap < 20 {
				t.Errorf("marks at %v and %v cover each other", a, b)
			}
		}
		for _, p := range places {
			if gap := math.Hypot(a.x-p.x, a.y-p.y); gap < 10 {
				t.Errorf("the mark at %v covers the place %v", a, p)
			}
		}
	}
	if out[4] != above[4] {
		t.Errorf("a lonely mark moved to %v", out[4])
	}
}

func TestEnlargeMultipliesEveryNumber(t *testing.T) {
	if got := enlarge("M10-4l3 0-2 5z", 25); got != "M250-100l75 0-50 125z" {
		t.Errorf("enlarged to %q", got)
	}
}

func TestSharedLimitsAreDrawnOnce(t *testing.T) {
	// Two squares side by side: the line between them belongs to both.
	const squares = "M0 0l9 0 0 9-9 0z" + "M9 0l9 0 0 9-9 0z"
	if got := limits(squares, 1); got != "M9 0l-9 0 0 9 9 0 0-9 9 0 0 9-9 0" {
		t.Errorf("drawn as %q", got)
	}
	if got := limits("M0 0l1 0 0 1-1 0z", 9); got != "" {
		t.Errorf("what is smaller than the grain is drawn as %q", got)
	}
}

package cartographie

import (
	"math"
	"testing"
)

func TestMarksDoNotCoverEachOther(t *testing.T) {
	places := []place{{0, 0}, {0, 0}, {1, 0}, {3, 4}, {200, 200}}
	out := spread(places, 10)
	for i := range out {
		for j := i + 1; j < len(out); j++ {
			if gap := math.Hypot(out[i].x-out[j].x, out[i].y-out[j].y); gap < 8 {
				t.Errorf("marks %d and %d are %.1f apart", i, j, gap)
			}
		}
	}
	if out[4] != places[4] {
		t.Errorf("a lonely mark moved to %v", out[4])
	}
	if places[1] != (place{0, 0}) {
		t.Error("the true places were changed")
	}
}

func TestEnlargeMultipliesEveryNumber(t *testing.T) {
	if got := enlarge("M10-4l3 0-2 5z", 25); got != "M250-100l75 0-50 125z" {
		t.Errorf("enlarged to %q", got)
	}
}

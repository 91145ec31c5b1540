package cartographie

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// node is a point of a path, rounded.
type node struct{ x, y int }

func (a node) compare(b node) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) }

// limits redraws the rings of a path of geo.Trace as the lines between them, each drawn once although two neighbours share
// it, and rounded to the grain: a third of the weight for the same picture.
func limits(path string, grain int) string {
	around := map[node][]node{}
	for _, r := range rings(path, grain) {
		for i, a := range r {
			b := r[(i+1)%len(r)]
			if a != b && !slices.Contains(around[a], b) {
				around[a], around[b] = append(around[a], b), append(around[b], a)
			}
		}
	}
	starts := make([]node, 0, len(around))
	for n := range around {
		slices.SortFunc(around[n], node.compare)
		starts = append(starts, n)
	}
	// Lines begin where an odd number of them meet: they are then as few as can be.
	odd := func(n node) int { return 1 - len(around[n])%2 }
	rank := make(map[node]int, len(starts))
	for _, n := range starts {
		rank[n] = odd(n)
	}
	slices.SortFunc(starts, func(a, b node) int { return cmp.Or(cmp.Compare(rank[a], rank[b]), a.compare(b)) })
	var out []byte
	for _, at := range starts {
		for len(around[at]) > 0 {
			out = line(out, around, at)
		}
	}
	return string(out)
}

// line writes the lines that can be followed from a point without lifting the pen, and takes them away.
func line(out []byte, around map[node][]node, at node) []byte {
	out = append(strconv.AppendInt(append(strconv.AppendInt(append(out, 'M'), int64(at.x), 10), ' '), int64(at.y), 10), 'l')
	for first := true; len(around[at]) > 0; first = false {
		to := around[at][0]
		around[at] = around[at][1:]
		i := slices.Index(around[to], at)
		around[to] = slices.Delete(around[to], i, i+1)
		out = relative(relative(out, to.x-at.x, first), to.y-at.y, false)
		at = to
	}
	return out
}

// relative writes a coordinate; a minus sign separates by itself.
func relative(out []byte, v int, first bool) []byte {
	if !first && v >= 0 {
		out = append(out, ' ')
	}
	return strconv.AppendInt(out, int64(v), 10)
}

// rings reads a path of geo.Trace back: "M10 4l3 0-2 5z" and so on, rounded to the grain.
func rings(path string, grain int) [][]node {
	round := func(v int) int { return int(math.Round(float64(v)/float64(grain))) * grain }
	var all [][]node
	for part := range strings.SplitSeq(path, "M") {
		n := integers(part)
		if len(n) < 4 {
			continue
		}
		x, y := 0, 0
		var r []node
		for i := 0; i+1 < len(n); i += 2 {
			x, y = x+n[i], y+n[i+1]
			if p := (node{round(x), round(y)}); len(r) == 0 || r[len(r)-1] != p {
				r = append(r, p)
			}
		}
		all = append(all, r)
	}
	return all
}

// integers are the numbers of a path, whatever stands between them.
func integers(s string) []int {
	var all []int
	for i := 0; i < len(s); {
		end := i + 1
		if c := s[i]; c == '-' || c >= '0' && c <= '9' {
			for end < len(s) && s[end] >= '0' && s[end] <= '9' {
				end++
			}
			if v, err := strconv.Atoi(s[i:end]); err == nil {
				all = append(all, v)
			}
		}
		i = end
	}
	return all
}

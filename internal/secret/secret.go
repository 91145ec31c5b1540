// Package secret hides counts of people that statistical secrecy covers, in tables that are published with their totals. A count below
// the threshold is hidden; so are as many others as it takes for no reader to work it out, nor to narrow it down, from what is left:
// a table with one hidden cell and its total hides nothing. Tables of one or two dimensions, and totals over years or territories
// that are published together, are all the same to it: cells, and sums between them.
package secret

import (
	"cmp"
	"slices"
)

// Cellule is a count that would be published.
type Cellule struct {
	Valeur int64 // never negative
	Total  bool  // sums others up: hidden only when nothing else will do
	Jamais bool  // never published, such as what is left of a total: no reader sees it, and none may work it out when it is small
}

// Somme says that a cell is the sum of others. Cells are named by their place in the Tableau.
type Somme struct {
	Total   int
	Parties []int
}

// Tableau is all that is published together.
type Tableau struct {
	Seuil    int64 // counts below it are hidden
	Cellules []Cellule
	Sommes   []Somme
}

// Masquer says of each cell whether it must be hidden. The same table always gives the same answer. A reader who knows every other
// cell, that counts are not negative, and how the answer is found by sums, is left with a range at least as wide as the threshold
// for each cell below it.
func (t Tableau) Masquer() []bool {
	hidden := make([]bool, len(t.Cellules))
	for i, c := range t.Cellules {
		hidden[i] = c.Jamais || c.Valeur < t.Seuil
	}
	for {
		sum, found := t.seule(hidden)
		if !found {
			cell, exposed := t.exposee(hidden)
			if !exposed {
				return hidden
			}
			if sum, found = t.autour(cell, hidden); !found {
				return hidden // nothing around it is left to read
			}
		}
		hidden[t.moindre(sum, hidden)] = true
	}
}

// seule is a sum of which a single cell is hidden: the others give it away. What was never to be published and is not small may be known.
func (t Tableau) seule(hidden []bool) (sum int, found bool) {
	for i, s := range t.Sommes {
		if t.caches(s, hidden) == 1 && len(s.Parties) > 0 && !slices.ContainsFunc(s.cellules(), func(c int) bool { return t.Cellules[c].Jamais && t.Cellules[c].Valeur >= t.Seuil }) {
			return i, true
		}
	}
	return 0, false
}

func (t Tableau) caches(s Somme, hidden []bool) (n int) {
	for _, i := range s.cellules() {
		if hidden[i] {
			n++
		}
	}
	return n
}

// cellules are all the cells of a sum.
func (s Somme) cellules() []int { return append([]int{s.Total}, s.Parties...) }

// autour is the sum through which a cell is best covered: one that holds it and a cell still shown, else one further along the sums
// that hidden cells join to it.
func (t Tableau) autour(cell int, hidden []bool) (sum int, found bool) {
	seen, front := map[int]bool{cell: true}, []int{cell}
	for len(front) > 0 {
		var next []int
		best := -1
		for _, at := range front {
			for i, s := range t.Sommes {
				members := s.cellules()
				if !slices.Contains(members, at) {
					continue
				}
				if shown := len(members) - t.caches(s, hidden); shown > 0 && (best < 0 || t.caches(s, hidden) < t.caches(t.Sommes[best], hidden)) {
					best = i
				}
				for _, m := range members {
					if hidden[m] && !seen[m] {
						seen[m] = true
						next = append(next, m)
					}
				}
			}
		}
		if best >= 0 {
			return best, true
		}
		front = next
	}
	return 0, false
}

// moindre is the cell of a sum whose hiding costs least: one that gives no other sum its only hidden cell, rather a part than a
// total, rather a small count.
func (t Tableau) moindre(sum int, hidden []bool) int {
	best := -1
	var cost [3]int64
	for _, i := range t.Sommes[sum].cellules() {
		if hidden[i] {
			continue
		}
		var c [3]int64
		for j, s := range t.Sommes {
			if j != sum && slices.Contains(s.cellules(), i) && t.caches(s, hidden) == 0 {
				c[0]++
			}
		}
		if t.Cellules[i].Total {
			c[1] = 1
		}
		c[2] = t.Cellules[i].Valeur
		if best < 0 || cmp.Or(cmp.Compare(c[1], cost[1]), cmp.Compare(c[0], cost[0]), cmp.Compare(c[2], cost[2])) < 0 {
			best, cost = i, c
		}
	}
	return best
}

// exposee is a cell below the threshold that what is shown gives away, or narrows down too much.
func (t Tableau) exposee(hidden []bool) (cell int, exposed bool) {
	p := t.programme(hidden)
	for i, c := range t.Cellules {
		if c.Valeur >= t.Seuil {
			continue
		}
		if low, high := p.bornes(i); high-low < float64(t.Seuil)-tolerance {
			return i, true
		}
	}
	return 0, false
}

// Bornes is what a reader can work out of a hidden cell from those that are shown: no less than low, no more than high, which is
// infinite when nothing bounds it. A cell that is shown is itself.
func (t Tableau) Bornes(hidden []bool, cell int) (low, high float64) {
	if !hidden[cell] {
		return float64(t.Cellules[cell].Valeur), float64(t.Cellules[cell].Valeur)
	}
	return t.programme(hidden).bornes(cell)
}

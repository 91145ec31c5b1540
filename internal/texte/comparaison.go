package texte

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sens is what became of a piece of a text.
type Sens int

// The three fates of a piece.
const (
	Egal Sens = iota
	Retire
	Ajoute
)

// Piece is a part of a paragraph that was kept, taken out or added.
type Piece struct {
	Texte string
	Sens  Sens
}

// Rangee is a row of two texts side by side: a paragraph and what became of it. A side is empty where there is nothing to face.
type Rangee struct{ Avant, Apres []Piece }

// Change says whether both sides differ.
func (r Rangee) Change() bool {
	return len(r.Avant) != len(r.Apres) || len(r.Avant) > 0 && (len(r.Avant) > 1 || r.Avant[0] != r.Apres[0])
}

// Most differences that are looked for before two pieces are called wholly different: the time it takes grows with their square.
const maxDifferences = 500

// peuDeMots are so few that all their differences are looked for.
const peuDeMots = 40

// Comparer sets two texts side by side, paragraph by paragraph, and tells word by word what changed within each. Whatever the texts,
// the time it takes is bounded: where nearly everything differs it is told as replaced in whole.
func Comparer(avant, apres string) []Rangee {
	a, b := strings.Split(normale(avant), "\n"), strings.Split(normale(apres), "\n")
	c := comparateur{numeros: map[string]int32{}}
	var rows []Rangee
	c.each(a, b, func(kept, old, new []string) {
		for _, p := range kept {
			same := []Piece{{p, Egal}}
			rows = append(rows, Rangee{same, same})
		}
		for i := range max(len(old), len(new)) {
			var row Rangee
			switch {
			case i >= len(new):
				row.Avant = []Piece{{old[i], Retire}}
			case i >= len(old):
				row.Apres = []Piece{{new[i], Ajoute}}
			default:
				row.Avant, row.Apres = c.paragraphe(old[i], new[i])
			}
			rows = append(rows, row)
		}
	})
	return rows
}

// comparateur keeps what one comparison works with from one pair of paragraphs to the next.
type comparateur struct {
	numeros map[string]int32 // of each distinct item: comparing numbers is quicker
	a, b    []int32          // the numbers of the two sequences
	ends    []int32          // furthest place in a on each diagonal
	steps   []int32          // ends as it was before each step, one after the other
}

// normale is a text with line ends of one kind.
func normale(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// paragraphe compares two paragraphs by words; very different long ones by sentences first.
func (c *comparateur) paragraphe(a, b string) (avant, apres []Piece) {
	wa, wb := mots(a), mots(b)
	if runs, ok := c.communs(wa, wb); ok {
		return comparerMots(wa, wb, runs, nil, nil)
	}
	c.each(phrases(a), phrases(b), func(kept, old, new []string) {
		for _, p := range kept {
			avant, apres = ajouter(avant, p, Egal), ajouter(apres, p, Egal)
		}
		wa, wb := mots(strings.Join(old, "")), mots(strings.Join(new, ""))
		runs, _ := c.communs(wa, wb)
		avant, apres = comparerMots(wa, wb, runs, avant, apres)
	})
	return avant, apres
}

func comparerMots(a, b []string, runs []run, avant, apres []Piece) (left, right []Piece) {
	eachRun(a, b, runs, func(kept, old, new []string) {
		same := strings.Join(kept, "")
		avant, apres = ajouter(avant, same, Egal), ajouter(apres, same, Egal)
		avant, apres = ajouter(avant, strings.Join(old, ""), Retire), ajouter(apres, strings.Join(new, ""), Ajoute)
	})
	return avant, apres
}

// ajouter adds a piece, or lengthens the last one of the same fate.
func ajouter(pieces []Piece, texte string, sens Sens) []Piece {
	if texte == "" {
		return pieces
	}
	if n := len(pieces); n > 0 && pieces[n-1].Sens == sens {
		pieces[n-1].Texte += texte
		return pieces
	}
	return append(pieces, Piece{texte, sens})
}

// mots cuts a text into words, spaces and signs; joined again they are the text.
func mots(s string) []string {
	all := make([]string, 0, len(s)/3)
	for len(s) > 0 {
		first, size := utf8.DecodeRuneInString(s)
		n := size
		if kind := genre(first); kind != 0 {
			for n < len(s) {
				r, size := utf8.DecodeRuneInString(s[n:])
				if genre(r) != kind {
					break
				}
				n += size
			}
		}
		all, s = append(all, s[:n]), s[n:]
	}
	return all
}

// genre sorts characters: 1 makes words, 2 is space, 0 stands alone.
func genre(r rune) int {
	switch {
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.M, r):
		return 1
	case unicode.IsSpace(r):
		return 2
	}
	return 0
}

// phrases cuts a text after each full stop.
func phrases(s string) []string { return strings.SplitAfter(s, ". ") }

// each tells two sequences in order, as runs of what they share, each followed by what is in one and not in the other.
func (c *comparateur) each(a, b []string, tell func(kept, old, new []string)) {
	runs, _ := c.communs(a, b) // too different: what was found in common is their ends
	eachRun(a, b, runs, tell)
}

// eachRun is each, once the runs are found.
func eachRun(a, b []string, runs []run, tell func(kept, old, new []string)) {
	i, j := 0, 0
	var kept []string
	for _, r := range append(runs, run{len(a), len(b), 0}) {
		if r.a > i || r.b > j {
			tell(kept, a[i:r.a], b[j:r.b])
			kept = nil
		}
		kept = a[r.a-len(kept) : r.a+r.n]
		i, j = r.a+r.n, r.b+r.n
	}
	if len(kept) > 0 {
		tell(kept, nil, nil)
	}
}

// run is n items that both sequences share, from a in the one and from b in the other.
type run struct{ a, b, n int }

// communs are the runs that a shortest edit of one sequence into the other keeps (E. W. Myers, 1986). ok is false when there are more
// differences than are looked for: only what both begin and end with is then told.
func (c *comparateur) communs(a, b []string) (runs []run, ok bool) {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	if head > 0 {
		runs = append(runs, run{0, 0, head})
	}
	c.a, c.b = c.numeroter(c.a, a[head:len(a)-tail]), c.numeroter(c.b, b[head:len(b)-tail])
	middle, ok := c.myers(c.a, c.b)
	for _, r := range middle {
		runs = append(runs, run{r.a + head, r.b + head, r.n})
	}
	if tail > 0 {
		runs = append(runs, run{len(a) - tail, len(b) - tail, tail})
	}
	return runs, ok
}

// numeroter writes the numbers of items into the room of all.
func (c *comparateur) numeroter(all []int32, items []string) []int32 {
	all = all[:0]
	for _, s := range items {
		n, seen := c.numeros[s]
		if !seen {
			n = int32(len(c.numeros))
			c.numeros[s] = n
		}
		all = append(all, n)
	}
	return all
}

// etape is where step d begins among the steps: each holds two places more than the one before, the first three.
func etape(d int) int { return d*d + 2*d }

// myers finds the runs; none, and false, beyond maxDifferences.
func (c *comparateur) myers(a, b []int32) ([]run, bool) {
	if len(a) == 0 || len(b) == 0 {
		return nil, true
	}
	// Beyond a half, what two pieces have in common is chance: they are another text, not a change of the same.
	most := min(len(a)+len(b), maxDifferences, max(peuDeMots, (len(a)+len(b))/2))
	if len(c.ends) < 2*most+3 {
		c.ends = make([]int32, 2*most+3)
	}
	ends := c.ends[:2*most+3]
	clear(ends)
	c.steps = c.steps[:0]
	for d := 0; d <= most; d++ {
		c.steps = append(c.steps, ends[most-d:most+d+3]...)
		for k := -d; k <= d; k += 2 {
			at := most + 1 + k
			x := int(ends[at-1]) + 1 // one taken out
			if k == -d || k != d && ends[at-1] < ends[at+1] {
				x = int(ends[at+1]) // one added
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			ends[at] = int32(x)
			if x >= len(a) && x-k >= len(b) {
				return c.remonter(d, len(a), len(b)), true
			}
		}
	}
	return nil, false
}

// remonter goes back over the steps, from the last one, and gathers the runs, first to last.
func (c *comparateur) remonter(last, x, y int) []run {
	var back []run
	for d := last; d >= 0; d-- {
		ends := func(k int) int { return int(c.steps[etape(d)+k+d+1]) }
		k := x - y
		from := k - 1
		if k == -d || k != d && ends(k-1) < ends(k+1) {
			from = k + 1
		}
		px := ends(from)
		if d == 0 {
			px, from = 0, 0
		}
		start := px // where the shared run begins in a
		if d > 0 && from == k-1 {
			start = px + 1
		}
		if n := x - start; n > 0 {
			back = append(back, run{start, start - k, n})
		}
		x, y = px, px-from
	}
	for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
		back[i], back[j] = back[j], back[i]
	}
	return back
}

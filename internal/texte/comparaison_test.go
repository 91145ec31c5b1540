package texte_test

import (
	"fmt"
	"strings"
	"testing"

	"portail/internal/texte"
)

// told writes rows as [-taken out-] and {+added+}, sides apart.
func told(rows []texte.Rangee) string {
	side := func(pieces []texte.Piece) string {
		var b strings.Builder
		for _, p := range pieces {
			b.WriteString([]string{"", "[-", "{+"}[p.Sens] + p.Texte + []string{"", "-]", "+}"}[p.Sens])
		}
		return b.String()
	}
	var all []string
	for _, r := range rows {
		all = append(all, side(r.Avant)+" | "+side(r.Apres))
	}
	return strings.Join(all, "\n")
}

func TestComparer(t *testing.T) {
	for _, c := range []struct{ avant, apres, want string }{
		{"", "", " | "},
		{"même", "même", "même | même"},
		{"un deux trois", "un quatre trois", "un [-deux-] trois | un {+quatre+} trois"},
		{"un\ndeux", "un\ndeux\ntrois", "un | un\ndeux | deux\n | {+trois+}"},
		{"un\ndeux\ntrois", "un\ntrois", "un | un\n[-deux-] | \ntrois | trois"},
		{"zéro\nun", "un", "[-zéro-] | \nun | un"},
		{"l’école", "l’église", "l’[-école-] | l’{+église+}"},
		{"a b", "b a", "[-a -]b | b{+ a+}"},
		{"", "neuf", " | {+neuf+}"},
		{"un\r\ndeux", "un\ndeux", "un | un\ndeux | deux"},
		{"# A\n\ntexte", "# B\n\ntexte", "# [-A-] | # {+B+}\n | \ntexte | texte"},
	} {
		if got := told(texte.Comparer(c.avant, c.apres)); got != c.want {
			t.Errorf("%q → %q:\n%s\nwant\n%s", c.avant, c.apres, got, c.want)
		}
	}
}

// whole puts a side together again.
func whole(rows []texte.Rangee, side func(texte.Rangee) []texte.Piece) string {
	var lines []string
	for _, r := range rows {
		pieces := side(r)
		if pieces == nil {
			continue
		}
		var b strings.Builder
		for _, p := range pieces {
			b.WriteString(p.Texte)
		}
		lines = append(lines, b.String())
	}
	return strings.Join(lines, "\n")
}

// checkWhole fails unless both texts can be read whole from the comparison, and what is told the same is the same.
func checkWhole(t *testing.T, avant, apres string) {
	t.Helper()
	rows := texte.Comparer(avant, apres)
	strip := func(s string) string { // empty paragraphs show as nothing
		return strings.Join(strings.FieldsFunc(strings.ReplaceAll(s, "\r\n", "\n"), func(r rune) bool { return r == '\n' }), "\n")
	}
	left := whole(rows, func(r texte.Rangee) []texte.Piece { return r.Avant })
	right := whole(rows, func(r texte.Rangee) []texte.Piece { return r.Apres })
	if strip(left) != strip(avant) || strip(right) != strip(apres) {
		t.Errorf("%.200q → %.200q is read again as %.200q → %.200q", avant, apres, left, right)
	}
	for _, r := range rows {
		var same [2]string
		for i, pieces := range [][]texte.Piece{r.Avant, r.Apres} {
			for _, p := range pieces {
				if p.Sens == texte.Egal {
					same[i] += p.Texte
				}
			}
		}
		if same[0] != same[1] {
			t.Errorf("%.200q → %.200q: %q is told the same as %q", avant, apres, same[0], same[1])
		}
	}
}

// longText makes a text of about the given number of bytes, in paragraphs; seed changes its words.
func longText(size, seed int, paragraph bool) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "mot%d ", (i*seed)%9973)
		if i%12 == 11 {
			b.WriteString("fin. ")
		}
		if paragraph && i%60 == 59 {
			b.WriteString("\n\n")
		}
	}
	return b.String()
}

// TestComparerLong compares texts as long as a section may be, alike and not at all; internal/bench measures how long it takes.
func TestComparerLong(t *testing.T) {
	const size = 200_000
	a := longText(size, 7, true)
	checkWhole(t, a, strings.ReplaceAll(a, "mot77 ", "mot modifié "))
	checkWhole(t, a, longText(size, 11, true))
	checkWhole(t, longText(size, 7, false), longText(size, 11, false))
	checkWhole(t, strings.Repeat("a b ", size/4), strings.Repeat("b a ", size/4))
}

func FuzzComparer(f *testing.F) {
	for _, c := range [][2]string{{"", ""}, {"un deux", "deux un"}, {"a\nb\nc", "c\nb\na"}, {"\n\n", "x\n"}, {"é\u0301", "é"}, {"\xff", "\x00"}, {"a. b. c", "a. c. b"}} {
		f.Add(c[0], c[1])
	}
	f.Fuzz(checkWhole)
}

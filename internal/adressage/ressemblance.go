package adressage

import "strings"

// Seuil is the likeness below which two names are not believed to be the same (C38): a look-up then answers "indéterminé".
const Seuil = 0.8

// Doute is the most that a likeness may be once something says that the names differ: worth proposing, not believing.
const Doute = Seuil - 0.01

// petits are the words that people leave out or confuse: "rue gare" is "rue de la gare".
var petits = map[string]bool{"a": true, "au": true, "aux": true, "d": true, "de": true, "des": true, "du": true, "en": true, "et": true, "l": true, "la": true, "le": true, "les": true, "sur": true}

// Ressemblance compares two normalised names: 1 when they are the same, small words aside; from Seuil up when they differ by
// a slip of the finger; less when a whole word, a short one or a number differs: "rue du 8 mai" is not "rue du 18 mai",
// "rue du Chêne" is not "rue du Chien".
func Ressemblance(a, b string) float64 {
	if a == b && a != "" {
		return 1
	}
	x, y := grands(a), grands(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	if len(x) != len(y) {
		return min(Doute, whole(strings.Join(x, " "), strings.Join(y, " ")))
	}
	edits, length, sure := 0, 0, true
	for i := range x {
		d, l := distance(x[i], y[i]), max(len(x[i]), len(y[i]))
		edits, length = edits+d, length+l
		if d > 0 && (l <= 3 || strings.ContainsAny(x[i]+y[i], "0123456789") || float64(l-d) < 0.7*float64(l)) {
			sure = false
		}
	}
	score := 1 - float64(edits)/float64(length)
	if !sure {
		return min(Doute, score)
	}
	return score
}

// RessemblanceCommune is Ressemblance for communes, whose name is often shortened: "saint die" for "saint die des vosges".
func RessemblanceCommune(ecrite, vraie string) float64 {
	if ecrite != "" && strings.HasPrefix(vraie, ecrite+" ") {
		return 0.9
	}
	return Ressemblance(ecrite, vraie)
}

func grands(s string) []string {
	words := strings.Fields(s)
	kept := make([]string, 0, len(words))
	for _, w := range words {
		if !petits[w] {
			kept = append(kept, w)
		}
	}
	return kept
}

func whole(a, b string) float64 {
	return 1 - float64(distance(a, b))/float64(max(len(a), len(b)))
}

// longest keeps the comparison of absurd texts cheap.
const longest = 120

// distance counts the letters to change, add, drop or swap with their neighbour to make b of a.
func distance(a, b string) int {
	if a == b {
		return 0
	}
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	var rows [3][longest + 1]int
	before, last, now := rows[0][:], rows[1][:], rows[2][:]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(now[j-1]+1, last[j]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}

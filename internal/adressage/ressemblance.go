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
	x, y := NouveauNom(a), NouveauNom(b)
	if score := x.Ressemblance(y); score > 0 || len(x.mots) == 0 || len(y.mots) == 0 {
		return score
	}
	return min(Doute, whole(strings.Join(x.mots, " "), strings.Join(y.mots, " ")))
}

// Nom is a normalised name ready to be compared with many.
type Nom struct {
	texte string
	mots  []string // without the small ones
}

// NouveauNom prepares a normalised name.
func NouveauNom(texte string) Nom { return Nom{texte, grands(texte)} }

// Ressemblance is the likeness of two names when it is Seuil or more, else 0: what cannot be believed is not worth measuring.
func (n Nom) Ressemblance(m Nom) float64 {
	if n.texte == m.texte && n.texte != "" {
		return 1
	}
	if len(n.mots) != len(m.mots) || len(n.mots) == 0 {
		return 0
	}
	edits, length := 0, 0
	for i, x := range n.mots {
		y := m.mots[i]
		l := max(len(x), len(y))
		length += l
		if x == y {
			continue
		}
		if l <= 3 || 10*(l-min(len(x), len(y))) > 3*l || strings.ContainsAny(x, chiffres) || strings.ContainsAny(y, chiffres) {
			return 0
		}
		d := distance(x, y)
		if 10*d > 3*l {
			return 0
		}
		edits += d
	}
	score := 1 - float64(edits)/float64(length)
	if score < Seuil {
		return 0
	}
	return score
}

const chiffres = "0123456789"

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
	var rows [3][longest + 1]uint8
	before, last, now := rows[0][:], rows[1][:], rows[2][:]
	for j := range len(b) + 1 {
		last[j] = uint8(j)
	}
	for i := 1; i <= len(a); i++ {
		now[0] = uint8(i)
		for j := 1; j <= len(b); j++ {
			cost := uint8(1)
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
	return int(last[len(b)])
}

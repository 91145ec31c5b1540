package adressage

import (
	"slices"
	"strconv"
	"strings"
)

// Adresse is an address as it was read: every text is normalised, and empty when it was not given.
type Adresse struct {
	Numero     int    // 0: none
	Rep        string // "bis", "ter", "a"…
	Voie       string // without a post code, the commune may still be at its end: see Coupes
	CodePostal string // five digits
	Commune    string // what follows the post code
}

// Texte is the address in one line without its number: what is compared with a street, its post code and its commune.
func (a Adresse) Texte() string {
	return strings.Join(slices.DeleteFunc([]string{a.Voie, a.CodePostal, a.Commune}, func(s string) bool { return s == "" }), " ")
}

// types are the words that open the name of a street: a number before one of them is the number in the street.
var types = map[string]bool{
	"allee": true, "avenue": true, "boulevard": true, "chemin": true, "chaussee": true, "cite": true, "clos": true, "cote": true, "cour": true,
	"cours": true, "domaine": true, "esplanade": true, "faubourg": true, "hameau": true, "impasse": true, "lieu": true, "lotissement": true,
	"montee": true, "parc": true, "passage": true, "place": true, "placette": true, "promenade": true, "quai": true, "quartier": true,
	"residence": true, "rond": true, "route": true, "rue": true, "ruelle": true, "sente": true, "sentier": true, "square": true,
	"traverse": true, "venelle": true, "villa": true, "voie": true, "zone": true,
}

// repetitions are the indices that follow a number in full letters; single letters come beside.
var repetitions = map[string]bool{"bis": true, "ter": true, "quater": true, "quinquies": true}

// maxNumero is the highest number of a street that is believed: the BAN writes 99999 for a place without numbers.
const maxNumero = 9998

// Lire reads an address written in one line: "12 bis, r. de la Gare 88000 Épinal".
func Lire(texte string) Adresse {
	words := mots(texte)
	var a Adresse
	if i := postCode(words); i >= 0 {
		a.CodePostal = words[i]
		a.Commune = LireCommune(strings.Join(words[i+1:], " "))
		words = words[:i]
	}
	words = skipBuilding(words)
	if len(words) > 0 && (words[0] == "no" || words[0] == "n" || words[0] == "numero") && len(words) > 1 && digit(words[1][0]) {
		words = words[1:]
	}
	if len(words) > 1 {
		if n, rep, ok := number(words[0]); ok {
			a.Numero, a.Rep = n, rep
			words = words[1:]
			for len(words) > 1 && rep == "" && allDigits(words[0]) && types[words[1]] { // "12-14 rue…": the first number counts
				words = words[1:]
			}
			if rep == "" && len(words) > 1 && (repetitions[words[0]] || len(words[0]) == 1 && !digit(words[0][0]) && (types[words[1]] || words[1] == "r")) {
				a.Rep = words[0]
				words = words[1:]
			}
			if len(words) > 1 && words[0] == "r" {
				words[0] = "rue"
			}
		}
	}
	a.Voie = strings.Join(words, " ")
	return a
}

// LireCommune reads the name of a commune as mail bears it: without "cedex" and what follows.
func LireCommune(texte string) string {
	words := mots(texte)
	if i := slices.Index(words, "cedex"); i >= 0 {
		words = words[:i]
	}
	if n := len(words); n > 1 && words[n-1] == "france" {
		words = words[:n-1]
	}
	return strings.Join(words, " ")
}

// LireCodePostal keeps a post code only if it is one; a spreadsheet may have eaten its leading zero.
func LireCodePostal(texte string) string {
	s := strings.ReplaceAll(strings.TrimSpace(texte), " ", "")
	s = strings.TrimSuffix(s, ".0")
	if len(s) == 4 && allDigits(s) {
		s = "0" + s
	}
	if len(s) == 5 && allDigits(s) {
		return s
	}
	return ""
}

// Coupes are the ways to cut a street without post code into a street and the commune at its end: "rue de la gare epinal"
// gives ("rue de la", "gare epinal"), ("rue de la gare", "epinal")…, the longest commune first. The whole street with no
// commune is not among them.
func (a Adresse) Coupes() []Adresse {
	words := strings.Fields(a.Voie)
	var cuts []Adresse
	for i := max(1, len(words)-maxCommune); i < len(words); i++ {
		c := a
		c.Voie, c.Commune = strings.Join(words[:i], " "), strings.Join(words[i:], " ")
		cuts = append(cuts, c)
	}
	return cuts
}

// maxCommune is how many words the name of a commune may have.
const maxCommune = 8

// postCode is the place of the last word that is a post code and does not open the address; -1: none.
func postCode(words []string) int {
	for i := len(words) - 1; i > 0; i-- {
		if len(words[i]) == 5 && allDigits(words[i]) {
			return i
		}
	}
	return -1
}

// skipBuilding leaves out what is written before the number: "bâtiment B, 12 rue…".
func skipBuilding(words []string) []string {
	if len(words) == 0 || digit(words[0][0]) || types[words[0]] && words[0] != "residence" {
		return words
	}
	for i := 1; i+1 < len(words); i++ {
		if _, rep, ok := number(words[i]); ok {
			next := words[i+1]
			if types[next] || rep == "" && i+2 < len(words) && types[words[i+2]] && (repetitions[next] || len(next) == 1) {
				return words[i:]
			}
		}
	}
	return words
}

// number reads "12", "12b" or "12bis".
func number(word string) (n int, rep string, ok bool) {
	i := 0
	for i < len(word) && digit(word[i]) {
		i++
	}
	n, err := strconv.Atoi(word[:i])
	rep = word[i:]
	if err != nil || n < 1 || n > maxNumero || (rep != "" && len(rep) != 1 && !repetitions[rep]) {
		return 0, "", false
	}
	return n, rep, true
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func allDigits(s string) bool {
	for i := range len(s) {
		if !digit(s[i]) {
			return false
		}
	}
	return s != ""
}

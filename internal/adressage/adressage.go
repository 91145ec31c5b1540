// Package adressage reads French postal addresses as people write them: without accents, with abbreviations, with slips
// of the finger. The importation of the Base Adresse Nationale and the look-up of an address use the same words, so that
// both sides of a comparison were folded alike. It is plain text work: no database, no network.
package adressage

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// abbreviations are spelled out wherever they stand, since both sides of a comparison go through Normaliser: a wrong guess
// is made twice and harms nothing.
var abbreviations = map[string]string{
	"all": "allee", "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard", "boul": "boulevard",
	"che": "chemin", "chem": "chemin", "crs": "cours", "cite": "cite", "esp": "esplanade", "fg": "faubourg", "fbg": "faubourg",
	"ham": "hameau", "imp": "impasse", "lot": "lotissement", "mte": "montee", "pas": "passage", "pass": "passage", "pl": "place",
	"prom": "promenade", "res": "residence", "rpt": "rond point", "rte": "route", "sq": "square", "trav": "traverse", "vla": "villa",
	"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes",
	"gal": "general", "gen": "general", "mal": "marechal", "mar": "marechal", "dr": "docteur", "doct": "docteur", "pdt": "president",
	"pres": "president", "cdt": "commandant", "cne": "capitaine", "lt": "lieutenant", "prof": "professeur", "nd": "notre dame",
	"deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "sept": "7", "huit": "8", "onze": "11", "premier": "1er", "premiere": "1ere",
}

// Normaliser folds a text for comparison: lower case, no accents, ligatures opened, punctuation turned into one space,
// usual abbreviations of streets spelled out, a leading "r" read as "rue". It is idempotent, and empty for a text without
// letter or digit.
func Normaliser(texte string) string { return strings.Join(mots(texte), " ") }

// mots are the normalised words of a text.
func mots(texte string) []string {
	words := strings.Fields(fold(texte))
	out := make([]string, 0, len(words))
	for i, w := range words {
		if i == 0 && w == "r" && len(words) > 1 {
			w = "rue"
		}
		if long, known := abbreviations[w]; known {
			out = append(out, strings.Fields(long)...)
			continue
		}
		out = append(out, w)
	}
	return out
}

// fold keeps letters without accents and digits, in lower case, everything else being a space.
func fold(texte string) string {
	var b strings.Builder
	b.Grow(len(texte))
	for _, c := range norm.NFKD.String(strings.ToLower(texte)) {
		switch {
		case unicode.Is(unicode.Mn, c): // the accent of the letter before
		case c == 'œ':
			b.WriteString("oe")
		case c == 'æ':
			b.WriteString("ae")
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			b.WriteRune(unicode.ToLower(c))
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

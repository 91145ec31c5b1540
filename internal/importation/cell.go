package importation

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"portail/internal/geo"
)

// form is how a code is written.
type form struct {
	match func(string) bool
	what  string // in French, completing "n’est pas"
}

// like is the match of a regular expression.
func like(expression string) func(string) bool { return regexp.MustCompile(expression).MatchString }

// digits matches so many digits: BAN files hold millions.
func digits(n int) func(string) bool {
	return func(s string) bool { return len(s) == n && allDigits(s) }
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func communeCode(s string) bool {
	return len(s) == 5 && (allDigits(s) || allDigits(s[:1]) && (s[1] == 'A' || s[1] == 'B') && allDigits(s[2:]))
}

// banCode matches the commune, the street and the number of an address, joined by "_", with perhaps an index.
func banCode(s string) bool {
	parts := 0
	for part := range strings.SplitSeq(s, "_") {
		switch {
		case part == "" || len(s) > 80, parts == 0 && !communeCode(part), parts == 2 && (len(part) > 5 || !allDigits(part)):
			return false
		}
		parts++
	}
	return parts >= 3
}

// Forms of codes (R-Z-1; INSEE, SIREN). Codes are text: a leading zero lost by a spreadsheet is refused.
var (
	formQPV         = form{like(`^(QN[0-9]{2}[0-9AB][0-9]{2}[NMIC]|QP[0-9A-Z]{6})$`), "un code de quartier prioritaire (QN08801M, QP088001)"}
	formQPV2015     = form{like(`^QP[0-9A-Z]{6}$`), "un code de quartier de 2015 (QP088001)"}
	formCommune     = form{communeCode, "un code INSEE de commune (5 caractères, zéros compris)"}
	formEPCI        = form{digits(9), "un numéro SIREN (9 chiffres)"}
	formDepartement = form{like(`^([0-8][0-9]|9[0-5]|2[AB]|97[0-9]|98[0-9])$`), "un code de département (01, 2A, 971)"}
	formRegion      = form{digits(2), "un code de région (2 chiffres)"}
	formZoneEmploi  = form{digits(4), "un code de zone d’emploi (4 chiffres)"}
	formPostal      = form{digits(5), "un code postal (5 chiffres)"}
	formContrat     = form{like(`^(CN[0-9A-Z]{3}[0-9]{2}[A-Z]|CV[0-9A-Z]{1,6})$`), "un code de contrat de ville (CN08801I, CV327)"}
	formNature      = form{like(`^[A-Z][A-Z0-9]{0,9}$`), "une nature d’intercommunalité (CA, CC, CU, METRO…)"}
	formBAN         = form{banCode, "un identifiant de la Base Adresse Nationale"}
)

// maxText is the longest name or address that the portal takes, in bytes.
const maxText = 300

// cell gives a cell, empty when the file lacks the heading, and its place.
func (r *row) cell(heading string) (string, int) {
	i, there := r.t.index[heading]
	if !there {
		return "", -1
	}
	return r.cells[i], i
}

// text is a name: not empty.
func (r *row) text(heading string) string {
	s := r.words(heading)
	if _, i := r.cell(heading); s == "" && i >= 0 {
		r.faultAt(i, "", "La cellule est vide.")
	}
	return s
}

// words is a text that may be empty.
func (r *row) words(heading string) string {
	s, i := r.cell(heading)
	s = strings.TrimSpace(s)
	if len(s) > maxText {
		r.faultAt(i, s, fmt.Sprintf("Le texte est trop long (%d octets, %d au plus).", len(s), maxText))
	}
	return s
}

// code is a code of the form, not empty.
func (r *row) code(heading string, f form) string {
	s, i := r.cell(heading)
	if i >= 0 && !f.match(s) {
		r.faultAt(i, s, "Ce n’est pas "+f.what+".")
	}
	return s
}

// codeOrNone is a code of the form, or empty.
func (r *row) codeOrNone(heading string, f form) string {
	if s, _ := r.cell(heading); s == "" {
		return ""
	}
	return r.code(heading, f)
}

// list is several values in one cell, joined by "|"; none when it is empty.
func (r *row) list(heading string) []string {
	s, _ := r.cell(heading)
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}

// pairs are codes with their names in another cell, in the same order.
func (r *row) pairs(codes, names string, f form) (code, name []string) {
	code, name = r.list(codes), r.list(names)
	_, i := r.cell(codes)
	if len(code) != len(name) {
		r.faultAt(i, strings.Join(code, "|"), fmt.Sprintf("Il y a %d codes pour %d noms (colonne %s).", len(code), len(name), names))
		return nil, nil
	}
	met := map[string]bool{}
	for k, c := range code {
		switch {
		case !f.match(c):
			r.faultAt(i, c, "Ce n’est pas "+f.what+".")
		case met[c]:
			r.faultAt(i, c, "Ce code est répété dans la cellule.")
		case strings.TrimSpace(name[k]) == "":
			r.faultAt(i, c, "Ce code n’a pas de nom.")
		}
		met[c] = true
		name[k] = strings.TrimSpace(name[k])
	}
	return code, name
}

// decimal matches a plain number: no exponent, no sign "+", 15 digits on either side of a point at most.
func decimal(s string) bool {
	whole, part, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return allDigits(whole) && len(whole) <= 15 && (!point || allDigits(part) && len(part) <= 15)
}

// number is a decimal number from 0 to most, as written; null when the cell is empty, which means unknown.
func (r *row) number(heading string, most float64) string {
	s, i := r.cell(heading)
	if s == "" {
		return null
	}
	if why := numberFault(s, 0, most); why != "" {
		r.faultAt(i, s, why)
		return null
	}
	return s
}

// numberFault says why a text is not a number within bounds, or nothing.
func numberFault(s string, least, most float64) string {
	if !decimal(s) {
		switch lower := strings.ToLower(strings.TrimLeft(s, "+-")); {
		case decimal(strings.Replace(s, ",", ".", 1)):
			return "Virgule ambiguë (décimale ou séparateur de milliers)\u00a0: écrire les décimales avec un point."
		case lower == "nan", strings.HasPrefix(lower, "inf"):
			return "Ce n’est pas un nombre fini."
		case strings.ContainsAny(s, " \u00a0\u202f"):
			return "Le nombre contient une espace."
		case strings.Trim(s, "0123456789.-") == "":
			return "Ce nombre est mal écrit."
		}
		return "Ce n’est pas un nombre."
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return "Ce n’est pas un nombre."
	}
	switch {
	case v < least && least == 0:
		return "La valeur ne peut pas être négative."
	case v < least || v > most:
		return fmt.Sprintf("La valeur doit être entre %v et %v.", least, most)
	}
	return ""
}

// whole is a number without decimals, within bounds.
func (r *row) whole(heading string, least, most int) string {
	s, i := r.cell(heading)
	if s == "" {
		return null
	}
	v, err := strconv.Atoi(s)
	switch {
	case err != nil || strings.HasPrefix(s, "+"):
		r.faultAt(i, s, "Ce n’est pas un nombre entier.")
		return null
	case v < least || v > most:
		r.faultAt(i, s, fmt.Sprintf("Le nombre doit être entre %d et %d.", least, most))
		return null
	}
	return s
}

// point is a longitude and a latitude in France, both or none; must says that they cannot be missing.
func (r *row) point(must bool) (lon, lat string) {
	x, i := r.cell("lon")
	y, j := r.cell("lat")
	switch {
	case x == "" && y == "" && !must:
		return null, null
	case x == "" || y == "":
		r.faultAt(max(i, j), "", "La longitude et la latitude doivent être données toutes les deux.")
		return null, null
	}
	for cell, s := range map[int]string{i: x, j: y} {
		if why := numberFault(s, -1e9, 1e9); why != "" {
			r.faultAt(cell, s, why)
			return null, null
		}
	}
	px, _ := strconv.ParseFloat(x, 64) // numberFault has read them
	py, _ := strconv.ParseFloat(y, 64)
	if why := geo.CheckPoint(orb.Point{px, py}); why != "" {
		r.faultAt(i, x+" "+y, why)
		return null, null
	}
	return x, y
}

// millesime is a year that has begun, or null when the source states none.
func (r *row) millesime(heading string) string {
	s, i := r.cell(heading)
	if s == "" {
		return null
	}
	if why := r.t.f.yearFault(s); why != "" {
		r.faultAt(i, s, why)
		return null
	}
	return s
}

// yearFault says why a vintage cannot be, or nothing.
func (f *file) yearFault(year string) string {
	switch y, err := strconv.Atoi(year); {
	case err != nil || len(year) != 4 || y < 1900:
		return "Le millésime n’est pas une année."
	case y > f.today.Year():
		return "Le millésime est dans le futur."
	}
	return ""
}

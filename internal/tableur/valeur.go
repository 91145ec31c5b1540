package tableur

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"portail/web/typo"
)

// Genre is what a column of a Modele takes.
type Genre int

// The kinds of columns, and the canonical text of each.
const (
	GenreTexte    Genre = iota // white space folded
	GenreEntier                // -12
	GenreDecimal               // 22810.61
	GenrePourcent              // 38.4 for 38,4 %
	GenreDate                  // 2026-11-22
	GenreOuiNon                // oui or non
	GenreChoix                 // code of the choice
	GenreRenvoi                // whatever Source.Lire makes of it
)

// Choix is a value that a column of GenreChoix takes.
type Choix struct {
	Code, Libelle string
	Synonymes     []string
}

// Colonne is a column of a Modele.
type Colonne struct {
	Code        string
	Titre       string
	Synonymes   []string // other headings that are recognised, accents, case and punctuation aside
	Aide        string   // what to write in it
	Genre       Genre
	Obligatoire bool
	Max         int      // characters of a text; 0: 300
	Decimales   int      // of a GenreDecimal or GenrePourcent
	Min, Plus   *float64 // bounds of a number; nil: none
	Annees      [2]int   // first and last year of a GenreDate; zero: any that is no slip of the finger
	Choix       []Choix
	// Lire reads a text of the column; nil: as its Genre says.
	Lire func(texte string) (canonique, faute string)
}

// Borne is a bound of a number.
func Borne(v float64) *float64 { return &v }

// maxTexteColonne is the longest text of a column that states none.
const maxTexteColonne = 300

// lire reads a cell: its canonical text, empty for an empty cell, or why it is refused.
func (c Colonne) lire(cell Cellule, renvoi func(string) (string, string)) (canonique, faute string) {
	text := replier(cell.Texte)
	switch cell.Sorte {
	case Vide:
		return "", ""
	case Formule:
		return "", "Cette cellule contient une formule" + typo.NBSP + ": remplacez-la par sa valeur (copier, puis collage spécial « valeurs »)."
	case Erreur:
		return "", "Cette cellule contient une erreur du tableur."
	case Texte:
		if text, faute = propre(text); text == "" || faute != "" {
			return "", faute
		}
	}
	read := c.Lire
	if c.Genre == GenreRenvoi {
		read = renvoi
	}
	if read != nil {
		return read(enTexte(cell.Sorte, text))
	}
	switch c.Genre {
	case GenreEntier, GenreDecimal, GenrePourcent:
		return c.lireNombre(cell.Sorte, text)
	case GenreDate:
		day, why := lireDate(cell.Sorte, text)
		return day, cmp.Or(why, c.annee(day))
	case GenreOuiNon:
		return lireOuiNon(cell.Sorte, text)
	case GenreChoix:
		return c.lireChoix(text)
	}
	text = enTexte(cell.Sorte, text)
	most := c.Max
	if most == 0 {
		most = maxTexteColonne
	}
	if utf8.RuneCountInString(text) > most {
		return "", "Ce texte est trop long" + typo.NBSP + ": " + typo.NPluriel(int64(most), "caractère", "caractères") + " au plus."
	}
	return text, ""
}

// abime finds UTF-8 that was once read as Windows-1252: é as Ã©, ’ as â€™.
var abime = regexp.MustCompile("\u00c3[\u00a0-\u00bf\u2018-\u203a]|\u00e2\u20ac|\ufffd")

// propre takes the apostrophe that our own files put before what a spreadsheet could run, and refuses what looks like a formula
// or was damaged on its way.
func propre(text string) (string, string) {
	if rest, found := strings.CutPrefix(text, "'"); found && rest != "" && strings.ContainsRune("=+-@", rune(rest[0])) {
		return rest, ""
	}
	if abime.MatchString(text) {
		return "", "Ce texte a été abîmé par un changement d’encodage" + typo.NBSP + ": enregistrez le fichier de nouveau, en UTF-8."
	}
	if text != "" && strings.ContainsRune("=@", rune(text[0])) || (strings.HasPrefix(text, "+") || strings.HasPrefix(text, "-")) && !comptable(text[1:]) {
		return "", "Ce texte ressemble à une formule (il commence par « " + text[:1] + " »)" + typo.NBSP + ": écrivez sa valeur."
	}
	return text, ""
}

// comptable says whether what follows a sign is a number or a telephone, which no spreadsheet runs.
func comptable(s string) bool {
	return strings.Trim(s, "0123456789., \u00a0\u202f%€()-") == ""
}

// enTexte is a cell as a text of the portal.
func enTexte(sorte Sorte, text string) string {
	switch sorte {
	case Jour:
		if d, err := time.Parse(time.DateOnly, text); err == nil {
			return d.Format("02/01/2006")
		}
	case Logique:
		if text == "true" {
			return "oui"
		}
		return "non"
	case Fraction:
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			return typo.Auto(math.Round(v*1e8)/1e6, 6) + typo.NBSP + "%" // what doubles add beyond is noise
		}
	}
	return text
}

// nombre matches a number as people write it in French: spaces by three, comma or point, perhaps a unit.
var nombre = regexp.MustCompile(`^([-+−]?)\s?(\d+|\d{1,3}(?:[  \x{00a0}\x{202f}]\d{3})+)(?:[.,](\d+))?\s?(%|€|euros?|h|heures?)?$`)

func (c Colonne) lireNombre(sorte Sorte, text string) (string, string) {
	if sorte == Logique || sorte == Jour {
		return "", "Ce n’est pas un nombre" + typo.NBSP + ": la cellule contient " + map[Sorte]string{Logique: "vrai ou faux", Jour: "une date"}[sorte] + "."
	}
	var v float64
	if sorte == Texte {
		m := nombre.FindStringSubmatch(text)
		if m == nil || m[4] == "%" && c.Genre != GenrePourcent {
			return "", nombreFaute(text)
		}
		plain := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, m[2])
		if m[3] != "" {
			plain += "." + m[3]
		}
		if m[1] == "-" || m[1] == "−" {
			plain = "-" + plain
		}
		text = plain
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > 1e15 {
		return "", nombreFaute(text)
	}
	if sorte == Fraction {
		if c.Genre != GenrePourcent {
			return "", "Cette cellule contient un pourcentage" + typo.NBSP + ": un nombre est attendu."
		}
		v = math.Round(v*1e8) / 1e6 // what doubles add beyond is noise
	}
	if why := c.borne(v); why != "" {
		return "", why
	}
	return canonique(v), ""
}

// canonique is the one way to write a number.
func canonique(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if s == "-0" {
		return "0"
	}
	return s
}

// annee says why a day is not of the years that the column takes.
func (c Colonne) annee(day string) string {
	if c.Annees[0] == 0 || day == "" {
		return ""
	}
	first, last := strconv.Itoa(c.Annees[0]), strconv.Itoa(c.Annees[1])
	if year := day[:len("2026")]; year < first || year > last {
		return "Vérifiez l’année de cette date" + typo.NBSP + ": elle est entre " + first + " et " + last + "."
	}
	return ""
}

// borne says why a number is not one that the column takes.
func (c Colonne) borne(v float64) string {
	digits := c.Decimales
	if c.Genre == GenreEntier {
		digits = 0
	}
	_, frac, _ := strings.Cut(canonique(v), ".")
	switch {
	case c.Genre == GenreEntier && frac != "":
		return "Un nombre entier est attendu, sans décimale."
	case len(frac) > digits:
		return "Ce nombre a trop de décimales" + typo.NBSP + ": " + typo.Nombre(int64(digits)) + " au plus."
	case c.Min != nil && v < *c.Min && *c.Min == 0:
		return "Ce nombre ne peut pas être négatif."
	case c.Min != nil && v < *c.Min:
		return "Ce nombre est trop petit" + typo.NBSP + ": " + typo.Auto(*c.Min, 6) + " au moins."
	case c.Plus != nil && v > *c.Plus:
		return "Ce nombre est trop grand" + typo.NBSP + ": " + typo.Auto(*c.Plus, 6) + " au plus."
	}
	return ""
}

func nombreFaute(text string) string {
	switch {
	case strings.Trim(text, "-–—./ ") == "" || strings.EqualFold(text, "nc") || strings.EqualFold(text, "n.c."):
		return "Ce n’est pas un nombre" + typo.NBSP + ": laissez la cellule vide quand la valeur est inconnue."
	case strings.Count(text, ",")+strings.Count(text, ".") > 1:
		return "Ce nombre est ambigu" + typo.NBSP + ": écrivez-le sans séparateur de milliers, avec une seule virgule."
	}
	return "Ce n’est pas un nombre."
}

func lireOuiNon(sorte Sorte, text string) (string, string) {
	switch Normaliser(enTexte(sorte, text)) {
	case "oui", "o", "vrai", "x", "1", "yes":
		return "oui", ""
	case "non", "n", "faux", "0", "no":
		return "non", ""
	}
	return "", "Écrivez oui ou non."
}

func (c Colonne) lireChoix(text string) (string, string) {
	folded := Normaliser(text)
	labels := make([]string, len(c.Choix))
	for i, choice := range c.Choix {
		labels[i] = choice.Libelle
		if folded == Normaliser(choice.Code) || folded == Normaliser(choice.Libelle) ||
			slices.ContainsFunc(choice.Synonymes, func(s string) bool { return folded == Normaliser(s) }) {
			return choice.Code, ""
		}
	}
	return "", fmt.Sprintf("Cette valeur n’est pas dans la liste\u00a0: %s.", strings.Join(labels, ", "))
}

// montre writes a canonical text for people.
func (c Colonne) montre(canonique string) string {
	if canonique == "" {
		return ""
	}
	switch c.Genre {
	case GenreEntier, GenreDecimal, GenrePourcent:
		v, err := strconv.ParseFloat(canonique, 64)
		if err != nil {
			return canonique
		}
		if c.Genre == GenrePourcent {
			return typo.Auto(v, 6) + typo.NBSP + "%"
		}
		return typo.Auto(v, 6)
	case GenreDate:
		if d, err := time.Parse(time.DateOnly, canonique); err == nil {
			return typo.DateCourte(d)
		}
	case GenreChoix:
		for _, choice := range c.Choix {
			if choice.Code == canonique {
				return choice.Libelle
			}
		}
	}
	return canonique
}

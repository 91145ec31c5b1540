package tableur

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"portail/web/typo"
)

// months are the French names that dates are written with, and their usual abbreviations, without accents.
var months = []string{"janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre"}

var (
	dateChiffres = regexp.MustCompile(`^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})$`)
	dateISO      = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?$`)
	dateLettres  = regexp.MustCompile(`^(\d{1,2})(?:er)? ([a-z]+) (\d{4})$`)
	dateSerie    = regexp.MustCompile(`^\d{5}(?:\.0+)?$`)
)

// lireDate reads a day as spreadsheets and people write it: a date cell, 22/11/2026, 22 novembre 2026, 2026-11-22, or the number of
// days that a spreadsheet shows when the format of the cell was lost.
func lireDate(sorte Sorte, text string) (string, string) {
	const expected = "Ce n’est pas une date" + typo.NBSP + ": écrivez-la sous la forme 22/11/2026."
	if sorte == Logique || sorte == Fraction {
		return "", expected
	}
	if dateSerie.MatchString(text) {
		n, _ := strconv.ParseFloat(text, 64)
		day, _ := jourDeSerie(n, false)
		return day, anneeFaute(day)
	}
	var year, month, day int
	switch m := dateISO.FindStringSubmatch(text); {
	case m != nil:
		year, month, day = entier(m[1]), entier(m[2]), entier(m[3])
	default:
		if m := dateChiffres.FindStringSubmatch(text); m != nil {
			day, month, year = entier(m[1]), entier(m[2]), entier(m[3])
			if len(m[3]) == 2 {
				year += 2000
			}
		} else if m := dateLettres.FindStringSubmatch(Normaliser(text)); m != nil {
			day, month, year = entier(m[1]), moisDe(m[2]), entier(m[3])
		}
	}
	if day == 0 {
		return "", expected
	}
	if month < 1 || month > 12 {
		return "", "Cette date n’existe pas" + typo.NBSP + ": le jour vient avant le mois, comme dans 22/11/2026."
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day {
		return "", "Cette date n’existe pas" + typo.NBSP + ": ce mois n’a pas autant de jours."
	}
	return t.Format(time.DateOnly), anneeFaute(t.Format(time.DateOnly))
}

// anneeFaute refuses years that are slips of the finger.
func anneeFaute(day string) string {
	if day < "1900" || day >= "2200" {
		return "Vérifiez l’année de cette date."
	}
	return ""
}

func entier(s string) int {
	n, _ := strconv.Atoi(s) // digits only
	return n
}

// moisDe is the number of a month, whole or abbreviated; 0 for none.
func moisDe(s string) int {
	found := 0
	for i, m := range months {
		if len(s) >= 3 && strings.HasPrefix(m, s) {
			if found > 0 {
				return 0 // jui: juin or juillet
			}
			found = i + 1
		}
	}
	return found
}

// Package saisie reads what people type into the fields of a form: names, days, whole numbers, amounts. A fault is told in French on
// its field; what is read is clean and within bounds. An empty optional field is the caller's to leave out.
package saisie

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"portail/internal/fault"
	"portail/web/typo"
)

// Ligne folds white space: line ends and repeated spaces of a pasted text are never meant in a name.
func Ligne(s string) string { return strings.Join(strings.Fields(s), " ") }

// Paragraphes is a text of several lines as it is kept: line ends of one kind, nothing blank around it.
func Paragraphes(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"))
}

// Longueur refuses a text of more than most characters.
func Longueur(f fault.Fields, champ, texte string, most int) {
	if utf8.RuneCountInString(texte) > most {
		f.Add(champ, "Ce texte est trop long"+typo.NBSP+": "+typo.NPluriel(int64(most), "caractère", "caractères")+" au plus.")
	}
}

var (
	formeCourriel  = regexp.MustCompile(`^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:].]+$`)
	formeTelephone = regexp.MustCompile(`^\+?[0-9]{3,15}$`)
)

// Longest texts of a contact, in characters.
const (
	MaxCourriel  = 254
	MaxTelephone = 40
)

// Courriel refuses what is no e-mail address; an empty one is the caller's to refuse.
func Courriel(f fault.Fields, champ, courriel string) {
	Longueur(f, champ, courriel, MaxCourriel)
	if courriel != "" && !formeCourriel.MatchString(courriel) {
		f.Add(champ, "Ce courriel est incomplet. Il ressemble à"+typo.NBSP+": accueil@exemple.fr.")
	}
}

// Telephone refuses what is no telephone number; an empty one is the caller's to refuse.
func Telephone(f fault.Fields, champ, telephone string) {
	if telephone != "" && !formeTelephone.MatchString(strings.NewReplacer("(", "", ")", "", "/", "").Replace(Chiffres(telephone))) {
		f.Add(champ, "Ce numéro ne ressemble pas à un téléphone. Exemple"+typo.NBSP+": 03 29 00 00 00.")
	}
	Longueur(f, champ, telephone, MaxTelephone)
}

// Chiffres leaves out the spaces, points and dashes that people write between the digits of a number.
func Chiffres(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || c == '.' || c == '-' {
			return -1
		}
		return c
	}, s)
}

// Years that a day of a form may fall in: outside them it is a slip of the finger.
const (
	premiereAnnee = 1900
	derniereAnnee = 2100
)

// Jour reads a day as browsers send it (2026-11-22), or as it is typed where they offer no calendar (22/11/2026). Days are midnight
// UTC, as Postgres keeps them. The zero time comes with a fault.
func Jour(f fault.Fields, champ, texte string) time.Time {
	texte = strings.TrimSpace(texte)
	day, err := time.Parse(time.DateOnly, texte)
	if err != nil {
		day, err = time.Parse("2/1/2006", texte)
	}
	switch {
	case err != nil:
		f.Add(champ, "Indiquez une date, par exemple "+typo.DateCourte(typo.Aujourdhui())+".")
	case day.Year() < premiereAnnee || day.Year() > derniereAnnee:
		f.Add(champ, "Vérifiez l’année de cette date.")
	default:
		return day
	}
	return time.Time{}
}

// JourPasse reads a day that is not to come.
func JourPasse(f fault.Fields, champ, texte string) time.Time {
	day := Jour(f, champ, texte)
	if day.After(typo.Aujourdhui()) {
		f.Add(champ, "Cette date est à venir"+typo.NBSP+": revenez enregistrer le changement quand il aura eu lieu.")
		return time.Time{}
	}
	return day
}

// nombre is a number without what people write around it: spaces of every kind, the sign of the euro.
func nombre(texte string) string {
	return strings.TrimSuffix(strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, texte), "€")
}

// Entier reads a whole number between least and most; 0 comes with a fault.
func Entier(f fault.Fields, champ, texte string, least, most int64) int64 {
	n, err := strconv.ParseInt(nombre(texte), 10, 64)
	if err != nil || n < least || n > most {
		f.Add(champ, "Indiquez un nombre entier entre "+typo.Nombre(least)+" et "+typo.Nombre(most)+".")
		return 0
	}
	return n
}

// MontantMax is the highest amount that a form takes, in cents: a billion euros.
const MontantMax = 1_000_000_000_00

// Centimes reads an amount in euros as French people write it ("22 810,61", "1500 €") and gives it in cents; 0 comes with a fault.
func Centimes(f fault.Fields, champ, texte string) int64 {
	euros, cents, decimal := strings.Cut(strings.ReplaceAll(nombre(texte), ",", "."), ".")
	digits := strings.Trim(euros+cents, "0123456789") == ""
	switch {
	case euros == "" || !digits || decimal && cents == "" || len(cents) > 2:
		f.Add(champ, "Indiquez un montant en euros, par exemple "+typo.Decimal(1250.5, 2)+".")
		return 0
	case len(cents) == 1:
		cents += "0"
	case cents == "":
		cents = "00"
	}
	n, err := strconv.ParseInt(euros+cents, 10, 64)
	if err != nil || n > MontantMax {
		f.Add(champ, "Ce montant dépasse "+typo.Euros(MontantMax/100, 0)+typo.NBSP+": vérifiez-le.")
		return 0
	}
	return n
}

// Heure reads a time of day as browsers send it (14:30) or as French people write it (14h30, 14 h, 9 heures 15); ok is false with a fault.
func Heure(f fault.Fields, champ, texte string) (heures, minutes int, ok bool) {
	typed := strings.NewReplacer("heures", ":", "heure", ":", "h", ":", "H", ":").Replace(nombre(texte))
	hour, minute, _ := strings.Cut(typed, ":")
	if minute == "" {
		minute = "0"
	}
	heures, err := strconv.Atoi(hour)
	minutes, failed := strconv.Atoi(minute)
	if err != nil || failed != nil || heures < 0 || heures > 23 || minutes < 0 || minutes > 59 {
		f.Add(champ, "Indiquez une heure, par exemple 14"+typo.NBSP+"h"+typo.NBSP+"30.")
		return 0, 0, false
	}
	return heures, minutes, true
}

// decimalesMax are the most digits after the comma that a measured value may bear.
const decimalesMax = 6

// Decimal reads a number as French people write it ("−3,5", "1 250") between least and most; 0 comes with a fault.
func Decimal(f fault.Fields, champ, texte string, least, most float64) float64 {
	s := strings.NewReplacer(",", ".", "−", "-").Replace(nombre(texte))
	_, after, _ := strings.Cut(s, ".")
	v, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil || len(after) > decimalesMax || strings.Trim(strings.TrimPrefix(s, "-"), "0123456789.") != "":
		f.Add(champ, "Indiquez un nombre, par exemple "+typo.Decimal(12.5, 1)+".")
		return 0
	case v < least || v > most:
		f.Add(champ, "Indiquez un nombre entre "+typo.Auto(least, 0)+" et "+typo.Auto(most, 0)+".")
		return 0
	}
	return v
}

package relance

import (
	"time"

	"portail/internal/lexique"
	"portail/web/typo"
)

// Rules: when somebody is reminded of what is due.
const (
	regleAvant = "avant" // avantJours before the day
	regleApres = "apres" // the day after, or as soon as the portal can
	avantJours = 7

	// regleConfiee tells whoever is to carry a decision out that it is theirs, once its meeting is over. It is told within confieeJours,
	// longer than the rarest digest, or not at all: nobody is told of what has been theirs for months.
	regleConfiee = "confiee"
	confieeJours = 30
)

// Kinds of notification that a person may set (lexique.Notifications).
const (
	sorteDecisions = "decisions"
	sorteEcheances = "echeances"
)

// Frequencies (lexique.Frequences).
const (
	immediat     = "immediat"
	quotidien    = "quotidien"
	hebdomadaire = "hebdomadaire"
)

// heureRecapitulatif is the hour, in Paris, before which no digest of the day leaves.
const heureRecapitulatif = 7

// jourDe is the day of an instant in Paris, as dates are kept: midnight UTC.
func jourDe(t time.Time) time.Time {
	t = t.In(typo.Paris)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// periode is the first day of the period that a digest of that frequency covers now; zero when none may leave now. A portal that was off
// on Monday writes the digest of the week on the first day it is on.
func periode(frequence string, now time.Time) time.Time {
	day := jourDe(now)
	early := now.In(typo.Paris).Hour() < heureRecapitulatif
	switch {
	case frequence == quotidien && !early:
		return day
	case frequence == hebdomadaire:
		monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
		if early && day.Equal(monday) {
			return time.Time{}
		}
		return monday
	}
	return time.Time{}
}

// horizon is how many days ahead a mail of that frequency looks, so that what a weekly digest would tell too late is told in the one
// before.
func horizon(frequence string) int {
	if frequence == hebdomadaire {
		return avantJours - 1
	}
	return 0
}

// regleDe is the rule by which it is recalled on a day; "" for none yet. ahead is the horizon of the mail.
func (r rappel) regleDe(day time.Time, ahead int) string {
	switch {
	case r.ConfieeLe != nil:
		return regleConfiee
	case r.Le.Before(day):
		return regleApres
	case !r.Le.After(day.AddDate(0, 0, avantJours+ahead)):
		return regleAvant
	}
	return ""
}

// sorteDe is the kind of notification that an object belongs to.
func sorteDe(objet string) string {
	if objet == objetDecision {
		return sorteDecisions
	}
	return sorteEcheances
}

// frequenceDe is what somebody chose for a kind.
func frequenceDe(preferences map[string]string, sorte string) string {
	if f, chosen := preferences[sorte]; chosen && lexique.Connu(lexique.Frequences, f) {
		return f
	}
	return lexique.FrequenceParDefaut
}

package typo

import (
	"fmt"
	"strconv"
	"time"
	_ "time/tzdata" // the portal must know Paris time on a machine without a time zone database
)

// Paris is the legal time of mainland France: every date and hour shown is in it.
var Paris = mustLoad("Europe/Paris")

// mustLoad can only panic if the embedded time zone database is broken.
func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

var (
	mois  = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
	jours = [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
)

// Date writes a day: "22 novembre 2026", "1er janvier 2026". The zero time is "".
func Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(Paris)
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return day + NBSP + mois[t.Month()-1] + NBSP + strconv.Itoa(t.Year())
}

// Aujourdhui is today in France, as days are kept: midnight UTC.
func Aujourdhui() time.Time {
	now := time.Now().In(Paris)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

// DateJour writes a day with its name: "dimanche 22 novembre 2026".
func DateJour(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return jours[t.In(Paris).Weekday()] + NBSP + Date(t)
}

// DateCourte writes a day in figures: "22/11/2026".
func DateCourte(t time.Time) string { return layout(t, "02/01/2006") }

// DateISO writes a day for machines and <time datetime>: "2026-11-22".
func DateISO(t time.Time) string { return layout(t, "2006-01-02") }

// HorodatageISO writes an instant for machines, with the offset of Paris: "2026-11-22T09:05:00+01:00".
func HorodatageISO(t time.Time) string { return layout(t, time.RFC3339) }

// DateHeure writes a day and an hour: "22 novembre 2026 à 9 h 05".
func DateHeure(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return Date(t) + " à" + NBSP + Heure(t)
}

// Heure writes an hour of the day: "9 h 05", "14 h".
func Heure(t time.Time) string {
	t = t.In(Paris)
	s := strconv.Itoa(t.Hour()) + NBSP + "h"
	if t.Minute() > 0 {
		s += NBSP + fmt.Sprintf("%02d", t.Minute())
	}
	return s
}

// Mois writes a month: "novembre 2026". The zero time is "".
func Mois(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(Paris)
	return mois[t.Month()-1] + NBSP + strconv.Itoa(t.Year())
}

// NomMois is the name of a month alone: "novembre".
func NomMois(m time.Month) string {
	if m < time.January || m > time.December {
		return ""
	}
	return mois[m-1]
}

func layout(t time.Time, l string) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Paris).Format(l)
}

package cis

import (
	"slices"
	"strconv"
	"time"

	"portail/web/typo"
)

// periode is a part of a year in which the committee should meet once.
type periode struct {
	Titre      string
	Debut, Fin time.Time // days; Fin is the last one
	Seances    []seanceAnnee
	Attendue   bool // the committee existed then and has a rhythm
}

// seanceAnnee is a meeting in the view of a year.
type seanceAnnee struct {
	ID       int64
	Intitule string
	Debut    *time.Time
	Lieu     string
	Etat     Etat
	Points   int
	Version  int
}

func (s seanceAnnee) titre() string { return Seance{Intitule: s.Intitule, Debut: s.Debut}.Titre() }

// detail is what is told of the meeting beside its title.
func (s seanceAnnee) detail() string {
	text := s.Etat.Libelle() + ", " + typo.NPluriel(int64(s.Points), "point", "points")
	if s.Lieu != "" {
		text += ", " + s.Lieu
	}
	return text
}

// compte says whether a meeting fills its period.
func (s seanceAnnee) compte() bool { return s.Debut != nil && (s.Etat.ATenir() || s.Etat.aEuLieu()) }

// Situations of a period.
const (
	tenueOK   = "tenue"     // at least one meeting was held
	prevueOK  = "prevue"    // one has a date
	vide      = "vide"      // none, and the period is to come or not watched
	manquante = "manquante" // none, in a period under way, or about to end: staff are alerted
	sautee    = "sautee"    // none, and the period is over
)

// situation says how a period stands on a day.
func (p periode) situation(jour time.Time) string {
	for _, want := range []struct {
		state string
		holds func(seanceAnnee) bool
	}{{tenueOK, func(s seanceAnnee) bool { return s.Etat.aEuLieu() }}, {prevueOK, seanceAnnee.compte}} {
		if slices.ContainsFunc(p.Seances, want.holds) {
			return want.state
		}
	}
	switch {
	case !p.Attendue || p.Debut.After(jour):
		return vide
	case p.Fin.Before(jour):
		return sautee
	}
	return manquante
}

// moisParPeriode is how many months a period of each rhythm lasts; of no rhythm, quarters only sort the meetings.
var moisParPeriode = map[string]int{"mensuelle": 1, "trimestrielle": 3, "semestrielle": 6, "annuelle": 12, "libre": 3}

// periodes cuts a year of a committee; meetings without a date come apart. depuis is the day of its first meeting: nothing was expected before.
func (c Comite) periodes(annee int, seances []seanceAnnee, depuis time.Time) (all []periode, sansDate []seanceAnnee) {
	months, known := moisParPeriode[c.Periodicite]
	if !known {
		months = moisParPeriode["libre"]
	}
	for m := 1; m <= 12; m += months {
		debut := time.Date(annee, time.Month(m), 1, 0, 0, 0, 0, time.UTC)
		p := periode{Titre: titrePeriode(annee, m, months), Debut: debut, Fin: debut.AddDate(0, months, -1)}
		p.Attendue = c.Periodicite != "libre" && !c.Ferme() && !p.Fin.Before(depuis)
		all = append(all, p)
	}
	for _, s := range seances {
		if s.Debut == nil {
			sansDate = append(sansDate, s)
			continue
		}
		if day := s.Debut.In(typo.Paris); day.Year() == annee {
			i := (int(day.Month()) - 1) / months
			all[i].Seances = append(all[i].Seances, s)
		}
	}
	return all, sansDate
}

func titrePeriode(annee, mois, months int) string {
	year := typo.NBSP + strconv.Itoa(annee)
	switch months {
	case 1:
		return typo.Mois(time.Date(annee, time.Month(mois), 15, 0, 0, 0, 0, time.UTC))
	case 6:
		return typo.Rang(mois/6+1, typo.Masculin) + typo.NBSP + "semestre" + year
	case 12:
		return "Année" + year
	}
	return typo.Rang(mois/3+1, typo.Masculin) + typo.NBSP + "trimestre" + year
}

// Hours of a meeting when the committee has none behind it to go by.
const (
	heureDefaut = 14
	dureeDefaut = 2 * time.Hour
)

// maxDates is how many dates are proposed for a period.
const maxDates = 3

// proposerDates finds days for a meeting within a period: working days, not the ends of weeks, far enough for the notice and after today; on
// the day of the week and at the hour of the last meeting when there is one.
func proposerDates(p periode, derniere *seanceAnnee, preavis int, jour time.Time) []time.Time {
	weekday, hour, minute := time.Thursday, heureDefaut, 0
	if derniere != nil && derniere.Debut != nil {
		last := derniere.Debut.In(typo.Paris)
		hour, minute = last.Hour(), last.Minute()
		if ouvre(jourParis(last)) {
			weekday = last.Weekday()
		}
	}
	first := jour.AddDate(0, 0, preavis+1)
	if p.Debut.After(first) {
		first = p.Debut
	}
	var all []time.Time
	for _, strict := range []bool{true, false} { // any working day rather than none
		for day := first; !day.After(p.Fin) && len(all) < maxDates; day = day.AddDate(0, 0, 1) {
			at := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, typo.Paris)
			if ouvre(day) && (!strict || day.Weekday() == weekday) && !slices.ContainsFunc(all, at.Equal) {
				all = append(all, at)
			}
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// ouvre says whether people work on a day: not on Saturdays and Sundays, nor on a public holiday (code du travail, L3133-1).
func ouvre(day time.Time) bool {
	if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
		return false
	}
	easter := paques(day.Year())
	for _, after := range []int{1, 39, 50} { // lundi de Pâques, Ascension, lundi de Pentecôte
		if day.Equal(easter.AddDate(0, 0, after)) {
			return false
		}
	}
	return !slices.Contains([]string{"01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25"}, day.Format("01-02"))
}

// paques is Easter Sunday of a year of the Gregorian calendar (Meeus).
func paques(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	return time.Date(year, time.Month(month), (h+l-7*m+33*month+19)%32, 0, 0, 0, 0, time.UTC)
}

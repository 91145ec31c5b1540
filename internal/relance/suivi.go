package relance

import (
	"time"

	"portail/web/typo"
)

// Envoi is a reminder that was written, to so many people.
type Envoi struct {
	Regle         string
	Echeance      time.Time // the due date recalled
	Le            time.Time
	Destinataires int
}

// Dernier is the last reminder in words.
func Dernier(envois []Envoi) string {
	if len(envois) == 0 {
		return "aucun"
	}
	e := envois[0]
	words := "le " + typo.DateHeure(e.Le) + ", à " + typo.NPluriel(int64(e.Destinataires), "personne", "personnes")
	switch e.Regle {
	case regleApres:
		return words + ", l’échéance du " + typo.Date(e.Echeance) + " étant dépassée"
	case regleConfiee:
		return words + ", pour annoncer la décision"
	}
	return words + ", avant l’échéance du " + typo.Date(e.Echeance)
}

// Prochain is the next reminder of an open object in words, as seen from a day: people get it with the mail of their own frequency.
func Prochain(envois []Envoi, echeance *time.Time, day time.Time) string {
	if echeance == nil {
		return "aucun, faute d’échéance"
	}
	told := map[string]bool{}
	for _, e := range envois {
		if e.Echeance.Equal(*echeance) {
			told[e.Regle] = true
		}
	}
	before, after := echeance.AddDate(0, 0, -avantJours), echeance.AddDate(0, 0, 1)
	switch {
	case !told[regleAvant] && day.Before(before):
		return "à partir du " + typo.Date(before) + ", " + typo.NPluriel(avantJours, "jour", "jours") + " avant l’échéance"
	case !told[regleAvant] && !day.After(*echeance):
		return "avec le prochain courriel de chaque destinataire"
	case !told[regleApres] && day.Before(after):
		return "à partir du " + typo.Date(after) + ", si l’échéance est dépassée"
	case !told[regleApres]:
		return "avec le prochain courriel de chaque destinataire"
	}
	return "aucun pour cette échéance"
}

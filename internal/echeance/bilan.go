package echeance

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/web/typo"
)

// trimestre is a quarter of the year.
type trimestre struct{ Annee, Numero int }

var formeTrimestre = regexp.MustCompile(`^(20[0-9]{2})-T([1-4])$`)

// premierBilan is the first year of which there is a page: that of the law on the contrats de ville.
const premierBilan = 2014

// parseTrimestre reads the quarter of an address, as 2026-T3; one that is to come, or before there was anything to tell, is fault.NotFound.
func parseTrimestre(text string, today time.Time) (trimestre, error) {
	m := formeTrimestre.FindStringSubmatch(text)
	if m == nil {
		return trimestre{}, fmt.Errorf("quarter %.20q: %w", text, fault.NotFound)
	}
	year, _ := strconv.Atoi(m[1])
	number, _ := strconv.Atoi(m[2])
	t := trimestre{year, number}
	if year < premierBilan || t.debut().After(today) {
		return t, fmt.Errorf("quarter %.20q: %w", text, fault.NotFound)
	}
	return t, nil
}

// trimestreDu is the quarter that a day falls in.
func trimestreDu(day time.Time) trimestre { return trimestre{day.Year(), (int(day.Month()) + 2) / 3} }

// code is the quarter as addresses write it.
func (t trimestre) code() string { return strconv.Itoa(t.Annee) + "-T" + strconv.Itoa(t.Numero) }

// nom is the quarter in words.
func (t trimestre) nom() string {
	return typo.Rang(t.Numero, typo.Masculin) + typo.NBSP + "trimestre" + typo.NBSP + strconv.Itoa(t.Annee)
}

// debut is its first day, fin the day after its last.
func (t trimestre) debut() time.Time {
	return time.Date(t.Annee, time.Month(3*t.Numero-2), 1, 0, 0, 0, 0, time.UTC)
}

func (t trimestre) fin() time.Time { return t.debut().AddDate(0, 3, 0) }

// avant is the quarter n quarters earlier.
func (t trimestre) avant(n int) trimestre { return trimestreDu(t.debut().AddDate(0, -3*n, 0)) }

// au is the day that the states are told on: the last of the quarter, or today while it runs.
func (t trimestre) au(today time.Time) time.Time {
	if last := t.fin().AddDate(0, 0, -1); last.Before(today) {
		return last
	}
	return today
}

// bilan is what was done in a quarter of the year: what the direction reads and prints.
type bilan struct {
	trimestre
	Par         droits.Compte
	Aujourdhui  time.Time
	Decisions   []decisionBilan
	Seances     []seanceBilan
	Chiffres    []chiffreBilan
	Montants    []montantBilan
	Dispositifs []dispositifBilan
	Contrats    []contratBilan
	Action      actionBilan
}

// decisionBilan is a decision that was taken, closed or late in the quarter. The counts are those of all of them.
type decisionBilan struct {
	ID            int64
	Numero        int
	Texte         string
	Comite        string
	Organisme     string
	Echeance      *time.Time
	Etat          string
	Prise         bool // in the quarter
	Faite         bool // in the quarter
	Abandonnee    bool // in the quarter
	Retard        bool // on the day of the states
	NbPrises      int
	NbFaites      int
	NbAbandons    int
	NbRetards     int
	Demonstration bool
}

// seanceBilan is a meeting of the quarter; without a day it is a committee that had to meet and did not.
type seanceBilan struct {
	ID        *int64
	ComiteID  int64
	Comite    string
	Debut     *time.Time
	Etat      string
	Decisions int
}

// chiffreBilan is a return published in the quarter, or what an import of figures brought.
type chiffreBilan struct {
	ID        *int64 // of the return; nil for an import
	Organisme string
	Periode   string
	Le        time.Time
	Correctif bool
	Lignes    int // figures added or changed
}

// montantBilan is money engaged in the quarter, of one kind.
type montantBilan struct {
	Sorte       string // adulte_relais, contrat_droit_commun, contrat_specifiques, realisation
	Nombre      int
	Euros       *float64 // nil: none is told
	NonChiffres int
}

// dispositifBilan is the state of a dispositif on the day of the states.
type dispositifBilan struct {
	Sorte     string // adulte_relais, pre, realisation
	Nombre    int
	Pourvus   int // of posts
	Commences int // in the quarter
	Finis     int // in the quarter
}

// contratBilan is the state of a contract on the day of the states.
type contratBilan struct {
	ID            int64
	Titre         string
	Etat          string // code of lexique.EtatsContrat
	Fin           time.Time
	SigneLe       *time.Time // of a text signed in the quarter
	Signatures    int        // given in the quarter
	Engagements   int
	Atteints      int
	Demonstration bool
}

// actionBilan is what services declared for the year.
type actionBilan struct {
	Actions  int
	Services int
	Montant  *float64
}

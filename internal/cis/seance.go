package cis

import (
	"strings"
	"time"

	"portail/web/typo"
)

// Seance is a meeting of a committee.
type Seance struct {
	ID             int64
	ComiteID       int64
	ComiteNom      string
	ComiteSigle    string
	Intitule       string // empty: named by its date
	Debut          *time.Time
	Fin            *time.Time
	Lieu           string
	Visio          string // https://…
	President      string // fonctions, never persons
	Secretaire     string
	Objet          string     // Markdown-lite
	PropositionsLe *time.Time // last day on which members may propose points
	Etat           Etat
	Motif          string // of being put off or cancelled
	PreavisMotif   string // why it was called late
	UID            string // its identity in calendars
	Sequence       int    // raised each time that members are told of a change
	Annonce        string // what the members were last told, see annonce; empty: nothing yet
	EnvoiCle       string // of the form that last wrote to the members
	ConvoqueeLe    *time.Time
	TenueLe        *time.Time
	PreavisJours   int // of the committee: days between the convocation and the meeting
	RelectureJours int // of the committee: days for comments on the minutes
	Demonstration  bool
	Version        int
}

// Comite is the committee in few words: its acronym if it has one.
func (s Seance) Comite() string {
	if s.ComiteSigle != "" {
		return s.ComiteSigle
	}
	return s.ComiteNom
}

// Titre names the meeting: its own title, or its date.
func (s Seance) Titre() string {
	switch {
	case s.Intitule != "":
		return s.Intitule
	case s.Debut != nil:
		return "Séance du " + strings.ReplaceAll(typo.Date(*s.Debut), typo.NBSP, " ") // a heading: it must break on a phone
	}
	return "Séance sans date"
}

// Jour is the day of the meeting in Paris, as dates are kept: midnight UTC. The zero time when it has none.
func (s Seance) Jour() time.Time {
	if s.Debut == nil {
		return time.Time{}
	}
	return jourParis(*s.Debut)
}

// jourParis is the day of an instant in Paris, as dates are kept: midnight UTC.
func jourParis(t time.Time) time.Time {
	t = t.In(typo.Paris)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

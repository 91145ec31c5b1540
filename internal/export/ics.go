package export

import (
	"fmt"
	"io"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"portail/web/typo"
)

// TypeICS is the MIME type of a calendar.
const TypeICS = "text/calendar; charset=utf-8"

// Methods of a calendar (RFC 5546).
const (
	MethodePublier  = "PUBLISH" // a feed or a file that nobody answers
	MethodeInviter  = "REQUEST" // an invitation, or a change to one
	MethodeDecliner = "CANCEL"  // the invitation is taken back
)

// Agenda is a calendar: one event for an invitation, many for a feed.
type Agenda struct {
	Nom        string // of a feed; empty for an invitation
	Methode    string // MethodePublier when empty
	Evenements []Evenement
}

// Evenement is an event. Times are shown in the legal time of mainland France.
type Evenement struct {
	UID          string // the same for good, whatever changes; unique in the world
	Sequence     int    // raised each time that those invited are told of a change
	Titre        string
	Debut        time.Time
	Fin          time.Time // zero: an event without a length
	Jour         bool      // all day: of Debut, a day as dates are kept (midnight UTC)
	Lieu         string
	Description  string // plain text
	URL          string // absolute; empty for none
	Annule       bool
	ModifieLe    time.Time // last change
	Organisateur Personne  // of an invitation
	Invite       *Personne // who is asked to answer
}

// Personne is somebody who calls or is called. Their address is personal data: an invitation holds that of its addressee only.
type Personne struct{ Nom, Courriel string }

// ICS writes a calendar as RFC 5545 has it: CRLF, lines of 75 bytes, VTIMEZONE of Europe/Paris.
func ICS(w io.Writer, a Agenda) error {
	method := a.Methode
	if method == "" {
		method = MethodePublier
	}
	cal := ics.NewCalendarFor("Portail de la politique de la ville")
	cal.SetMethod(ics.Method(method))
	cal.SetCalscale("GREGORIAN")
	if a.Nom != "" {
		cal.SetXWRCalName(plain(a.Nom))
		cal.SetXWRTimezone(fuseau)
	}
	addFuseau(cal)
	for _, e := range a.Evenements {
		addEvenement(cal, e, method)
	}
	if err := cal.SerializeTo(w, ics.WithNewLine("\r\n")); err != nil {
		return fmt.Errorf("write calendar: %w", err)
	}
	return nil
}

// fuseau is the name of the time zone of events.
const fuseau = "Europe/Paris"

// addFuseau describes the legal time of mainland France since the end of October 1996, when the rule of today began.
func addFuseau(cal *ics.Calendar) {
	zone := cal.AddTimezone(fuseau)
	summer := &ics.Daylight{}
	for _, p := range [][2]string{{"DTSTART", "19970330T020000"}, {"RRULE", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"}, {"TZNAME", "CEST"}, {"TZOFFSETFROM", "+0100"}, {"TZOFFSETTO", "+0200"}} {
		summer.SetProperty(ics.ComponentProperty(p[0]), p[1])
	}
	winter := zone.AddStandard()
	for _, p := range [][2]string{{"DTSTART", "19961027T030000"}, {"RRULE", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"}, {"TZNAME", "CET"}, {"TZOFFSETFROM", "+0200"}, {"TZOFFSETTO", "+0100"}} {
		winter.SetProperty(ics.ComponentProperty(p[0]), p[1])
	}
	zone.Components = append(zone.Components, summer)
}

func addEvenement(cal *ics.Calendar, e Evenement, method string) {
	event := cal.AddEvent(plain(e.UID))
	event.SetDtStampTime(e.ModifieLe)
	event.SetLastModifiedAt(e.ModifieLe)
	event.SetSequence(e.Sequence)
	event.SetSummary(plain(e.Titre))
	if e.Jour {
		event.SetProperty(ics.ComponentPropertyDtStart, e.Debut.Format("20060102"), ics.WithValue(string(ics.ValueDataTypeDate)))
		event.SetTimeTransparency(ics.TransparencyTransparent) // a term does not make anybody busy
	} else {
		event.SetProperty(ics.ComponentPropertyDtStart, local(e.Debut), ics.WithTZID(fuseau))
		if !e.Fin.IsZero() {
			event.SetProperty(ics.ComponentPropertyDtEnd, local(e.Fin), ics.WithTZID(fuseau))
		}
	}
	if e.Lieu != "" {
		event.SetLocation(plain(e.Lieu))
	}
	if e.Description != "" {
		event.SetDescription(strings.ReplaceAll(e.Description, "\r", ""))
	}
	if e.URL != "" {
		event.SetURL(uri(e.URL))
	}
	status := ics.ObjectStatusConfirmed
	if e.Annule || method == MethodeDecliner {
		status = ics.ObjectStatusCancelled
	}
	event.SetStatus(status)
	if e.Organisateur.Courriel != "" {
		event.SetOrganizer("mailto:"+uri(e.Organisateur.Courriel), ics.WithCN(parametre(e.Organisateur.Nom)))
	}
	if e.Invite != nil {
		event.AddAttendee("mailto:"+uri(e.Invite.Courriel), ics.WithCN(parametre(e.Invite.Nom)), ics.CalendarUserTypeIndividual,
			ics.ParticipationRoleReqParticipant, ics.ParticipationStatusNeedsAction, ics.WithRSVP(method == MethodeInviter))
	}
}

func local(t time.Time) string { return t.In(typo.Paris).Format("20060102T150405") }

// plain folds a text that must hold on one line; the library escapes the rest.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// uri keeps out of an address what would end its line.
func uri(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// parametre keeps out of a parameter what RFC 5545 does not let it hold: it has no escapes for them, although the library writes some.
func parametre(s string) string {
	return plain(strings.NewReplacer(`"`, "", ",", " ", ";", " ", ":", " ", `\`, " ", "'", "’").Replace(s))
}

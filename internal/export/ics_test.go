package export

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// lu is a calendar as ical.js understood it.
type lu struct {
	Methode, Nom string
	Events       []struct {
		UID, Titre, Lieu, Description, Debut, Fin, Zone, Statut, Organisateur, Invite, Nom, RSVP string
		Sequence                                                                                 int
	}
}

func readICS(t *testing.T, a Agenda) (raw string, read lu) {
	t.Helper()
	var out bytes.Buffer
	if err := ICS(&out, a); err != nil {
		t.Fatal(err)
	}
	modules, err := filepath.Abs("../../web/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	node := exec.CommandContext(t.Context(), "node", "testdata/ics.mjs", modules)
	node.Stdin = strings.NewReader(out.String())
	var stdout, stderr bytes.Buffer
	node.Stdout, node.Stderr = &stdout, &stderr
	if err := node.Run(); err != nil {
		t.Fatalf("ical.js refuses the calendar: %v\n%s\n%s", err, stderr.String(), out.String())
	}
	if err := json.Unmarshal(stdout.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	return out.String(), read
}

// reunion is an event with all that could go wrong in it.
func reunion() Evenement {
	return Evenement{
		UID: "0b6c@portail.example", Sequence: 3, Titre: "CIS ; séance, \\ du 2e trimestre\r\nATTENDEE:mailto:autre@example.fr",
		Debut: time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC), Fin: time.Date(2026, 3, 31, 14, 30, 0, 0, time.UTC), Lieu: "Salle Érignac, préfecture ; Épinal",
		Description: "Ordre du jour :\n1. Éducation\n2. " + strings.Repeat("été ", 60), URL: "https://portail.example/comites/1\r\nX-MAL:1",
		ModifieLe:    time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC),
		Organisateur: Personne{"Préfecture : \"Vosges\"; l'État", "portail@example.fr"}, Invite: &Personne{"Référente, CAF", "caf@example.fr"},
	}
}

func TestInvitationIsReadByAnotherParser(t *testing.T) {
	raw, read := readICS(t, Agenda{Methode: MethodeInviter, Evenements: []Evenement{reunion()}})
	for n, line := range strings.SplitAfter(raw, "\r\n") {
		if len(line) > 77 || line != "" && !strings.HasSuffix(line, "\r\n") || strings.Contains(strings.TrimSuffix(line, "\r\n"), "\n") {
			t.Errorf("line %d is not one of RFC 5545: %q", n, line)
		}
	}
	if strings.Contains(raw, "\r\nX-MAL") || strings.Count(raw, "\r\nATTENDEE") != 1 {
		t.Errorf("a text added lines of its own:\n%s", raw)
	}
	if read.Methode != "REQUEST" || len(read.Events) != 1 {
		t.Fatalf("%+v", read)
	}
	e := read.Events[0]
	for what, pair := range map[string][2]string{
		"uid": {e.UID, "0b6c@portail.example"}, "title": {e.Titre, `CIS ; séance, \ du 2e trimestre ATTENDEE:mailto:autre@example.fr`},
		"start": {e.Debut, "2026-03-31T12:00:00.000Z"}, "end": {e.Fin, "2026-03-31T14:30:00.000Z"}, "zone": {e.Zone, "Europe/Paris"},
		"place": {e.Lieu, "Salle Érignac, préfecture ; Épinal"}, "status": {e.Statut, "CONFIRMED"}, "organizer": {e.Organisateur, "mailto:portail@example.fr"},
		"attendee": {e.Invite, "mailto:caf@example.fr"}, "name": {e.Nom, "Référente CAF"}, "rsvp": {strings.ToUpper(e.RSVP), "TRUE"},
		"description": {e.Description, reunion().Description},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is read %q, want %q", what, pair[0], pair[1])
		}
	}
	if e.Sequence != 3 {
		t.Errorf("sequence %d", e.Sequence)
	}
}

func TestLegalTimeOfEachSeason(t *testing.T) {
	winter := reunion()
	winter.Debut, winter.Fin = time.Date(2026, 12, 1, 13, 0, 0, 0, time.UTC), time.Time{}
	raw, read := readICS(t, Agenda{Evenements: []Evenement{winter}})
	if !strings.Contains(raw, "DTSTART;TZID=Europe/Paris:20261201T140000") || read.Events[0].Debut != "2026-12-01T13:00:00.000Z" {
		t.Errorf("an hour of winter is read %s in\n%s", read.Events[0].Debut, raw)
	}
}

func TestCancellation(t *testing.T) {
	_, read := readICS(t, Agenda{Methode: MethodeDecliner, Evenements: []Evenement{reunion()}})
	if read.Methode != "CANCEL" || read.Events[0].Statut != "CANCELLED" || strings.EqualFold(read.Events[0].RSVP, "true") {
		t.Errorf("%+v", read)
	}
}

func TestFeed(t *testing.T) {
	term := Evenement{UID: "decision-1@portail.example", Titre: "Décision no 1", Jour: true, Debut: time.Date(2026, 4, 30, 0, 0, 0, 0, time.UTC), ModifieLe: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	cancelled := reunion()
	cancelled.Annule, cancelled.Invite = true, nil
	_, read := readICS(t, Agenda{Nom: "Échéances", Evenements: []Evenement{term, cancelled}})
	if read.Methode != "PUBLISH" || read.Nom != "Échéances" || len(read.Events) != 2 {
		t.Fatalf("%+v", read)
	}
	if read.Events[0].Debut != "2026-04-30" || read.Events[1].Statut != "CANCELLED" || read.Events[1].Invite != "" {
		t.Errorf("%+v", read.Events)
	}
	_, read = readICS(t, Agenda{Nom: "Vide"})
	if len(read.Events) != 0 {
		t.Errorf("%+v", read)
	}
}

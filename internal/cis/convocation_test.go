package cis_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"portail/internal/portailtest"
)

// aVenir is a meeting to come in so many days, planned, with the two points of the world and somebody to write to for each member.
func (m *monde) aVenir(days int) int64 {
	m.t.Helper()
	id := m.v.Number(`INSERT INTO seance (comite_id, debut, fin, lieu) VALUES ($1, date_trunc('day', now()) + ($2 * 24 + 14) * interval '1 hour',
		date_trunc('day', now()) + ($2 * 24 + 16) * interval '1 hour', 'Salle Érignac') RETURNING id`, m.comite, days)
	m.v.Exec(`INSERT INTO point (seance_id, rang, titre, restreint) VALUES ($1, 1, 'Accès aux droits', false), ($1, 2, 'Point réservé', true)`, id)
	m.v.Exec(`INSERT INTO comite_membre_contact (membre_id, courriel)
		SELECT m.id, lower(o.sigle) || '@exemple.test' FROM comite_membre m JOIN organisme o ON o.id = m.organisme_id WHERE m.comite_id = $1 ON CONFLICT DO NOTHING`, m.comite)
	return id
}

func seancePath(id int64, acte string) string {
	p := "/seances/" + strconv.FormatInt(id, 10)
	if acte != "" {
		p += "/" + acte
	}
	return p
}

// do sends the form of a page with some fields changed.
func (m *monde) do(by *portailtest.Visitor, address string, changed ...string) *portailtest.Page {
	m.t.Helper()
	return by.Post(address, by.Get(address).Want(200).Fields(address, changed...))
}

func TestAConvocationAsksForAllThatItNeeds(t *testing.T) {
	m := newMonde(t, 3)
	id := m.aVenir(30)
	address := seancePath(id, "convoquer")
	for name, c := range map[string]struct{ arrange, back, told string }{
		"no date":      {`UPDATE seance SET debut = NULL, fin = NULL WHERE id = $1`, `UPDATE seance SET debut = now() + interval '30 days', fin = NULL WHERE id = $1`, "n’a pas de date"},
		"a past one":   {`UPDATE seance SET debut = now() - interval '1 hour', fin = NULL WHERE id = $1`, `UPDATE seance SET debut = now() + interval '30 days', fin = NULL WHERE id = $1`, "est passée"},
		"no agenda":    {`UPDATE point SET etat = 'ecarte', rang = 0 WHERE seance_id = $1`, `UPDATE point SET etat = 'retenu', rang = id WHERE seance_id = $1`, "ordre du jour est vide"},
		"nobody":       {`DELETE FROM comite_membre_contact WHERE $1 > 0`, `INSERT INTO comite_membre_contact (membre_id, courriel) SELECT id, 'a' || id || '@exemple.test' FROM comite_membre WHERE $1 > 0`, "Personne à qui écrire"},
		"short notice": {`UPDATE seance SET debut = now() + interval '5 days', fin = NULL WHERE id = $1`, `UPDATE seance SET debut = now() + interval '30 days', fin = NULL WHERE id = $1`, "préavis est de 15 jours"},
	} {
		m.v.Exec(c.arrange, id)
		p := m.do(m.staff, address).Want(422)
		if got := p.Text("#erreurs"); !strings.Contains(got, c.told) {
			t.Errorf("%s: %q", name, got)
		}
		m.v.Exec(c.back, id)
	}
	if got := m.v.Value(`SELECT etat || (SELECT count(*) FROM courriel) FROM seance WHERE id = $1`, id); got != "planifiee0" {
		t.Errorf("refused convocations left %s", got)
	}
	m.v.Exec(`UPDATE seance SET debut = now() + interval '5 days', fin = NULL WHERE id = $1`, id)
	m.do(m.staff, address, "preavis_motif", "Arrêté préfectoral attendu").Want(303)
	if got := m.v.Value(`SELECT preavis_motif FROM seance WHERE id = $1`, id); got != "Arrêté préfectoral attendu" {
		t.Errorf("the reason of the notice: %q", got)
	}
	if got := m.v.Value(`SELECT count(*) FROM journal WHERE verbe = 'séance convoquée' AND detail ? 'preavis_motif'`); got != "1" {
		t.Errorf("%s journal lines tell the short notice", got)
	}
}

func TestMailsOfAMeetingFromItsConvocationToItsCancellation(t *testing.T) {
	p := &portailtest.Puits{}
	p.Listen(t, "127.0.0.1:0")
	m := newMonde(t, 3, "PORTAIL_SMTP="+p.Addr, "PORTAIL_COURRIEL_DE=Portail <portail@vosges.test>")
	id := m.aVenir(30)
	address := seancePath(id, "convoquer")
	first := m.staff.Get(address).Want(200).Fields(address)
	for range 2 { // a second click
		m.staff.Post(address, first).Want(303)
	}
	by := recus(t, p, 3)
	caf, dde := by["caf@exemple.test"][0], by["dde@exemple.test"][0]
	for what, got := range map[string]string{"text": caf.texte, "HTML": caf.html} {
		if !strings.Contains(got, "Accès aux droits") || strings.Contains(got, "Point réservé") || !strings.Contains(got, "/convocation/") || !strings.Contains(got, "Salle Érignac") {
			t.Errorf("the %s of a member:\n%s", what, got)
		}
	}
	if !strings.Contains(dde.texte, "Point réservé") || !strings.Contains(dde.agenda, "Point réservé") || strings.Contains(caf.agenda, "Point réservé") {
		t.Error("the point for the services of the State goes to the wrong people")
	}
	for _, want := range []string{"REQUEST\nBEGIN:VCALENDAR\r\n", "METHOD:REQUEST\r\n", "SEQUENCE:0\r\n", "mailto:caf@exemple.test", "RSVP=true", "DTSTART;TZID=Europe/Paris:", "LOCATION:Salle Érignac"} {
		if !strings.Contains(caf.agenda, want) {
			t.Errorf("no %q in\n%s", want, caf.agenda)
		}
	}
	if strings.Contains(caf.agenda, "ars@exemple.test") || !strings.HasSuffix(caf.agenda, caf.fichier) || caf.fichier == "" {
		t.Error("the invitation shows another's address, or its file is another one")
	}
	uid := line(caf.agenda, "UID:")

	m.expedies(3)
	page := m.staff.Get(seancePath(id, "")).Want(200)
	if got := page.Text("#convocations tbody"); strings.Count(got, "Expédié") != 3 || strings.Count(got, "Sans réponse") != 3 {
		t.Errorf("the lines of those called: %q", got)
	}

	// The date moves: nobody is told before staff say so, then everybody once, with a higher sequence.
	m.do(m.staff, seancePath(id, "modifier"), "de", "9h30", "a", "11:30").Want(303)
	if got := m.staff.Get(seancePath(id, "")).Text("main"); !strings.Contains(got, "Les membres ne connaissent pas ce changement") {
		t.Error("staff are not told that the members know nothing of it")
	}
	told := seancePath(id, "prevenir")
	again := m.staff.Get(told).Want(200).Fields(told)
	for range 2 {
		m.staff.Post(told, again).Want(303)
	}
	changed := recus(t, p, 6)["caf@exemple.test"][1]
	if line(changed.agenda, "UID:") != uid || !strings.Contains(changed.agenda, "SEQUENCE:1\r\n") || !strings.Contains(changed.agenda, "T093000") || !strings.Contains(changed.subject, "changement") {
		t.Errorf("the change told:\n%s", changed.agenda)
	}

	m.do(m.staff, seancePath(id, "annuler")).Want(422)
	m.do(m.staff, seancePath(id, "annuler"), "motif", "Élections").Want(303)
	gone := recus(t, p, 9)["caf@exemple.test"][2]
	if line(gone.agenda, "UID:") != uid || !strings.Contains(gone.agenda, "METHOD:CANCEL\r\n") || !strings.Contains(gone.agenda, "SEQUENCE:2\r\n") ||
		!strings.Contains(gone.agenda, "STATUS:CANCELLED") || !strings.Contains(gone.texte, "Élections") || strings.Contains(gone.texte, "/convocation/") {
		t.Errorf("the cancellation:\n%s\n%s", gone.agenda, gone.texte)
	}
	m.expedies(9)
	if got := m.v.Value(`SELECT count(*) FROM courriel WHERE texte <> '' OR html <> '' OR agenda <> ''`); got != "0" {
		t.Errorf("%s mails with personal links are still readable", got)
	}
}

func line(text, prefix string) string {
	_, after, _ := strings.Cut(text, prefix)
	got, _, _ := strings.Cut(after, "\r\n")
	return got
}

// TestNothingIsLostWhenThePortalStopsBeforeItSends commits a convocation while no job runs, as a portal killed at that moment leaves it.
func TestNothingIsLostWhenThePortalStopsBeforeItSends(t *testing.T) {
	m := newMonde(t, 3, "PORTAIL_SMTP=127.0.0.1:1") // nobody listens: as good as stopped
	id := m.aVenir(30)
	m.do(m.staff, seancePath(id, "convoquer")).Want(303)
	p := &portailtest.Puits{}
	p.Listen(t, "127.0.0.1:0")
	for range 2 { // two portals start at once
		portailtest.SiteOn(t, m.v.DB, "PORTAIL_SMTP="+p.Addr)
	}
	m.v.Exec(`UPDATE river_job SET state = 'available', scheduled_at = now() WHERE state = 'retryable'`)
	for end := time.Now().Add(30 * time.Second); m.v.Value(`SELECT count(*) FROM convocation_envoi WHERE etat <> 'expedie'`) != "0" && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		m.v.Exec(`UPDATE river_job SET state = 'available', scheduled_at = now() WHERE state = 'retryable'`)
	}
	for address, all := range recus(t, p, 3) {
		if len(all) != 1 {
			t.Errorf("%s receives %d mails", address, len(all))
		}
	}
}

func TestWithoutMailServerTheLineSaysWhy(t *testing.T) {
	m := newMonde(t, 3)
	id := m.aVenir(30)
	m.do(m.staff, seancePath(id, "convoquer")).Want(303)
	for end := time.Now().Add(15 * time.Second); m.v.Value(`SELECT count(*) FROM convocation_envoi WHERE motif <> ''`) != "3" && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
	}
	page := m.staff.Get(seancePath(id, "")).Want(200)
	if got := page.Text("#convocations tbody"); strings.Count(got, "En attente") != 3 || strings.Contains(got, "Aucun serveur") {
		t.Errorf("%q", got)
	}
	if got := page.Text("#convocations-attente"); strings.Count(got, "Aucun serveur de courriel n’est réglé") != 1 {
		t.Errorf("why they all wait: %q", got)
	}
	m.v.Exec(`UPDATE courriel SET motif = 'Boîte pleine' WHERE destinataire = 'caf@exemple.test'`) // not the same for all: each line tells
	page = m.staff.Get(seancePath(id, "")).Want(200)
	if got := page.Text("#convocations tbody"); strings.Count(got, "Aucun serveur de courriel n’est réglé") != 2 || strings.Count(got, "Boîte pleine") != 1 || page.Find("#convocations-attente").Length() != 0 {
		t.Errorf("%q", got)
	}
	convocation := m.v.Value(`SELECT min(id) FROM convocation WHERE seance_id = $1`, id)
	again := seancePath(id, "convocations/"+convocation+"/renvoyer")
	m.staff.Post(again, page.Fields(again)).Want(303) // still waiting: no second mail
	if got := m.v.Value(`SELECT count(*) FROM courriel`); got != "3" {
		t.Errorf("%s mails", got)
	}
	m.v.Exec(`UPDATE courriel SET etat = 'echec', motif = 'Boîte pleine'`)
	for range 2 {
		m.staff.Post(again, page.Fields(again)).Want(303)
	}
	if got := m.v.Value(`SELECT count(*) || ' ' || max(essai) FROM convocation_envoi WHERE convocation_id = $1::bigint`, convocation); got != "2 2" {
		t.Errorf("sent again: %s", got)
	}
	m.v.Exec(`UPDATE courriel SET etat = 'echec', motif = 'Boîte pleine'`)
	m.v.Exec(`UPDATE convocation SET reponse = 'present', repondu_le = now() WHERE id = $1::bigint`, convocation)
	rest := seancePath(id, "sans-reponse")
	m.staff.Post(rest, m.staff.Get(seancePath(id, "")).Fields(rest)).Want(303)
	if got := m.v.Value(`SELECT count(*) FROM courriel`); got != "6" {
		t.Errorf("%s mails after those without answer were written again", got)
	}
}

package cis_test

import (
	"net/url"
	"strings"
	"testing"

	"portail/internal/portailtest"
)

const pdf = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"

// joindre attaches a paper to the meeting, and gives its address.
func (m *monde) joindre(name string, form url.Values) string {
	m.t.Helper()
	m.staff.PostFile(at("/seances/%d/documents/nouveau", m.seance), "fichier", name, []byte(pdf), form).Want(303)
	return at("/seances/%d/documents/%d", m.seance, m.v.Number(`SELECT id FROM document WHERE nom = $1`, name))
}

func TestWhoReadsThePapersOfAMeeting(t *testing.T) {
	m := newMonde(t, 1)
	open := m.joindre("Ordre du jour.pdf", nil)
	ofPoint := m.joindre("Bilan.pdf", url.Values{"point": {at("%d", m.point)}})
	reserved := m.joindre("Note interne.pdf", url.Values{"point": {at("%d", m.reserve)}})
	dde := m.v.SignIn("referent", "DDE")
	for name, c := range map[string]struct {
		by     *portailtest.Visitor
		papers map[string]int
	}{
		"préfecture":  {m.staff, map[string]int{open: 200, ofPoint: 200, reserved: 200}},
		"direction":   {m.direction, map[string]int{open: 200, ofPoint: 200, reserved: 200}},
		"State":       {dde, map[string]int{open: 200, ofPoint: 200, reserved: 200}},
		"an operator": {m.caf, map[string]int{open: 200, ofPoint: 200, reserved: 404}},
		"a reader":    {m.lecteur, map[string]int{open: 200, ofPoint: 200, reserved: 404}},
		"elsewhere":   {m.epinal, map[string]int{open: 404, ofPoint: 404, reserved: 404}},
		"nobody":      {m.v.Fresh(), map[string]int{open: 303, ofPoint: 303, reserved: 303}}, // to sign in
	} {
		page := c.by.Get(at("/seances/%d", m.seance))
		for paper, want := range c.papers {
			p := c.by.Get(paper)
			if p.Status != want {
				t.Errorf("%s, %s: status %d, want %d", name, paper, p.Status, want)
			}
			if p.Status == 200 && (string(p.Body) != pdf || !strings.HasPrefix(p.Header.Get("Content-Disposition"), "attachment") || p.Header.Get("X-Content-Type-Options") != "nosniff") {
				t.Errorf("%s, %s: %q, headers %v", name, paper, p.Body, p.Header)
			}
			if listed := page.Find(`a[href="`+paper+`"]`).Length() == 1; listed != (want == 200) {
				t.Errorf("%s, %s is listed: %v", name, paper, listed)
			}
		}
	}
	// By the address of another meeting a paper is none of it, whoever asks.
	other := m.v.Number(`INSERT INTO seance (comite_id) VALUES ($1) RETURNING id`, m.comite)
	m.staff.Get(strings.Replace(open, at("/seances/%d/", m.seance), at("/seances/%d/", other), 1)).Want(404)
	m.staff.Get(at("/seances/%d/documents/999999", m.seance)).Want(404)
	if got := m.lines("seance", m.seance); strings.Count(got, "document joint") != 3 || !strings.Contains(got, "SHA-256") {
		t.Errorf("journal: %s", got)
	}
}

func TestRefusedPapers(t *testing.T) {
	m := newMonde(t, 1)
	page := at("/seances/%d/documents/nouveau", m.seance)
	other := m.v.Number(`WITH s AS (INSERT INTO seance (comite_id) VALUES ($1) RETURNING id)
		INSERT INTO point (seance_id, rang, titre) SELECT id, 1, 'Ailleurs' FROM s RETURNING id`, m.comite)
	for name, c := range map[string]struct {
		file, content string
		point         string
		field, told   string
	}{
		"a program":                  {"a.exe", "MZ", "", "fichier", "n’est pas accepté"},
		"a page named otherwise":     {"a.pdf", "<script>alert(1)</script>", "", "fichier", "pas ce que son nom"},
		"nothing in it":              {"a.pdf", "", "", "fichier", "vide"},
		"a point of another meeting": {"a.pdf", pdf, at("%d", other), "point", "Choisissez un point"},
		"no point":                   {"a.pdf", pdf, "x", "point", "Choisissez un point"},
		"a hostile point":            {"a.pdf", pdf, "1; DROP TABLE point", "point", "Choisissez un point"},
	} {
		p := m.staff.PostFile(page, "fichier", c.file, []byte(c.content), url.Values{"point": {c.point}}).Want(422)
		if got := p.Text("#" + c.field + "-messages"); !strings.Contains(got, c.told) {
			t.Errorf("%s: beside the field %q", name, got)
		}
	}
	if got := m.staff.Post(page, url.Values{"point": {""}}).Want(422).Text("#fichier-messages"); !strings.Contains(got, "Choisissez un fichier") {
		t.Errorf("no file: %q", got)
	}
	for _, by := range []*portailtest.Visitor{m.caf, m.lecteur, m.direction} {
		by.PostFile(page, "fichier", "a.pdf", []byte(pdf), nil).Want(403)
	}
	m.v.Exec(`UPDATE seance SET etat = 'cr_valide' WHERE id = $1`, m.seance)
	if got := m.staff.PostFile(page, "fichier", "a.pdf", []byte(pdf), nil).Want(422).Text("#fichier-messages"); !strings.Contains(got, "close") {
		t.Errorf("once the minutes are validated: %q", got)
	}
	if got := m.v.Value(`SELECT count(*) FROM document`); got != "0" {
		t.Errorf("%s papers are kept", got)
	}
}

func TestAPaperIsTakenAway(t *testing.T) {
	m := newMonde(t, 1)
	paper := m.joindre("Bilan.pdf", nil)
	for _, by := range []*portailtest.Visitor{m.caf, m.direction} {
		by.Post(paper+"/retirer", nil).Want(403)
	}
	m.v.Exec(`UPDATE seance SET etat = 'cr_valide' WHERE id = $1`, m.seance)
	m.staff.Post(paper+"/retirer", nil).Want(303) // back to the meeting, which says why
	m.staff.Get(paper).Want(200)
	m.v.Exec(`UPDATE seance SET etat = 'tenue' WHERE id = $1`, m.seance)
	for range 2 { // a second click
		m.staff.Post(paper+"/retirer", nil).Want(303)
	}
	m.staff.Get(paper).Want(404)
	if got := m.v.Value(`SELECT (SELECT count(*) FROM document) + (SELECT count(*) FROM seance_document)`); got != "0" {
		t.Errorf("%s rows are left", got)
	}
	if got := m.lines("seance", m.seance); strings.Count(got, "document retiré") != 1 {
		t.Errorf("journal: %s", got)
	}
}

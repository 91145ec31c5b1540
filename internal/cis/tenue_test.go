package cis_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"portail/internal/portailtest"
)

// tenir opens the page of the meeting and sends the form of one of its parts.
func (m *monde) tenir(by *portailtest.Visitor, part string, changed ...string) *portailtest.Page {
	m.t.Helper()
	page := at("/seances/%d/en-seance", m.seance)
	return send(m.t, by, page, page+"/"+part, changed...)
}

func TestAttendanceNotesAndDecisionsAreWrittenDown(t *testing.T) {
	m := newMonde(t, 1)
	point := at("points/%d", m.point)
	membre := m.v.Value(`SELECT id FROM comite_membre WHERE organisme_id = $1`, m.orgCAF)
	m.tenir(m.staff, "presences", "etat_m"+membre, "represente", "precision_m"+membre, "la directrice adjointe").Want(303)
	m.tenir(m.staff, "invites", "organisme", m.v.Value(`SELECT id FROM organisme WHERE sigle = 'Épinal'`), "precision", "le maire").Want(303)
	p := m.tenir(m.staff, point, "note", "La CAF ouvre un lieu.", "texte", "Ouvrir une permanence", "organisme", at("%d", m.orgCAF), "responsable", "Direction",
		"echeance", "2099-01-31").Want(303)
	if got := p.Header.Get("Location"); got != at("/seances/%d/en-seance#point-%d", m.seance, m.point) {
		t.Errorf("goes on to %q", got)
	}
	m.tenir(m.staff, "points/0", "note", "Prochaine séance en juin.").Want(303)
	if got := m.v.Value(`SELECT string_agg(o.sigle || ' ' || p.etat || ' ' || p.precision, '|' ORDER BY p.id) FROM presence p JOIN organisme o ON o.id = p.organisme_id`); got != "CAF represente la directrice adjointe|Épinal present le maire" {
		t.Errorf("attendance %q", got)
	}
	if got := m.v.Value(`SELECT string_agg(coalesce(point_id::text, 'général') || ' ' || texte, '|' ORDER BY id) FROM note`); got != at("%d La CAF ouvre un lieu.|général Prochaine séance en juin.", m.point) {
		t.Errorf("notes %q", got)
	}
	if got := m.v.Value(`SELECT numero || ' ' || texte || ' ' || responsable || ' ' || echeance FROM decision`); got != "1 Ouvrir une permanence Direction 2099-01-31" {
		t.Errorf("decision %q", got)
	}
	page := m.staff.Get(at("/seances/%d/en-seance", m.seance)).Want(200)
	for _, want := range []string{"1 représenté", "La CAF ouvre un lieu.", "Décision n° 1", "Ouvrir une permanence (CAF, Direction, avant le 31 janvier 2099)"} {
		if !strings.Contains(strings.ReplaceAll(page.Find("main").Text(), "\u00a0", " "), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, want := range []string{"présence notée", "invité ajouté", "note prise"} {
		if !strings.Contains(m.lines("seance", m.seance), want) {
			t.Errorf("the journal does not say %q: %s", want, m.lines("seance", m.seance))
		}
	}
	if got := m.lines("decision", m.v.Number(`SELECT id FROM decision`)); !strings.HasPrefix(got, "décision prise ") {
		t.Errorf("journal of the decision: %s", got)
	}
	// A reserved point makes reserved decisions.
	m.tenir(m.staff, at("points/%d", m.reserve), "texte", "Entre nous", "organisme", at("%d", m.orgDDT)).Want(303)
	if m.v.Value(`SELECT restreinte FROM decision WHERE texte = 'Entre nous'`) != "true" {
		t.Error("a decision of a reserved point is open to all members")
	}
}

func TestTwoSecretariesLoseNothing(t *testing.T) {
	m := newMonde(t, 1)
	other := m.v.SignIn("administrateur", "Préfecture")
	page, action := at("/seances/%d/en-seance", m.seance), at("/seances/%d/en-seance/points/%d", m.seance, m.point)
	m.tenir(m.staff, at("points/%d", m.point), "note", "Première").Want(303)
	note := m.v.Value(`SELECT id FROM note`)
	mine, theirs := m.staff.Get(page).Fields(action), other.Get(page).Fields(action)
	// Both change the same line, and each adds one of their own.
	theirs.Set("note_"+note, "Première, selon eux")
	theirs.Set("note", "Leur ajout")
	other.Post(action, theirs).Want(303)
	mine.Set("note_"+note, "Première, selon moi")
	mine.Set("note", "Mon ajout")
	p := m.staff.Post(action, mine).Want(409)
	if got := m.v.Value(`SELECT string_agg(texte, '|' ORDER BY id) FROM note`); got != "Première, selon eux|Leur ajout|Mon ajout" {
		t.Errorf("kept %q", got)
	}
	field := p.Find(at("#point-%d-note_%s", m.point, note))
	if field.Text() != "Première, selon moi" || !strings.Contains(p.Text("#erreurs"), "Première, selon eux") {
		t.Errorf("typed %q, told %q", field.Text(), p.Text("#erreurs"))
	}
	// Sent again, with both versions seen, mine takes its place; the line added is not added twice.
	m.staff.Post(action, p.Fields(action, "note", "")).Want(303)
	if got := m.v.Value(`SELECT string_agg(texte, '|' ORDER BY id) FROM note`); got != "Première, selon moi|Leur ajout|Mon ajout" {
		t.Errorf("kept %q", got)
	}
	// A form that touched nothing takes nobody's change back.
	untouched := other.Get(page).Fields(action)
	m.tenir(m.staff, at("points/%d", m.point), "note_"+note, "Encore autre chose").Want(303)
	other.Post(action, untouched).Want(303)
	if got := m.v.Value(`SELECT texte FROM note WHERE id = $1`, note); got != "Encore autre chose" {
		t.Errorf("kept %q", got)
	}
	// A line that was removed meanwhile is not lost for whoever was writing it.
	mine = m.staff.Get(page).Fields(action, "note_"+note, "Je tiens à cette ligne")
	m.tenir(other, at("points/%d", m.point), "note_"+note, "").Want(303)
	p = m.staff.Post(action, mine).Want(409)
	if got := p.Find(at("#point-%d-note", m.point)).Text(); got != "Je tiens à cette ligne" {
		t.Errorf("the line comes back as %q", got)
	}
}

func TestTheSameFormSentTwiceWritesOnce(t *testing.T) {
	m := newMonde(t, 1)
	page, action := at("/seances/%d/en-seance", m.seance), at("/seances/%d/en-seance/points/%d", m.seance, m.point)
	f := m.staff.Get(page).Fields(action, "note", "Une fois", "texte", "Une décision", "organisme", at("%d", m.orgCAF))
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() { m.staff.Post(action, f).Want(303) })
	}
	wait.Wait()
	if got := m.v.Value(`SELECT (SELECT count(*) FROM note) || ' ' || (SELECT count(*) FROM decision)`); got != "1 1" {
		t.Errorf("%s notes and decisions", got)
	}
}

func TestTwoSecretariesTickAttendance(t *testing.T) {
	m := newMonde(t, 1)
	other := m.v.SignIn("administrateur", "Préfecture")
	page, action := at("/seances/%d/en-seance", m.seance), at("/seances/%d/en-seance/presences", m.seance)
	caf, ars := m.v.Value(`SELECT id FROM comite_membre WHERE organisme_id = $1`, m.orgCAF), m.v.Value(`SELECT id FROM comite_membre WHERE organisme_id = $1`, m.orgARS)
	mine, theirs := m.staff.Get(page).Fields(action, "etat_m"+caf, "present"), other.Get(page).Fields(action, "etat_m"+ars, "excuse", "etat_m"+caf, "absent")
	m.staff.Post(action, mine).Want(303)
	p := other.Post(action, theirs).Want(409)
	if got := m.v.Value(`SELECT string_agg(o.sigle || ' ' || p.etat, '|' ORDER BY o.sigle) FROM presence p JOIN organisme o ON o.id = p.organisme_id`); got != "ARS excuse|CAF present" {
		t.Errorf("kept %q", got)
	}
	if !strings.Contains(p.Text("#erreurs"), "Présent") {
		t.Errorf("told %q", p.Text("#erreurs"))
	}
	other.Post(action, p.Fields(action)).Want(303)
	if got := m.v.Value(`SELECT etat FROM presence WHERE organisme_id = $1`, m.orgCAF); got != "absent" {
		t.Errorf("kept %q", got)
	}
}

// TestTheScriptIsToldOfEachLine sends the forms as the script of the page does while somebody writes.
func TestTheScriptIsToldOfEachLine(t *testing.T) {
	m := newMonde(t, 1)
	page, action := at("/seances/%d/en-seance", m.seance), at("/seances/%d/en-seance/points/%d", m.seance, m.point)
	type line struct {
		Version         int
		Empreinte, Tien string
	}
	type answer struct {
		Lignes, Conflits map[string]line
		Nouvelle, Cle    string
		Supprimes        []string
		Fautes           []string
	}
	ask := func(status int, f url.Values) (a answer) {
		t.Helper()
		p := m.staff.PostWith(action, f, "Accept: application/json")
		if p.Status != status || !strings.HasPrefix(p.Header.Get("Content-Type"), "application/json") {
			t.Fatalf("status %d, %s", p.Status, p.Header.Get("Content-Type"))
		}
		if err := json.Unmarshal(p.Body, &a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	f := m.staff.Get(page).Fields(action, "note", "Début de", "texte", "Une décision à moitié", "organisme", at("%d", m.orgCAF))
	f.Del("acte") // nobody pressed the button
	a := ask(200, f)
	if a.Nouvelle == "" || a.Lignes[a.Nouvelle].Version != 1 || a.Cle == f.Get("cle") {
		t.Fatalf("%+v", a)
	}
	if m.v.Value(`SELECT count(*) FROM decision`) != "0" {
		t.Error("a decision was taken while it was being written")
	}
	note := a.Nouvelle
	f.Set("cle", a.Cle)
	f.Set("note", "")
	f.Set("note_"+note, "Début de phrase")
	f.Set("version_"+note, fmt.Sprint(a.Lignes[note].Version))
	f.Set("empreinte_"+note, a.Lignes[note].Empreinte)
	a = ask(200, f)
	if a.Lignes[note].Version != 2 || m.v.Value(`SELECT texte FROM note`) != "Début de phrase" {
		t.Errorf("%+v", a)
	}
	m.v.Exec(`UPDATE note SET texte = 'Ailleurs', version = version + 1`)
	f.Set("note_"+note, "Début de phrase, suite")
	f.Set("version_"+note, "2")
	if a = ask(409, f); a.Conflits[note].Tien != "Ailleurs" || a.Conflits[note].Version != 3 {
		t.Errorf("%+v", a)
	}
	f.Set("version_"+note, "3")
	f.Set("note_"+note, "")
	f.Set("empreinte_"+note, "")
	if a = ask(200, f); len(a.Supprimes) != 1 || m.v.Value(`SELECT count(*) FROM note`) != "0" {
		t.Errorf("%+v", a)
	}
	f.Set("note", strings.Repeat("x", 10001))
	f.Del("note_" + note)
	if a = ask(422, f); len(a.Fautes) != 1 {
		t.Errorf("%+v", a)
	}
}

func TestAMeetingIsWrittenDownOnlyWhileItIsHeld(t *testing.T) {
	m := newMonde(t, 1)
	page := at("/seances/%d/en-seance", m.seance)
	for _, by := range []*portailtest.Visitor{m.caf, m.lecteur, m.direction} {
		by.Get(page).Want(403)
		by.Post(page+"/points/0", url.Values{"note": {"x"}, "cle": {newCle()}}).Want(403)
	}
	for _, etat := range []string{"planifiee", "convoquee", "cr_en_relecture", "cr_valide", "annulee"} {
		m.v.Exec(`UPDATE seance SET etat = $2, motif = 'x' WHERE id = $1`, m.seance, etat)
		if p := m.staff.Get(page).Want(200); p.Find("main form[method=post]").Length() != 0 {
			t.Errorf("%s: the page offers to write", etat)
		}
		m.staff.Post(page+"/points/0", url.Values{"note": {"x"}, "cle": {newCle()}}).Want(422)
		m.staff.Post(page+"/presences", url.Values{"version_m1": {"0"}, "etat_m1": {"present"}}).Want(422)
	}
	m.v.Exec(`UPDATE seance SET etat = 'tenue' WHERE id = $1`, m.seance)
	for name, c := range map[string]struct {
		path   string
		form   url.Values
		status int
	}{
		"a point of another meeting": {"/points/999999", url.Values{"note": {"x"}, "cle": {newCle()}}, 404},
		"no point":                   {"/points/x", url.Values{"note": {"x"}, "cle": {newCle()}}, 404},
		"no key":                     {"/points/0", url.Values{"note": {"x"}}, 400},
		"no version":                 {"/points/0", url.Values{"note_1": {"x"}, "cle": {newCle()}}, 400},
		"an unknown line":            {"/points/0", url.Values{"note_999": {"x"}, "version_999": {"1"}, "cle": {newCle()}}, 409},
		"an unknown attendance":      {"/presences", url.Values{"etat_m999": {"present"}, "version_m999": {"0"}}, 303},
		"a hostile attendance":       {"/presences", url.Values{"etat_m1": {"' OR 1=1"}, "version_m1": {"0"}}, 422},
		"no organisation":            {"/invites", url.Values{"organisme": {""}}, 422},
		"a hostile organisation":     {"/invites", url.Values{"organisme": {"999999"}}, 422},
		"a decision before":          {"/points/0", url.Values{"texte": {"x"}, "organisme": {at("%d", m.orgCAF)}, "echeance": {"2001-01-01"}, "cle": {newCle()}, "cle_decision": {newCle()}}, 422},
		"a decision of nobody":       {"/points/0", url.Values{"texte": {"x"}, "organisme": {""}, "cle": {newCle()}, "cle_decision": {newCle()}}, 422},
		"a decision of a ghost":      {"/points/0", url.Values{"texte": {"x"}, "organisme": {"999999"}, "cle": {newCle()}, "cle_decision": {newCle()}}, 422},
	} {
		if p := m.staff.Post(page+c.path, c.form); p.Status != c.status {
			t.Errorf("%s: status %d, want %d", name, p.Status, c.status)
		}
	}
	if got := m.v.Value(`SELECT (SELECT count(*) FROM note) + (SELECT count(*) FROM decision) + (SELECT count(*) FROM presence)`); got != "0" {
		t.Errorf("%s rows were written", got)
	}
}

func TestThePageOfAMeetingCostsAFewStatements(t *testing.T) {
	m := newMonde(t, 1)
	m.v.Exec(`INSERT INTO point (seance_id, rang, titre) SELECT $1, n, 'Point ' || n FROM generate_series(3, 30) AS n`, m.seance)
	m.v.Exec(`INSERT INTO note (seance_id, point_id, texte) SELECT $1, $2, 'Note ' || n FROM generate_series(1, 100) AS n`, m.seance, m.point)
	m.staff.Get(at("/seances/%d/en-seance", m.seance)).Want(200)
	c := portailtest.CountStatements(t, m.v.DB, func() { m.staff.Get(at("/seances/%d/en-seance", m.seance)).Want(200) })
	if c.Statements() > 10 { // two of the session
		t.Errorf("%d statements\n%s", c.Statements(), c)
	}
}

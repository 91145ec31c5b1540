package cis_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/portailtest"
)

// parties are the titles of the parts of minutes, in order.
func (m *monde) parties(id int64) string {
	m.t.Helper()
	return m.v.Value(`SELECT string_agg(titre, '|' ORDER BY rang) FROM compte_rendu_section WHERE compte_rendu_id = $1`, id)
}

// partie is the page of a part of minutes.
func (m *monde) partie(id int64, titre string) string {
	m.t.Helper()
	return at("/comptes-rendus/%d/sections/%d", id, m.v.Number(`SELECT id FROM compte_rendu_section WHERE compte_rendu_id = $1 AND titre = $2`, id, titre))
}

func TestPartsOfMinutesAreAddedMovedAndRemoved(t *testing.T) {
	m := newMonde(t, 1)
	id := m.compteRendu()
	page := at("/comptes-rendus/%d", id)
	if got := m.parties(id); got != "Présences|Accès aux droits|Point réservé" {
		t.Fatalf("composed as %s", got)
	}
	added := page + "/sections/nouvelle"
	m.do(m.staff, added, "titre", " ").Want(422)
	m.do(m.staff, added, "titre", strings.Repeat("x", 201)).Want(422)
	f := m.staff.Get(added).Want(200).Fields(added, "titre", "Mot de la préfète", "texte", "Merci à tous.")
	for range 2 { // a second click
		m.staff.Post(added, f).Want(303)
	}
	moved := m.partie(id, "Mot de la préfète")
	for range 5 { // at the top it stays
		m.staff.Post(moved+"/monter", nil).Want(303)
	}
	m.staff.Post(moved+"/descendre", nil).Want(303)
	if got := m.parties(id); got != "Présences|Mot de la préfète|Accès aux droits|Point réservé" {
		t.Errorf("moved: %s", got)
	}
	var shown []string
	m.staff.Get(page).Want(200).Find("main section > h2").Each(func(_ int, s *goquery.Selection) { shown = append(shown, s.Text()) })
	if got := strings.Join(shown, "|"); !strings.HasPrefix(got, "Présences|Mot de la préfète|Accès aux droits|Point réservé") {
		t.Errorf("the page shows %s", got)
	}
	m.do(m.staff, m.partie(id, "Présences")+"/retirer").Want(303)
	if got := m.parties(id); got != "Mot de la préfète|Accès aux droits|Point réservé" {
		t.Errorf("removed: %s", got)
	}
	for _, want := range []string{"partie ajoutée", "partie déplacée", "partie retirée"} {
		if !strings.Contains(m.lines("compte_rendu", id), want) {
			t.Errorf("the journal does not say %q: %s", want, m.lines("compte_rendu", id))
		}
	}
	m.v.Exec(`DELETE FROM compte_rendu_section WHERE titre <> 'Accès aux droits'`)
	last := m.partie(id, "Accès aux droits")
	m.do(m.staff, last+"/retirer").Want(422)
	for _, by := range []*portailtest.Visitor{m.caf, m.lecteur, m.direction} {
		by.Get(added).Want(403)
		for _, acte := range []string{"/monter", "/descendre", "/retirer"} {
			by.Post(last+acte, nil).Want(403)
		}
	}
	m.staff.Post(page+"/sections/999999/monter", nil).Want(404)
}

func TestAPartIsReservedOrOpened(t *testing.T) {
	m := newMonde(t, 1)
	id := m.compteRendu()
	open, reserved := m.partie(id, "Accès aux droits"), m.partie(id, "Point réservé")
	m.do(m.staff, open, "restreint", "oui").Want(303)
	f := m.staff.Get(reserved).Want(200).Fields(reserved)
	if f.Get("restreint") != "oui" {
		t.Error("the form does not show that the part is reserved")
	}
	f.Del("restreint")
	m.staff.Post(reserved, f).Want(303)
	m.acte(m.staff, id, "relire").Want(303)
	page := at("/comptes-rendus/%d", id)
	if got := m.caf.Get(page).Want(200).Text("main"); strings.Contains(got, "La CAF ouvre un lieu") || !strings.Contains(got, "Entre services.") {
		t.Errorf("a member reads %s", got)
	}
	dde := m.v.SignIn("referent", "DDE")
	if got := dde.Get(page).Want(200).Text("main"); !strings.Contains(got, "La CAF ouvre un lieu") {
		t.Error("a service of the State does not read a part reserved to it")
	}
	if got := m.lines("compte_rendu", id); !strings.Contains(got, `"restreint": [false, true]`) || !strings.Contains(got, `"restreint": [true, false]`) {
		t.Errorf("journal: %s", got)
	}
}

// TestWhatIsValidatedIsWhatWasRead changes a part between the reading and the validation.
func TestWhatIsValidatedIsWhatWasRead(t *testing.T) {
	m := newMonde(t, 1)
	id := m.compteRendu()
	m.acte(m.staff, id, "relire").Want(303)
	page := at("/comptes-rendus/%d", id)
	read := m.direction.Get(page).Want(200).Fields(page+"/valider", "motif", "Accord de tous")
	section := m.partie(id, "Accès aux droits")
	m.do(m.staff, section, "texte", "Autre chose").Want(303)
	m.direction.Post(page+"/valider", read).Want(409)
	if m.v.Value(`SELECT etat FROM compte_rendu WHERE id = $1`, id) != "relecture" {
		t.Fatal("a text that nobody read is validated")
	}
	m.acte(m.direction, id, "valider", "motif", "Accord de tous").Want(303)
	before := m.parties(id)
	for _, acte := range []string{"/monter", "/descendre"} {
		m.staff.Post(section+acte, nil).Want(422)
	}
	m.staff.Get(section + "/retirer").Want(404)
	m.staff.Post(section+"/retirer", nil).Want(404)
	m.staff.Get(page + "/sections/nouvelle").Want(404)
	m.staff.Post(page+"/sections/nouvelle", url.Values{"titre": {"x"}, "cle": {newCle()}}).Want(404)
	if after := m.parties(id); after != before {
		t.Errorf("validated minutes are now %s", after)
	}
}

func TestAMeetingWithValidatedMinutesSaysSo(t *testing.T) {
	m := newMonde(t, 1)
	for etat, want := range map[string]string{"cr_valide": "est validé", "cr_en_relecture": "est en relecture"} {
		m.v.Exec(`UPDATE seance SET etat = $2 WHERE id = $1`, m.seance, etat)
		if got := m.staff.Get(at("/seances/%d/en-seance", m.seance)).Want(200).Text("main"); !strings.Contains(got, want) || strings.Contains(got, "en cours") {
			t.Errorf("%s: %s", etat, got)
		}
	}
}

package cis_test

import (
	"net/url"
	"strings"
	"testing"

	"portail/internal/portailtest"
)

func (m *monde) comitePage() string { return at("/comites/%d", m.comite) }

func TestACommitteeIsCreatedOnce(t *testing.T) {
	m := newMonde(t, 1)
	const page = "/comites/nouveau"
	for name, c := range map[string]struct{ field, typed, told string }{
		"no name":              {"nom", "  ", "Indiquez le nom"},
		"a name too long":      {"nom", strings.Repeat("é", 121), "trop long"},
		"a name that is taken": {"nom", "COMITE D’ESSAI", "porte déjà ce nom"},
		"an acronym too long":  {"sigle", strings.Repeat("X", 41), "trop long"},
		"an unknown nature":    {"nature", "secte", "dans la liste"},
		"no nature":            {"nature", "", "dans la liste"},
		"an unknown rhythm":    {"periodicite", "jamais", "dans la liste"},
		"no notice":            {"preavis_jours", "", "nombre entier"},
		"a negative notice":    {"preavis_jours", "-1", "nombre entier"},
		"a huge notice":        {"preavis_jours", "9223372036854775808", "nombre entier"},
		"no time to read":      {"relecture_jours", "0", "nombre entier"},
		"words for a number":   {"alerte_jours", "trente", "nombre entier"},
	} {
		p := m.do(m.staff, page, "nom", "Comité technique", "nature", "technique", c.field, c.typed).Want(422)
		if got := p.Text("#" + c.field + "-messages"); !strings.Contains(got, c.told) {
			t.Errorf("%s: beside the field %q", name, got)
		}
		if kept := p.Fields(page).Get(c.field); strings.TrimSpace(kept) != strings.TrimSpace(c.typed) && c.field != "nature" && c.field != "periodicite" {
			t.Errorf("%s: typed %q comes back %q", name, c.typed, kept)
		}
	}
	f := m.staff.Get(page).Want(200).Fields(page, "nom", "Comité technique", "sigle", "CT", "nature", "technique", "periodicite", "mensuelle")
	first := m.staff.Post(page, f).Want(303).Header.Get("Location")
	if again := m.staff.Post(page, f).Want(303).Header.Get("Location"); again != first {
		t.Errorf("a second click leads to %s, the first to %s", again, first)
	}
	if got := m.v.Value(`SELECT count(*) FROM comite WHERE nom = 'Comité technique'`); got != "1" {
		t.Errorf("%s committees", got)
	}
	id := m.v.Number(`SELECT id FROM comite WHERE nom = 'Comité technique'`)
	if got := m.lines("comite", id); !strings.HasPrefix(got, "comité créé ") || strings.Contains(got, "|") {
		t.Errorf("journal: %s", got)
	}
	for _, by := range []*portailtest.Visitor{m.direction, m.caf, m.lecteur} {
		by.Get(page).Want(403)
		by.Post(page, f).Want(403)
	}
}

func TestACommitteeIsChangedOnTheVersionShown(t *testing.T) {
	m := newMonde(t, 1)
	page := m.comitePage() + "/modifier"
	mine := m.staff.Get(page).Want(200).Fields(page, "lieu", "Salle Érignac")
	m.do(m.staff, page, "lieu", "Salle des fêtes").Want(303)
	p := m.staff.Post(page, mine).Want(409)
	if got := p.Text("#versions"); !strings.Contains(got, "Salle Érignac") || !strings.Contains(got, "Salle des fêtes") {
		t.Errorf("both versions: %s", got)
	}
	m.staff.Post(page, p.Fields(page)).Want(303)
	if got := m.v.Value(`SELECT lieu FROM comite WHERE id = $1`, m.comite); got != "Salle Érignac" {
		t.Errorf("kept %q", got)
	}
	mine.Del("version")
	m.staff.Post(page, mine).Want(400)
	m.caf.Post(page, mine).Want(403)
	m.staff.Get("/comites/999999/modifier").Want(404)
}

func TestACommitteeIsClosedAndReopened(t *testing.T) {
	m := newMonde(t, 1)
	coming := m.aVenir(30)
	page := m.comitePage()
	if got := m.do(m.staff, page+"/fermer").Want(422).Text("#erreurs"); !strings.Contains(got, "1 séance à tenir") {
		t.Errorf("with a meeting to come: %q", strings.ReplaceAll(got, "\u00a0", " "))
	}
	m.v.Exec(`UPDATE seance SET etat = 'annulee', motif = 'x' WHERE id = $1`, coming)
	m.do(m.staff, page+"/fermer").Want(303)
	for address, f := range map[string]url.Values{
		page + "/seances/nouvelle": {"cle": {newCle()}},
		page + "/membres/nouveau":  {"organisme": {at("%d", m.orgCAF)}, "depuis": {"2026-01-01"}},
	} {
		if got := m.staff.Post(address, f).Want(422).Text("#erreurs"); !strings.Contains(got, "est fermé") {
			t.Errorf("%s of a closed committee: %q", address, got)
		}
	}
	m.caf.Get(page).Want(200) // what it did stays
	m.do(m.staff, page+"/rouvrir").Want(303)
	if got := m.lines("comite", m.comite); !strings.Contains(got, "comité fermé") || !strings.Contains(got, "comité rouvert") {
		t.Errorf("journal: %s", got)
	}
	for _, query := range []string{"?annee=1999", "?annee=2101", "?annee=x", "?annee=20261"} {
		m.staff.Get(page + query).Want(404)
	}
}

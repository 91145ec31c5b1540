package cis_test

import (
	"strings"
	"testing"

	"portail/internal/portailtest"
	"portail/web/typo"
)

// jour is a day so many days from now, as a form takes it.
func jour(days int) string { return typo.DateISO(typo.Aujourdhui().AddDate(0, 0, days)) }

func TestMembersAreAddedWithTheirDates(t *testing.T) {
	m := newMonde(t, 1)
	page := m.comitePage() + "/membres/nouveau"
	epinal := at("%d", m.v.Number(`SELECT id FROM organisme WHERE nom = 'Épinal'`))
	for name, c := range map[string]struct{ field, typed, told string }{
		"no organisation":         {"organisme", "", "dans la liste"},
		"an unknown organisation": {"organisme", "999999", "dans la liste"},
		"a hostile organisation":  {"organisme", "1 OR 1=1", "dans la liste"},
		"no date":                 {"depuis", "", "date"},
		"a date that is none":     {"depuis", "2026-02-30", "date"},
		"words for a date":        {"depuis", "bientôt", "date"},
		"a fonction too long":     {"fonction", strings.Repeat("é", 121), "trop long"},
		"no address":              {"courriels", "accueil", "n’est pas une adresse"},
		"a header in an address":  {"courriels", "a@b.test\u0000", ""},
		"too many addresses":      {"courriels", manyAddresses(21), "adresses au plus"},
	} {
		f := m.staff.Get(page).Want(200).Fields(page, "organisme", epinal, c.field, c.typed)
		p := m.staff.Post(page, f)
		if c.told == "" {
			p.Want(400)
			continue
		}
		if got := p.Want(422).Text("#" + c.field + "-messages"); !strings.Contains(got, c.told) {
			t.Errorf("%s: beside the field %q", name, got)
		}
	}
	if got := m.v.Value(`SELECT count(*) FROM comite_membre WHERE comite_id = $1`, m.comite); got != "3" {
		t.Fatalf("%s members after refusals", got)
	}
	// From tomorrow on: today they see nothing of it.
	f := m.staff.Get(page).Fields(page, "organisme", epinal, "fonction", "Maire", "depuis", jour(1))
	for range 2 { // a second click
		m.staff.Post(page, f).Want(303)
	}
	m.epinal.Get(m.comitePage()).Want(404)
	m.v.Exec(`UPDATE comite_membre SET depuis = CURRENT_DATE WHERE fonction = 'Maire'`)
	m.epinal.Get(m.comitePage()).Want(200)
	// Nobody was given to write to: the référents of the organisation are.
	if got := m.v.Value(`SELECT string_agg(c.courriel, ' ') FROM comite_membre m JOIN comite_membre_contact k ON k.membre_id = m.id JOIN compte c ON c.id = k.compte_id WHERE m.fonction = 'Maire'`); got != "referent@épinal.test" {
		t.Errorf("written to %q", got)
	}
	if got := m.lines("comite", m.comite); strings.Count(got, "membre ajouté") != 1 {
		t.Errorf("journal: %s", got)
	}
	for _, by := range []*portailtest.Visitor{m.direction, m.caf, m.lecteur} {
		by.Get(page).Want(403)
		by.Post(page, f).Want(403)
	}
	m.v.Exec(`UPDATE organisme SET ferme_le = CURRENT_DATE WHERE nom = 'Épinal'`)
	f.Set("fonction", "Adjointe")
	m.staff.Post(page, f).Want(422)
}

func manyAddresses(n int) string {
	var all []string
	for i := range n {
		all = append(all, at("a%d@exemple.test", i))
	}
	return strings.Join(all, "\n")
}

func TestASeatIsChangedAndEnds(t *testing.T) {
	m := newMonde(t, 1)
	page := at("%s/membres/%d", m.comitePage(), m.v.Number(`SELECT id FROM comite_membre WHERE organisme_id = $1`, m.orgCAF))
	if got := m.do(m.staff, page, "fin", "2019-12-31").Want(422).Text("#fin-messages"); !strings.Contains(got, "précède") {
		t.Errorf("an end before the beginning: %q", got)
	}
	m.do(m.staff, page, "fin", "x").Want(422)
	mine := m.staff.Get(page).Want(200).Fields(page, "fonction", "Présidente")
	m.do(m.staff, page, "fonction", "Directrice", "courriels", "Accueil@CAF.test, accueil@caf.test;\nsecretariat@caf.test").Want(303)
	if got := m.v.Value(`SELECT string_agg(courriel, ' ' ORDER BY courriel) FROM comite_membre_contact`); got != "accueil@caf.test secretariat@caf.test" {
		t.Errorf("addresses %q", got)
	}
	p := m.staff.Post(page, mine).Want(409)
	if got := p.Text("#versions"); !strings.Contains(got, "Directrice") || !strings.Contains(got, "Présidente") {
		t.Errorf("both versions: %s", got)
	}
	// An account of another organisation is none to write to for this one.
	stranger, own := m.v.Value(`SELECT id FROM compte WHERE courriel = 'referent@ars.test'`), m.v.Value(`SELECT id FROM compte WHERE courriel = 'lecteur@caf.test'`)
	f := m.staff.Get(page).Fields(page)
	f["comptes"] = []string{stranger, own}
	m.staff.Post(page, f).Want(303)
	if got := m.v.Value(`SELECT string_agg(compte_id::text, ' ') FROM comite_membre_contact WHERE compte_id IS NOT NULL`); got != own {
		t.Errorf("accounts %q, want %q", got, own)
	}
	f["comptes"] = []string{"x"}
	m.staff.Post(page, f).Want(400)
	if got := m.lines("comite", m.comite); strings.Contains(got, "@") || !strings.Contains(got, `"contacts"`) {
		t.Errorf("the journal keeps addresses, or does not tell of them: %s", got)
	}
	// The same fonction twice.
	m.v.Exec(`INSERT INTO comite_membre (comite_id, organisme_id, fonction) VALUES ($1, $2, 'Agente comptable')`, m.comite, m.orgCAF)
	if got := m.do(m.staff, page, "fonction", "Agente comptable").Want(422).Text("#fonction-messages"); !strings.Contains(got, "siège déjà") {
		t.Errorf("beside the field %q", got)
	}
	m.v.Exec(`DELETE FROM comite_membre WHERE fonction = 'Agente comptable'`)
	m.caf.Get(m.comitePage()).Want(200)
	m.do(m.staff, page, "fin", jour(0)).Want(303)
	m.caf.Get(m.comitePage()).Want(200) // the last day
	m.v.Exec(`UPDATE comite_membre SET fin = CURRENT_DATE - 1 WHERE organisme_id = $1`, m.orgCAF)
	m.caf.Get(m.comitePage()).Want(404)
	if got := m.staff.Get(m.comitePage()).Want(200).Text("#anciens-membres"); !strings.Contains(got, "Directrice") {
		t.Errorf("former members: %q", got)
	}
	for _, by := range []*portailtest.Visitor{m.direction, m.ars, m.lecteur} {
		by.Post(page, mine).Want(403)
	}
	other := m.v.Number(`INSERT INTO comite (nom) VALUES ('Autre comité') RETURNING id`)
	m.staff.Get(strings.Replace(page, m.comitePage(), at("/comites/%d", other), 1)).Want(404)
	m.staff.Get(m.comitePage() + "/membres/999999").Want(404)
}

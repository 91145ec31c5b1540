package cis_test

import (
	"strings"
	"testing"

	"portail/internal/cis"
	"portail/internal/organisme"
	"portail/internal/portailtest"
)

func TestTheDefaultCommitteeIsTakenInOnceAndLeftToAgents(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	m := &monde{t: t, v: v}
	seed := func() {
		t.Helper()
		if err := cis.Seed(t.Context(), v.DB); err != nil {
			t.Fatal(err)
		}
	}
	// From the time of mere lists: a name and members, which it keeps, and nothing else.
	if err := organisme.Seed(t.Context(), v.DB); err != nil {
		t.Fatal(err)
	}
	seed()
	if got := m.v.Value(`SELECT sigle || ' ' || nature || ' ' || periodicite || ' ' || preavis_jours || ' ' || relecture_jours FROM comite`); got != "CIS cis trimestrielle 15 10" {
		t.Errorf("settings: %s", got)
	}
	members := m.v.Value(`SELECT count(*) FROM comite_membre`)
	if got := m.v.Value(`SELECT string_agg(o.nom, '|' ORDER BY o.nom COLLATE "C") FROM comite_membre m JOIN organisme o ON o.id = m.organisme_id WHERE m.fonction = ''`); members != "13" ||
		!strings.Contains(got, "Agence régionale de santé Grand Est|") || !strings.Contains(got, "France Travail") {
		t.Errorf("%s members: %s", members, got)
	}
	if got := m.v.Value(`SELECT count(DISTINCT depuis) || ' ' || min(depuis) FROM comite_membre`); got != "1 2023-11-29" {
		t.Errorf("members since %s", got)
	}
	before := m.v.Value(`SELECT count(*) FROM journal WHERE objet = 'comite'`)
	m.v.Exec(`UPDATE comite SET nom = 'Comité rebaptisé', periodicite = 'mensuelle'`)
	m.v.Exec(`DELETE FROM comite_membre WHERE fonction = 'Préfète'`)
	for range 2 {
		seed()
	}
	if got := m.v.Value(`SELECT string_agg(nom || ' ' || periodicite, '|') FROM comite`); got != "Comité rebaptisé mensuelle" {
		t.Errorf("taken in again: %s", got)
	}
	if got := m.v.Value(`SELECT count(*) FROM comite_membre`); got != "12" {
		t.Errorf("%s members: what agents removed comes back", got)
	}
	if got := m.v.Value(`SELECT count(*) FROM journal WHERE objet = 'comite'`); before != "1" || got != before {
		t.Errorf("%s journal lines, then %s", before, got)
	}
}

package cis_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestThePortalProposesFiguresNotReturned asks for returns that are late, due before the meeting, due after it, and no longer the
// producer's to send.
func TestThePortalProposesFiguresNotReturned(t *testing.T) {
	m := newMonde(t, 30)
	id := m.aVenir(30)
	remontee := func(year, due int, etat string) int64 {
		t.Helper()
		return m.v.Number(`INSERT INTO remontee (organisme_id, departement, millesime, echeance, etat, certifiee_le)
			VALUES ($1, '88', $2, CURRENT_DATE + $3::int, $4, CASE WHEN $4 = 'certifiee' THEN now() END) RETURNING id`, m.orgCAF, year, due, etat)
	}
	late, soon := remontee(2021, -40, "en_cours"), remontee(2022, 20, "a_faire")
	remontee(2023, 45, "a_faire")
	remontee(2024, -10, "publiee")
	agenda := seancePath(id, "ordre-du-jour")
	page := m.staff.Get(agenda).Want(200)
	if got := page.Find(`input[name=reference]`).Length(); got != 2 {
		t.Fatalf("%d suggestions: %s", got, page.Text("main"))
	}
	text := strings.ReplaceAll(page.Text("main"), "\u00a0", " ")
	for _, want := range []string{"Chiffres attendus : CAF, 2021", "Chiffres attendus depuis le", "Chiffres attendus : CAF, 2022", "Chiffres attendus avant le"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	decide := func(remontee int64, suite string) {
		t.Helper()
		m.staff.Post(seancePath(id, "ordre-du-jour/suggestions"), url.Values{"reference": {at("echeance:remontee:remontee:%d", remontee)}, "suite": {suite}}).Want(303)
	}
	for range 2 {
		decide(late, "retenir")
		decide(soon, "ecarter")
	}
	if got := m.v.Value(`SELECT string_agg(etat || ' ' || origine || ' ' || nature || ' ' || (organisme_id = $2), ', ' ORDER BY id) FROM point WHERE seance_id = $1 AND reference IS NOT NULL`, id, m.orgCAF); got !=
		"retenu chiffres information true, ecarte chiffres information true" {
		t.Errorf("kept and dropped: %s", got)
	}
	if got := m.staff.Get(agenda).Find(`input[name=reference]`).Length(); got != 0 {
		t.Errorf("%d suggestions are made again", got)
	}
	if got := m.lines("seance", id); !strings.Contains(got, "proposition du portail retenue") || !strings.Contains(got, "proposition du portail écartée") {
		t.Errorf("journal: %s", got)
	}
}

// TestManySuggestionsLeaveRoomForEachKind bounds each kind by itself: figures do not hide decisions.
func TestManySuggestionsLeaveRoomForEachKind(t *testing.T) {
	m := newMonde(t, 30)
	id := m.aVenir(30)
	m.v.Exec(`INSERT INTO remontee (organisme_id, departement, millesime, echeance) SELECT $1, '88', 1990 + n, CURRENT_DATE - n FROM generate_series(1, 40) n`, m.orgCAF)
	m.decision(m.orgCAF, -5)
	page := m.staff.Get(seancePath(id, "ordre-du-jour")).Want(200)
	if got := page.Find(`input[name=reference]`); got.Length() != 16 || !strings.HasPrefix(got.First().AttrOr("value", ""), "decision:") {
		t.Errorf("%d suggestions, the first one %q", got.Length(), got.First().AttrOr("value", ""))
	}
}

package cis_test

import (
	"strings"
	"sync"
	"testing"

	"portail/internal/portailtest"
)

func TestWhoMayMoveADecision(t *testing.T) {
	m := newMonde(t, 5)
	states := []string{"a_faire", "en_cours", "bloquee", "faite", "abandonnee"}
	open := func(s string) bool { return s == "a_faire" || s == "en_cours" || s == "bloquee" }
	// want is the status that moving from a state to another answers.
	for name, c := range map[string]struct {
		by   *portailtest.Visitor
		want func(from, to string) int
	}{
		"préfecture": {m.staff, func(from, to string) int {
			if open(from) || to == "a_faire" || to == "en_cours" {
				return 303
			}
			return 422
		}},
		"owner": {m.caf, func(from, to string) int {
			if open(from) && to != "a_faire" && to != "abandonnee" {
				return 303
			}
			return 422
		}},
		"another member": {m.ars, func(string, string) int { return 403 }},
		"reader":         {m.lecteur, func(string, string) int { return 403 }},
		"direction":      {m.direction, func(string, string) int { return 403 }},
		"elsewhere":      {m.epinal, func(string, string) int { return 404 }},
	} {
		t.Run(name, func(t *testing.T) {
			for _, from := range states {
				for _, to := range append(states, "inconnu", "") {
					id := m.decision(m.orgCAF, 10)
					if from != "a_faire" {
						m.v.Exec(`UPDATE decision SET etat = $2, motif = 'Motif', clos_le = CASE WHEN $2 IN ('faite', 'abandonnee') THEN now() END WHERE id = $1`, id, from)
					}
					want := c.want(from, to)
					if want == 303 && (to == "inconnu" || to == "") {
						want = 422
					}
					p := c.by.For(t).Post(at("/decisions/%d/suivi", id), map[string][]string{"etat": {to}, "texte": {"Une ligne"}, "cle": {newCle()}})
					if p.Status != want {
						t.Errorf("%s to %q: status %d, want %d", from, to, p.Status, want)
					}
					kept := from
					if want == 303 {
						kept = to
					}
					if got := m.v.Value(`SELECT etat FROM decision WHERE id = $1`, id); got != kept {
						t.Errorf("%s to %q: is now %s, want %s", from, to, got, kept)
					}
				}
			}
		})
	}
}

func TestAFollowUpIsKeptShownAndJournalled(t *testing.T) {
	m := newMonde(t, 5)
	id := m.decision(m.orgCAF, 10)
	page, action := at("/decisions/%d", id), at("/decisions/%d/suivi", id)
	f := m.caf.Get(page).Want(200).Fields(action, "etat", "en_cours", "texte", "  Salle trouvée\r\nOuverture en mars ")
	var wait sync.WaitGroup
	for range 5 { // five clicks
		wait.Go(func() { m.caf.Post(action, f).Want(303) })
	}
	wait.Wait()
	if got := m.v.Value(`SELECT string_agg(etat || ': ' || texte, '|') FROM decision_suivi WHERE decision_id = $1`, id); got != "en_cours: Salle trouvée\nOuverture en mars" {
		t.Errorf("follow-ups %q", got)
	}
	if got := m.lines("decision", id); got != `décision suivie {"etat": ["À faire", "En cours"], "suivi": ["", "Salle trouvée\nOuverture en mars"]}` {
		t.Errorf("journal %s", got)
	}
	for _, by := range []*portailtest.Visitor{m.ars, m.lecteur, m.staff} {
		if p := by.Get(page).Want(200); !strings.Contains(p.Text("#suivis"), "Salle trouvée") || !strings.Contains(p.Text(".fr-badges-group"), "En cours") {
			t.Error("a member does not read the follow-up")
		}
	}
	if p := m.ars.Get(page); p.Find(`form[action="`+action+`"]`).Length() != 0 {
		t.Error("another member is offered to answer")
	}
}

func TestRefusedFollowUps(t *testing.T) {
	m := newMonde(t, 5)
	id := m.decision(m.orgCAF, 10)
	page, action := at("/decisions/%d", id), at("/decisions/%d/suivi", id)
	for name, c := range map[string]struct{ etat, texte, field, told string }{
		"no state":            {"", "x", "etat", "Choisissez"},
		"given up by owner":   {"abandonnee", "x", "etat", "Choisissez"},
		"blocked, no reason":  {"bloquee", " ", "texte", "ce qui bloque"},
		"nothing said":        {"a_faire", "", "etat", "Choisissez"},
		"too long":            {"en_cours", strings.Repeat("é", 2001), "texte", "trop long"},
		"a reason too long":   {"bloquee", strings.Repeat("é", 1001), "texte", "trop long"},
		"what no browser has": {"en_cours'--", "x", "etat", "Choisissez"},
	} {
		t.Run(name, func(t *testing.T) {
			p := send(t, m.caf.For(t), page, action, "etat", c.etat, "texte", c.texte).Want(422)
			if got := p.Text("#" + c.field + "-messages"); !strings.Contains(got, c.told) {
				t.Errorf("beside the field: %q", got)
			}
			if got := p.Find("#texte").Text(); strings.TrimSpace(got) != strings.TrimSpace(c.texte) {
				t.Errorf("typed %q comes back %q", c.texte, got)
			}
		})
	}
	if m.v.Value(`SELECT count(*) FROM decision_suivi`) != "0" {
		t.Error("a refused follow-up was written")
	}
}

func TestAnotherOrganisationIsRefusedAndTheAttemptNoted(t *testing.T) {
	m := newMonde(t, 5)
	id := m.decision(m.orgCAF, 10)
	m.ars.Post(at("/decisions/%d/suivi", id), map[string][]string{"etat": {"faite"}, "texte": {"À leur place"}, "cle": {newCle()}}).Want(403)
	if got := m.lines("decision", id); got != `suivi refusé, décision d’un autre organisme {"etat": [null, "Faite"]}` {
		t.Errorf("journal %s", got)
	}
	if m.v.Value(`SELECT etat || version FROM decision WHERE id = $1`, id) != "a_faire1" {
		t.Error("the decision moved")
	}
	// Row-level security stands behind the rule.
	tag, err := m.v.Web.Exec(t.Context(), `WITH moi AS MATERIALIZED (SELECT set_config('app.compte', '1', true), set_config('app.organisme', $2, true), set_config('app.role', 'referent', true))
		UPDATE decision SET etat = 'faite', clos_le = now() FROM moi WHERE id = $1`, id, at("%d", m.orgARS))
	if err != nil || tag.RowsAffected() != 0 {
		t.Errorf("Postgres let %d rows through, %v", tag.RowsAffected(), err)
	}
}

func TestWhoSeesADecision(t *testing.T) {
	m := newMonde(t, 5)
	shared, reserved := m.decision(m.orgCAF, 10), m.decision(m.orgCAF, 10, "restreinte = true, texte = 'Réservée à la CAF'")
	state := m.decision(m.orgDDT, 10, "restreinte = true, texte = 'Entre services'")
	ddt := m.v.SignIn("referent", "DDE")
	for name, c := range map[string]struct {
		by   *portailtest.Visitor
		sees map[int64]bool
	}{
		"préfecture": {m.staff, map[int64]bool{shared: true, reserved: true, state: true}},
		"direction":  {m.direction, map[int64]bool{shared: true, reserved: true, state: true}},
		"owner":      {m.caf, map[int64]bool{shared: true, reserved: true}},
		"its reader": {m.lecteur, map[int64]bool{shared: true, reserved: true}},
		"member":     {m.ars, map[int64]bool{shared: true}},
		"State":      {ddt, map[int64]bool{shared: true, reserved: true, state: true}},
		"elsewhere":  {m.epinal, nil},
	} {
		list := c.by.Get("/decisions").Want(200)
		for _, id := range []int64{shared, reserved, state} {
			p := c.by.Get(at("/decisions/%d", id))
			if want := map[bool]int{true: 200, false: 404}[c.sees[id]]; p.Status != want {
				t.Errorf("%s, decision %d: status %d, want %d", name, id, p.Status, want)
			}
			if listed := list.Find(at(`a[href="/decisions/%d"]`, id)).Length() > 0; listed != c.sees[id] {
				t.Errorf("%s, decision %d in the register: %v", name, id, listed)
			}
		}
	}
	m.v.Fresh().Get(at("/decisions/%d", shared)).Want(303)
}

func TestADecisionIsCorrectedOnTheVersionShown(t *testing.T) {
	m := newMonde(t, 5)
	id := m.decision(m.orgCAF, 10)
	page := at("/decisions/%d/modifier", id)
	m.caf.Get(page).Want(403)
	mine := m.staff.Get(page).Want(200).Fields(page, "texte", "Mon texte")
	send(t, m.staff, page, page, "texte", "Leur texte", "responsable", "Direction").Want(303)
	p := m.staff.Post(page, mine).Want(409)
	if table := p.Text("#versions"); !strings.Contains(table, "Mon texte") || !strings.Contains(table, "Leur texte") {
		t.Errorf("both versions are not shown: %s", table)
	}
	m.staff.Post(page, p.Fields(page)).Want(303)
	if got := m.v.Value(`SELECT texte FROM decision WHERE id = $1`, id); got != "Mon texte" {
		t.Errorf("kept %q", got)
	}
	for name, c := range map[string]struct{ field, typed, told string }{
		"before the meeting":   {"echeance", "2020-01-01", "avant la séance"},
		"no date":              {"echeance", "demain", "Indiquez une date"},
		"no text":              {"texte", "  ", "Écrivez"},
		"unknown organisation": {"organisme", "999999", "n’existe pas"},
		"hostile organisation": {"organisme", "1 OR 1=1", "Choisissez"},
		"unknown quarter":      {"qpv", "999999", "n’existe pas"},
		"hostile quarter":      {"qpv", "x", "Choisissez"},
	} {
		t.Run(name, func(t *testing.T) {
			p := send(t, m.staff.For(t), page, page, c.field, c.typed).Want(422)
			if got := p.Text("#" + c.field + "-messages"); !strings.Contains(got, c.told) {
				t.Errorf("beside the field: %q", got)
			}
		})
	}
}

func TestTheResponsiblePersonIsTheirAccount(t *testing.T) {
	m := newMonde(t, 5)
	id := m.decision(m.orgCAF, 10)
	page := at("/decisions/%d/modifier", id)
	send(t, m.staff, page, page, "responsable", "essai REFERENT@caf.test").Want(303)
	if got := m.v.Value(`SELECT c.courriel FROM decision d JOIN compte c ON c.id = d.compte_id WHERE d.id = $1`, id); got != "referent@caf.test" {
		t.Errorf("responsible account %q", got)
	}
	send(t, m.staff, page, page, "responsable", "Essai referent@ars.test").Want(303) // of another organisation: a mere text
	if got := m.v.Value(`SELECT compte_id FROM decision WHERE id = $1`, id); got != "" {
		t.Errorf("responsible account %q", got)
	}
}

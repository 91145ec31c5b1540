package cis_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// TestEachActInEachStateByEachRole sends every act on a meeting and on its minutes, from every state, as every role: those who may not are
// refused whatever the state, those who may are in the states of the table alone, and nothing moves that should not.
func TestEachActInEachStateByEachRole(t *testing.T) {
	m := newMonde(t, 1)
	m.aVenir(30) // somebody to write to
	id := m.compteRendu()
	m.v.Exec(`ALTER TABLE compte_rendu DISABLE TRIGGER USER; ALTER TABLE compte_rendu_section DISABLE TRIGGER USER`) // which keeps what is validated as it is
	cr := at("/comptes-rendus/%d/", id)
	keepers, direction := []droits.Role{droits.Administrateur, droits.Gestionnaire}, []droits.Role{droits.Direction}
	states := []string{"planifiee", "convoquee", "tenue", "cr_en_relecture", "cr_valide", "reportee", "annulee"}
	version := func(more ...string) url.Values {
		f := url.Values{"version": {"1"}, "cle": {newCle()}}
		for i := 0; i < len(more); i += 2 {
			f.Set(more[i], more[i+1])
		}
		return f
	}
	tomorrow, today := "now() + interval '20 days'", "now() - interval '1 hour'"
	acts := map[string]struct {
		path  string
		debut string // when the meeting is, for the act to make sense
		form  func() url.Values
		by    []droits.Role
		from  map[string]string // state: the one that it leads to
	}{
		"call":      {at("/seances/%d/convoquer", m.seance), tomorrow, func() url.Values { return version() }, keepers, map[string]string{"planifiee": "convoquee"}},
		"tell":      {at("/seances/%d/prevenir", m.seance), tomorrow, func() url.Values { return version() }, keepers, map[string]string{"convoquee": "convoquee"}},
		"put off":   {at("/seances/%d/reporter", m.seance), tomorrow, func() url.Values { return version("motif", "Neige") }, keepers, map[string]string{"planifiee": "reportee", "convoquee": "reportee", "reportee": "reportee"}},
		"cancel":    {at("/seances/%d/annuler", m.seance), tomorrow, func() url.Values { return version("motif", "Neige") }, keepers, map[string]string{"planifiee": "annulee", "convoquee": "annulee", "reportee": "annulee", "annulee": "annulee"}},
		"hold":      {at("/seances/%d/tenue", m.seance), today, func() url.Values { return version("motif", "Par lettre") }, keepers, map[string]string{"planifiee": "tenue", "convoquee": "tenue", "tenue": "tenue"}},
		"edit":      {at("/seances/%d/modifier", m.seance), tomorrow, func() url.Values { return version("jour", jour(40), "de", "9:00") }, keepers, map[string]string{"planifiee": "planifiee", "convoquee": "convoquee", "reportee": "planifiee"}},
		"add point": {at("/seances/%d/ordre-du-jour/points/nouveau", m.seance), tomorrow, func() url.Values { return version("titre", "Point", "nature", "discussion", "duree_min", "5") }, keepers, map[string]string{"planifiee": "planifiee", "convoquee": "convoquee", "reportee": "reportee"}},
		"note":      {at("/seances/%d/en-seance/points/0", m.seance), today, func() url.Values { return version("note", "Une note") }, keepers, map[string]string{"tenue": "tenue"}},
		"review":    {cr + "relire", today, func() url.Values { return version() }, keepers, map[string]string{"tenue": "cr_en_relecture", "cr_en_relecture": "cr_en_relecture"}},
		// Minutes that are being written are left alone.
		"rewrite": {cr + "redaction", today, func() url.Values { return version() }, keepers, map[string]string{"cr_en_relecture": "tenue",
			"tenue": "tenue", "planifiee": "planifiee", "convoquee": "convoquee", "reportee": "reportee", "annulee": "annulee"}},
		"validate": {cr + "valider", today, func() url.Values { return version("motif", "Accord") }, direction, map[string]string{"cr_en_relecture": "cr_valide", "cr_valide": "cr_valide"}},
	}
	// set puts the meeting and its minutes in a state, whatever became of them.
	set := func(state, debut string) {
		m.v.Exec(`DELETE FROM compte_rendu_version; DELETE FROM convocation_envoi; DELETE FROM convocation WHERE seance_id = ` + at("%d", m.seance) + `;
			UPDATE compte_rendu SET version = 1, numero = NULL, valide_le = NULL, valide_par = NULL, empreinte = NULL, relecture_le = CURRENT_DATE + 3, etat = 'brouillon';
			UPDATE seance SET version = 1, envoi_cle = NULL, annonce = '', motif = 'x', fin = NULL, debut = ` + debut + `, etat = '` + state + `' WHERE id = ` + at("%d", m.seance) + `;
			UPDATE compte_rendu SET etat = 'relecture' WHERE '` + state + `' = 'cr_en_relecture';
			UPDATE compte_rendu SET etat = 'valide', numero = 'X', valide_le = now(), empreinte = '\x00' WHERE '` + state + `' = 'cr_valide'`)
	}
	people := map[droits.Role]*portailtest.Visitor{droits.Gestionnaire: m.staff, droits.Direction: m.direction, droits.Referent: m.caf, droits.Lecteur: m.lecteur}
	for _, role := range droits.Roles {
		if people[role] == nil {
			people[role] = m.v.SignIn(role, "Préfecture")
		}
	}
	for name, act := range acts {
		for _, state := range states {
			for role, by := range people {
				allowed, to := slices.Contains(act.by, role), act.from[state]
				set(state, act.debut)
				p := by.Post(act.path, act.form())
				want := []int{http.StatusForbidden}
				switch {
				case allowed && to != "":
					want = []int{http.StatusSeeOther}
				case allowed:
					want = []int{http.StatusUnprocessableEntity}
				}
				if !slices.Contains(want, p.Status) {
					t.Errorf("%s, %s by %s: status %d, want %d; %s", name, state, role, p.Status, want, p.Text("#erreurs"))
				}
				if to == "" || !allowed {
					to = state
				}
				if got := m.v.Value(`SELECT etat FROM seance WHERE id = $1`, m.seance); got != to {
					t.Errorf("%s, %s by %s: the meeting is %s, want %s", name, state, role, got, to)
				}
			}
		}
	}
}

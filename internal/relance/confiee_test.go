package relance_test

import (
	"strings"
	"testing"
	"time"

	"portail/internal/droits"
	"portail/web/typo"
)

// today is this morning: decisions of these tests were given to their owner a moment ago.
func today() time.Time {
	day := typo.Aujourdhui()
	return time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, typo.Paris)
}

// confiee is a decision of the CAF, given to it now and due in two months.
func (m *monde) confiee() int64 {
	m.t.Helper()
	return m.v.Number(`INSERT INTO decision (comite_id, numero, seance_id, texte, organisme_id, echeance)
		VALUES ($1, (SELECT coalesce(max(numero), 0) + 1 FROM decision), $2, 'Ouvrir une permanence', $3, CURRENT_DATE + 60) RETURNING id`, m.comite, m.seance, m.caf)
}

func TestADecisionIsToldOfOnceItsMeetingIsOver(t *testing.T) {
	for name, c := range map[string]struct {
		frequence, arrange string
		want               int
	}{
		"the day after":                {"immediat", `UPDATE seance SET debut = now() - interval '1 day', fin = NULL`, 1},
		"during the meeting":           {"immediat", `UPDATE seance SET debut = now(), fin = NULL`, 0},
		"with the minutes":             {"immediat", `UPDATE seance SET debut = now(), fin = NULL, etat = 'cr_en_relecture'`, 1},
		"in a digest":                  {"hebdomadaire", ``, 1},
		"never":                        {"jamais", ``, 0},
		"without a due date":           {"immediat", `UPDATE decision SET echeance = NULL`, 1},
		"done meanwhile":               {"immediat", `UPDATE decision SET etat = 'faite', clos_le = now()`, 0},
		"recalled no more":             {"immediat", `UPDATE decision SET ne_plus_relancer = true`, 0},
		"theirs for longer than that":  {"immediat", `UPDATE decision SET confiee_le = now() - interval '32 days'`, 0},
		"due before long: told as due": {"immediat", `UPDATE decision SET echeance = CURRENT_DATE + 3`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMonde(t)
			m.frequence("decisions", c.frequence)
			m.confiee()
			if c.arrange != "" {
				m.v.Exec(c.arrange)
			}
			for range 2 {
				m.relancer(today())
			}
			mails := m.mails("referent@caf.test")
			if len(mails) != c.want || len(m.mails("lecteur@caf.test")) != 0 || len(m.mails("referent@ars.test")) != 0 {
				t.Fatalf("%d mails, want %d: %s", len(mails), c.want, mails)
			}
			if c.want == 0 {
				return
			}
			subject, _, _ := strings.Cut(mails[0], "\n")
			due := strings.HasPrefix(name, "due")
			if fresh := subject == "1\u00a0nouvelle décision à mener"; fresh == due || strings.Contains(mails[0], "confiée le") == due || strings.Count(mails[0], "- Décision n°") != 1 {
				t.Errorf("told: %s", mails[0])
			}
			if n := len(answers.FindAllString(mails[0], -1)); n < 3 {
				t.Errorf("%d links to answer", n)
			}
		})
	}
}

func TestADecisionGivenToAnotherIsToldToThem(t *testing.T) {
	m := newMonde(t)
	m.frequence("decisions", "immediat")
	id := m.confiee()
	m.relancer(today())
	m.v.Exec(`UPDATE decision SET texte = 'Ouvrir deux permanences'`) // the same owner: nothing to tell
	m.relancer(today())
	m.v.Exec(`UPDATE decision SET organisme_id = $2 WHERE id = $1`, id, m.ars)
	m.relancer(today())
	m.relancer(today())
	if a, b := len(m.mails("referent@caf.test")), len(m.mails("referent@ars.test")); a != 1 || b != 1 {
		t.Errorf("%d mails to the first owner, %d to the second", a, b)
	}
	second, _ := m.v.Account("second@ars.test", droits.Referent, "ARS")
	m.frequence("decisions", "immediat")
	m.v.Exec(`UPDATE decision SET compte_id = $2 WHERE id = $1`, id, second)
	m.relancer(today())
	if a, b := len(m.mails("second@ars.test")), len(m.mails("referent@ars.test")); a != 1 || b != 1 {
		t.Errorf("%d mails to the responsible person, %d to the other", a, b)
	}
}

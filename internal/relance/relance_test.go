package relance_test

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"portail/internal/droits"
	"portail/internal/portailtest"
	"portail/internal/relance"
	"portail/web/typo"
)

// monde is a committee with people who have decisions to carry out.
type monde struct {
	t        *testing.T
	v        *portailtest.Visitor
	service  *relance.Service
	caf, ars int64 // organisations
	referent int64 // account of the CAF
	seance   int64
	comite   int64
}

// monday is a Monday at nine in Paris, some weeks from now: the day that the tests look from.
func monday() time.Time {
	day := typo.Aujourdhui().AddDate(0, 0, 28)
	for day.Weekday() != time.Monday {
		day = day.AddDate(0, 0, 1)
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 9, 0, 0, 0, typo.Paris)
}

func newMonde(t *testing.T) *monde {
	t.Helper()
	m := &monde{t: t, v: portailtest.SiteOn(t, portailtest.DB(t)), service: relance.New(portailtest.Config(t, "PORTAIL_URL=https://portail.test"))}
	m.referent, _ = m.v.Account("referent@caf.test", droits.Referent, "CAF")
	m.v.Account("lecteur@caf.test", droits.Lecteur, "CAF")
	m.v.Account("referent@ars.test", droits.Referent, "ARS")
	m.v.Account("mission@prefecture.test", droits.Gestionnaire, "Préfecture")
	m.caf, m.ars = m.v.Number(`SELECT id FROM organisme WHERE sigle = 'CAF'`), m.v.Number(`SELECT id FROM organisme WHERE sigle = 'ARS'`)
	m.comite = m.v.Number(`INSERT INTO comite (nom, sigle) VALUES ('Comité d’essai', 'CE') RETURNING id`)
	m.seance = m.v.Number(`INSERT INTO seance (comite_id, debut, fin, etat) VALUES ($1, now() - interval '9 days', now() - interval '9 days' + interval '1 hour', 'tenue') RETURNING id`, m.comite)
	return m
}

// decision is due so many days after the Monday of the tests, and has long been its owner's.
func (m *monde) decision(organisme int64, days int) int64 {
	m.t.Helper()
	return m.v.Number(`INSERT INTO decision (comite_id, numero, seance_id, texte, organisme_id, echeance, confiee_le)
		VALUES ($1, (SELECT coalesce(max(numero), 0) + 1 FROM decision), $2, 'Ouvrir une permanence', $3, $4, '2020-01-01') RETURNING id`, m.comite, m.seance, organisme,
		monday().AddDate(0, 0, days).Format(time.DateOnly))
}

// frequence sets how often everybody is written to.
func (m *monde) frequence(sorte, frequence string) {
	m.v.Exec(`INSERT INTO preference SELECT id, $1, $2 FROM compte ON CONFLICT (compte_id, sorte) DO UPDATE SET frequence = excluded.frequence`, sorte, frequence)
}

// relancer runs the job as of a time and says how many mails it wrote.
func (m *monde) relancer(at time.Time) int {
	m.t.Helper()
	n, err := m.service.Relancer(m.t.Context(), m.v.Web, at)
	if err != nil {
		m.t.Fatal(err)
	}
	return n
}

// mails are those written to an address, oldest first.
func (m *monde) mails(address string) []string {
	m.t.Helper()
	rows, err := m.v.DB.Query(m.t.Context(), `SELECT sujet || E'\n' || texte || E'\n' || html FROM courriel WHERE destinataire = $1 AND sorte = 'rappel' ORDER BY cree_le`, address)
	if err != nil {
		m.t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			m.t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

func TestRemindersByFrequency(t *testing.T) {
	at := monday()
	for name, c := range map[string]struct {
		frequence string
		due       int // days after Monday
		days      []int
		want      []int // mails to the référent, run after run
	}{
		"immediate, seven days before and the day after": {"immediat", 10, []int{0, 1, 2, 3, 4, 10, 11, 12}, []int{0, 0, 0, 1, 0, 0, 1, 0}},
		"daily":   {"quotidien", 10, []int{2, 3, 4, 11, 12}, []int{0, 1, 0, 1, 0}},
		"weekly":  {"hebdomadaire", 10, []int{0, 1, 7, 10, 11, 14, 21}, []int{1, 0, 0, 0, 1, 0, 0}},
		"never":   {"jamais", 3, []int{0, 5, 7, 14}, []int{0, 0, 0, 0}},
		"overdue": {"immediat", -90, []int{0, 1}, []int{1, 0}},
		"far":     {"hebdomadaire", 14, []int{0, 1, 7}, []int{0, 1, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMonde(t)
			m.frequence("decisions", c.frequence)
			m.decision(m.caf, c.due)
			seen := 0
			for i, day := range c.days {
				m.relancer(at.AddDate(0, 0, day))
				if got := len(m.mails("referent@caf.test")) - seen; got != c.want[i] {
					t.Errorf("day %d: %d mails, want %d", day, got, c.want[i])
				}
				seen = len(m.mails("referent@caf.test"))
			}
		})
	}
}

func TestOneDigestAWeekAtMost(t *testing.T) {
	m := newMonde(t) // nobody chose: weekly
	m.decision(m.caf, 2)
	m.decision(m.caf, 3)
	m.decision(m.caf, -4)
	at := monday()
	m.relancer(at)
	m.decision(m.caf, 4) // taken after the digest
	for hour := range 4 * 24 {
		m.relancer(at.Add(time.Duration(hour) * time.Hour))
	}
	mails := m.mails("referent@caf.test")
	if len(mails) != 1 || strings.Count(mails[0], "- Décision n°") != 3 || !strings.HasPrefix(mails[0], "Rappel\u00a0: 3\u00a0décisions à mener") {
		t.Fatalf("%d mails: %s", len(mails), mails)
	}
	m.relancer(at.AddDate(0, 0, 7))
	if mails = m.mails("referent@caf.test"); len(mails) != 2 || strings.Count(mails[1], "- Décision n°") != 3 { // two are late now, one was never told
		t.Errorf("%d mails: %s", len(mails), mails)
	}
}

func TestNoDigestBeforeTheMorning(t *testing.T) {
	m := newMonde(t)
	m.decision(m.caf, 2)
	if n := m.relancer(monday().Add(-3 * time.Hour)); n != 0 {
		t.Errorf("%d mails at six", n)
	}
	if n := m.relancer(monday().Add(-2 * time.Hour)); n != 1 {
		t.Errorf("%d mails at seven", n)
	}
}

func TestTwoInstancesSendOnce(t *testing.T) {
	for _, frequence := range []string{"immediat", "hebdomadaire"} {
		m := newMonde(t)
		m.frequence("decisions", frequence)
		for day := range 6 {
			m.decision(m.caf, day)
			m.decision(m.ars, day-3)
		}
		other := relance.New(portailtest.Config(t))
		var wait sync.WaitGroup
		for i := range 8 {
			s := m.service
			if i%2 == 1 {
				s = other
			}
			wait.Go(func() {
				if _, err := s.Relancer(context.WithoutCancel(t.Context()), m.v.Web, monday()); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		for _, address := range []string{"referent@caf.test", "referent@ars.test"} {
			if n := len(m.mails(address)); n != 1 {
				t.Errorf("%s: %d mails to %s", frequence, n, address)
			}
		}
		if n := m.v.Number(`SELECT count(*) FROM rappel`); n != 12 {
			t.Errorf("%d reminders noted", n)
		}
	}
}

func TestNothingIsRecalledThatShouldNotBe(t *testing.T) {
	for name, set := range map[string]string{
		"done":                `UPDATE decision SET etat = 'faite', clos_le = now()`,
		"given up":            `UPDATE decision SET etat = 'abandonnee', motif = 'x', clos_le = now()`,
		"recalled no more":    `UPDATE decision SET ne_plus_relancer = true`,
		"without a due date":  `UPDATE decision SET echeance = NULL`,
		"the account is gone": `UPDATE compte SET desactive_le = now()`,
		"the fonction ended":  `UPDATE fonction SET fin = now()`,
	} {
		m := newMonde(t)
		m.frequence("decisions", "immediat")
		m.decision(m.caf, 2)
		m.v.Exec(set)
		if n := m.relancer(monday()); n != 0 {
			t.Errorf("%s: %d mails", name, n)
		}
	}
}

func TestALaterDueDateIsRecalledAnew(t *testing.T) {
	m := newMonde(t)
	m.frequence("decisions", "immediat")
	m.decision(m.caf, 2)
	m.relancer(monday())
	m.v.Exec(`UPDATE decision SET echeance = echeance + 20`)
	m.relancer(monday())
	m.relancer(monday().AddDate(0, 0, 16))
	if n := len(m.mails("referent@caf.test")); n != 2 {
		t.Errorf("%d mails", n)
	}
}

func TestTheResponsiblePersonIsWrittenTo(t *testing.T) {
	m := newMonde(t)
	m.frequence("decisions", "immediat")
	second, _ := m.v.Account("second@caf.test", droits.Referent, "CAF")
	id := m.decision(m.caf, 2)
	m.v.Exec(`UPDATE decision SET compte_id = $2 WHERE id = $1`, id, second)
	m.frequence("decisions", "immediat")
	m.relancer(monday())
	if a, b, c := len(m.mails("referent@caf.test")), len(m.mails("second@caf.test")), len(m.mails("lecteur@caf.test")); a != 0 || b != 1 || c != 0 {
		t.Errorf("%d, %d, %d mails", a, b, c)
	}
	m.v.Exec(`UPDATE fonction SET fin = now() WHERE compte_id = $1`, second) // left: the others of the organisation are told
	m.relancer(monday())
	if n := len(m.mails("referent@caf.test")); n != 1 {
		t.Errorf("%d mails once the responsible person has left", n)
	}
}

func TestThePrefectureIsToldWhatNobodyElseMustDo(t *testing.T) {
	m := newMonde(t)
	m.frequence("echeances", "immediat")
	cr := m.v.Number(`INSERT INTO compte_rendu (seance_id, etat, relecture_le) VALUES ($1, 'relecture', $2) RETURNING id`, m.seance, monday().AddDate(0, 0, 3).Format(time.DateOnly))
	if n := m.relancer(monday()); n != 1 || cr == 0 {
		t.Fatalf("%d mails", n)
	}
	if mails := m.mails("mission@prefecture.test"); len(mails) != 1 || !strings.Contains(mails[0], "Fin de la relecture du compte rendu") {
		t.Errorf("%q", mails)
	}
}

// answers are the links of a mail.
var answers = regexp.MustCompile(`https://portail\.test(/decisions/reponse/\S+)`)

func TestTheOwnerAnswersInTwoClicks(t *testing.T) {
	m := newMonde(t)
	m.frequence("decisions", "immediat")
	id := m.decision(m.caf, 2)
	m.relancer(monday())
	mail := m.mails("referent@caf.test")[0]
	links := answers.FindAllStringSubmatch(mail, -1)
	if len(links) < 3 || !strings.Contains(mail, "C’est bloqué") {
		t.Fatalf("links %v in %s", links, mail)
	}
	blocked := links[2][1]
	b := m.v.Fresh()
	p := b.Get(blocked).Want(200)
	if got := p.Find(`input[name=etat][checked]`).AttrOr("value", ""); got != "bloquee" {
		t.Errorf("chosen beforehand: %q", got)
	}
	if strings.Contains(p.Text("main"), "referent@caf.test") {
		t.Error("the page tells whose link it is")
	}
	path, _, _ := strings.Cut(blocked, "?")
	send := func(texte string) *portailtest.Page {
		f := map[string][]string{"etat": {"bloquee"}, "texte": {texte}, "cle": {p.Find("input[name=cle]").AttrOr("value", "")}}
		return b.Post(path, f)
	}
	send("").Want(422)
	send("Salle introuvable").Want(303)
	send("Salle introuvable").Want(303) // the second click
	got := ""
	if err := m.v.DB.QueryRow(t.Context(), `SELECT string_agg(s.etat || ' ' || s.texte || ' ' || s.par || ' ' || d.etat || ' ' || d.motif || ' ' || s.compte_id::text, '|')
		FROM decision_suivi s JOIN decision d ON d.id = s.decision_id WHERE d.id = $1`, id).Scan(&got); err != nil {
		t.Fatal(err)
	}
	if want := "bloquee Salle introuvable lien bloquee Salle introuvable "; !strings.HasPrefix(got, want) || strings.Contains(got, "|") {
		t.Errorf("follow-ups %q", got)
	}
	if !strings.Contains(b.Get(path).Want(200).Text("main"), "Bloquée") {
		t.Error("the page does not show the answer")
	}
	// What the link no longer opens.
	for name, sql := range map[string]string{
		"given to another":  `UPDATE decision SET organisme_id = ` + `(SELECT id FROM organisme WHERE sigle = 'ARS')`,
		"fonction at end":   `UPDATE fonction SET fin = now()`,
		"account disabled":  `UPDATE compte SET desactive_le = now()`,
		"reader by now":     `UPDATE fonction SET role = 'lecteur' WHERE role = 'referent'`,
		"closed: no answer": `UPDATE decision SET etat = 'faite', motif = '', clos_le = now()`,
	} {
		before := m.v.Number(`SELECT count(*) FROM decision_suivi`)
		m.v.Exec(`CREATE TABLE tmp_d AS SELECT * FROM decision; CREATE TABLE tmp_f AS SELECT * FROM fonction`)
		m.v.Exec(sql)
		p := b.Get(path)
		posted := b.Post(path, map[string][]string{"etat": {"en_cours"}, "texte": {"x"}, "cle": {"7b0f1c1e-0000-4000-8000-0000000000aa"}})
		if name == "closed: no answer" {
			if p.Status != 200 || p.Find("form[method=post] input[name=etat]").Length() != 0 || posted.Status != 422 {
				t.Errorf("%s: %d, %d", name, p.Status, posted.Status)
			}
		} else if p.Status != 404 || posted.Status != 404 {
			t.Errorf("%s: %d, %d", name, p.Status, posted.Status)
		}
		if m.v.Number(`SELECT count(*) FROM decision_suivi`) != before {
			t.Errorf("%s: an answer was written", name)
		}
		m.v.Exec(`UPDATE decision d SET organisme_id = t.organisme_id, etat = t.etat, motif = t.motif, clos_le = t.clos_le FROM tmp_d t WHERE t.id = d.id`)
		m.v.Exec(`UPDATE fonction f SET fin = t.fin, role = t.role FROM tmp_f t WHERE t.id = f.id`)
		m.v.Exec(`UPDATE compte SET desactive_le = NULL; DROP TABLE tmp_d, tmp_f`)
	}
	for _, altered := range []string{path[:len(path)-3], path + "AA", "/decisions/reponse/x", "/decisions/reponse/" + strings.Repeat("A", 60)} {
		b.Get(altered).Want(404)
		b.Post(altered, map[string][]string{"etat": {"faite"}}).Want(404)
	}
}

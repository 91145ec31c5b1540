package compte_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"portail/internal/compte"
	"portail/internal/droits"
	"portail/internal/portailtest"
	"portail/web/typo"
)

// conserver applies the retention table as if it were at.
func conserver(t *testing.T, v *portailtest.Visitor, at time.Time) map[string]int64 {
	t.Helper()
	touched, err := compte.New(v.DB, portailtest.Config(t)).Conserver(t.Context(), v.DB, at)
	if err != nil {
		t.Fatal(err)
	}
	return touched
}

func TestWhatIsOverIsPurgedAndNoSooner(t *testing.T) {
	v, _ := administration(t)
	id, _ := v.Account("x@caf.test", droits.Lecteur, "CAF")
	must(t, v, `DELETE FROM session`)
	must(t, v, `DELETE FROM tentative`)
	now := time.Now()
	must(t, v, `INSERT INTO session (jeton, donnees, expire_le, vue_le) VALUES ('s', '', $1, $2)`, now.Add(8*time.Hour), now)
	must(t, v, `INSERT INTO jeton (empreinte, compte_id, usage, expire_le) VALUES ('j', $1, 'mot_de_passe', $2)`, id, now.Add(time.Hour))
	must(t, v, `INSERT INTO tentative (cle, nombre, jusqu_a, derniere) VALUES ('t', 1, $1, $1)`, now)
	must(t, v, `INSERT INTO invitation (courriel, nom, organisme_id, role, jeton, cree_par, expire_le) SELECT 'n@caf.test', 'N', min(id), 'lecteur', 'i', $1, $2 FROM organisme`, id, now.Add(7*24*time.Hour))
	must(t, v, `INSERT INTO courriel (id, destinataire, sujet, texte, sorte, cree_le) VALUES ('7b0f1c1e-0000-4000-8000-000000000001', 'x@caf.test', 'S', 'T', 'essai', $1)`, now)
	const day = 24 * time.Hour
	for _, c := range []struct {
		what, left  string
		kept, purge time.Duration
	}{
		{"sessions, idle", `SELECT count(*) FROM session`, 29 * time.Minute, 31 * time.Minute},
		{"counters", `SELECT count(*) FROM tentative`, 23 * time.Hour, 25 * time.Hour},
		{"links", `SELECT count(*) FROM jeton`, 25 * time.Hour, 26 * time.Hour},
		{"texts of mails", `SELECT count(*) FROM courriel WHERE texte <> ''`, 29 * day, 31 * day},
		{"invitations", `SELECT count(*) FROM invitation`, 96 * day, 98 * day},
	} {
		conserver(t, v, now.Add(c.kept))
		if n := one[int](t, v, c.left); n != 1 {
			t.Errorf("%s are purged after %s", c.what, c.kept)
		}
		conserver(t, v, now.Add(c.purge))
		if n := one[int](t, v, c.left); n != 0 {
			t.Errorf("%s are kept after %s", c.what, c.purge)
		}
	}
	if n := one[int](t, v, `SELECT count(*) FROM journal WHERE verbe = 'données conservées purgées' AND auteur = 'tâche automatique'`); n != 5 {
		t.Errorf("%d purges are journalled", n)
	}
	conserver(t, v, now.Add(366*day))
	if n := one[int](t, v, `SELECT count(*) FROM courriel WHERE destinataire = 'x@caf.test' AND sujet = 'S'`); n != 0 {
		t.Error("an old mail is kept")
	}
}

func TestAPurgeWithNothingToDoWritesNothing(t *testing.T) {
	v, _ := administration(t)
	before := one[int](t, v, `SELECT count(*) FROM journal`)
	if touched := conserver(t, v, time.Now()); len(touched) != 0 || one[int](t, v, `SELECT count(*) FROM journal`) != before {
		t.Errorf("touched: %v", touched)
	}
}

// TestSleepingAccountsAreWarnedTwiceThenDisabled follows an account day by day.
func TestSleepingAccountsAreWarnedTwiceThenDisabled(t *testing.T) {
	v, _ := administration(t)
	start := time.Date(2025, 3, 10, 12, 0, 0, 0, typo.Paris)
	id, _ := v.Account("dort@caf.test", droits.Lecteur, "CAF")
	demo, _ := v.Account("demo@caf.test", droits.Lecteur, "CAF")
	must(t, v, `UPDATE compte SET cree_le = $1, derniere_connexion = $1`, start)
	must(t, v, `UPDATE compte SET demonstration = true WHERE id = $1`, demo)
	must(t, v, `UPDATE compte SET derniere_connexion = $1 WHERE courriel LIKE 'administrateur%'`, start.AddDate(2, 0, 0))
	mails := func() int {
		return one[int](t, v, `SELECT count(*) FROM courriel WHERE sorte = 'inactivite' AND compte_id = $1`, id)
	}
	disabled := func() bool {
		return one[bool](t, v, `SELECT desactive_le IS NOT NULL FROM compte WHERE id = $1`, id)
	}
	end := start.AddDate(0, 12, 0)
	for _, c := range []struct {
		at       time.Time
		mails    int
		disabled bool
	}{
		{end.AddDate(0, 0, -31), 0, false}, {end.AddDate(0, 0, -30), 1, false}, {end.AddDate(0, 0, -29), 1, false}, {end.AddDate(0, 0, -8), 1, false},
		{end.AddDate(0, 0, -7), 2, false}, {end.AddDate(0, 0, -6), 2, false}, {end.Add(-time.Hour), 2, false}, {end, 2, true}, {end.AddDate(0, 0, 1), 2, true},
	} {
		conserver(t, v, c.at)
		if mails() != c.mails || disabled() != c.disabled {
			t.Fatalf("on %s: %d mails, disabled %t; want %d, %t", c.at.Format(time.DateOnly), mails(), disabled(), c.mails, c.disabled)
		}
	}
	if subject := one[string](t, v, `SELECT min(sujet) FROM courriel WHERE sorte = 'inactivite' AND compte_id = $1`, id); !strings.Contains(subject, "10\u00a0mars\u00a02026") {
		t.Errorf("subject: %q", subject)
	}
	if one[bool](t, v, `SELECT desactive_le IS NOT NULL OR prevenu_le IS NOT NULL FROM compte WHERE id = $1`, demo) {
		t.Error("a demonstration account aged")
	}
	if journalled(t, v, "compte inactif averti", id) != 2 || journalled(t, v, "compte désactivé", id) != 1 {
		t.Error("not journalled")
	}
}

func TestNobodyIsDisabledUnwarned(t *testing.T) {
	v, _ := administration(t)
	id, _ := v.Account("dort@caf.test", droits.Lecteur, "CAF")
	start := time.Now().AddDate(-3, 0, 0) // the job did not run for two years
	must(t, v, `UPDATE compte SET cree_le = $1, derniere_connexion = $1 WHERE id = $2`, start, id)
	now := time.Now()
	state := func() string {
		return one[string](t, v, `SELECT CASE WHEN desactive_le IS NOT NULL THEN 'disabled' WHEN prevenu_le IS NOT NULL THEN 'warned' ELSE 'live' END FROM compte WHERE id = $1`, id)
	}
	for _, c := range []struct {
		after time.Duration
		want  string
	}{{0, "warned"}, {6 * 24 * time.Hour, "warned"}, {7 * 24 * time.Hour, "disabled"}} {
		conserver(t, v, now.Add(c.after))
		if got := state(); got != c.want {
			t.Errorf("after %s: %s", c.after, got)
		}
	}
}

func TestSigningInWakesAnAccount(t *testing.T) {
	v, _ := administration(t)
	id, _ := v.Account("dort@caf.test", droits.Lecteur, "CAF")
	must(t, v, `UPDATE compte SET cree_le = now() - interval '2 years' WHERE id = $1`, id)
	now := time.Now()
	conserver(t, v, now)
	v.SignInAs("dort@caf.test")
	conserver(t, v, now.AddDate(0, 0, 8))
	if one[bool](t, v, `SELECT desactive_le IS NOT NULL OR prevenu_le IS NOT NULL FROM compte WHERE id = $1`, id) {
		t.Error("an account in use is put to sleep")
	}
}

func TestTheLastAdministratorDoesNotFallAsleep(t *testing.T) {
	v, _ := administration(t)
	must(t, v, `UPDATE compte SET cree_le = now() - interval '3 years', derniere_connexion = now() - interval '3 years'`)
	now := time.Now()
	for _, after := range []time.Duration{0, 8 * 24 * time.Hour, 40 * 24 * time.Hour} {
		conserver(t, v, now.Add(after))
	}
	if n := one[int](t, v, `SELECT count(*) FROM compte WHERE desactive_le IS NULL`); n != 1 {
		t.Errorf("%d administrators are left", n)
	}
}

func TestAnAccountLongDisabledLosesItsName(t *testing.T) {
	v, _ := administration(t)
	id, _ := v.Account("parti@caf.test", droits.Lecteur, "CAF")
	now := time.Now()
	must(t, v, `UPDATE compte SET desactive_le = $2, desactive_motif = 'Départ de Zoé' WHERE id = $1`, id, now)
	conserver(t, v, now.AddDate(0, 35, 0))
	if got := one[string](t, v, `SELECT courriel FROM compte WHERE id = $1`, id); got != "parti@caf.test" {
		t.Errorf("erased too soon: %q", got)
	}
	conserver(t, v, now.AddDate(0, 37, 0))
	if got := one[string](t, v, `SELECT concat_ws(' ', nom, courriel, mot_de_passe, desactive_motif) FROM compte WHERE id = $1`, id); strings.Contains(got, "parti") || strings.Contains(got, "Zoé") || strings.Contains(got, "argon") {
		t.Errorf("still told: %q", got)
	}
	admin := v.SignInAs("administrateur@préfecture.test") // the former session is long over
	page := admin.Get(fiche(id)).Want(http.StatusOK)
	if !strings.Contains(page.Text("main"), "Effacé") || page.Find("main form").Length() > 0 {
		t.Errorf("the record: %q", page.Text("main"))
	}
	deed := admin.Post(fiche(id)+"/reactiver", map[string][]string{"version": {"2"}})
	deed.Want(http.StatusNotFound)
}

func TestTheRegisterSheetTellsTheTruth(t *testing.T) {
	v, admin := administration(t)
	page := admin.Get("/administration/registre").Want(http.StatusOK)
	for _, want := range []string{"90 jours", "12 mois", "3 ans", "article 30", "à compléter"} {
		if !strings.Contains(page.Text("main"), want) {
			t.Errorf("no %q in the sheet", want)
		}
	}
	if n := page.Find("#conservation tbody tr").Length(); n != 12 {
		t.Errorf("%d rules", n)
	}
	v.SignIn(droits.Direction, "Préfecture").Get("/administration/registre").Want(http.StatusOK)
}

package dispositif_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"portail/internal/config"
	"portail/internal/dispositif"
	"portail/internal/droits"
	"portail/internal/organisme"
	"portail/internal/pg"
	"portail/internal/portailtest"
	"portail/web"
)

// demo is a site with the records of the demonstration.
func demo(t testing.TB) *portailtest.Visitor {
	t.Helper()
	v := portailtest.Site(t)
	for _, seed := range []func() error{
		func() error { return organisme.Seed(t.Context(), v.DB) },
		func() error { return organisme.SeedDemo(t.Context(), v.DB) },
		func() error { return dispositif.SeedDemo(t.Context(), v.DB, portailtest.Config(t)) },
		func() error { return dispositif.SeedDemo(t.Context(), v.DB, portailtest.Config(t)) }, // again: nothing more
	} {
		if err := seed(); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

func count(t testing.TB, v *portailtest.Visitor, sql string) string {
	t.Helper()
	var n string
	if err := v.DB.QueryRow(t.Context(), `SELECT (`+sql+`)::text`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDemonstration(t *testing.T) {
	t.Parallel()
	v := demo(t)
	for sql, want := range map[string]string{
		`SELECT count(*) FROM adulte_relais WHERE etat IN ('signee', 'pourvue', 'vacante')`:                     "31",
		`SELECT count(DISTINCT employeur_id) FROM adulte_relais WHERE etat IN ('signee', 'pourvue', 'vacante')`: "10",
		`SELECT count(*) FROM adulte_relais WHERE NOT demonstration`:                                            "0",
		`SELECT count(*) FROM pre WHERE demonstration`:                                                          "3",
	} {
		if got := count(t, v, sql); got != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
	if err := dispositif.SeedDemo(t.Context(), v.DB, config.Config{}); err == nil {
		t.Error("invented records are made in production")
	}
	text := v.Get("/dispositifs/adultes-relais").Want(http.StatusOK).Text("main")
	for _, want := range []string{"donnée de démonstration", "Source : ANCT", "2025 18 non disponible", "2021 31 20 071,82 €"} {
		if !strings.Contains(text, want) {
			t.Errorf("the public page does not say %q", want)
		}
	}
	kinds := count(t, v, `SELECT string_agg(DISTINCT sorte, ' ' ORDER BY sorte) FROM echeance_dispositif`)
	for _, want := range []string{"adulte_relais_fin", "adulte_relais_fin_3_mois", "adulte_relais_piece", "adulte_relais_vacance", "pre_agregats"} {
		if !strings.Contains(kinds, want) {
			t.Errorf("no échéance %s among %s", want, kinds)
		}
	}
}

// A partner sees the posts and programmes that it holds and no other; the public sees what is published, and neither money nor opinion.
func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	mine := s.signed("R-MIENNE")
	s.Exec(`INSERT INTO organisme (nom, nature) VALUES ('Autre association', 'association')`)
	other := s.signed("R-AUTRE", "employeur", s.Value(`SELECT id FROM organisme WHERE nom = 'Autre association'`))
	asked := s.request("missions_texte", "Demande encore confidentielle")
	s.Exec(`INSERT INTO pre (nom, porteur_id, porteur_nature, domaines, debut, publie) SELECT 'PRE caché', id, 'ccas', '{sante}', '2020-01-01', false FROM organisme WHERE nom = 'Autre association'`)
	pre := "/suivi/reussite-educative/" + s.Value(`SELECT id FROM pre`)
	for _, role := range []droits.Role{droits.Referent, droits.Lecteur} {
		partner := s.SignIn(role, "Association des habitants")
		partner.Get(mine).Want(http.StatusOK)
		partner.Get(other).Want(http.StatusNotFound)
		partner.Get(pre).Want(http.StatusNotFound)
		for _, path := range []string{"/suivi/adultes-relais?etat=tous", "/suivi/adultes-relais/fins", "/suivi/adultes-relais/fichier.csv?etat=tous"} {
			body := string(partner.Get(path).Want(http.StatusOK).Body)
			if !strings.Contains(body, "R-MIENNE") || strings.Contains(body, "R-AUTRE") || strings.Contains(body, "Autre association") {
				t.Errorf("%s: %s shows too much or too little", role, path)
			}
		}
		if text := partner.Get("/suivi/reussite-educative").Want(http.StatusOK).Text("main"); strings.Contains(text, "PRE caché") {
			t.Errorf("%s sees the programme of another", role)
		}
		if row := partner.Get("/suivi/adultes-relais/totaux").Want(http.StatusOK).Find("#totaux-annees tbody tr").First().Find("td").First().Text(); clean(row) != "1" {
			t.Errorf("%s: totals of %s posts", role, row)
		}
	}
	public := string(s.Get("/dispositifs").Want(http.StatusOK).Body) + string(s.Get("/dispositifs/adultes-relais").Want(http.StatusOK).Body) + string(s.Get("/qpv/QN08801M").Want(http.StatusOK).Body)
	if !strings.Contains(public, "Association des habitants") || !strings.Contains(public, "Autre association") {
		t.Error("the public does not see the posts")
	}
	for _, secret := range []string{"R-MIENNE", "confidentielle", "PRE caché", "Favorable"} {
		if strings.Contains(public, secret) {
			t.Errorf("the public sees %q", secret)
		}
	}
	_ = asked
	s.Get("/suivi/adultes-relais").Want(http.StatusSeeOther)
}

func TestHostileAddresses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for path, want := range map[string]int{
		"/dispositifs?commune=99999": http.StatusNotFound, "/dispositifs?qpv=QN99999Z": http.StatusNotFound, "/dispositifs?qpv=" + strings.Repeat("Q", 50): http.StatusBadRequest,
		"/dispositifs?page=2": http.StatusNotFound, "/dispositifs?page=x": http.StatusBadRequest, "/dispositifs/inconnu": http.StatusNotFound, "/dispositifs/..%2F": http.StatusNotFound,
		"/suivi/adultes-relais?etat=roi": http.StatusBadRequest, "/suivi/adultes-relais?categorie=x": http.StatusBadRequest, "/suivi/adultes-relais?employeur=x": http.StatusBadRequest,
		"/suivi/adultes-relais?tri=mot_de_passe": http.StatusBadRequest, "/suivi/adultes-relais?fin=demain": http.StatusBadRequest, "/suivi/adultes-relais?page=99": http.StatusNotFound,
		"/suivi/adultes-relais?q=%25_%5C": http.StatusOK, "/suivi/adultes-relais?q=" + strings.Repeat("a", 201): http.StatusBadRequest, "/suivi/adultes-relais/0": http.StatusNotFound,
		"/suivi/adultes-relais/99999999999999999999": http.StatusNotFound, "/suivi/adultes-relais/abc": http.StatusNotFound, "/suivi/adultes-relais/4242": http.StatusNotFound,
		"/suivi/adultes-relais/4242/signer": http.StatusNotFound, "/suivi/adultes-relais/totaux?annee=1": http.StatusBadRequest, "/suivi/adultes-relais/totaux?annee=mille": http.StatusBadRequest,
		"/suivi/dispositifs/4242": http.StatusNotFound, "/suivi/reussite-educative/4242": http.StatusNotFound, "/suivi/realisations/4242/montants": http.StatusNotFound,
	} {
		if got := s.Gestion.Get(path).Status; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}

// Pages cost the same however many posts there are.
func TestStatementsWithTenThousandPosts(t *testing.T) {
	t.Parallel()
	v := demo(t)
	by := v.SignIn(droits.Gestionnaire, "Préfecture")
	if _, err := v.DB.Exec(t.Context(), `
		INSERT INTO adulte_relais (numero, employeur_id, categorie, departement, missions, debut, fin, etat, signee_le)
		SELECT 'M' || n, (SELECT min(id) FROM organisme WHERE nature = 'association'), 'association', '88', '{accueil}', '2025-01-01', '2027-12-31', 'pourvue', '2024-12-01' FROM generate_series(1, 10000) n;
		INSERT INTO adulte_relais_qpv SELECT a.id, q.id FROM adulte_relais a JOIN LATERAL (SELECT id FROM qpv WHERE generation = 2024 ORDER BY code OFFSET a.id % 6 LIMIT 1) q ON true WHERE a.numero LIKE 'M%';
		INSERT INTO adulte_relais_occupation (adulte_relais_id, debut, conditions_le) SELECT id, '2025-01-01', '2025-01-01' FROM adulte_relais WHERE numero LIKE 'M%';
		ANALYZE`); err != nil {
		t.Fatal(err)
	}
	id := count(t, v, `SELECT min(id) FROM adulte_relais`)
	pre := count(t, v, `SELECT min(id) FROM pre`)
	const door = 4 // session and account, at the door of a private page
	for path, most := range map[string]int{
		"/dispositifs": 5, "/dispositifs?commune=88160": 5, "/dispositifs/adultes-relais": 5, "/qpv/QN08801M": 6, "/suivi/adultes-relais": 4 + door, "/suivi/adultes-relais?q=a&tri=-employeur&page=3": 4 + door,
		"/suivi/adultes-relais/carte": 8 + door, "/suivi/adultes-relais/fins": 2 + door, "/suivi/adultes-relais/totaux": 4 + door, "/suivi/adultes-relais/bareme": 4 + door, "/suivi/adultes-relais/" + id: 7 + door,
		"/suivi/reussite-educative": 2 + door, "/suivi/reussite-educative/" + pre: 6 + door, "/suivi/dispositifs": 2 + door, "/suivi/dispositifs/1": 4 + door,
	} {
		start := time.Now()
		c := portailtest.CountStatements(t, v.DB, func() { by.Get(path).Want(http.StatusOK) })
		if c.Statements() > most {
			t.Errorf("%s: %d statements, at most %d\n%s", path, c.Statements(), most, c)
		}
		t.Logf("%s: %d statements, %d round trips, %v", path, c.Statements(), c.RoundTrips(), time.Since(start).Round(time.Millisecond))
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	v := demo(t)
	by := v.SignIn(droits.Gestionnaire, "Préfecture")
	for name, kind := range map[string]string{"fichier.ods": "opendocument", "fichier.csv": "text/csv", "fichier-tableur.csv": "text/csv"} {
		p := by.Get("/suivi/adultes-relais/" + name + "?etat=vacante").Want(http.StatusOK)
		if got := p.Header.Get("Content-Type"); !strings.Contains(got, kind) {
			t.Errorf("%s is %s", name, got)
		}
		if name == "fichier.csv" {
			if lines, want := strings.Count(string(p.Body), "\n")-1, count(t, v, `SELECT count(*) FROM adulte_relais WHERE etat = 'vacante'`); fmt.Sprint(lines) != want {
				t.Errorf("%d lines, want %s", lines, want)
			}
		}
	}
	if got := count(t, v, `SELECT count(*) FROM journal WHERE verbe = 'adultes-relais exportés'`); got != "3" {
		t.Errorf("%s exports are in the journal", got)
	}
}

// What a partner is shown at a glance is what it holds; the number of posts of the département is the préfecture's.
func TestDashboard(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	area := dispositif.New(s.Web, portailtest.Config(t), nil)
	mine, other := droits.Compte{ID: 1, Role: droits.Referent, Organisme: s.Asso}, droits.Compte{ID: 1, Role: droits.Referent, Organisme: s.Etat}
	staff := droits.Compte{ID: 1, Role: droits.Gestionnaire}
	bloc := func(par droits.Compte) *web.Bloc {
		t.Helper()
		var b pg.Batch
		made := area.Bloc(&b, par)
		if err := b.RunAs(t.Context(), s.Web, par); err != nil {
			t.Fatal(err)
		}
		return made()
	}
	if b := bloc(staff); b != nil {
		t.Errorf("without a post: %v", b)
	}
	s.signed("R1")
	for name, c := range map[string]struct {
		par  droits.Compte
		seen bool
	}{"the employer": {mine, true}, "another": {other, false}, "the préfecture": {staff, true}} {
		if b := bloc(c.par); (b != nil) != c.seen {
			t.Errorf("%s: %v", name, b)
		}
	}
}

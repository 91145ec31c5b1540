package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/organisme"
	"portail/internal/portailtest"
)

// fillDispositifs gives the pages of dispositifs what the demonstration lacks: a convention that has come to its end, and a dispositif
// with a generic record.
func fillDispositifs(t *testing.T, site *portailtest.Visitor) {
	t.Helper()
	for _, sql := range []string{
		`INSERT INTO adulte_relais (numero, employeur_id, categorie, departement, missions, debut, fin, etat, signee_le)
			SELECT 'R-ECHUE', min(id), 'association', '88', '{accueil}', current_date - 700, current_date - 1, 'vacante', current_date - 710 FROM organisme WHERE nature = 'association'`,
		`INSERT INTO dispositif (code, nom, objet, publie) VALUES ('quartiers-d-ete', 'Quartiers d’été', 'Des activités pendant les vacances.', true)`,
		`INSERT INTO realisation (dispositif_id, intitule, porteur_id, etat, debut, publie)
			SELECT d.id, 'Animations du soir', (SELECT min(id) FROM organisme WHERE nature = 'association'), 'en_cours', '2026-07-01', true FROM dispositif d WHERE d.code = 'quartiers-d-ete'`,
		`INSERT INTO realisation_qpv SELECT r.id, q.id FROM realisation r, qpv q WHERE q.code = 'QN08801M'`,
	} {
		if _, err := site.DB.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
	}
}

// A post from the request to its renewal, each step by whoever does it, in a browser.
func TestAdulteRelaisJourney(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t, "PORTAIL_NOM="+siteName)
	if err := organisme.Seed(t.Context(), site.DB); err != nil {
		t.Fatal(err)
	}
	if err := organisme.SeedDemo(t.Context(), site.DB); err != nil {
		t.Fatal(err)
	}
	const where = "Préfecture des Vosges"
	site.Account("gestion@essai.test", droits.Gestionnaire, where)
	_, fonction := site.Account("delegue@essai.test", droits.Delegue, where)
	if _, err := site.DB.Exec(t.Context(), `INSERT INTO fonction_qpv SELECT $1, id FROM qpv WHERE generation = 2024`, fonction); err != nil {
		t.Fatal(err)
	}
	as := func(courriel string) *tab {
		tb := newTab(t, site.URL, look{theme: "light", width: 1280})
		tb.open(lien.Connexion)
		tb.fill("#courriel", courriel)
		tb.fill("#mot_de_passe", portailtest.MotDePasse)
		tb.follow("main form[action='/connexion'] button", lien.TableauDeBord)
		return tb
	}
	gestion, delegue := as("gestion@essai.test"), as("delegue@essai.test")

	// submit sends the form and gives the path that it leads to.
	submit := func(tb *tab) string {
		tb.follow("main form[method=post] button[type=submit]", lien.AdultesRelais)
		return run[string](tb, "location.pathname")
	}
	gestion.open(lien.AdulteRelaisNouveau)
	run[bool](gestion, `(() => { const o = [...document.querySelectorAll('#employeur option')].find(o => o.textContent.includes('AGC2S')); document.querySelector('#employeur').value = o.value; return true })()`)
	run[bool](gestion, `(() => { document.querySelector('#categorie').value = 'association'; document.querySelector('input[name=qpv]').checked = true; document.querySelector('input[name=missions]').checked = true; return true })()`)
	run[bool](gestion, `(() => { document.querySelector('#debut').value = '2025-01-01'; document.querySelector('#fin').value = '2027-12-31'; return true })()`)
	record := submit(gestion)

	step := func(tb *tab, acte, script string) string {
		tb.open(record + "/" + acte)
		run[bool](tb, "(() => { "+script+"; return true })()")
		return submit(tb)
	}
	set := func(id, value string) string { return "document.querySelector('#" + id + "').value = '" + value + "';" }
	check := func(selector string) string { return "document.querySelector(\"" + selector + "\").checked = true;" }

	step(delegue, lien.ActeAviser, check("input[name=avis][value=favorable]"))
	step(gestion, lien.ActeAccorder, set("le", "2024-11-20"))
	step(gestion, lien.ActeSigner, set("le", "2024-12-10")+set("numero", "R-JOURNEY"))

	// Hired the day before the signature: refused, the article beside the field, and nothing lost.
	good := set("conditions_le", "2024-12-01") + check("input[name=conditions]") + check("input[name=residence][value=qpv]")
	if at := step(gestion, lien.ActePourvoir, set("debut", "2024-12-09")+good); at != record+"/"+lien.ActePourvoir {
		t.Fatalf("a hiring before the signature leads to %s", at)
	}
	gestion.wantText("#debut-messages", "5134-152")
	step(gestion, lien.ActePourvoir, set("debut", "2025-01-02")+good)
	next := step(gestion, lien.ActeRenouveler, "")
	if next == record {
		t.Error("the renewal leads to the convention itself")
	}
	gestion.wantText("main", "Convention R-JOURNEY")
	if text := site.Get(lien.Dispositifs).Want(http.StatusOK).Text("#postes"); !strings.Contains(text, "AGC2S") || !strings.Contains(text, "Pourvue") {
		t.Errorf("the public list: %s", text)
	}
}

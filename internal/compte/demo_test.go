package compte_test

import (
	"net/http"
	"strings"
	"testing"

	"portail/internal/compte"
	"portail/internal/organisme"
	"portail/internal/portailtest"
)

func TestDemonstrationAccounts(t *testing.T) {
	t.Parallel()
	v := portailtest.Site(t, "PORTAIL_TOTP_ROLES=administrateur,gestionnaire,delegue,direction")
	if err := organisme.Seed(t.Context(), v.DB); err != nil {
		t.Fatal(err)
	}
	cfg := portailtest.Config(t)
	demo, err := compte.SeedDemo(t.Context(), v.DB, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for courriel, in := range map[string]string{
		"administrateur@demo.test": "Administration, Préfecture", "gestionnaire@demo.test": "DDETSPP", "delegue@demo.test": "Préfecture", "direction@demo.test": "Préfecture",
		"referent.caf@demo.test": "Référent·e, Caisse d’allocations familiales", "lecteur.caf@demo.test": "Caisse d’allocations familiales", "referent.ars@demo.test": "Agence régionale de santé",
		"referent.francetravail@demo.test": "France Travail", "referent.epinal@demo.test": "pinal",
	} {
		b := v.Fresh()
		if to := b.Post("/connexion", signIn(courriel, demo.MotDePasse)).Want(http.StatusSeeOther).Header.Get("Location"); to != "/tableau-de-bord" {
			t.Errorf("%s: leads to %q", courriel, to)
		}
		if text := b.Get("/mon-compte").Want(http.StatusOK).Text("body"); !strings.Contains(text, strings.ReplaceAll(in, "DDETSPP", "emploi, du travail")) {
			t.Errorf("%s is not in %s", courriel, in)
		}
		if !strings.Contains(string(v.Get("/connexion").Body), courriel) {
			t.Errorf("%s is not shown on the sign-in page", courriel)
		}
	}
	if len(demo.Courriels) != 9 {
		t.Errorf("%d accounts", len(demo.Courriels))
	}
	// What visitors did is undone at the next start as far as signing in goes; the password stays the same.
	if _, err := v.DB.Exec(t.Context(), `UPDATE compte SET mot_de_passe = 'x', desactive_le = now(), totp_actif_le = now(), totp_secret = '\x00'`); err != nil {
		t.Fatal(err)
	}
	again, err := compte.SeedDemo(t.Context(), v.DB, cfg)
	if err != nil || again.MotDePasse != demo.MotDePasse {
		t.Fatalf("%q, then %q, %v", demo.MotDePasse, again.MotDePasse, err)
	}
	v.Fresh().Post("/connexion", signIn("administrateur@demo.test", demo.MotDePasse)).Want(http.StatusSeeOther)
	var fonctions int
	if err := v.DB.QueryRow(t.Context(), `SELECT count(*) FROM fonction`).Scan(&fonctions); err != nil || fonctions != 9 {
		t.Errorf("%d fonctions, %v", fonctions, err)
	}
	set, err := compte.SeedDemo(t.Context(), v.DB, portailtest.Config(t, "PORTAIL_DEMO_MOT_DE_PASSE=celui que je veux"))
	if err != nil || set.MotDePasse != "celui que je veux" {
		t.Errorf("%q, %v", set.MotDePasse, err)
	}
	if _, err := compte.SeedDemo(t.Context(), v.DB, portailtest.Config(t, "PORTAIL_MODE=production")); err == nil {
		t.Error("demonstration accounts are made in production")
	}
}

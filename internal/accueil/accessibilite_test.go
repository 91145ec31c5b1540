package accueil_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"portail/internal/accueil"
	"portail/internal/config"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

func TestMentionFollowsTheAudit(t *testing.T) {
	audit := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		taux  float64
		today time.Time
		want  string
	}{
		{100, audit, "totalement conforme"},
		{99.9, audit, "partiellement conforme"},
		{50, audit, "partiellement conforme"},
		{49.9, audit, "non conforme"},
		{100, audit.AddDate(0, 0, -1), "non conforme"}, // not made yet
		{100, audit.AddDate(3, 0, -1), "totalement conforme"},
		{100, audit.AddDate(3, 0, 0), "non conforme"}, // no longer valid
	} {
		if got := accueil.MentionAccessibilite(config.Config{AuditDate: audit, AuditTaux: c.taux}, c.today); got != c.want {
			t.Errorf("%v %% on %s: %q, want %q", c.taux, c.today.Format(time.DateOnly), got, c.want)
		}
	}
	if got := accueil.MentionAccessibilite(config.Config{}, audit); got != "non conforme" {
		t.Errorf("without audit: %q", got)
	}
}

// sections are the titles that the statement must have (C7), in order.
var sections = []string{"État de conformité", "Résultats des tests", "Contenus non accessibles", "Non-conformités", "Dérogations pour charge disproportionnée",
	"Contenus non soumis à l’obligation d’accessibilité", "Établissement de cette déclaration d’accessibilité",
	"Technologies utilisées pour la réalisation du site", "Environnement de test", "Pages du site ayant fait l’objet de la vérification de conformité",
	"Retour d’information et contact", "Voies de recours"}

func TestStatementWithoutAuditIsHonest(t *testing.T) {
	p := portailtest.Site(t).Get(lien.Accessibilite).Want(http.StatusOK)
	last := -1
	for _, s := range sections {
		at := strings.Index(p.Text("main h2, main h3"), s)
		if at <= last {
			t.Errorf("section %q is missing or out of order", s)
		}
		last = at
	}
	text := p.Text("main")
	for _, want := range []string{"est non conforme avec le référentiel", "car aucun audit de conformité n’a été réalisé", "Défenseur des droits", "article 47 de la loi", "valable 3 ans"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q", want)
		}
	}
	if strings.Contains(text, "% des critères") {
		t.Error("a rate is claimed without audit")
	}
	if got := p.Text("footer"); !strings.Contains(got, "Accessibilité : non conforme") {
		t.Errorf("footer: %q", got)
	}
}

func TestStatementTellsTheAudit(t *testing.T) {
	day := time.Now().AddDate(0, -6, 0)
	env := []string{"PORTAIL_AUDIT_TAUX=72.5", "PORTAIL_AUDIT_PAR=Cabinet Essai", "PORTAIL_AUDIT_NON_CONFORMITES=Tableau A sans titre|Lien B vide",
		"PORTAIL_AUDIT_DEROGATIONS=Plan C", "PORTAIL_AUDIT_ENVIRONNEMENTS=Firefox et NVDA", "PORTAIL_AUDIT_PAGES=Accueil|Aide", "PORTAIL_CONTACT=a@b.example"}
	text := portailtest.Site(t, append(env, "PORTAIL_AUDIT_DATE="+day.Format(time.DateOnly))...).Get(lien.Accessibilite).Want(http.StatusOK).Text("main")
	for _, want := range []string{"est partiellement conforme", "72,50 % des critères", "Cabinet Essai", "Tableau A sans titre", "Lien B vide", "Plan C", "Firefox et NVDA", "jusqu’au", "a@b.example"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q", want)
		}
	}
	old := portailtest.Site(t, append(env, "PORTAIL_AUDIT_DATE=2020-01-31")...).Get(lien.Accessibilite).Want(http.StatusOK).Text("main")
	for _, want := range []string{"est non conforme", "son dernier audit de conformité n’est plus valable", "depuis le 31 janvier 2023"} {
		if !strings.Contains(old, want) {
			t.Errorf("expired audit: lacks %q", want)
		}
	}
}

package compte_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail/internal/compte"
	"portail/internal/organisme"
	"portail/internal/portailtest"
)

func TestTheCommandLineLetsTheFirstAdministratorIn(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	if err := organisme.Seed(t.Context(), v.DB); err != nil {
		t.Fatal(err)
	}
	s := compte.New(v.DB, portailtest.Config(t))
	for name, c := range map[string][3]string{
		"no such organisation": {"a@prefecture.test", "Camille", "Nulle part"}, "a partner's": {"a@prefecture.test", "Camille", "CAF"},
		"no address": {"camille", "Camille", "Préfecture des Vosges"}, "no name": {"a@prefecture.test", " ", "Préfecture des Vosges"},
	} {
		if _, err := s.InviterAdministrateur(t.Context(), c[0], c[1], c[2]); err == nil {
			t.Errorf("%s: invited", name)
		}
	}
	link, err := s.InviterAdministrateur(t.Context(), "Premier@Prefecture.test", "Camille Essai", "prefecture des vosges")
	if err != nil {
		t.Fatal(err)
	}
	_, path, _ := strings.Cut(strings.TrimPrefix(link, "http://"), "/")
	b := v.Fresh()
	b.Get("/" + path).Want(http.StatusOK)
	const motDePasse = "cheval lanterne ciboulette 88"
	b.Post("/"+path, url.Values{"nom": {"Camille Essai"}, "mot_de_passe": {motDePasse}, "encore": {motDePasse}}).Want(http.StatusSeeOther)
	b.Get("/administration/comptes").Want(http.StatusOK)
	if got := b.Get("/administration/invitations?etat=acceptee").Want(http.StatusOK).Text("table"); !strings.Contains(got, "Ligne de commande") {
		t.Errorf("who invited is not told: %q", got)
	}
	v.Fresh().Get("/" + path).Want(http.StatusNotFound)
	if _, err := s.InviterAdministrateur(t.Context(), "premier@prefecture.test", "Camille Essai", "Préfecture des Vosges"); err == nil {
		t.Error("an administrator is invited again")
	}
	var told int
	err = v.DB.QueryRow(t.Context(), `SELECT count(*) FROM journal WHERE verbe = 'invitation par la ligne de commande' AND auteur <> ''`).Scan(&told)
	if err != nil || told != 1 {
		t.Errorf("told %d times in the journal, %v", told, err)
	}
}

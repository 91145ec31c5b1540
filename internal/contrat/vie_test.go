package contrat_test

import (
	"strings"
	"testing"

	"portail/internal/droits"
)

// TestLife follows a contract from its draft to an avenant in force, as its people do it.
func TestLife(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if page := s.gestionnaire.Get(path(s.contrat, 1, "")).Want(200); !strings.Contains(page.Text("#controle"), "Manque") {
		t.Error("the checklist of an empty contract is green")
	}
	s.complete()
	if page := s.gestionnaire.Get(path(s.contrat, 1, "")).Want(200); strings.Contains(page.Text("#controle"), "Manque") {
		t.Errorf("the checklist is not green: %s", page.Text("#controle"))
	}
	s.acte(s.gestionnaire, 1, "negocier")
	s.acte(s.gestionnaire, 1, "mettre-a-la-signature")
	hash := s.Value(`SELECT empreinte FROM contrat_version WHERE contrat_id = $1`, s.contrat)
	page := s.gestionnaire.Get(path(s.contrat, 1, "")).Want(200)
	if !strings.Contains(page.Text("main"), hash) {
		t.Error("the page of a frozen text does not show its SHA-256")
	}
	if got := s.Value(`SELECT encode(sha256(convert_to(texte_fige, 'UTF8')), 'hex') FROM contrat_version WHERE contrat_id = $1`, s.contrat); got != hash {
		t.Errorf("the frozen text has the SHA-256 %s, the page says %s", got, hash)
	}
	if n := s.Value(`SELECT count(*) FROM courriel WHERE sorte = 'contrat'`); n != "6" {
		t.Errorf("%s parties were written to, want 6", n)
	}
	if page := s.direction.Edit(path(s.contrat, 1, "constater-la-signature")); page.Status != 422 || !strings.Contains(page.Text("#erreurs"), "Ville") {
		t.Errorf("a contract nobody signed: status %d, %s", page.Status, page.Text("#erreurs"))
	}
	s.sign(1)
	s.acte(s.direction, 1, "constater-la-signature")
	if got := s.gestionnaire.Get(path(s.contrat, 1, "")).Want(200).Text(".fr-badges-group"); !strings.Contains(got, "En vigueur") {
		t.Errorf("a signed contract is %q", got)
	}
	s.gestionnaire.Edit(path(s.contrat, 1, "ouvrir-un-avenant"), "objet", "Prolonger", "natures", "prolongation").Want(303)
	s.do(s.gestionnaire, 2, "cadre", "fin", "2031-03-31")
	if got := s.gestionnaire.Get(path(s.contrat, 2, "comparaison")).Want(200); !strings.Contains(got.Find("ins").Text(), "2031") || !strings.Contains(got.Find("del").Text(), "2030") {
		t.Errorf("what the avenant changes: -%s +%s", got.Find("del").Text(), got.Find("ins").Text())
	}
	s.acte(s.gestionnaire, 2, "negocier")
	s.acte(s.gestionnaire, 2, "mettre-a-la-signature")
	s.sign(2)
	s.acte(s.direction, 2, "constater-la-signature")
	for numero, want := range map[int]string{1: "Remplacé", 2: "En vigueur"} {
		if got := s.gestionnaire.Get(path(s.contrat, numero, "")).Want(200).Text(".fr-badges-group"); !strings.Contains(got, want) {
			t.Errorf("text %d is %q, want %s", numero, got, want)
		}
	}
	if got := s.Value(`SELECT fin FROM contrat_vue WHERE id = $1`, s.contrat); got != "2031-03-31" {
		t.Errorf("the contract ends on %s", got)
	}
	visitor := s.Visitor.SignIn(droits.Lecteur, "Autre organisme")
	visitor.Get(path(s.contrat, 2, "")).Want(404)
	s.acte(s.direction, 2, "publier")
	if got := s.Value(`SELECT count(*) FROM contrat_publication`); got != "1" {
		t.Errorf("%s publications are kept", got)
	}
	visitor.Get(path(s.contrat, 2, "")).Want(404) // published, and yet not theirs to work on
	s.acte(s.direction, 2, "retirer", "motif", "Erreur de version")
	want := "négociation ouverte, texte mis à la signature"
	if got := verbs(t, s.Visitor, s.contrat); !strings.Contains(got, want) || !strings.HasSuffix(got, "version publiée, version retirée de la publication") {
		t.Errorf("the journal says %s", got)
	}
}

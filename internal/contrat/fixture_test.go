package contrat_test

import (
	"fmt"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// path is the address of a text of a contract, or of a page under it.
func path(contrat int64, numero int, under string) string {
	p := fmt.Sprintf("/agents/contrats/%d/versions/%d", contrat, numero)
	if under != "" {
		p += "/" + under
	}
	return p
}

// verbs are what the journal says was done to a contract, oldest first.
func verbs(t testing.TB, v *portailtest.Visitor, contrat int64) string {
	t.Helper()
	return v.Value(`SELECT string_agg(verbe, ', ' ORDER BY id) FROM journal WHERE objet = 'contrat' AND objet_id = $1`, fmt.Sprint(contrat))
}

// The organisations of tests, by the kind of party that they are.
var parties = []struct{ nature, nom string }{
	{"etat", "Préfecture"}, {"epci", "Agglomération"}, {"commune", "Ville"}, {"departement", "Département"}, {"region", "Région"}, {"bailleur", "Bailleur"},
}

// scene is a site with a contract, its people, and what they do.
type scene struct {
	*portailtest.Visitor
	t            testing.TB
	gestionnaire *portailtest.Visitor
	direction    *portailtest.Visitor
	contrat      int64
}

func newScene(t testing.TB) *scene {
	v := portailtest.Site(t)
	s := &scene{Visitor: v, t: t, gestionnaire: v.SignIn(droits.Gestionnaire, "Préfecture"), direction: v.SignIn(droits.Direction, "Préfecture")}
	for _, p := range parties {
		v.Account("referent@"+strings.ToLower(p.nature)+".test", droits.Referent, p.nom)
	}
	page := s.gestionnaire.Edit("/agents/contrats/nouveau", "titre", "Contrat d’essai", "epci",
		v.Value(`SELECT min(t.id) FROM territoire t JOIN qpv_epci e ON e.epci = t.code WHERE t.niveau = 'epci'`)).Want(303)
	s.contrat = v.Number(`SELECT max(id) FROM contrat`)
	if got := page.Header.Get("Location"); got != fmt.Sprintf("/agents/contrats/%d", s.contrat) {
		t.Fatalf("a new contract leads to %q", got)
	}
	return s
}

// referent signs the référent of a kind of party in.
func (s *scene) referent(nature string) *portailtest.Visitor {
	s.t.Helper()
	return s.SignInAs("referent@" + nature + ".test")
}

// do sends the form of a page of a text, and wants it accepted.
func (s *scene) do(by *portailtest.Visitor, numero int, under string, changed ...string) {
	s.t.Helper()
	page := by.Edit(path(s.contrat, numero, under), changed...)
	if page.Status != 303 {
		s.t.Fatalf("%s: status %d, %s", under, page.Status, page.Text("#erreurs"))
	}
}

// acte does an act on a text, and wants it accepted.
func (s *scene) acte(by *portailtest.Visitor, numero int, acte string, changed ...string) {
	s.t.Helper()
	s.do(by, numero, acte, changed...)
}

func (s *scene) partie(numero int, nature string) int64 {
	s.t.Helper()
	return s.Number(`SELECT p.id FROM contrat_partie p JOIN contrat_version v ON v.id = p.version_id WHERE v.contrat_id = $1 AND v.numero = $2 AND p.nature = $3`, s.contrat, numero, nature)
}

func (s *scene) objet(numero int, table string) int64 {
	s.t.Helper()
	return s.Number(`SELECT max(x.id) FROM `+table+` x JOIN contrat_version v ON v.id = x.version_id WHERE v.contrat_id = $1 AND v.numero = $2`, s.contrat, numero)
}

func (s *scene) section(numero int, code string) int64 {
	s.t.Helper()
	return s.Number(`SELECT x.id FROM contrat_section x JOIN contrat_version v ON v.id = x.version_id WHERE v.contrat_id = $1 AND v.numero = $2 AND x.code = $3 ORDER BY x.id LIMIT 1`, s.contrat, numero, code)
}

// addParties binds the organisations of tests, each with a signatory.
func (s *scene) addParties(numero int) {
	s.t.Helper()
	for _, p := range parties {
		s.do(s.gestionnaire, numero, "parties/nouvelle", "organisme", s.Value(`SELECT min(id) FROM organisme WHERE nom = $1`, p.nom), "nature", p.nature)
		s.do(s.gestionnaire, numero, fmt.Sprintf("parties/%d/signataires", s.partie(numero, p.nature)), "nom", "Camille "+p.nom, "qualite", "Présidence", "nature", "elu")
	}
}

// addArbre adds an axe, an objectif and an engagement with a target.
func (s *scene) addArbre(numero int) {
	s.t.Helper()
	s.do(s.gestionnaire, numero, "axes/nouveau", "titre", "Emploi", "nature", "priorite")
	s.do(s.gestionnaire, numero, "objectifs/nouveau", "axe", fmt.Sprint(s.objet(numero, "contrat_axe")), "titre", "Rapprocher de l’emploi")
	s.do(s.gestionnaire, numero, "engagements/nouveau", s.engagement(numero)...)
}

// engagement are the fields of a good engagement.
func (s *scene) engagement(numero int) []string {
	return []string{"objectif", fmt.Sprint(s.objet(numero, "contrat_objectif")), "partie", fmt.Sprint(s.partie(numero, "commune")), "texte", "Ouvrir une permanence",
		"credits", "droit_commun", "montant", "12 500,50", "annee_debut", "2025", "annee_fin", "2026", "indicateur", "Personnes reçues", "reference_valeur", "10",
		"reference_le", "2024-06-01", "cible_valeur", "40", "cible_le", "2026-06-01", "cible_source", "Registre"}
}

// write fills the sections that the checklist asks for.
func (s *scene) write(numero int) {
	s.t.Helper()
	for _, code := range []string{"actions", "moyens", "ingenierie", "evaluation_indicateurs", "evaluation_structure", "donnees", "evaluation_questions"} {
		s.do(s.gestionnaire, numero, fmt.Sprintf("sections/%d/modifier", s.section(numero, code)), "texte", "Texte de la section "+code+".")
	}
	s.do(s.gestionnaire, numero, "cadre", "evaluation_organisme", s.Value(`SELECT min(id) FROM organisme WHERE nom = 'Agglomération'`))
}

// complete makes the first text ready to be signed.
func (s *scene) complete() {
	s.t.Helper()
	s.addParties(1)
	s.addArbre(1)
	s.write(1)
}

// signataire is the signatory of a kind of party.
func (s *scene) signataire(numero int, nature string) int64 {
	s.t.Helper()
	return s.Number(`SELECT min(id) FROM contrat_signataire WHERE partie_id = $1`, s.partie(numero, nature))
}

// sign has every party but the last tell its signature, and the préfecture confirm it; for the State two people of the préfecture do.
func (s *scene) sign(numero int) {
	s.t.Helper()
	for _, p := range parties[:5] {
		by := s.gestionnaire
		if p.nature != "etat" {
			by = s.referent(p.nature)
		}
		one := fmt.Sprintf("signataires/%d/", s.signataire(numero, p.nature))
		s.do(by, numero, one+"signature")
		s.do(s.direction, numero, one+"confirmation")
	}
}

// signed makes the contract signed.
func (s *scene) signed() {
	s.t.Helper()
	s.complete()
	s.acte(s.gestionnaire, 1, "negocier")
	s.acte(s.gestionnaire, 1, "mettre-a-la-signature")
	s.sign(1)
	s.acte(s.direction, 1, "constater-la-signature")
}

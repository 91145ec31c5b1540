package dispositif_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail/internal/droits"
)

// A dispositif that the code knows nothing of gets a page, records, amounts and aggregates.
func TestANewDispositifNeedsNoCode(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	nouveau := "/suivi/dispositifs/nouveau"
	s.Gestion.Edit(nouveau, "nom", "", "code", "Été !").Want(http.StatusUnprocessableEntity)
	s.Gestion.Edit(nouveau, "nom", "Sans objet", "code", "sans-objet", "publie", "oui").Want(http.StatusUnprocessableEntity)
	d := s.Gestion.Edit(nouveau, "nom", "Quartiers d’été", "code", "quartiers-d-ete", "objet", "Des **activités** l’été.", "publie", "oui", "contact_fonction", "Chargée de mission",
		"contact_telephone", "0329000000").Want(http.StatusSeeOther).Header.Get("Location")
	if p := s.Gestion.Edit(nouveau, "nom", "Autre", "code", "quartiers-d-ete"); p.Status != http.StatusUnprocessableEntity || !contains(p.Text("#code-messages"), "déjà cette adresse") {
		t.Errorf("same address: %d %s", p.Status, p.Text("#code-messages"))
	}
	if text := s.Get("/dispositifs/quartiers-d-ete").Want(http.StatusOK).Text("main"); !contains(text, "Des activités l’été") || !contains(text, "03 29 00 00 00") {
		t.Errorf("public page: %s", text)
	}
	fiche := d + "/fiches/nouvelle"
	s.Gestion.Edit(fiche, "intitule", "Cinéma", "porteur", "", "debut", day(0, 0, 0)).Want(http.StatusUnprocessableEntity)
	s.Gestion.Edit(fiche, "intitule", "Cinéma", "porteur", s.Value(`SELECT id FROM organisme WHERE nom = 'Association des habitants'`), "debut", day(0, 0, 0), "fin", day(0, 0, -1)).Want(http.StatusUnprocessableEntity)
	r := s.Gestion.Edit(fiche, "intitule", "Cinéma en plein air", "porteur", s.Value(`SELECT id FROM organisme WHERE nom = 'Association des habitants'`), "debut", "2026-07-01", "fin", "2026-08-31",
		"qpv", s.qpv("QN08801M"), "publie", "oui").Want(http.StatusSeeOther).Header.Get("Location")
	if text := s.Get("/dispositifs/quartiers-d-ete").Text("main"); !contains(text, "Cinéma en plein air") {
		t.Error("the public page does not list the record")
	}
	if text := s.Get("/qpv/QN08801M").Text("#autour"); !contains(text, "Cinéma en plein air") {
		t.Error("the quarter does not list the record")
	}
	for lignes, told := range map[string]string{"État": "Ligne 1", "État : 12 000\nÉtat : 3": "déjà au-dessus", "État : beaucoup": "ne se lit pas", "Ville : -5": "ne se lit pas"} {
		if p := s.Gestion.Edit(r+"/montants", "annee", "2026", "lignes", lignes); p.Status != http.StatusUnprocessableEntity || !contains(p.Text("#lignes-messages"), told) {
			t.Errorf("%q: %d %s", lignes, p.Status, p.Text("#lignes-messages"))
		}
	}
	s.Gestion.Edit(r+"/montants", "annee", "2026", "lignes", "État (P147) : 12 000\nVille : 3 500,50").Want(http.StatusSeeOther)
	s.Gestion.Edit(r+"/agregats", "annee", "2026", "personnes", "Participants : 48\nDont filles : 7\nDont garçons : 41", "lignes", "Séances : 6").Want(http.StatusSeeOther)
	// Seven is under the threshold: it is masked, and so is what it could be worked out from.
	own := s.SignIn(droits.Lecteur, "Association des habitants")
	for who, c := range map[string]struct{ text, want string }{
		"the producer": {own.Get(r).Text("#agregats"), "7"}, "who types it in": {s.Gestion.Get(r).Text("#agregats"), "7"}, "others": {s.Direction.Get(r).Text("#agregats"), "n.c."},
	} {
		if !contains(c.text, c.want) {
			t.Errorf("%s: %s", who, c.text)
		}
	}
	for _, secret := range []string{"48", "41", "Dont filles 7"} {
		if text := s.Direction.Get(r).Text("#agregats") + s.Direction.Get(r).Text("#historique"); contains(text, secret) {
			t.Errorf("%s shows through: %s", secret, text)
		}
	}
	s.SignIn(droits.Referent, "Une autre").Get(r).Want(http.StatusNotFound)
	if got := s.verbs("realisation", r); got != "fiche de dispositif créée, montants enregistrés, agrégats enregistrés" {
		t.Errorf("journal: %s", got)
	}
	s.Gestion.Get("/suivi/dispositifs/1/fiches/nouvelle").Want(http.StatusNotFound) // adultes-relais have records of their own
	s.Gestion.Edit(d+"/modifier", "publie", "", "objet", "").Want(http.StatusSeeOther)
	s.Get("/dispositifs/quartiers-d-ete").Want(http.StatusNotFound)
}

func TestProgramme(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	nouveau := "/suivi/reussite-educative/nouveau"
	good := []string{"nom", "Réussite d’Épinal", "porteur", s.Value(`SELECT id FROM organisme WHERE nom = 'Commune d’essai'`), "porteur_nature", "caisse_ecoles", "domaines", "sante", "domaines", "scolarite",
		"qpv", s.qpv("QN08801M"), "debut", "2020-09-01", "publie", "oui", "contact_courriel", "pre@exemple.fr"}
	for field, value := range map[string]string{"nom": "", "porteur": "", "porteur_nature": "mairie", "domaines": "", "contact_courriel": "pas un courriel", "debut": "hier"} {
		form := append([]string{}, good...)
		for i := 0; i < len(form); i += 2 {
			if form[i] == field {
				form[i+1] = value
			}
		}
		if p := s.Gestion.Edit(nouveau, form...); p.Status != http.StatusUnprocessableEntity || p.Text("#"+field+"-messages") == "" {
			t.Errorf("%s = %q: status %d, %q", field, value, p.Status, p.Text("#erreurs"))
		}
	}
	pre := s.Gestion.Edit(nouveau, good...).Want(http.StatusSeeOther).Header.Get("Location")
	s.Gestion.Edit(pre+"/budget", "annee", "2019", "montant_etat", "1").Want(http.StatusUnprocessableEntity)
	s.Gestion.Edit(pre+"/budget", "annee", "2025", "montant_etat", "60 000", "montant_commune", "abc").Want(http.StatusUnprocessableEntity)
	s.Gestion.Edit(pre+"/budget", "annee", "2025", "montant_etat", "60 000,50", "montant_commune", "20000").Want(http.StatusSeeOther)
	s.Gestion.Edit(pre+"/reunions", "sorte", "conseil", "le", day(0, 0, 2)).Want(http.StatusUnprocessableEntity)
	s.Gestion.Edit(pre+"/reunions", "sorte", "fete", "le", day(0, 0, -2)).Want(http.StatusUnprocessableEntity)
	s.Gestion.Edit(pre+"/reunions", "sorte", "conseil", "le", "2019-01-01").Want(http.StatusUnprocessableEntity) // before it began
	for _, le := range []string{day(-1, 0, 0), day(-2, 0, 0)} {
		s.Gestion.Edit(pre+"/reunions", "sorte", "conseil", "le", le).Want(http.StatusSeeOther)
	}
	if p := s.Gestion.Edit(pre+"/reunions", "sorte", "conseil", "le", day(-1, 0, 0)); p.Status != http.StatusUnprocessableEntity || !contains(p.Text("#le-messages"), "déjà enregistrée") {
		t.Errorf("twice: %d", p.Status)
	}
	text := s.Gestion.Get(pre).Want(http.StatusOK).Text("main")
	for _, want := range []string{"80 000,50 €", "moins de 2 fois en", "décret n° 2005-637", "Aucun agrégat n’est enregistré"} {
		if !contains(text, want) {
			t.Errorf("the record does not say %q: %s", want, text)
		}
	}
	version := s.Value(`SELECT version FROM pre`)
	s.Gestion.Post(pre+"/reunions/retirer", url.Values{"version": {version}, "sorte": {"conseil"}, "le": {day(-1, 0, 0)}}).Want(http.StatusSeeOther)
	if n := s.Value(`SELECT count(*) FROM pre_reunion`); n != "1" {
		t.Errorf("%s meetings left", n)
	}
	if text := s.Get("/dispositifs").Text("#pre"); !contains(text, "Réussite d’Épinal") || !contains(text, "pre@exemple.fr") {
		t.Errorf("public list: %s", text)
	}
	if text := s.Get("/dispositifs?commune=88413").Text("#pre"); contains(text, "Réussite d’Épinal") == contains(s.Value(`SELECT string_agg(commune, ' ') FROM qpv_commune c JOIN qpv q ON q.id = c.qpv_id WHERE q.code = 'QN08801M'`), "88160") {
		t.Errorf("narrowed to a commune: %s", text)
	}
	s.Direction.Get(pre + "/budget").Want(http.StatusForbidden)
	if got := s.verbs("pre", pre); !strings.HasPrefix(got, "programme de réussite éducative créé, budget enregistré, réunion enregistrée") {
		t.Errorf("journal: %s", got)
	}
}

func TestScale(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	montant := "/suivi/adultes-relais/bareme/montant"
	s.Gestion.Edit(montant, "a_partir_du", "2025-07-01", "montant", "", "source", "Arrêté").Want(http.StatusUnprocessableEntity)
	s.Gestion.Edit(montant, "a_partir_du", "2025-07-01", "montant", "23 000", "source", "").Want(http.StatusUnprocessableEntity)
	s.Gestion.Edit(montant, "a_partir_du", "2025-07-01", "montant", "23 000", "source", "Arrêté").Want(http.StatusSeeOther)
	if p := s.Gestion.Edit(montant, "a_partir_du", "2025-07-01", "montant", "24 000", "source", "Arrêté"); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("a second amount of the same day: %d", p.Status)
	}
	form := s.Gestion.Get(montant+"?le=2025-07-01").Want(http.StatusOK).Fields(montant, "montant", "23 100,10")
	s.Gestion.Post(montant, form).Want(http.StatusSeeOther)
	form.Set("montant", "9")
	s.Gestion.Post(montant, form).Want(http.StatusConflict)
	if text := s.Gestion.Get("/suivi/adultes-relais/bareme").Text("main"); !contains(text, "23 100,10 €") {
		t.Errorf("%s", text)
	}
	postes := "/suivi/adultes-relais/bareme/postes"
	for _, bad := range []string{"-1", "beaucoup", "10001", ""} {
		s.Gestion.Edit(postes, "annee", "2026", "postes", bad).Want(http.StatusUnprocessableEntity)
	}
	s.Gestion.Edit(postes, "annee", "2026", "postes", "31").Want(http.StatusSeeOther)
	s.Direction.Get(montant).Want(http.StatusForbidden)
	if got := s.Value(`SELECT string_agg(verbe, ', ' ORDER BY id) FROM journal WHERE objet = 'adulte_relais_bareme'`); got != "montant du barème enregistré, montant du barème enregistré, nombre de postes enregistré" {
		t.Errorf("journal: %s", got)
	}
}

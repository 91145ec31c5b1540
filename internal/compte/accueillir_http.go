package compte

import (
	"net/http"
	"strings"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/lien"
)

func (s *Service) accueilRoutes(r *httpx.Router) {
	r.Get("/invitation/{jeton}", droits.Visiteur, s.showInvitation)
	r.Post("/invitation/{jeton}", droits.Visiteur, s.createCompte)
}

// accueilVue is what the page of an invitation shows.
type accueilVue struct {
	Jeton string
	Inv   invitationEnCours
	Form  httpx.Form
	// Sien: signed in with the very address invited. Autre: signed in with another one.
	Sien, Autre bool
}

func (s *Service) accueilVue(r *http.Request, f httpx.Form) (accueilVue, error) {
	jeton := httpx.Param(r, "jeton")
	inv, err := s.readInvitation(r.Context(), empreinteJeton(jeton))
	if err != nil {
		return accueilVue{}, err
	}
	par := droits.Of(r.Context())
	sien := strings.EqualFold(inv.Courriel, par.Courriel)
	return accueilVue{Jeton: jeton, Inv: inv, Form: f, Sien: par.Connecte() && sien, Autre: par.Connecte() && !sien}, nil
}

func (s *Service) showInvitation(w http.ResponseWriter, r *http.Request) error {
	v, err := s.accueilVue(r, httpx.NewForm(nil))
	if err != nil {
		return err
	}
	v.Form.Valeurs.Set("nom", v.Inv.Nom)
	return httpx.Render(w, r, http.StatusOK, invitationPage(v))
}

func (s *Service) createCompte(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, par, jeton := r.Context(), droits.Of(r.Context()), httpx.Param(r, "jeton")
	if par.Connecte() {
		if err := s.accepterConnecte(ctx, jeton, par); err != nil {
			return err
		}
		s.Flash(ctx, "Invitation acceptée", "Votre nouvelle fonction est disponible : choisissez-la ci-dessous pour agir en son nom.")
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.MonCompte)
	}
	id, err := s.accepterNouveau(ctx, jeton, f.Texte("nom"), f.Brut("mot_de_passe"), f.Brut("encore"), par)
	if refused, err := f.Refuse(err); err != nil {
		return err
	} else if refused {
		v, err := s.accueilVue(r, f)
		if err != nil {
			return err
		}
		return httpx.Render(w, r, http.StatusUnprocessableEntity, invitationPage(v))
	}
	if !s.exigeCode(id) {
		return s.openSession(w, r, id, "invitation", lien.MonCompte)
	}
	return s.demanderCode(w, r, id, lien.MonCompte)
}

package compte

import (
	"errors"
	"net/http"
	"strings"

	"portail/internal/droits"
	"portail/internal/fault"
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
	ProConnect  bool // offered
	Confirmer   bool // the password is asked for
}

func (s *Service) accueilVue(r *http.Request, f httpx.Form) (accueilVue, error) {
	jeton := httpx.Param(r, "jeton")
	inv, err := s.readInvitation(r.Context(), empreinteJeton(jeton))
	if err != nil {
		return accueilVue{}, err
	}
	par := droits.Of(r.Context())
	sien := strings.EqualFold(inv.Courriel, par.Courriel)
	v := accueilVue{Jeton: jeton, Inv: inv, Form: f, Sien: par.Connecte() && sien, Autre: par.Connecte() && !sien, ProConnect: s.proconnectOffert()}
	if v.Sien {
		id, err := s.readIdentifiant(r.Context(), par.ID)
		if err != nil {
			return v, err
		}
		v.Confirmer = demandeMotDePasse(inv, id)
	}
	return v, nil
}

func (s *Service) showInvitation(w http.ResponseWriter, r *http.Request) error {
	v, err := s.accueilVue(r, httpx.NewForm(nil))
	if err != nil {
		return siMort(w, r, err, invitationMorte)
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
	var id identifiant
	if par.Connecte() {
		err = s.accepterConnecte(ctx, jeton, f.Brut("present"), par)
	} else {
		id, err = s.accepterNouveau(ctx, jeton, f.Texte("nom"), f.Brut("mot_de_passe"), f.Brut("encore"), par)
	}
	if errors.Is(err, fault.Stale) { // an account has the address now: the page says what is left to do
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.Invitation(jeton))
	}
	if refused, err := f.Refuse(err); err != nil {
		return siMort(w, r, err, invitationMorte)
	} else if refused {
		v, err := s.accueilVue(r, f)
		if err != nil {
			return siMort(w, r, err, invitationMorte)
		}
		return httpx.Render(w, r, http.StatusUnprocessableEntity, invitationPage(v))
	}
	if par.Connecte() {
		return s.accueilli(w, r, par)
	}
	if !s.exigeCode(id) {
		return s.openSession(w, r, id, moyenInvitation, lien.MonCompte)
	}
	return s.demanderCode(w, r, id, moyenInvitation, lien.MonCompte)
}

// accueilli goes on with a session that has one more fonction: through the second factor, if the fonction asks for it and the
// session began without.
func (s *Service) accueilli(w http.ResponseWriter, r *http.Request, par droits.Compte) error {
	ctx := r.Context()
	id, err := s.readIdentifiant(ctx, par.ID)
	if err != nil {
		return err
	}
	if s.exigeCode(id) && !s.sessions.GetBool(ctx, cleFort) {
		return s.demanderCode(w, r, id, moyenSession, lien.MonCompte)
	}
	s.Flash(ctx, "Invitation acceptée", "Votre nouvelle fonction est disponible : choisissez-la ci-dessous pour agir en son nom.")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.MonCompte)
}

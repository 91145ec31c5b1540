package compte

import (
	"net/http"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/lien"
)

func (s *Service) totpRoutes(r *httpx.Router) {
	r.Get(lien.ConnexionCode, droits.Visiteur, s.newCode)
	r.Post(lien.ConnexionCode, droits.Visiteur, s.createCode)
}

// enAttente is the account whose password was accepted, and where it was going; false when there is none or it took too long.
func (s *Service) enAttente(r *http.Request) (attente, identifiant, bool, error) {
	a, waiting := s.sessions.Get(r.Context(), cleAttente).(attente)
	if !waiting || now().Unix() > a.Expire {
		return a, identifiant{}, false, nil
	}
	id, err := s.readIdentifiant(r.Context(), a.Compte)
	return a, id, err == nil && id.FonctionID != 0, err
}

// codeVue is what the page of the second factor shows: setting it up the first time, else just the code.
type codeVue struct {
	Form       httpx.Form
	Enrolement *enrolement
}

func (s *Service) codeVue(r *http.Request, f httpx.Form, id identifiant) (codeVue, error) {
	v := codeVue{Form: f}
	if !id.TOTPActif {
		e, err := s.preparerTOTP(r.Context(), id)
		if err != nil {
			return v, err
		}
		v.Enrolement = &e
	}
	return v, nil
}

func (s *Service) newCode(w http.ResponseWriter, r *http.Request) error {
	_, id, waiting, err := s.enAttente(r)
	if err != nil {
		return err
	}
	if !waiting {
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.Connexion)
	}
	v, err := s.codeVue(r, httpx.NewForm(nil), id)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, codePage(v))
}

func (s *Service) createCode(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	a, id, waiting, err := s.enAttente(r)
	if err != nil {
		return err
	}
	if !waiting {
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.Connexion)
	}
	visiteur := droits.Of(r.Context())
	moyen, err := s.verifieCode(r.Context(), id, f.Texte("code"), visiteur)
	if refused, err := f.Refuse(err); err != nil {
		return err
	} else if refused {
		f.Valeurs.Del("code")
		v, err := s.codeVue(r, f, id)
		if err != nil {
			return err
		}
		return httpx.Render(w, r, http.StatusUnprocessableEntity, codePage(v))
	}
	if id.TOTPActif {
		return s.openSession(w, r, id, moyen, a.Suite)
	}
	codes, err := s.activerTOTP(r.Context(), id, visiteur)
	if err != nil {
		return err
	}
	// The codes are shown once, on this very answer; the session opens now, and the button leads on.
	to := a.Suite
	if err := s.beginSession(r, id, moyen); err != nil {
		return err
	}
	if s.sessions.Exists(r.Context(), cleSaisie) {
		to = lien.Reprendre
	}
	return httpx.Render(w, r, http.StatusOK, recoursPage(codes, to))
}

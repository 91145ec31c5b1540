package compte

import (
	"errors"
	"net/http"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/web"
)

func (s *Service) totpRoutes(r *httpx.Router) {
	r.Get(lien.ConnexionCode, droits.Visiteur, s.newCode)
	r.Post(lien.ConnexionCode, droits.Visiteur, s.createCode)
}

// enAttente is the account whose first proof was accepted, and where it was going. false: there is none, it took too long, or the
// account changed meanwhile; a message tells then.
func (s *Service) enAttente(r *http.Request) (attente, identifiant, bool, error) {
	ctx := r.Context()
	a, waiting := s.sessions.Get(ctx, cleAttente).(attente)
	if !waiting {
		return a, identifiant{}, false, nil
	}
	id, err := s.readIdentifiant(ctx, a.Compte)
	if err != nil {
		return a, id, false, err
	}
	if now().Unix() > a.Expire || id.FonctionID == 0 || id.Version != a.Version {
		s.sessions.Remove(ctx, cleAttente)
		s.sessions.Remove(ctx, cleEnrolement)
		s.sessions.Put(ctx, cleFlash, flash{"Connexion à recommencer", "Le code est à saisir dans les dix minutes qui suivent le mot de passe.", web.ToneWarning})
		return a, id, false, nil
	}
	return a, id, true, nil
}

// codeVue is what the page of the second factor shows: setting it up the first time, else just the code.
type codeVue struct {
	Form       httpx.Form
	Enrolement *enrolement
	Exige      bool // a role asks for the second factor
	MotDePasse bool // the account has one: a change made from within a session asks for it again
}

func (s *Service) codeVue(r *http.Request, f httpx.Form, id identifiant) (codeVue, error) {
	v := codeVue{Form: f, Exige: s.exigeSansChoix(id), MotDePasse: id.MotDePasse != ""}
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
	ctx, visiteur := r.Context(), droits.Of(r.Context())
	moyen, codes := moyenCode, []string(nil)
	if id.TOTPActif {
		moyen, err = s.verifieCode(ctx, id, f.Texte("code"), visiteur)
	} else {
		codes, err = s.activerTOTP(ctx, id, f.Texte("code"), "", visiteur)
	}
	status := statutCode(err)
	if refused, err := f.Refuse(err); err != nil {
		return err
	} else if refused {
		f.Valeurs.Del("code")
		v, err := s.codeVue(r, f, id)
		if err != nil {
			return err
		}
		return httpx.Render(w, r, status, codePage(v))
	}
	moyen = a.Moyen + " et " + moyen
	if codes == nil {
		return s.openSession(w, r, id, moyen, a.Suite)
	}
	// The codes are shown once, on this very answer; the session opens now, and the button leads on.
	if err := s.beginSession(r, id, moyen); err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, recoursPage(codes, s.apres(r, a.Suite)))
}

// statutCode is the status of a code refused: not the visitor's fault when the key of the portal is not the right one.
func statutCode(err error) int {
	if errors.Is(err, errSceau) {
		return http.StatusServiceUnavailable
	}
	return http.StatusUnprocessableEntity
}

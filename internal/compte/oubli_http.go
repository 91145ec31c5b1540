package compte

import (
	"context"
	"net/http"
	"time"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/lien"
)

func (s *Service) oubliRoutes(r *httpx.Router) {
	r.Get(lien.MotDePasseOublie, droits.Visiteur, s.newOubli)
	r.Post(lien.MotDePasseOublie, droits.Visiteur, s.createOubli)
	r.Get("/mot-de-passe/{jeton}", droits.Visiteur, s.newMotDePasse)
	r.Post("/mot-de-passe/{jeton}", droits.Visiteur, s.createMotDePasse)
}

func (s *Service) newOubli(w http.ResponseWriter, r *http.Request) error {
	return httpx.Render(w, r, http.StatusOK, oubliPage(httpx.NewForm(nil)))
}

func (s *Service) createOubli(w http.ResponseWriter, r *http.Request) error {
	start := time.Now()
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	err = s.demanderMotDePasse(r.Context(), f.Texte("courriel"), s.Adresse(r), droits.Of(r.Context()))
	if refused, err := f.Refuse(err); err != nil {
		return err
	} else if refused {
		return httpx.Render(w, r, http.StatusUnprocessableEntity, oubliPage(f))
	}
	pauseUntil(r.Context(), start.Add(oubliReponse))
	return httpx.Render(w, r, http.StatusOK, oubliEnvoyePage())
}

// pauseUntil makes answers take the same time whatever was done for them.
func pauseUntil(ctx context.Context, t time.Time) {
	select {
	case <-time.After(time.Until(t)):
	case <-ctx.Done():
	}
}

func (s *Service) newMotDePasse(w http.ResponseWriter, r *http.Request) error {
	id, err := s.readJeton(r.Context(), empreinteJeton(httpx.Param(r, "jeton")), usageMotDePasse)
	if err != nil {
		return siMort(w, r, err, resetMort)
	}
	return httpx.Render(w, r, http.StatusOK, motDePassePage(httpx.Param(r, "jeton"), httpx.NewForm(nil), id))
}

func (s *Service) createMotDePasse(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	jeton := httpx.Param(r, "jeton")
	err = s.changerMotDePasseOublie(r.Context(), jeton, f.Brut("mot_de_passe"), f.Brut("encore"), s.Adresse(r), droits.Of(r.Context()))
	if refused, err := f.Refuse(err); err != nil {
		return siMort(w, r, err, resetMort)
	} else if refused {
		id, err := s.readJeton(r.Context(), empreinteJeton(jeton), usageMotDePasse)
		if err != nil {
			return siMort(w, r, err, resetMort)
		}
		return httpx.Render(w, r, http.StatusUnprocessableEntity, motDePassePage(jeton, f, id))
	}
	s.Flash(r.Context(), "Mot de passe changé", "Connectez-vous avec le nouveau. Vos autres sessions sont fermées.")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.Connexion)
}

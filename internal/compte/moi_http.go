package compte

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
)

func (s *Service) moiRoutes(r *httpx.Router) {
	r.Get(lien.MonCompte, droits.Connecte, s.showMoi)
	r.Get(lien.MesDonnees, droits.Connecte, s.exportMoi)
	r.Get(lien.MonMotDePasse, droits.Connecte, s.editMotDePasse)
	r.Post(lien.MonMotDePasse, droits.Connecte, s.updateMotDePasse)
	r.Get(lien.MonSecondFacteur, droits.Connecte, s.editTOTP)
	r.Post(lien.MonSecondFacteur, droits.Connecte, s.updateTOTP)
	r.Post(lien.MesSessions, droits.Connecte, s.deleteSessions)
	r.Get(lien.MesNotifications, droits.Connecte, s.editNotifications)
	r.Post(lien.MesNotifications, droits.Connecte, s.updateNotifications)
}

// ici is the session of the request, as the table keeps it.
func (s *Service) ici(r *http.Request) string { return hashSession(s.sessions.Token(r.Context())) }

func (s *Service) showMoi(w http.ResponseWriter, r *http.Request) error {
	par := droits.Of(r.Context())
	d, err := s.readDossier(r.Context(), par, s.ici(r))
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, moiPage(d, par))
}

// exportMoi gives the person what the portal knows of them; taking it away is journalled like any export.
func (s *Service) exportMoi(w http.ResponseWriter, r *http.Request) error {
	ctx, par := r.Context(), droits.Of(r.Context())
	d, err := s.readDossier(ctx, par, s.ici(r))
	if err != nil {
		return err
	}
	content, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return fmt.Errorf("export account %d: %w", par.ID, err)
	}
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		return journal.Note(ctx, tx, par, "données personnelles exportées", "compte", par.ID, nil)
	})
	if err != nil {
		return err
	}
	return httpx.File(w, "application/json", "mes-donnees.json", append(content, '\n'))
}

func (s *Service) editMotDePasse(w http.ResponseWriter, r *http.Request) error {
	return s.motDePasse(w, r, http.StatusOK, httpx.NewForm(nil))
}

func (s *Service) motDePasse(w http.ResponseWriter, r *http.Request, status int, f httpx.Form) error {
	id, err := s.readIdentifiant(r.Context(), droits.Of(r.Context()).ID)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, status, monMotDePassePage(f, id))
}

func (s *Service) updateMotDePasse(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = s.changerMotDePasse(ctx, droits.Of(ctx), f.Brut("present"), f.Brut("mot_de_passe"), f.Brut("encore"), s.ici(r))
	if refused, err := f.Refuse(err); err != nil {
		return err
	} else if refused {
		return s.motDePasse(w, r, http.StatusUnprocessableEntity, f)
	}
	if err := s.renew(r); err != nil {
		return err
	}
	s.Flash(ctx, "Mot de passe changé", "Vos autres sessions sont fermées.")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.MonCompte)
}

// deleteSessions closes the person's sessions but this one.
func (s *Service) deleteSessions(w http.ResponseWriter, r *http.Request) error {
	if err := s.fermerAutresSessions(r.Context(), droits.Of(r.Context()), s.ici(r)); err != nil {
		return err
	}
	s.Flash(r.Context(), "Sessions fermées", "Vous n’êtes plus connecté·e que sur ce navigateur.")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.MonCompte)
}

// notificationsForm is what is kept, as the form shows it.
func notificationsForm(kept []maPreference) httpx.Form {
	f := httpx.NewForm(nil)
	for _, sorte := range lexique.Notifications {
		f.Valeurs.Set(sorte.Code, lexique.FrequenceParDefaut)
	}
	for _, p := range kept {
		f.Valeurs.Set(p.Sorte, p.Frequence)
	}
	return f
}

func (s *Service) editNotifications(w http.ResponseWriter, r *http.Request) error {
	d, err := s.readDossier(r.Context(), droits.Of(r.Context()), s.ici(r))
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, notificationsPage(notificationsForm(d.Preferences)))
}

func (s *Service) updateNotifications(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	voulu := map[string]string{}
	for _, sorte := range lexique.Notifications {
		voulu[sorte.Code] = f.Texte(sorte.Code)
	}
	err = s.reglerNotifications(r.Context(), droits.Of(r.Context()), voulu)
	if refused, err := f.Refuse(err); err != nil {
		return err
	} else if refused {
		return httpx.Render(w, r, http.StatusUnprocessableEntity, notificationsPage(f))
	}
	s.Flash(r.Context(), "Notifications réglées", "")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.MonCompte)
}

// Acts of the page of the second factor.
const (
	acteActiver = "activer"
	acteCodes   = "codes"
	acteRetirer = "retirer"
)

func (s *Service) editTOTP(w http.ResponseWriter, r *http.Request) error {
	return s.secondFacteur(w, r, http.StatusOK, httpx.NewForm(nil))
}

func (s *Service) secondFacteur(w http.ResponseWriter, r *http.Request, status int, f httpx.Form) error {
	id, err := s.readIdentifiant(r.Context(), droits.Of(r.Context()).ID)
	if err != nil {
		return err
	}
	v, err := s.codeVue(r, f, id)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, status, secondFacteurPage(v))
}

func (s *Service) updateTOTP(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, par := r.Context(), droits.Of(r.Context())
	codes, err := s.changerTOTP(r, f, par)
	status := statutCode(err)
	if refused, err := f.Refuse(err); err != nil {
		return err
	} else if refused {
		f.Valeurs.Del("code")
		f.Valeurs.Del("present")
		return s.secondFacteur(w, r, status, f)
	}
	if err := s.renew(r); err != nil {
		return err
	}
	if codes != nil {
		return httpx.Render(w, r, http.StatusOK, recoursPage(codes, lien.MonCompte))
	}
	s.Flash(ctx, "Second facteur retiré", "")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.MonCompte)
}

// changerTOTP sets the second factor up, makes new recovery codes, or takes it away. It returns the codes to show once.
func (s *Service) changerTOTP(r *http.Request, f httpx.Form, par droits.Compte) ([]string, error) {
	ctx := r.Context()
	id, err := s.readIdentifiant(ctx, par.ID)
	if err != nil {
		return nil, err
	}
	switch acte := f.Texte("acte"); {
	case acte == acteActiver && !id.TOTPActif:
		if id.MotDePasse != "" { // or whoever finds the session open would keep its owner out
			if err := s.prouver(ctx, id, f.Brut("present")); err != nil {
				return nil, err
			}
		}
		return s.activerTOTP(ctx, id, f.Texte("code"), s.ici(r), par)
	case acte == acteCodes && id.TOTPActif:
		return s.renouvelerRecours(ctx, id, f.Texte("code"), par)
	case acte == acteRetirer && id.TOTPActif:
		return nil, s.retirerTOTP(ctx, par, f.Brut("present"))
	}
	return nil, fmt.Errorf("second factor of compte %d: %w", par.ID, errors.Join(fault.Malformed, errors.New("unknown act")))
}

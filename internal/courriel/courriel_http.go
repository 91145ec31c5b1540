package courriel

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
)

// Routes declares the pages of mails that are not sent.
func (s *Service) Routes(r *httpx.Router) {
	r.Get(lien.Courriels, droits.CompteAdministrer, s.showCourriels)
	r.Get(lien.Courriels+"/{id}", droits.CompteAdministrer, s.showCourriel)
	r.Post(lien.Courriels+"/{id}/expedier", droits.CompteAdministrer, s.createExpedition)
}

// vueListe is what the list shows.
type vueListe struct {
	page
	Filtres filtres
	SMTP    bool // a mail server is set
}

func (s *Service) showCourriels(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFiltres(r.URL.Query())
	if err != nil {
		return err
	}
	p, err := list(r.Context(), s.db, droits.Of(r.Context()), f)
	if err != nil {
		return err
	}
	if f.Page > 1 && len(p.Lignes) == 0 {
		return fmt.Errorf("page %d of mails: %w", f.Page, fault.NotFound)
	}
	return httpx.Render(w, r, http.StatusOK, courrielsPage(vueListe{page: p, Filtres: f, SMTP: s.cfg.Acces.SMTP != ""}))
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// asked is the mail that the address names.
func asked(r *http.Request) (string, error) {
	id := httpx.Param(r, "id")
	if !uuid.MatchString(id) {
		return "", fmt.Errorf("mail %q: %w", id, fault.NotFound)
	}
	return id, nil
}

// vueCourriel is what the page of a mail shows.
type vueCourriel struct {
	Courriel
	SMTP  bool
	Refus string // why it could not be sent again
}

func (s *Service) showCourriel(w http.ResponseWriter, r *http.Request) error {
	return s.renderCourriel(w, r, http.StatusOK, "")
}

func (s *Service) renderCourriel(w http.ResponseWriter, r *http.Request, status int, refus string) error {
	id, err := asked(r)
	if err != nil {
		return err
	}
	m, err := s.Lire(r.Context(), droits.Of(r.Context()), id)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, status, courrielPage(vueCourriel{Courriel: m, SMTP: s.cfg.Acces.SMTP != "", Refus: refus}))
}

func (s *Service) createExpedition(w http.ResponseWriter, r *http.Request) error {
	id, err := asked(r)
	if err != nil {
		return err
	}
	err = s.Expedier(r.Context(), droits.Of(r.Context()), id)
	var fields fault.Fields
	if errors.As(err, &fields) {
		return s.renderCourriel(w, r, http.StatusUnprocessableEntity, fields[""])
	}
	if err != nil {
		return err
	}
	s.flash.Flash(r.Context(), "Nouvel essai demandé", "Le courriel est remis dans la file d’expédition.")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.Courriels)
}

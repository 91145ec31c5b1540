package compte

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
)

// vueInvitations is what the list of invitations shows.
type vueInvitations struct {
	listeInvitations
	Filtres filtresInvitations
	Par     droits.Compte
	Refus   string // why a deed was refused
}

func (s *Service) showInvitations(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFiltresInvitations(r.URL.Query())
	if err != nil {
		return err
	}
	return s.renderInvitations(w, r, http.StatusOK, f, "")
}

func (s *Service) renderInvitations(w http.ResponseWriter, r *http.Request, status int, f filtresInvitations, refus string) error {
	par := droits.Of(r.Context())
	l, err := s.listInvitations(r.Context(), par, f)
	if err != nil {
		return err
	}
	if f.Page > 1 && len(l.Lignes) == 0 {
		return fmt.Errorf("page %d of invitations: %w", f.Page, fault.NotFound)
	}
	return httpx.Render(w, r, status, invitationsPage(vueInvitations{listeInvitations: l, Filtres: f, Par: par, Refus: refus}))
}

// vueInvitation is what the form of an invitation shows.
type vueInvitation struct {
	choixInvitation
	Form httpx.Form
	Par  droits.Compte
}

func (s *Service) newInvitation(w http.ResponseWriter, r *http.Request) error {
	f := httpx.NewForm(nil)
	f.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
	return s.renderInvitation(w, r, http.StatusOK, f)
}

func (s *Service) renderInvitation(w http.ResponseWriter, r *http.Request, status int, f httpx.Form) error {
	par := droits.Of(r.Context())
	c, err := s.readChoixInvitation(r.Context(), par)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, status, nouvelleInvitationPage(vueInvitation{choixInvitation: c, Form: f, Par: par}))
}

func (s *Service) createInvitation(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	cle, err := f.Cle()
	if err != nil {
		return err
	}
	in := saisieInvitation{Courriel: f.Texte(champCourriel), Nom: f.Texte(champNom), Cle: cle, saisieFonction: readFonction(f)}
	if refused, err := f.Refuse(s.Inviter(r.Context(), droits.Of(r.Context()), in)); err != nil {
		return err
	} else if refused {
		return s.renderInvitation(w, r, http.StatusUnprocessableEntity, f)
	}
	texte := "Le lien est envoyé par courriel ; il sert une seule fois, pendant sept jours."
	if s.cfg.Acces.SMTP == "" {
		texte = "Le portail n’a pas de serveur de courriel : le lien est à remettre par l’administration, depuis « Courriels non expédiés »."
	}
	s.Flash(r.Context(), "L’invitation est enregistrée", texte)
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.Invitations)
}

func (s *Service) updateInvitation(w http.ResponseWriter, r *http.Request) error {
	return s.changeInvitation(w, r, "L’invitation est renvoyée, avec un nouveau lien", s.RenvoyerInvitation)
}

func (s *Service) deleteInvitation(w http.ResponseWriter, r *http.Request) error {
	return s.changeInvitation(w, r, "L’invitation est révoquée", s.RevoquerInvitation)
}

func (s *Service) changeInvitation(w http.ResponseWriter, r *http.Request, done string, do func(ctx context.Context, par droits.Compte, id int64) error) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	err = do(r.Context(), droits.Of(r.Context()), id)
	var fields fault.Fields
	if errors.As(err, &fields) {
		f, err := parseFiltresInvitations(nil)
		if err != nil {
			return err
		}
		return s.renderInvitations(w, r, http.StatusUnprocessableEntity, f, fields[""])
	}
	if err != nil {
		return err
	}
	s.Flash(r.Context(), done, "")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.Invitations)
}

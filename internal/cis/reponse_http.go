package cis

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"
	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/relance"
	"portail/internal/signature"
)

func (s *Service) reponseRoutes(r *httpx.Router) {
	at := lien.Decisions + "/reponse/{jeton}"
	r.Get(at, droits.Visiteur, s.editReponse)
	r.Post(at, droits.Visiteur, s.updateReponse)
}

// reponseDecision is the page by which somebody answers from a mail, without signing in. It shows that one decision and nothing else.
type reponseDecision struct {
	Decision
	Par    droits.Compte // on whose behalf the link answers
	Action string
	Form   httpx.Form
}

// readReponse finds what a signed link is about: fault.NotFound when it opens nothing (any more): altered, over, the person gone from the
// organisation, or the decision given to another.
func (s *Service) readReponse(r *http.Request) (v reponseDecision, err error) {
	jeton := httpx.Param(r, "jeton")
	decision, compte, err := relance.LireReponse(s.cfg.Acces.Cle, jeton, time.Now())
	if errors.Is(err, signature.ErrFausse) || errors.Is(err, signature.ErrExpiree) {
		return v, fault.NotFound
	}
	if err != nil {
		return v, err
	}
	v.Action = lien.DecisionReponse(jeton, "")
	err = pg.As(r.Context(), s.db, droits.Tache, func(tx pgx.Tx) error {
		if v.Decision, err = findDecision(r.Context(), tx, decision); err != nil {
			return err
		}
		v.Par, err = findTitulaire(r.Context(), tx, compte, v.OrganismeID)
		return err
	})
	visitor := droits.Of(r.Context())
	v.Par.Requete, v.Par.Adresse = visitor.Requete, visitor.Adresse
	return v, err
}

// answerReponse writes the page of a link, or that it opens nothing.
func (s *Service) answerReponse(w http.ResponseWriter, r *http.Request, status int, v reponseDecision, err error) error {
	if errors.Is(err, fault.NotFound) {
		return httpx.Render(w, r, http.StatusNotFound, reponseMorte())
	}
	if err != nil {
		return fmt.Errorf("read the link of a decision: %w", err)
	}
	return httpx.Render(w, r, status, reponsePage(v))
}

func (s *Service) editReponse(w http.ResponseWriter, r *http.Request) error {
	v, err := s.readReponse(r)
	v.Form = httpx.NewForm(nil)
	v.Form.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
	if etat := r.URL.Query().Get(paramEtat); slices.Contains(versOwner, etat) {
		v.Form.Valeurs.Set("etat", etat)
	}
	return s.answerReponse(w, r, http.StatusOK, v, err)
}

func (s *Service) updateReponse(w http.ResponseWriter, r *http.Request) error {
	v, err := s.readReponse(r)
	if err != nil {
		return s.answerReponse(w, r, http.StatusNotFound, v, err)
	}
	if v.Form, err = httpx.ReadForm(r); err != nil {
		return err
	}
	suivi, err := lireSuivi(v.Form)
	if err != nil {
		return err
	}
	suivi.Lien = true
	err = s.Suivre(r.Context(), v.Par, v.ID, suivi)
	return s.answer(w, r, v.Form, err, "Votre réponse est enregistrée. Merci.", v.Action, func() (templ.Component, error) { return reponsePage(v), nil })
}

// reponses are the answers that the page offers.
func (v reponseDecision) etats() []string {
	if v.Close() {
		return nil
	}
	return versOwner
}

// findTitulaire is an account in the fonction by which it answers for an organisation; fault.NotFound when it holds none (any more).
func findTitulaire(ctx context.Context, tx pg.Tx, compte, organisme int64) (droits.Compte, error) {
	t, err := readTitulaire(ctx, tx, compte, organisme)
	if err != nil {
		return droits.Compte{}, err
	}
	return droits.Compte{ID: compte, Nom: t.Nom, FonctionID: t.FonctionID, Role: droits.Role(t.Role), Organisme: organisme, OrganismeNom: t.OrganismeNom}, nil
}

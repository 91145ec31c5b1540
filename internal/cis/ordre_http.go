package cis

import (
	"context"
	"fmt"
	"net/http"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
)

// vueOrdre is what the page of an agenda being prepared shows.
type vueOrdre struct {
	ficheSeance
	Suggestions []suggestion
	Refus       string // of the last deed
}

func (s *Service) readOrdre(ctx context.Context, id int64) (vueOrdre, error) {
	v := vueOrdre{}
	v.Par = droits.Of(ctx)
	var b pg.Batch
	addSeance(&b, &v.Seance, id)
	addPoints(&b, &v.Points, id)
	addSuggestions(&b, &v.Suggestions, id)
	if err := b.RunAs(ctx, s.db, v.Par); err != nil {
		return v, fmt.Errorf("read agenda of seance %d: %w", id, err)
	}
	return v, nil
}

func (s *Service) showOrdre(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v, err := s.readOrdre(r.Context(), id)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, ordrePage(v))
}

// answerOrdre goes back to the agenda after a deed on it, or shows there why it was refused.
func (s *Service) answerOrdre(w http.ResponseWriter, r *http.Request, id int64, done error) error {
	if done == nil {
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.SeanceActe(id, lien.ActeOrdreDuJour))
	}
	f := httpx.NewForm(nil)
	if refused, other := f.Refuse(done); !refused {
		return other
	}
	v, err := s.readOrdre(r.Context(), id)
	if err != nil {
		return err
	}
	v.Refus = f.Fautes[""]
	return httpx.Render(w, r, http.StatusUnprocessableEntity, ordrePage(v))
}

func (s *Service) suggerer(w http.ResponseWriter, r *http.Request) error {
	id, f, err := posted(r)
	if err != nil {
		return err
	}
	suite := f.Texte("suite")
	if suite != "retenir" && suite != "ecarter" {
		return fmt.Errorf("suite %q: %w", suite, fault.Malformed)
	}
	err = s.Suggerer(r.Context(), droits.Of(r.Context()), id, f.Texte("reference"), suite == "retenir")
	return s.answerOrdre(w, r, id, err)
}

func (s *Service) onePoint(do func(ctx context.Context, par droits.Compte, seance, point int64) error) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, point, err := pointParams(r)
		if err != nil {
			return err
		}
		return s.answerOrdre(w, r, id, do(r.Context(), droits.Of(r.Context()), id, point))
	}
}

// formOrdre is a form that comes back to the agenda.
func formOrdre(v Seance, acte, titre, bouton string, champs ...formulaire.Champ) formulaire.Page {
	p := formActe(v, acte, titre, bouton, champs...)
	p.Fil = append(p.Fil, web.Lien{Texte: "Ordre du jour", Href: lien.SeanceActe(v.ID, lien.ActeOrdreDuJour)})
	p.Retour = lien.SeanceActe(v.ID, lien.ActeOrdreDuJour)
	return p
}

// suiteOrdre is what follows a form that comes back to the agenda.
func (s *Service) suiteOrdre(id int64, message string, page func(context.Context) (formulaire.Page, error)) formulaire.Suite {
	suite := s.suiteSeance(id, message, page)
	suite.Vers = lien.SeanceActe(id, lien.ActeOrdreDuJour)
	return suite
}

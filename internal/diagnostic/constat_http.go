package diagnostic

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
)

const (
	unConstat       = lien.Constats + "/{id}"
	acteAviser      = "avis"
	acteCommenter   = "commenter"
	paramSorte      = "sorte"
	acteRetirerText = "retirer"
)

func (s *Service) constatRoutes(r *httpx.Router) {
	r.Get(unDiagnostic+"/constat", droits.DiagnosticContribuer, s.newConstat)
	r.Post(unDiagnostic+"/constat", droits.DiagnosticContribuer, s.createConstat)
	r.Get(unConstat, droits.DiagnosticVoir, s.showConstat)
	r.Get(unConstat+"/"+lien.ActeModifier, droits.DiagnosticContribuer, s.editConstat)
	r.Post(unConstat+"/"+lien.ActeModifier, droits.DiagnosticContribuer, s.updateTexte)
	r.Post(unConstat+"/"+acteRetirerText, droits.DiagnosticContribuer, s.retireTexte)
	r.Post(unConstat+"/"+acteAviser, droits.DiagnosticContribuer, s.createAvis)
	r.Post(unConstat+"/"+acteCommenter, droits.DiagnosticContribuer, s.createCommentaire)
}

// pageConstat is the form about a quarter; an unknown code is no page.
func (s *Service) pageConstat(code string, f httpx.Form) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		var q nomRow
		var b pg.Batch
		addNom(&b, &q, code)
		if err := b.RunAs(ctx, s.db, droits.Of(ctx)); err != nil {
			return formulaire.Page{}, fmt.Errorf("read quarter %q: %w", code, err)
		}
		return formConstat(f, code, q.Nom), nil
	}
}

func (s *Service) newConstat(w http.ResponseWriter, r *http.Request) error {
	f := httpx.NewForm(nil)
	f.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
	q := r.URL.Query()
	if v := q.Get(paramThematique); lexique.Connu(lexique.Thematiques, v) {
		f.Valeurs.Set("thematique", v)
	}
	if v := q.Get(paramSorte); lexique.Connu(lexique.SortesConstat, v) {
		f.Valeurs.Set("sorte", v)
	}
	p, err := s.pageConstat(httpx.Param(r, "code"), f)(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, http.StatusOK)
}

func (s *Service) createConstat(w http.ResponseWriter, r *http.Request) error {
	code := httpx.Param(r, "code")
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	cle, err := f.Cle()
	if err != nil {
		return err
	}
	done := s.CreateConstat(r.Context(), droits.Of(r.Context()), code, f.Texte("sorte"), f.Texte("thematique"), f.Texte("texte"), cle)
	return formulaire.Suite{Annonce: s.annonce, Message: "Votre texte est dans le diagnostic.", Vers: lien.Diagnostic(code), Page: s.pageConstat(code, f)}.Answer(w, r, f, done)
}

func (s *Service) showConstat(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	return s.renderConstat(w, r, id, http.StatusOK, httpx.NewForm(nil))
}

// renderConstat shows a text, with what was refused of a form.
func (s *Service) renderConstat(w http.ResponseWriter, r *http.Request, id int64, status int, f httpx.Form) error {
	v, err := s.readConstat(r.Context(), droits.Of(r.Context()), id)
	if err != nil {
		return fmt.Errorf("read constat %d: %w", id, err)
	}
	v.Form = f
	return httpx.Render(w, r, status, constatPage(v))
}

func (s *Service) pageTexte(id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		par := droits.Of(ctx)
		v, err := s.readConstat(ctx, par, id)
		if err == nil && !v.peutModifier(par) {
			err = fault.Forbidden
		}
		if err != nil {
			return formulaire.Page{}, fmt.Errorf("read constat %d: %w", id, err)
		}
		return formTexte(v.Constat), nil
	}
}

func (s *Service) editConstat(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	p, err := s.pageTexte(id)(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, http.StatusOK)
}

func (s *Service) updateTexte(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	done := s.UpdateConstat(r.Context(), droits.Of(r.Context()), id, on, f.Texte("texte"))
	return formulaire.Suite{Annonce: s.annonce, Message: "Le texte est modifié.", Vers: lien.Constat(id), Page: s.pageTexte(id)}.Answer(w, r, f, done)
}

func (s *Service) retireTexte(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	return s.answerConstat(w, r, id, f, s.RetireConstat(r.Context(), droits.Of(r.Context()), id, on, f.Texte("motif")), "Le texte est retiré du diagnostic.")
}

func (s *Service) createAvis(w http.ResponseWriter, r *http.Request) error {
	id, f, err := postedConstat(r)
	if err != nil {
		return err
	}
	return s.answerConstat(w, r, id, f, s.Aviser(r.Context(), droits.Of(r.Context()), id, f.Texte("avis"), f.Texte("motif_avis")), "Votre avis est enregistré.")
}

func (s *Service) createCommentaire(w http.ResponseWriter, r *http.Request) error {
	id, f, err := postedConstat(r)
	if err != nil {
		return err
	}
	cle, err := f.Cle()
	if err != nil {
		return err
	}
	return s.answerConstat(w, r, id, f, s.Commenter(r.Context(), droits.Of(r.Context()), id, f.Texte("commentaire"), cle), "Votre commentaire est enregistré.")
}

func postedConstat(r *http.Request) (id int64, f httpx.Form, err error) {
	if id, err = httpx.ID(r, "id"); err != nil {
		return id, f, err
	}
	f, err = httpx.ReadForm(r)
	return id, f, err
}

// answerConstat follows a deed on a text: its page again, with the message or with what was refused.
func (s *Service) answerConstat(w http.ResponseWriter, r *http.Request, id int64, f httpx.Form, done error, message string) error {
	status := http.StatusUnprocessableEntity
	switch refused, other := f.Refuse(done); {
	case done == nil:
		s.annonce.Flash(r.Context(), message, "")
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.Constat(id))
	case errors.Is(done, fault.Stale):
		status = http.StatusConflict
		f.Fautes.Add("", "Ce texte a changé pendant que vous le lisiez : le voici tel qu’il est maintenant.")
	case !refused:
		return other
	}
	return s.renderConstat(w, r, id, status, f)
}

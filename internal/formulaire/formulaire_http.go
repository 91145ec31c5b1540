package formulaire

import (
	"context"
	"errors"
	"net/http"

	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
)

// Annonce leaves a message for the page that follows a change.
type Annonce interface {
	Flash(ctx context.Context, titre, texte string)
}

// Suite is what follows when a form is sent.
type Suite struct {
	Annonce Annonce
	Message string // once the change is made
	Vers    string // where it leads then
	// Page makes the form of what is kept now.
	Page func(context.Context) (Page, error)
	// Dernier reads the last change of the record, to tell whose version the form met; nil for none.
	Dernier func(context.Context) (*journal.Ligne, error)
}

// Answer goes on to the next page with the message; or shows the form again as it was typed, with its faults (422), or beside what
// somebody else wrote meanwhile (409). done is what the change answered; an error that is no matter of the form comes back.
func (s Suite) Answer(w http.ResponseWriter, r *http.Request, f httpx.Form, done error) error {
	if done == nil {
		s.Annonce.Flash(r.Context(), s.Message, "")
		return httpx.Redirect(w, r, http.StatusSeeOther, s.Vers)
	}
	stale := errors.Is(done, fault.Stale)
	if refused, other := f.Refuse(done); !refused && !stale {
		return other
	}
	p, err := s.Page(r.Context())
	if err != nil {
		return err
	}
	kept := p.Form.Valeurs
	p.Form = f
	if !stale {
		return p.Show(w, r, http.StatusUnprocessableEntity)
	}
	p.Conflit = &Conflit{Valeurs: kept}
	if s.Dernier != nil {
		if p.Conflit.Dernier, err = s.Dernier(r.Context()); err != nil {
			return err
		}
	}
	f.Valeurs.Set(httpx.ChampVersion, kept.Get(httpx.ChampVersion)) // both versions are before their author now
	return p.Show(w, r, http.StatusConflict)
}

// Show writes the page.
func (p Page) Show(w http.ResponseWriter, r *http.Request, status int) error {
	return httpx.Render(w, r, status, page(p))
}

// Show opens the page that make gives.
func Show(w http.ResponseWriter, r *http.Request, make func(context.Context) (Page, error)) error {
	p, err := make(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, http.StatusOK)
}

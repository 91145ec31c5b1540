package formulaire

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"

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

// Nouveau shows the form of a new record, with the key that makes it create one; propose is what it holds at first.
func Nouveau(page func(httpx.Form) func(context.Context) (Page, error), propose url.Values) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f := httpx.NewForm(maps.Clone(propose))
		f.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
		return Show(w, r, page(f))
	}
}

// Edition shows the form of a change of the record that the address names.
func Edition(page func(id int64) func(context.Context) (Page, error)) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := httpx.ID(r, "id")
		if err != nil {
			return err
		}
		return Show(w, r, page(id))
	}
}

// Show opens a form as page makes it now.
func Show(w http.ResponseWriter, r *http.Request, page func(context.Context) (Page, error)) error {
	p, err := page(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, http.StatusOK)
}

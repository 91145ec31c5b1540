package httpx

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"portail/internal/fault"
	"portail/web"
)

// Form is what somebody typed, and what was refused of it. The same page shows it again, nothing lost.
type Form struct {
	Valeurs url.Values
	Fautes  fault.Fields
}

// NewForm starts a form from given values: an edit form from what is kept.
func NewForm(values url.Values) Form {
	if values == nil {
		values = url.Values{}
	}
	return Form{Valeurs: values, Fautes: fault.Fields{}}
}

// ReadForm reads a posted form. Texts that no browser sends (NUL, broken UTF-8) make the whole request malformed.
func ReadForm(r *http.Request) (Form, error) {
	if err := r.ParseForm(); err != nil {
		return Form{}, BodyError(err)
	}
	for name, values := range r.PostForm {
		for _, v := range append(values, name) {
			if !CleanText(v) {
				return Form{}, fmt.Errorf("field %q: %w", name, fault.Malformed)
			}
		}
	}
	return NewForm(r.PostForm), nil
}

// Texte is a field without the spaces around it.
func (f Form) Texte(champ string) string { return strings.TrimSpace(f.Valeurs.Get(champ)) }

// Brut is a field as it was typed: a password keeps its spaces.
func (f Form) Brut(champ string) string { return f.Valeurs.Get(champ) }

// Refuse takes the faults that a rule found and says whether there are any; any other error is not a matter of the form and comes
// back.
func (f Form) Refuse(err error) (refused bool, other error) {
	var fields fault.Fields
	if errors.As(err, &fields) {
		for champ, phrase := range fields {
			f.Fautes.Add(champ, phrase)
		}
		return true, nil
	}
	return false, err
}

// Control is what a component of the design system needs of a field.
func (f Form) Control(champ, label string) web.Control {
	return web.Control{Name: champ, Label: label, Error: f.Fautes[champ], Required: true}
}

// Resume lists the faults above the form, each leading to its field.
func (f Form) Resume() []web.Fault {
	var faults []web.Fault
	for _, champ := range f.Fautes.Names() {
		faults = append(faults, web.Fault{ID: champ, Texte: f.Fautes[champ]})
	}
	return faults
}

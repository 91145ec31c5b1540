package httpx

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"portail/internal/fault"
	"portail/internal/lexique"
	"portail/web"
)

// Names of the hidden fields that forms carry.
const (
	ChampVersion = "version" // of the record, when the form was shown
	ChampCle     = "cle"     // UUID of a form that creates: sent twice, it creates once
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

// Version is the version of the record that a form was written on.
func (f Form) Version() (int, error) {
	n, err := strconv.ParseInt(f.Texte(ChampVersion), 10, 32)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("field %s: %w", ChampVersion, fault.Malformed)
	}
	return int(n), nil
}

var formeCle = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// Cle is the UUID of a form that creates.
func (f Form) Cle() (string, error) {
	cle := f.Texte(ChampCle)
	if !formeCle.MatchString(cle) {
		return "", fmt.Errorf("field %s: %w", ChampCle, fault.Malformed)
	}
	return cle, nil
}

// NewCle is a random UUID (version 4) for a form that creates.
func NewCle() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: the program would have ended
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Options are the choices of a list or of radio buttons, those chosen being marked.
func Options(mots []lexique.Mot, chosen ...string) []web.Option {
	all := make([]web.Option, len(mots))
	for i, m := range mots {
		all[i] = web.Option{Value: m.Code, Label: m.Libelle, Selected: slices.Contains(chosen, m.Code)}
	}
	return all
}

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

// PostedNew reads what the form of a new record sent, and the key that makes it create one however often it is sent.
func PostedNew(r *http.Request) (f Form, cle string, err error) {
	if f, err = ReadForm(r); err != nil {
		return f, "", err
	}
	cle, err = f.Cle()
	return f, cle, err
}

// Posted reads what the form of a record sent: which record, what was typed, and on what version.
func Posted(r *http.Request) (id int64, f Form, on int, err error) {
	if id, err = ID(r, "id"); err != nil {
		return id, f, 0, err
	}
	if f, err = ReadForm(r); err != nil {
		return id, f, 0, err
	}
	on, err = f.Version()
	return id, f, on, err
}

// Package formulaire is the page of a change: its fields, what was refused of them, and what somebody else wrote meanwhile. Areas
// describe their forms; what a form looks like, and what follows when it is sent, is the same everywhere.
package formulaire

import (
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

// Kinds of fields beside those of web.FieldProps.
const (
	Choix   = "radio"    // one of the options, all in sight
	Cases   = "checkbox" // any of the options
	Fichier = "file"
)

// Champ is a field of a form.
type Champ struct {
	Nom, Libelle, Aide string
	// Type is that of web.FieldProps (text when empty, textarea, date, email…), or Choix, Cases, Fichier. A field with options and no
	// type is a drop-down list.
	Type               string
	Options            []web.Option
	Vide               string // label of the empty first choice of a list
	Autocomplete, Mode string // WCAG 1.3.5 token; keyboard of a telephone (numeric, decimal)
	Max                int    // characters; 0 is unlimited
	Lignes             int    // of a textarea
	Accepte            string // of a file: ".ods,.csv"
	Facultatif         bool
	// Groupe is the legend of the fields side by side that this one belongs to: neighbours of the same group. Empty: a line of its own.
	Groupe string
	Montre func(string) string // writes a value for people, where both versions are compared
}

// Page is the page of a change.
type Page struct {
	Titre, Bouton string     // the change, and what its button says
	Objet         string     // title of the record that changes; empty when one is being created
	Fil           []web.Lien // the way to the record, or to the list that a new one joins
	Retour        string     // where giving up leads
	Action        string
	Apercu        templ.Component // what the change will do; may be nil
	Champs        []Champ
	Caches        []string // names of the hidden fields
	Form          httpx.Form
	Conflit       *Conflit
	Retrait       *Retrait
}

// Conflit is what somebody else wrote while the form was being filled in.
type Conflit struct {
	Valeurs url.Values
	Dernier *journal.Ligne
}

// Retrait takes away what the form changes.
type Retrait struct{ Action, Bouton string }

// fil is the way to the page.
func (p Page) fil() []web.Lien { return append(slices.Clone(p.Fil), web.Lien{Texte: p.Titre}) }

// titre tells the page of a change from the same change of another record.
func (p Page) titre() string {
	if p.Objet == "" {
		return p.Titre
	}
	return p.Titre + typo.NBSP + ": " + p.Objet
}

// titrePage is the title of the window: it says at once that something was refused.
func (p Page) titrePage() string {
	if len(p.Form.Fautes) > 0 {
		return "Erreur" + typo.NBSP + ": " + p.titre()
	}
	return p.titre()
}

// resume lists the faults above the form, in the order of its fields; those of fields that can be filled in lead there.
func (p Page) resume() []web.Fault {
	place := func(told web.Fault) int {
		return slices.IndexFunc(p.Champs, func(c Champ) bool { return c.Nom == told.ID })
	}
	all := p.Form.Resume()
	slices.SortStableFunc(all, func(a, b web.Fault) int { return place(a) - place(b) })
	for i, told := range all {
		if place(told) < 0 {
			all[i].ID = ""
		}
	}
	return all
}

// fichier says whether a file is sent.
func (p Page) fichier() bool {
	return slices.ContainsFunc(p.Champs, func(c Champ) bool { return c.Type == Fichier })
}

func (c Champ) control(f httpx.Form) web.Control {
	control := f.Control(c.Nom, c.Libelle)
	control.Hint = c.Aide
	if c.Facultatif {
		control.Required = false
		if c.Groupe == "" { // the legend of a group says it once
			control.Label += " (facultatif)"
		}
	}
	return control
}

func (c Champ) field(f httpx.Form) web.FieldProps {
	return web.FieldProps{Control: c.control(f), Value: f.Brut(c.Nom), Type: c.Type, MaxLength: c.Max, Rows: c.Lignes, Autocomplete: c.Autocomplete, InputMode: c.Mode}
}

func (c Champ) options(f httpx.Form) []web.Option {
	all := slices.Clone(c.Options)
	for i, o := range all {
		all[i].Selected = slices.Contains(f.Valeurs[c.Nom], o.Value)
	}
	return all
}

func (c Champ) list(f httpx.Form) web.SelectProps {
	return web.SelectProps{Control: c.control(f), Vide: c.Vide, Options: c.options(f)}
}

func (c Champ) group(f httpx.Form) web.GroupProps {
	return web.GroupProps{Control: c.control(f), Options: c.options(f)}
}

// comparaison sets both versions side by side.
func (p Page) comparaison() web.TableProps {
	t := web.TableProps{ID: "versions", Caption: "Les deux versions", Columns: []web.Column{{Titre: "Champ"}, {Titre: "Votre saisie"}, {Titre: "Version enregistrée"}, {Titre: "Différence"}}}
	for _, c := range p.Champs {
		if !p.Conflit.Valeurs.Has(c.Nom) {
			continue
		}
		yours, theirs := c.montre(p.Form.Valeurs[c.Nom]), c.montre(p.Conflit.Valeurs[c.Nom])
		difference := "identique"
		if yours != theirs {
			difference = "différent"
		}
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(c.Libelle), web.TextCell(yours), web.TextCell(theirs), web.TextCell(difference)})
	}
	return t
}

// montre writes the values of a field for people.
func (c Champ) montre(values []string) string {
	var all []string
	if c.Type == Cases { // in the order of the page, not of who ticked them
		values = slices.SortedFunc(slices.Values(values), func(a, b string) int { return c.rang(a) - c.rang(b) })
	}
	for _, v := range values {
		v = strings.TrimSpace(v)
		if i := c.rang(v); i >= 0 {
			v = c.Options[i].Label
		} else if c.Montre != nil && v != "" {
			v = c.Montre(v)
		}
		if v != "" {
			all = append(all, v)
		}
	}
	if len(all) == 0 {
		return "vide"
	}
	return strings.Join(all, ", ")
}

// groupe is the run of fields that begins at a place: those of a group, or one alone.
func (p Page) groupe(at int) []Champ {
	end := at + 1
	for p.Champs[at].Groupe != "" && end < len(p.Champs) && p.Champs[end].Groupe == p.Champs[at].Groupe {
		end++
	}
	return p.Champs[at:end]
}

// groupes are the fields by runs.
func (p Page) groupes() (all [][]Champ) {
	for at := 0; at < len(p.Champs); {
		run := p.groupe(at)
		all = append(all, run)
		at += len(run)
	}
	return all
}

// rang is the place of a value among the options; -1 when it is none of them.
func (c Champ) rang(v string) int {
	return slices.IndexFunc(c.Options, func(o web.Option) bool { return o.Value == v })
}

// MontreJour writes the day of a date field for people.
func MontreJour(s string) string {
	if day := saisie.Jour(fault.Fields{}, "", s); !day.IsZero() {
		return typo.Date(day)
	}
	return s
}

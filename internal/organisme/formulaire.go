package organisme

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

// champSuccesseur is the hidden field of a merger.
const champSuccesseur = "successeur"

// champ is a field of a form.
type champ struct {
	Nom, Libelle, Aide string
	Type               string // of a text field; a list when Options are given
	Autocomplete       string
	Max                int
	Facultatif         bool
	Options            []web.Option
	Vide               string // label of the empty first choice of a list
	Montre             func(string) string
}

// formulaire is the page of a change.
type formulaire struct {
	Titre, Bouton string
	Organisme     Organisme // zero when one is being created
	Action        string
	Apercu        templ.Component // what the change will do; may be nil
	Champs        []champ
	Caches        []string // names of the hidden fields
	Form          httpx.Form
	Conflit       *conflit
	Retrait       string // address that removes what is being changed; empty for none
}

// conflit is what somebody else wrote while the form was being filled in.
type conflit struct {
	Valeurs url.Values
	Dernier *journal.Ligne
}

func (f formulaire) retour() string {
	if f.Organisme.ID == 0 {
		return lien.Organismes
	}
	return lien.Organisme(f.Organisme.ID)
}

func (f formulaire) fil() []web.Lien {
	if f.Organisme.ID == 0 {
		return []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Organismes", Href: lien.Organismes}, {Texte: f.Titre}}
	}
	return filActe(f.Organisme, f.Titre)
}

// filActe is the breadcrumb of the page of a change.
func filActe(o Organisme, acte string) []web.Lien {
	return []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Organismes", Href: lien.Organismes},
		{Texte: o.Titre(), Href: lien.Organisme(o.ID)}, {Texte: acte}}
}

// titre tells the page of a change from the same change of another organisation.
func (f formulaire) titre() string {
	if f.Organisme.ID == 0 {
		return f.Titre
	}
	return f.Titre + typo.NBSP + ": " + f.Organisme.Titre()
}

// titrePage is the title of the window: it says at once that something was refused.
func (f formulaire) titrePage() string {
	if len(f.Form.Fautes) > 0 {
		return "Erreur" + typo.NBSP + ": " + f.titre()
	}
	return f.titre()
}

// resume lists the faults above the form; those of fields that can be filled in lead there.
func (f formulaire) resume() []web.Fault {
	all := f.Form.Resume()
	for i, told := range all {
		if !slices.ContainsFunc(f.Champs, func(c champ) bool { return c.Nom == told.ID }) {
			all[i].ID = ""
		}
	}
	return all
}

func (f formulaire) control(c champ) web.Control {
	control := f.Form.Control(c.Nom, c.Libelle)
	control.Hint = c.Aide
	if c.Facultatif {
		control.Required = false
		control.Label += " (facultatif)"
	}
	return control
}

func (f formulaire) field(c champ) web.FieldProps {
	return web.FieldProps{Control: f.control(c), Value: f.Form.Brut(c.Nom), Type: c.Type, MaxLength: c.Max, Autocomplete: c.Autocomplete}
}

func (f formulaire) list(c champ) web.SelectProps {
	p := web.SelectProps{Control: f.control(c), Vide: c.Vide, Options: slices.Clone(c.Options)}
	for i, o := range p.Options {
		p.Options[i].Selected = o.Value == f.Form.Brut(c.Nom)
	}
	return p
}

// comparaison sets both versions side by side.
func (f formulaire) comparaison() web.TableProps {
	t := web.TableProps{ID: "versions", Caption: "Les deux versions", Columns: []web.Column{{Titre: "Champ"}, {Titre: "Votre saisie"}, {Titre: "Version enregistrée"}, {Titre: "Différence"}}}
	for _, c := range f.Champs {
		if !f.Conflit.Valeurs.Has(c.Nom) {
			continue
		}
		yours, theirs := f.Form.Texte(c.Nom), f.Conflit.Valeurs.Get(c.Nom)
		difference := "identique"
		if yours != theirs {
			difference = "différent"
		}
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(c.Libelle), web.TextCell(c.montre(yours)), web.TextCell(c.montre(theirs)), web.TextCell(difference)})
	}
	return t
}

func (c champ) montre(v string) string {
	if v == "" {
		return "vide"
	}
	if c.Montre != nil {
		return c.Montre(v)
	}
	return v
}

func valeursIdentite(o Organisme) url.Values {
	return url.Values{"nom": {o.Nom}, "sigle": {o.Sigle}, "nature": {o.Nature}, "siret": {o.Siret}, httpx.ChampVersion: {strconv.Itoa(o.Version)}}
}

func lireIdentite(f httpx.Form) Identite {
	return Identite{Nom: f.Texte("nom"), Sigle: f.Texte("sigle"), Nature: f.Texte("nature"), Siret: f.Texte("siret")}
}

var (
	champSigle   = champ{Nom: "sigle", Libelle: "Sigle", Max: maxSigle, Facultatif: true}
	champsEdites = []champ{
		{Nom: "nom", Libelle: "Nom", Max: maxNom, Autocomplete: "organization"}, champSigle,
		{Nom: "nature", Libelle: "Nature", Options: httpx.Options(lexique.NaturesOrganisme), Vide: "Choisir une nature",
			Montre: func(s string) string { return lexique.Libelle(lexique.NaturesOrganisme, s) }},
		{Nom: "siret", Libelle: "SIRET", Aide: "14" + typo.NBSP + "chiffres, avec ou sans espaces. Laissez vide s’il n’est pas connu.", Max: maxSigle, Facultatif: true,
			Montre: func(s string) string { return siretGroupe(saisie.Chiffres(s)) }},
	}
)

func formCreation(f httpx.Form) formulaire {
	return formulaire{Titre: "Ajouter un organisme", Bouton: "Enregistrer l’organisme", Action: lien.OrganismeNouveau, Champs: champsEdites, Caches: []string{httpx.ChampCle}, Form: f}
}

func formCorrection(o Organisme) formulaire {
	f := formulaire{Titre: "Corriger", Bouton: "Enregistrer les corrections", Organisme: o, Action: lien.OrganismeActe(o.ID, lien.ActeModifier),
		Champs: slices.Clone(champsEdites), Caches: []string{httpx.ChampVersion}, Form: httpx.NewForm(valeursIdentite(o))}
	f.Champs[0].Aide = "Pour corriger une faute seulement. Si l’organisme change de nom, utilisez " + typo.Guillemets("Renommer") + ", qui garde l’ancien."
	return f
}

func formRenommage(o Organisme) formulaire {
	values := valeursIdentite(o)
	values.Del("nature")
	values.Del("siret")
	f := formulaire{Titre: "Renommer", Bouton: "Renommer l’organisme", Organisme: o, Action: lien.OrganismeActe(o.ID, lien.ActeRenommer),
		Champs: []champ{{Nom: "nom", Libelle: "Nouveau nom", Max: maxNom, Autocomplete: "organization",
			Aide: "Le nom actuel reste dans l’historique, et sur les documents qui le portent."}, champSigle,
			{Nom: "le", Libelle: "Date du nouveau nom", Type: "date", Aide: "Premier jour où l’organisme porte ce nom.", Montre: montreJour}},
		Caches: []string{httpx.ChampVersion}, Form: httpx.NewForm(values)}
	return f
}

func formFermeture(o Organisme) formulaire {
	values := url.Values{httpx.ChampVersion: {strconv.Itoa(o.Version)}}
	if o.Ferme() {
		values.Set("le", typo.DateISO(*o.FermeLe))
	}
	return formulaire{Titre: "Fermer", Bouton: "Fermer l’organisme", Organisme: o, Action: lien.OrganismeActe(o.ID, lien.ActeFermer),
		Apercu: fermetureApercu(o), Champs: []champ{{Nom: "le", Libelle: "Date de fermeture", Type: "date", Montre: montreJour}},
		Caches: []string{httpx.ChampVersion}, Form: httpx.NewForm(values)}
}

func formReouverture(o Organisme) formulaire {
	return formulaire{Titre: "Rouvrir", Bouton: "Rouvrir l’organisme", Organisme: o, Action: lien.OrganismeActe(o.ID, lien.ActeRouvrir),
		Apercu: reouvertureApercu(o), Caches: []string{httpx.ChampVersion}, Form: httpx.NewForm(url.Values{httpx.ChampVersion: {strconv.Itoa(o.Version)}})}
}

func montreJour(s string) string {
	if day := saisie.Jour(fault.Fields{}, "", s); !day.IsZero() {
		return typo.Date(day)
	}
	return s
}

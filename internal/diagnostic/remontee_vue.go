package diagnostic

import (
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"portail/internal/droits"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

var filRemontees = []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Remontées de chiffres", Href: lien.Remontees}}

const paramRetard = "retard"

// filtresRemontees is what the address of the list asks for.
type filtresRemontees struct {
	Etat       string
	Retard     bool // late, still with its producer
	Aujourdhui time.Time
	Page       int
}

func parseFiltresRemontees(v url.Values) (filtresRemontees, error) {
	q := httpx.ReadQuery(v)
	f := filtresRemontees{Etat: q.Code(paramEtat, lexique.EtatsRemontee), Retard: q.Yes(paramRetard), Aujourdhui: typo.Aujourdhui(), Page: q.Page()}
	return f, q.Err()
}

func (f filtresRemontees) url() web.ListURL {
	v := web.Params(paramEtat, f.Etat)
	if f.Retard {
		v.Set(paramRetard, oui)
	}
	return web.ListURL{Path: lien.Remontees, Values: v}
}

// remonteesVue is what the page of the list shows.
type remonteesVue struct {
	filtresRemontees
	Lignes []ligneRemontee
	Ouvrir bool
	Saisir bool
}

func (v remonteesVue) total() int {
	if len(v.Lignes) == 0 {
		return 0
	}
	return v.Lignes[0].Lignes
}

// enRetard says whether a return is still awaited after its day.
func (r Remontee) enRetard() bool {
	return r.Etat != Publiee && r.Etat != Certifiee && r.Echeance.Before(typo.Aujourdhui())
}

func (v remonteesVue) tableau() web.TableProps {
	p := web.TableProps{ID: "remontees", Caption: "Remontées de chiffres", CaptionHidden: true, Vide: "Aucune remontée.", Columns: []web.Column{
		{Titre: "Producteur et période"}, {Titre: "État"}, {Titre: "Attendue pour le"}, {Titre: "Cellules remplies", Numeric: true}}}
	for _, l := range v.Lignes {
		due := web.TextCell(typo.DateCourte(l.Echeance))
		if l.enRetard() {
			due.Note = "en retard"
		}
		name := web.LinkCell(l.Titre(), lien.Remontee(l.ID))
		if l.Demonstration {
			name.Note = "Donnée de démonstration"
		}
		p.Rows = append(p.Rows, []web.Cell{name, web.ComponentCell(web.Badge(l.Etat.Texte(), ton(l.Etat))), due, web.TextCell(typo.Nombre(int64(l.Remplies)))})
	}
	return p
}

func ton(e Etat) web.Tone {
	switch e {
	case Publiee:
		return web.ToneSuccess
	case Certifiee, Prete:
		return web.ToneInfo
	}
	return web.ToneNeutral
}

// formOuverture is the page by which the préfecture asks for figures.
func formOuverture(f httpx.Form, producteurs []choix) formulaire.Page {
	return formulaire.Page{Titre: "Demander des chiffres", Bouton: "Ouvrir les remontées", Fil: filRemontees, Retour: lien.Remontees, Action: lien.RemonteeNouvelle, Form: f,
		Champs: []formulaire.Champ{
			{Nom: "organismes", Libelle: "Producteurs", Aide: "Les organismes désignés au catalogue des indicateurs.", Type: formulaire.Cases, Options: options(producteurs)},
			{Nom: "periode", Libelle: "Période", Aide: "Une année (2025), ou un trimestre (2025-T3).", Max: 7},
			{Nom: "echeance", Libelle: "Attendue pour le", Type: "date", Montre: formulaire.MontreJour},
		}}
}

// remonteeVue is what the page of a return shows.
type remonteeVue struct {
	grille
	Par      droits.Compte
	Etapes   []etapeRow
	Form     httpx.Form      // what was typed, when it comes back
	Tapees   map[cle]textes  // nil: the grid shows what is kept
	Conflits map[cle]cellule // what somebody else saved meanwhile
	Reste    map[cle]string
	Masquees map[cle]bool // hidden from whoever asks
}

// saisir says whether whoever asks may type.
func (v remonteeVue) saisir() bool {
	return v.ouverte() && v.Par.Peut(droits.RemonteeSaisir) && v.Par.Organisme == v.OrganismeID
}

func (v remonteeVue) fil() []web.Lien {
	return append(slices.Clone(filRemontees), web.Lien{Texte: v.Titre()})
}

func (v remonteeVue) titrePage() string {
	if len(v.Form.Fautes) > 0 {
		return "Erreur" + typo.NBSP + ": " + v.Titre()
	}
	return v.Titre()
}

// badges are the state of the return, and what must be known of it.
func (v remonteeVue) badges() []templ.Component {
	all := []templ.Component{web.Badge(v.Etat.Texte(), ton(v.Etat))}
	if v.Demonstration {
		all = append(all, web.Badge("Donnée de démonstration", web.ToneNeutral))
	}
	if v.enRetard() {
		all = append(all, web.Badge("En retard", web.ToneWarning))
	}
	return all
}

// etapes are the history of the return.
func (v remonteeVue) etapes() web.TableProps {
	p := web.TableProps{ID: "etapes", Caption: "Étapes de la remontée", CaptionHidden: true, Small: true, Vide: "Rien n’a encore été fait.", Columns: []web.Column{{Titre: "Étape"}, {Titre: "Par"}, {Titre: "Motif"}}}
	for _, e := range v.Etapes {
		p.Rows = append(p.Rows, []web.Cell{{Texte: e.Etat.Texte(), Note: typo.DateHeure(e.Le)}, web.TextCell(e.Organisme), web.TextCell(e.Motif)})
	}
	return p
}

// gestes are the moves open to whoever asks, those without a reason first.
func (v remonteeVue) gestes(motif bool) []string {
	var all []string
	for _, acte := range actes {
		if passages[acte].Motif == motif && v.peut(acte, v.Par) {
			all = append(all, acte)
		}
	}
	return all
}

// motif is the field of the reason of a move.
func (v remonteeVue) motif() web.Control {
	c := v.Form.Control("motif", "Motif")
	if v.Etat == Publiee {
		c.Hint = "Il sera publié avec les chiffres corrigés."
	}
	return c
}

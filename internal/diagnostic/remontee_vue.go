package diagnostic

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"portail/internal/chiffre"
	"portail/internal/droits"
	"portail/internal/fault"
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

// resume lists the faults above the grid; each leads to its cell.
func (v remonteeVue) resume() []web.Fault {
	names := map[string]string{}
	for _, i := range v.Indicateurs {
		for _, l := range v.Lieux {
			for _, kind := range []string{"v", "n", "d", "m"} {
				names[cle{i.Code, l.Cle}.champ(kind)] = i.Libelle + ", " + l.Nom
			}
		}
	}
	all := v.Form.Resume()
	for n, told := range all {
		if name, known := names[told.ID]; known {
			all[n].Texte = name + typo.NBSP + ": " + told.Texte
		} else if told.ID != champBloc && told.ID != "motif" {
			all[n].ID = ""
		}
	}
	return all
}

// champCellule is an input of a cell.
type champCellule struct {
	Nom, Label, Valeur, Faute string
	Court                     string // what stands above it: numerator, denominator
}

// celluleVue is a cell as the page shows it.
type celluleVue struct {
	Champs    []champCellule
	Mot       *champCellule // word on a jump
	Signale   string        // empty, or to be confirmed
	Autre     string        // what somebody else saved meanwhile
	Texte     string        // what is kept, when nobody types
	Part      string        // computed from a numerator and a denominator
	Precedent string        // last published figure, beside a jump
}

// ecrit writes a figure for people.
func (i Indicateur) ecrit(c cellule) string {
	switch {
	case c.Absente:
		return typo.NonDisponible
	case c.Valeur == nil:
		return "vide"
	}
	s := typo.Unite(*c.Valeur, i.Decimales, chiffre.UniteEcrite(i.Unite))
	if c.Numerateur != nil && c.Denominateur != nil {
		s += " (" + typo.Auto(*c.Numerateur, 2) + " sur" + typo.NBSP + typo.Auto(*c.Denominateur, 2) + ")"
	}
	return s
}

func (v remonteeVue) cellule(i Indicateur, l lieu) celluleVue {
	k := cle{i.Code, l.Cle}
	c := v.Cellules[k]
	out := celluleVue{Texte: i.ecrit(c), Signale: v.Reste[k]}
	if v.Masquees[k] {
		out.Texte = chiffre.NonCommunique
		return out
	}
	if other, both := v.Conflits[k]; both {
		out.Autre = i.ecrit(other)
	}
	avant, known := v.Avant[k]
	if known {
		out.Precedent = typo.Unite(avant, i.Decimales, chiffre.UniteEcrite(i.Unite))
	}
	if !v.saisir() {
		if c.Confirmation != "" {
			out.Signale = "variation confirmée" + typo.NBSP + ": " + c.Confirmation
		}
		return out
	}
	t := c.textes(i)
	if typed, back := v.Tapees[k]; back {
		t = typed
	}
	field := func(kind, label, court, value string) champCellule {
		return champCellule{Nom: k.champ(kind), Label: label, Valeur: value, Faute: v.Form.Fautes[k.champ(kind)], Court: court}
	}
	name := i.Libelle + ", " + l.Nom
	if i.Fraction {
		out.Champs = []champCellule{field("n", name+", numérateur", "Numérateur", t.N), field("d", name+", dénominateur", "Dénominateur", t.D)}
		if c.Valeur != nil {
			out.Part = typo.Unite(*c.Valeur, i.Decimales, "%")
		}
	} else {
		out.Champs = []champCellule{field("v", name, "", t.V)}
	}
	if known && c.Valeur != nil && i.saute(*c.Valeur, avant) || v.Form.Fautes[k.champ("m")] != "" {
		mot := field("m", name+", mot sur la variation", "Pourquoi cette variation"+typo.NBSP+"?", t.Mot)
		out.Mot = &mot
	}
	return out
}

// tableaux are the grid, a thématique after the other: one wide table would not be read.
func (v remonteeVue) tableaux() []web.TableProps {
	var all []web.TableProps
	for _, t := range lexique.Thematiques {
		p := web.TableProps{ID: "grille-" + t.Code, Caption: t.Libelle + ", " + v.Periode(), Small: true, Columns: []web.Column{{Titre: "Lieu"}}}
		var own []Indicateur
		for _, i := range v.Indicateurs {
			if i.Thematique == t.Code {
				own = append(own, i)
				p.Columns = append(p.Columns, web.Column{Titre: i.Libelle + " (" + i.Unite + ")"})
			}
		}
		if len(own) == 0 {
			continue
		}
		for _, l := range v.Lieux {
			row := []web.Cell{{Texte: l.Nom, Note: l.niveau()}}
			for _, i := range own {
				if !v.tenue(i, l) {
					row = append(row, web.TextCell("sans objet"))
					continue
				}
				row = append(row, web.ComponentCell(celluleGrille(v.cellule(i, l))))
			}
			p.Rows = append(p.Rows, row)
		}
		all = append(all, p)
	}
	return all
}

// niveau is the kind of a place, in words.
func (l lieu) niveau() string {
	if l.Niveau == niveauQPV {
		return "Quartier, " + l.Code
	}
	return lexique.Libelle(lexique.Niveaux, l.Niveau)
}

// lire gathers the fields of the grid that a form sent.
func (g grille) lire(f httpx.Form) map[cle]textes {
	typed := map[cle]textes{}
	for _, i := range g.Indicateurs {
		for _, l := range g.Lieux {
			k := cle{i.Code, l.Cle}
			sent := false
			for _, kind := range []string{"v", "n", "d"} {
				sent = sent || f.Valeurs.Has(k.champ(kind))
			}
			if !sent {
				continue
			}
			t := textes{V: f.Brut(k.champ("v")), N: f.Brut(k.champ("n")), D: f.Brut(k.champ("d")), Mot: g.Cellules[k].Confirmation}
			if f.Valeurs.Has(k.champ("m")) {
				t.Mot = f.Brut(k.champ("m"))
			}
			typed[k] = t
		}
	}
	return typed
}

// Fields of the form that takes a block of cells copied from a spreadsheet.
const (
	champBloc    = "bloc"
	champLigne   = "ligne"
	champColonne = "colonne"
	champBase    = "base" // which saving of the grid the form was shown on
	maxBloc      = 200_000
)

// colonneGrille is a field of each row of the grid.
type colonneGrille struct {
	Indicateur
	Sorte string // v, n or d
}

func (c colonneGrille) cle() string { return c.Sorte + "." + c.Code }

func (c colonneGrille) titre() string {
	return c.Libelle + map[string]string{"n": ", numérateur", "d": ", dénominateur"}[c.Sorte]
}

// colonnes are the fields of a row, in the order of the page.
func (g grille) colonnes() []colonneGrille {
	var all []colonneGrille
	for _, t := range lexique.Thematiques {
		for _, i := range g.Indicateurs {
			switch {
			case i.Thematique != t.Code:
			case i.Fraction:
				all = append(all, colonneGrille{i, "n"}, colonneGrille{i, "d"})
			default:
				all = append(all, colonneGrille{i, "v"})
			}
		}
	}
	return all
}

// coller lays a block copied from a spreadsheet over the grid, from a cell on. A block that goes beyond the grid is refused whole.
func (g grille) coller(bloc, ligne, colonne string) (map[cle]textes, error) {
	columns := g.colonnes()
	top := slices.IndexFunc(g.Lieux, func(l lieu) bool { return l.Cle == ligne })
	left := slices.IndexFunc(columns, func(c colonneGrille) bool { return c.cle() == colonne })
	f := fault.Fields{}
	if top < 0 {
		f.Add(champLigne, "Choisissez la première ligne dans la liste.")
	}
	if left < 0 {
		f.Add(champColonne, "Choisissez la première colonne dans la liste.")
	}
	if strings.TrimSpace(bloc) == "" {
		f.Add(champBloc, "Collez ici les cellules copiées de votre tableur.")
	}
	if len(bloc) > maxBloc {
		f.Add(champBloc, "Ce bloc est trop grand.")
	}
	if len(f) > 0 {
		return nil, f
	}
	rows := strings.Split(strings.TrimRight(strings.ReplaceAll(bloc, "\r\n", "\n"), "\n"), "\n")
	wide := 0
	for _, row := range rows {
		wide = max(wide, strings.Count(row, "\t")+1)
	}
	if over, beyond := top+len(rows)-len(g.Lieux), left+wide-len(columns); over > 0 || beyond > 0 {
		var told []string
		if over > 0 {
			told = append(told, typo.NPluriel(int64(over), "ligne", "lignes"))
		}
		if beyond > 0 {
			told = append(told, typo.NPluriel(int64(beyond), "colonne", "colonnes"))
		}
		return nil, fault.Fields{champBloc: "Ce bloc dépasse la grille de " + typo.Liste(told) + typo.NBSP + ": rien n’est enregistré. Vérifiez la cellule de départ."}
	}
	typed := map[cle]textes{}
	for y, row := range rows {
		for x, text := range strings.Split(row, "\t") {
			c, l := columns[left+x], g.Lieux[top+y]
			if !g.tenue(c.Indicateur, l) {
				if strings.TrimSpace(text) != "" {
					return nil, fault.Fields{champBloc: c.Libelle + " ne se mesure pas à " + l.Nom + typo.NBSP + ": laissez cette cellule vide."}
				}
				continue
			}
			k := cle{c.Code, l.Cle}
			t, seen := typed[k]
			if !seen {
				t = g.Cellules[k].textes(c.Indicateur)
			}
			switch c.Sorte {
			case "n":
				t.N = text
			case "d":
				t.D = text
			default:
				t.V = text
			}
			typed[k] = t
		}
	}
	return typed, nil
}

// lignesOptions and colonnesOptions are where a block may begin.
func (v remonteeVue) lignesOptions() []web.Option {
	var all []web.Option
	for _, l := range v.Lieux {
		all = append(all, web.Option{Value: l.Cle, Label: l.Nom, Selected: l.Cle == v.Form.Brut(champLigne)})
	}
	return all
}

func (v remonteeVue) colonnesOptions() []web.Option {
	var all []web.Option
	for _, c := range v.colonnes() {
		all = append(all, web.Option{Value: c.cle(), Label: c.titre(), Selected: c.cle() == v.Form.Brut(champColonne)})
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

// resteTexte sums up what keeps the return from being ready.
func (v remonteeVue) resteTexte() string {
	n := len(v.Reste)
	if n == 0 {
		return "Toutes les cellules attendues sont remplies."
	}
	return typo.NPluriel(int64(n), "cellule reste", "cellules restent") + " à remplir ou à confirmer."
}

// base is the saving that the form is written on.
func (v remonteeVue) base() string { return strconv.Itoa(v.Saisie) }

// filtrer keeps from whoever is not the producer what secrecy hides from them.
func (v *remonteeVue) filtrer() {
	v.Masquees = map[cle]bool{}
	if v.Par.Organisme != v.OrganismeID {
		maps.Copy(v.Masquees, v.masquees())
	}
}

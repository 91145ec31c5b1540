package intervention

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// aucune is what an empty cell says.
const aucune = "Aucune action déclarée"

// parPage is the number of lines of a page; maxFichier bounds those of a file.
const (
	parPage    = 50
	maxFichier = 20_000
)

// ligne is an action of a year, behind a cell of the matrix.
type ligne struct {
	Origine       string // code of lexique.OriginesIntervention
	Objet         string
	ObjetID       int64
	ServiceNom    string
	Quartiers     []string // names; none: the whole territory
	Codes         []string
	Thematiques   []string // codes
	Annee         int
	Credits       string
	Description   string
	Montant       *float64
	Pluriannuel   *float64
	Etp           *float64
	Places        *int64
	Source        string
	Demonstration bool
	Total         int
}

// lignes is what the page of the lines shows.
type lignes struct {
	Filtres
	offre
	Par    droits.Compte
	Lignes []ligne
}

func (l lignes) total() int {
	if len(l.Lignes) == 0 {
		return 0
	}
	return l.Lignes[0].Total
}

// check refuses a page after the last one.
func (l lignes) check() error {
	if len(l.Lignes) == 0 && l.Page > 1 {
		return fault.NotFound
	}
	return nil
}

func (l lignes) titre() string {
	title := "Actions des services (" + strings.Join(append([]string{strconv.Itoa(l.Annee)}, l.phrases(l.offre).Phrases()...), ", ") + ")"
	if l.Page > 1 {
		title += ", page" + typo.NBSP + strconv.Itoa(l.Page)
	}
	return title
}

// compte says in words how many actions there are.
func (l lignes) compte() string {
	n := l.total()
	if n == 0 {
		return "Aucune action"
	}
	return typo.NPluriel(int64(n), "ligne", "lignes") + web.PageSur(l.Page, n, parPage)
}

// declarable is where the cell can be filled in; empty where whoever reads may not.
func (l lignes) declarable() string {
	m := matrice{Filtres: l.Filtres, offre: l.offre, Par: l.Par}
	return m.aDeclarer(entete{}, entete{})
}

func (l ligne) moyens() string {
	return somme{Montant: l.Montant, Etp: l.Etp, Places: l.Places, Pluriannuel: l.Pluriannuel}.moyens()
}

func (l ligne) thematiques() string {
	if len(l.Thematiques) == 0 {
		return "non précisée"
	}
	var all []string
	for _, t := range l.Thematiques {
		all = append(all, lexique.Libelle(lexique.Thematiques, t))
	}
	return strings.Join(all, ", ")
}

func (l ligne) quartiers() string {
	if len(l.Quartiers) == 0 {
		return "tout le territoire"
	}
	return strings.Join(l.Quartiers, ", ")
}

// provenance is where the line comes from, below it.
func (l ligne) provenance() string {
	parts := []string{lexique.Libelle(lexique.OriginesIntervention, l.Origine)}
	if l.Source != "" {
		parts = append(parts, l.Source)
	}
	if l.Demonstration {
		parts = append(parts, "donnée de démonstration")
	}
	return strings.Join(parts, " – ")
}

// tableau is the list as a table.
func (l lignes) tableau() web.TableProps {
	u := l.url(lien.InterventionsLignes)
	if l.Tri == tris[0] && !l.Descendant {
		u.Values.Set(web.ParamTri, l.Tri) // so that the heading shows the sort that is there by default
	}
	p := web.TableProps{ID: "lignes", Caption: "Actions", CaptionHidden: true, Columns: []web.Column{{Titre: "Action"}, u.Column("Service", "service", false),
		u.Column("Quartier", "quartier", false), u.Column("Thématique", "thematique", false), u.Column("Crédits", "credits", false), u.Column("Moyens", "montant", false)}}
	for _, e := range l.Lignes {
		p.Rows = append(p.Rows, []web.Cell{{Texte: extrait(e.Description, 160), Href: lien.Objet(e.Objet, e.ObjetID), Note: e.provenance()}, web.TextCell(e.ServiceNom),
			web.TextCell(e.quartiers()), web.TextCell(e.thematiques()), web.TextCell(lexique.Libelle(lexique.Credits, e.Credits)), web.TextCell(e.moyens())})
	}
	return p
}

// telechargements are the files of the lines that count.
func (f Filtres) telechargements() []web.Download {
	return httpx.Downloads(func(format string) string { return lien.InterventionsFichier(format, f.lignes()) })
}

// fichier describes the lines as a file.
func (l lignes) fichier(base string, le time.Time) export.Table {
	t := export.Table{Nom: "actions", Titre: "Actions des services dans les quartiers", Colonnes: []export.Colonne{
		{Titre: "Année", Nom: "annee", Type: export.Annee}, {Titre: "Service", Nom: "service", Largeur: 6}, {Titre: "Quartier", Nom: "quartier", Largeur: 5, Description: "Plusieurs quartiers sont séparés par « | »\u00a0; vide pour tout le territoire."},
		{Titre: "Code du quartier", Nom: "code_qp", Largeur: 3}, {Titre: "Thématique", Nom: "thematique", Largeur: 5, Description: "Plusieurs thématiques sont séparées par « | »\u00a0; vide quand elle n’est pas précisée."},
		{Titre: "Crédits", Nom: "credits", Largeur: 4}, {Titre: "Description", Nom: "description", Largeur: 12},
		{Titre: "Montant de l’année", Nom: "montant", Type: export.Decimal, Decimales: 2, Description: "Euros de l’année."},
		{Titre: "Montant sur plusieurs années", Nom: "montant_pluriannuel", Type: export.Decimal, Decimales: 2, Description: "Euros de toutes les années de l’action, répétés chaque année\u00a0: à ne pas additionner d’une année à l’autre."},
		{Titre: "ETP", Nom: "etp", Type: export.Decimal, Decimales: 2}, {Titre: "Places", Nom: "places", Type: export.Entier}, {Titre: "Source", Nom: "source", Largeur: 6},
		{Titre: "Origine", Nom: "origine", Largeur: 5}, {Titre: "Fiche", Nom: "fiche", Type: export.Lien, Largeur: 8},
	}, Apropos: export.Apropos{Source: "Portail, action des services dans les quartiers", Extrait: le, Permalien: base + lien.InterventionsLignesFiltre(l.Filtres.lignes())}}
	t.Apropos.Filtres = append([]string{"Année" + typo.NBSP + ": " + strconv.Itoa(l.Annee)}, l.phrases(l.offre).Phrases()...)
	if slices.ContainsFunc(l.Lignes, func(e ligne) bool { return e.Demonstration }) {
		t.Apropos.Reserves = append(t.Apropos.Reserves, "Ce fichier contient des données de démonstration, inventées.")
	}
	t.Lignes = export.Lignes(l.Lignes, func(e ligne) []any {
		var themes []string
		for _, c := range e.Thematiques {
			themes = append(themes, lexique.Libelle(lexique.Thematiques, c))
		}
		return []any{e.Annee, e.ServiceNom, strings.Join(e.Quartiers, " | "), strings.Join(e.Codes, " | "), strings.Join(themes, " | "), lexique.Libelle(lexique.Credits, e.Credits), e.Description,
			e.Montant, e.Pluriannuel, e.Etp, e.Places, e.Source, lexique.Libelle(lexique.OriginesIntervention, e.Origine), base + lien.Objet(e.Objet, e.ObjetID)}
	})
	return t
}

func paragraphes(texte string) []string {
	return slices.DeleteFunc(strings.Split(texte, "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
}

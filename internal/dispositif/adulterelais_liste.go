package dispositif

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// ligneAR is a convention of the list.
type ligneAR struct {
	ID            int64
	Numero        string
	EmployeurID   int64
	Employeur     string
	Categorie     string
	Lieux         []string // names of its quarters, or of its territory
	Missions      []string
	Quotite       float64
	Debut, Fin    time.Time
	SigneeLe      *time.Time
	Etat          string
	VacantDepuis  *time.Time
	Manquants     int64 // quarters whose papers are missing
	Asp           string
	Demonstration bool
	Total         int     // conventions of the whole list
	ETP           float64 // of the whole list, in full-time posts
}

// listeAR is what the page of the list shows.
type listeAR struct {
	filtresAR
	Lignes     []ligneAR
	Employeurs []choix
	Quartiers  []quartier
	Ici        iciAR
	Par        droits.Compte
}

// iciAR is what the list depends on beside its filters.
type iciAR struct {
	Annees []int64 // covered by a convention, latest first
	Nature string  // of the organisation of whoever looks; empty when it is closed
}

// boutons are what may be done from the list. An employer asks for a post of its own, when the law lets it.
func (l listeAR) boutons() []web.ButtonProps {
	var all []web.ButtonProps
	switch {
	case !l.Par.Peut(droits.AdulteRelaisDemander):
	case l.Par.Role.Prefecture():
		all = append(all, web.ButtonProps{Texte: "Enregistrer une demande", Href: lien.AdulteRelaisNouveau, Kind: web.ButtonSecondary, Icon: "fr-icon-add-line"})
	case employeur{Nature: l.Ici.Nature}.eligible():
		all = append(all, web.ButtonProps{Texte: "Demander un poste", Href: lien.AdulteRelaisNouveau, Kind: web.ButtonSecondary, Icon: "fr-icon-add-line"})
	}
	if l.Par.Peut(droits.DispositifModifier) {
		all = append(all, web.ButtonProps{Texte: "Importer un tableau", Href: lien.AdultesRelaisImport, Kind: web.ButtonTertiary, Icon: "fr-icon-upload-line"})
	}
	return all
}

// quartier is a quarter of the filters.
type quartier struct{ Code, Nom string }

func (l listeAR) total() int {
	if len(l.Lignes) == 0 {
		return 0
	}
	return l.Lignes[0].Total
}

// check refuses a page after the last one.
func (l listeAR) check() error {
	if len(l.Lignes) == 0 && l.Page > 1 {
		return fmt.Errorf("page %d of the list: %w", l.Page, fault.NotFound)
	}
	return nil
}

// compte says in words what there is.
func (l listeAR) compte() string {
	n := l.total()
	if n == 0 {
		return "Aucune convention ne correspond à votre demande."
	}
	s := typo.NPluriel(int64(n), "convention", "conventions") + ", " + typo.Auto(l.Lignes[0].ETP, 2) + " équivalent" + typo.Pluriel(l.Lignes[0].ETP, "", "s") + " temps plein"
	return s + web.PageSur(l.Page, n, parPage) + "."
}

// phrases recall the filters in force: as tags on the page, as sentences in files.
func (l listeAR) phrases() web.Filtres {
	var all web.Filtres
	if l.Q != "" {
		all.Add(paramQ, "Recherche", typo.Guillemets(l.Q))
	}
	if l.Employeur != 0 {
		i := slices.IndexFunc(l.Employeurs, func(c choix) bool { return c.ID == l.Employeur })
		nom := "inconnu"
		if i >= 0 {
			nom = l.Employeurs[i].Nom
		}
		all.Add(paramEmployeur, "Employeur", nom)
	}
	all.Add(paramCategorie, "Catégorie", lexique.Libelle(lexique.CategoriesEmployeur, l.Categorie))
	if i := slices.IndexFunc(l.Quartiers, func(q quartier) bool { return q.Code == l.QPV }); i >= 0 {
		all.Add(paramQPV, "Quartier", l.Quartiers[i].Nom)
	} else {
		all.Add(paramQPV, "Quartier", l.QPV)
	}
	if l.Etat != etatEnCours {
		all.Add(paramEtat, "État", lexique.Libelle(etatsAR, l.Etat))
	}
	if !l.Fin.IsZero() {
		all.Add(paramFin, "Fin avant le", typo.Date(l.Fin))
	}
	if l.Annee != 0 {
		all.Add(paramAnnee, "Année", anneeTexte(l.Annee))
	}
	return all
}

func (l listeAR) tags() []web.Lien { return l.phrases().Tags(l.url()) }

// selects are the drop-down lists of the form.
func (l listeAR) selects() []web.SelectProps {
	employeurs := optionsChoix(l.Employeurs)
	for i, o := range employeurs {
		employeurs[i].Selected = o.Value == strconv.FormatInt(l.Employeur, 10)
	}
	var quartiers []web.Option
	for _, q := range l.Quartiers {
		quartiers = append(quartiers, web.Option{Value: q.Code, Label: q.Nom, Selected: q.Code == l.QPV})
	}
	var annees []web.Option
	for _, y := range l.Ici.Annees {
		annees = append(annees, web.Option{Value: anneeTexte(y), Label: anneeTexte(y), Selected: y == int64(l.Annee)})
	}
	return []web.SelectProps{
		{Control: web.Control{Name: paramEmployeur, Label: "Employeur"}, Options: employeurs, Vide: "Tous"},
		{Control: web.Control{Name: paramCategorie, Label: "Catégorie d’employeur"}, Options: httpx.Options(lexique.CategoriesEmployeur, l.Categorie), Vide: "Toutes"},
		{Control: web.Control{Name: paramQPV, Label: "Quartier"}, Options: quartiers, Vide: "Tous"},
		{Control: web.Control{Name: paramEtat, Label: "État"}, Options: httpx.Options(etatsAR, l.Etat)},
		{Control: web.Control{Name: paramAnnee, Label: "Année"}, Options: annees, Vide: "Toutes"},
	}
}

func (l listeAR) tableau() web.TableProps {
	u := l.url()
	if l.Tri == "fin" && !l.Descendant {
		u.Values.Set(web.ParamTri, "fin") // so that the heading shows the sort that is there by default
	}
	t := web.TableProps{ID: "adultes-relais", Caption: "Conventions d’adultes-relais", CaptionHidden: true, Columns: []web.Column{
		u.Column("Convention", "numero", false), u.Column("Employeur", "employeur", false), {Titre: "Quartier ou territoire"},
		u.Column("Temps", "quotite", true), u.Column("Fin", "fin", false), u.Column("État", "etat", false),
	}}
	for _, a := range l.Lignes {
		name := web.Cell{Texte: a.Numero, Href: lien.AdulteRelais(a.ID)}
		if a.Numero == "" {
			name.Texte = "Demande n°" + typo.NBSP + typo.Nombre(a.ID)
		}
		if a.Demonstration {
			name.Note = "démonstration"
		}
		etat := web.ComponentCell(web.Badge(etatAR(a.Etat), tonEtat(a.Etat)))
		etat.Note = a.remarque()
		t.Rows = append(t.Rows, []web.Cell{name, web.TextCell(a.Employeur), web.TextCell(strings.Join(a.Lieux, ", ")),
			web.TextCell(typo.Pourcent(a.Quotite, decimales(a.Quotite))), web.TextCell(typo.DateCourte(a.Fin)), etat})
	}
	return t
}

// remarque is what is amiss with a convention.
func (l ligneAR) remarque() string {
	var all []string
	if l.VacantDepuis != nil {
		all = append(all, "vacant depuis le "+typo.DateCourte(*l.VacantDepuis))
	}
	if l.Manquants > 0 {
		all = append(all, "pièces de "+typo.NPluriel(l.Manquants, "trimestre", "trimestres")+" non reçues")
	}
	return strings.Join(all, ", ")
}

func (l listeAR) telechargements() []web.Download {
	return httpx.Downloads(func(format string) string { return lien.AdultesRelaisFichier(format, l.filtres()) })
}

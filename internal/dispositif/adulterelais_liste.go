package dispositif

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

// Names of the query parameters of the list of conventions.
const (
	paramQ         = "q"
	paramEmployeur = "employeur"
	paramCategorie = "categorie"
	paramQPV       = "qpv"
	paramEtat      = "etat"
	paramFin       = "fin"   // ends before
	paramAnnee     = "annee" // covers a day of that year
)

// States that the list can be filtered by, beside each state of a convention.
const (
	etatEnCours = "en_cours" // by default: all but those that are over or refused
	etatSignees = "signees"  // whatever came after: what the totals count
	etatTous    = "tous"
)

// parPage is the number of conventions of a page, and maxRecherche the longest text looked for.
const (
	parPage      = 20
	maxRecherche = 200
)

var (
	trisAR  = []string{"numero", "employeur", "fin", "etat", "quotite"}
	etatsAR = append([]lexique.Mot{{Code: etatEnCours, Libelle: "En cours"}, {Code: etatSignees, Libelle: "Signées, closes comprises"}, {Code: etatTous, Libelle: "Tous"}}, lexique.EtatsAdulteRelais...)
)

// filtresAR is what the address of the list asks for; its zero fields filter nothing.
type filtresAR struct {
	Q          string // number, ASP reference or employer
	Employeur  int64
	Categorie  string
	QPV        string // code
	Etat       string
	Fin        time.Time // ends before
	Annee      int       // covers a day of that year; 0: any
	Tri        string    // one of trisAR
	Descendant bool
	Page       int
}

func malformed(name string) error { return fmt.Errorf("parameter %s: %w", name, fault.Malformed) }

// parseFiltresAR reads the query string of the list. What no link of the portal writes is fault.Malformed.
func parseFiltresAR(v url.Values) (f filtresAR, err error) {
	f = filtresAR{Q: saisie.Ligne(v.Get(paramQ)), Categorie: v.Get(paramCategorie), QPV: v.Get(paramQPV), Etat: etatEnCours, Tri: "fin"}
	if utf8.RuneCountInString(f.Q) > maxRecherche {
		return f, malformed(paramQ)
	}
	if s := v.Get(paramEmployeur); s != "" {
		if f.Employeur, err = strconv.ParseInt(s, 10, 64); err != nil || f.Employeur <= 0 {
			return f, malformed(paramEmployeur)
		}
	}
	if f.Categorie != "" && !lexique.Connu(lexique.CategoriesEmployeur, f.Categorie) {
		return f, malformed(paramCategorie)
	}
	if len(f.QPV) > 10 {
		return f, malformed(paramQPV)
	}
	if s := v.Get(paramEtat); s != "" {
		if f.Etat = s; !lexique.Connu(etatsAR, s) {
			return f, malformed(paramEtat)
		}
	}
	if s := v.Get(paramFin); s != "" {
		told := fault.Fields{}
		if f.Fin = saisie.Jour(told, paramFin, s); len(told) > 0 {
			return f, malformed(paramFin)
		}
	}
	if v.Get(paramAnnee) != "" {
		if f.Annee, err = parseAnnee(v); err != nil {
			return f, err
		}
	}
	if s := v.Get(web.ParamTri); s != "" {
		f.Tri, f.Descendant = strings.CutPrefix(s, "-")
		if !slices.Contains(trisAR, f.Tri) {
			return f, malformed(web.ParamTri)
		}
	}
	f.Page, err = httpx.ParsePage(v)
	return f, err
}

// filtres is the part of the query string that decides which conventions are listed and in which order: what files repeat.
func (f filtresAR) filtres() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set(paramQ, f.Q)
	if f.Employeur != 0 {
		set(paramEmployeur, strconv.FormatInt(f.Employeur, 10))
	}
	set(paramCategorie, f.Categorie)
	set(paramQPV, f.QPV)
	if f.Etat != etatEnCours {
		set(paramEtat, f.Etat)
	}
	set(paramFin, typo.DateISO(f.Fin))
	if f.Annee != 0 {
		set(paramAnnee, anneeTexte(f.Annee))
	}
	switch {
	case f.Descendant:
		set(web.ParamTri, "-"+f.Tri)
	case f.Tri != "fin":
		set(web.ParamTri, f.Tri)
	}
	return v
}

func (f filtresAR) url() web.ListURL {
	v := f.filtres()
	if f.Page > 1 {
		v.Set(web.ParamPage, strconv.Itoa(f.Page))
	}
	return web.ListURL{Path: lien.AdultesRelais, Values: v}
}

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
	if pages := web.PageCount(n, parPage); pages > 1 {
		s += ", page" + typo.NBSP + strconv.Itoa(l.Page) + " sur" + typo.NBSP + strconv.Itoa(pages)
	}
	return s + "."
}

// phrase is a filter in force, in words, with the parameter that holds it.
type phrase struct{ param, texte string }

func (l listeAR) phrases() []phrase {
	var all []phrase
	add := func(param, label, texte string) {
		if texte != "" {
			all = append(all, phrase{param, label + typo.NBSP + ": " + texte})
		}
	}
	if l.Q != "" {
		add(paramQ, "Recherche", typo.Guillemets(l.Q))
	}
	if l.Employeur != 0 {
		i := slices.IndexFunc(l.Employeurs, func(c choix) bool { return c.ID == l.Employeur })
		nom := "inconnu"
		if i >= 0 {
			nom = l.Employeurs[i].Nom
		}
		add(paramEmployeur, "Employeur", nom)
	}
	add(paramCategorie, "Catégorie", lexique.Libelle(lexique.CategoriesEmployeur, l.Categorie))
	if i := slices.IndexFunc(l.Quartiers, func(q quartier) bool { return q.Code == l.QPV }); i >= 0 {
		add(paramQPV, "Quartier", l.Quartiers[i].Nom)
	} else {
		add(paramQPV, "Quartier", l.QPV)
	}
	if l.Etat != etatEnCours {
		add(paramEtat, "État", lexique.Libelle(etatsAR, l.Etat))
	}
	if !l.Fin.IsZero() {
		add(paramFin, "Fin avant le", typo.Date(l.Fin))
	}
	if l.Annee != 0 {
		add(paramAnnee, "Année", anneeTexte(l.Annee))
	}
	return all
}

func (l listeAR) tags() []web.Lien {
	var all []web.Lien
	for _, p := range l.phrases() {
		all = append(all, web.Lien{Texte: p.texte, Href: l.url().With(p.param, "")})
	}
	return all
}

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
	var all []web.Download
	for _, f := range httpx.Formats {
		all = append(all, web.Download{Format: f.Libelle, Href: lien.AdultesRelaisFichier(f.Code, l.filtres())})
	}
	return all
}

package intervention

import (
	"maps"
	"net/url"
	"slices"
	"strconv"

	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// Names of the query parameters of the matrix and of its lines.
const (
	paramAnnee      = "annee"
	paramQPV        = "qpv"
	paramThematique = "thematique"
	paramService    = "service"
	paramCredits    = "credits"
	paramVue        = "vue"
)

// plusieurs is the row and the column of what belongs to no single quarter, or to no single thématique.
const plusieurs = "plusieurs"

// The ways of reading the three dimensions: what the rows are, then what the columns are.
const (
	vueQuartiers = "quartier-thematique" // by default
	vueServices  = "service-thematique"
	vuePresences = "service-quartier"
)

var vues = []lexique.Mot{
	{Code: vueQuartiers, Libelle: "Quartiers × thématiques"}, {Code: vueServices, Libelle: "Services × thématiques"}, {Code: vuePresences, Libelle: "Services × quartiers"},
}

// tris are the columns that lines can be sorted by; the first is the order by default.
var tris = []string{"quartier", "thematique", "service", "credits", "montant"}

// Filtres is what the address asks for; its zero fields filter nothing. There is always a year: means are those of a year.
type Filtres struct {
	Annee      int
	QPV        string // code of a quarter, or plusieurs
	Thematique string // code of lexique.Thematiques, or plusieurs
	Service    int64
	Credits    string // code of lexique.Credits
	Vue        string // code of vues
	Tri        string // of the lines
	Descendant bool
	Page       int
}

// thematiques are the values of that filter.
var thematiques = append(slices.Clone(lexique.Thematiques), lexique.Mot{Code: plusieurs, Libelle: plusieursThematiques})

// maxCode is the longest code of a quarter.
const maxCode = 12

// parseFiltres reads the query string. What no link of the portal writes is fault.Malformed.
func parseFiltres(v url.Values) (Filtres, error) {
	q := httpx.ReadQuery(v)
	f := Filtres{Annee: typo.Aujourdhui().Year(), QPV: q.Text(paramQPV, maxCode), Thematique: q.Code(paramThematique, thematiques), Service: q.ID(paramService),
		Credits: q.Code(paramCredits, lexique.Credits), Vue: vueQuartiers, Page: q.Page()}
	if year := int(q.ID(paramAnnee)); year != 0 {
		if f.Annee = year; year < premiereAnnee || year > derniereAnnee {
			q.Refuse(paramAnnee)
		}
	}
	if vue := q.Code(paramVue, vues); vue != "" {
		f.Vue = vue
	}
	f.Tri, f.Descendant = q.Tri(tris, tris[0])
	return f, q.Err()
}

// filtres is the part of the query string that decides which lines count.
func (f Filtres) filtres() url.Values {
	return web.Params(paramAnnee, strconv.Itoa(f.Annee), paramQPV, f.QPV, paramThematique, f.Thematique, paramService, web.NumberParam(f.Service, 0), paramCredits, f.Credits)
}

// matrice is the query string of the matrix.
func (f Filtres) matrice() url.Values {
	v := f.filtres()
	maps.Copy(v, f.vue())
	return v
}

// vue is the way of reading, where it is not the one by default.
func (f Filtres) vue() url.Values { return web.Params(paramVue, web.CodeParam(f.Vue, vueQuartiers)) }

// lignes is the query string of the lines.
func (f Filtres) lignes() url.Values {
	v := f.filtres()
	maps.Copy(v, web.Params(web.ParamTri, web.TriParam(f.Tri, f.Descendant, tris[0])))
	return v
}

// avec is the filters with one more.
func (f Filtres) avec(name, value string) url.Values {
	v := f.filtres()
	v.Set(name, value)
	return v
}

// vide says whether nothing but the year is filtered.
func (f Filtres) vide() bool { return len(f.filtres()) == 1 }

// offre are the values that the matrix can be filtered by.
type offre struct {
	Quartiers []quartier
	Services  []serviceRow
	Annees    []anneeRow
}

// phrases recall the filters in force beside the year, which there always is: as tags on pages, as sentences in files.
func (f Filtres) phrases(o offre) web.Filtres {
	var all web.Filtres
	all.Add(paramQPV, "Quartier", o.nomQuartier(f.QPV))
	all.Add(paramThematique, "Thématique", lexique.Libelle(thematiques, f.Thematique))
	all.Add(paramService, "Service", o.nomService(f.Service))
	all.Add(paramCredits, "Crédits", lexique.Libelle(lexique.Credits, f.Credits))
	return all
}

func (o offre) nomQuartier(code string) string {
	if code == plusieurs {
		return plusieursQuartiers
	}
	for _, q := range o.Quartiers {
		if q.Code == code {
			return q.Nom
		}
	}
	return code
}

func (o offre) nomService(id int64) string {
	if id == 0 {
		return ""
	}
	for _, s := range o.Services {
		if s.ID == id {
			return s.Nom
		}
	}
	return strconv.FormatInt(id, 10)
}

// What belongs to no single quarter or thématique is called.
const (
	plusieursQuartiers   = "Plusieurs quartiers, ou tout le territoire"
	plusieursThematiques = "Plusieurs thématiques, ou non précisée"
)

// selects are the drop-down lists of the form.
func (f Filtres) selects(o offre) []web.SelectProps {
	list := func(name, label, empty string, options []web.Option) web.SelectProps {
		return web.SelectProps{Control: web.Control{ID: "filtre-" + name, Name: name, Label: label}, Options: options, Vide: empty}
	}
	var annees, quartiers, services []lexique.Mot
	for _, y := range o.annees(f.Annee) {
		annees = append(annees, lexique.Mot{Code: strconv.Itoa(y), Libelle: strconv.Itoa(y)})
	}
	for _, q := range o.Quartiers {
		quartiers = append(quartiers, lexique.Mot{Code: q.Code, Libelle: q.Nom})
	}
	for _, s := range o.Services {
		services = append(services, lexique.Mot{Code: strconv.FormatInt(s.ID, 10), Libelle: s.Nom})
	}
	quartiers = append(quartiers, lexique.Mot{Code: plusieurs, Libelle: plusieursQuartiers})
	return []web.SelectProps{
		list(paramAnnee, "Année", "", httpx.Options(annees, strconv.Itoa(f.Annee))),
		list(paramQPV, "Quartier", "Tous", httpx.Options(quartiers, f.QPV)),
		list(paramThematique, "Thématique", "Toutes", httpx.Options(thematiques, f.Thematique)),
		list(paramService, "Service", "Tous", httpx.Options(services, strconv.FormatInt(f.Service, 10))),
		list(paramCredits, "Crédits", "Tous", httpx.Options(lexique.Credits, f.Credits)),
	}
}

// annees are the years to choose from: those with lines, this one and the next, and the one asked for.
func (o offre) annees(asked int) []int {
	now := typo.Aujourdhui().Year()
	all := []int{now + 1, now, asked}
	for _, a := range o.Annees {
		if a.Annee != 0 {
			all = append(all, a.Annee)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	slices.Reverse(all)
	return all
}

// formulaireFiltres is where a page of the area sends its filters.
type formulaireFiltres struct {
	Filtres
	offre
	Action, Bouton string
	Caches         url.Values
}

func (f Filtres) url(path string) web.ListURL {
	v := f.lignes()
	maps.Copy(v, web.Params(web.ParamPage, web.NumberParam(f.Page, 1)))
	return web.ListURL{Path: path, Values: v}
}

// onglets lead to the other ways of reading the matrix.
func (f Filtres) onglets() []web.Lien {
	var all []web.Lien
	for _, v := range vues {
		other := f
		other.Vue = v.Code
		l := web.Lien{Texte: v.Libelle, Href: lien.InterventionsFiltre(other.matrice())}
		if v.Code == f.Vue {
			l = web.Lien{Texte: v.Libelle + " (affiché)"}
		}
		all = append(all, l)
	}
	return all
}

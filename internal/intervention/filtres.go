package intervention

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"portail/internal/fault"
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

// parseFiltres reads the query string. What no link of the portal writes is fault.Malformed.
func parseFiltres(v url.Values) (f Filtres, err error) {
	f = Filtres{Annee: typo.Aujourdhui().Year(), QPV: v.Get(paramQPV), Thematique: v.Get(paramThematique), Credits: v.Get(paramCredits), Vue: vueQuartiers, Tri: tris[0]}
	if s := v.Get(paramAnnee); s != "" {
		if f.Annee, err = strconv.Atoi(s); err != nil || f.Annee < premiereAnnee || f.Annee > derniereAnnee {
			return f, malformed(paramAnnee)
		}
	}
	if len(f.QPV) > 12 {
		return f, malformed(paramQPV)
	}
	if f.Thematique != "" && f.Thematique != plusieurs && !lexique.Connu(lexique.Thematiques, f.Thematique) {
		return f, malformed(paramThematique)
	}
	if f.Credits != "" && !lexique.Connu(lexique.Credits, f.Credits) {
		return f, malformed(paramCredits)
	}
	if s := v.Get(paramService); s != "" {
		if f.Service, err = strconv.ParseInt(s, 10, 64); err != nil || f.Service < 1 {
			return f, malformed(paramService)
		}
	}
	if s := v.Get(paramVue); s != "" {
		if f.Vue = s; !lexique.Connu(vues, s) {
			return f, malformed(paramVue)
		}
	}
	if s := v.Get(web.ParamTri); s != "" {
		if f.Tri, f.Descendant = strings.CutPrefix(s, "-"); !slices.Contains(tris, f.Tri) {
			return f, malformed(web.ParamTri)
		}
	}
	f.Page, err = httpx.ParsePage(v)
	return f, err
}

func malformed(name string) error { return fmt.Errorf("parameter %s: %w", name, fault.Malformed) }

// filtres is the part of the query string that decides which lines count.
func (f Filtres) filtres() url.Values {
	v := url.Values{paramAnnee: {strconv.Itoa(f.Annee)}}
	for name, value := range map[string]string{paramQPV: f.QPV, paramThematique: f.Thematique, paramCredits: f.Credits} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if f.Service != 0 {
		v.Set(paramService, strconv.FormatInt(f.Service, 10))
	}
	return v
}

// matrice is the query string of the matrix.
func (f Filtres) matrice() url.Values {
	v := f.filtres()
	if f.Vue != vueQuartiers {
		v.Set(paramVue, f.Vue)
	}
	return v
}

// lignes is the query string of the lines.
func (f Filtres) lignes() url.Values {
	v := f.filtres()
	switch {
	case f.Descendant:
		v.Set(web.ParamTri, "-"+f.Tri)
	case f.Tri != tris[0]:
		v.Set(web.ParamTri, f.Tri)
	}
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

// phrase is a filter in force, in words, with the parameter that holds it.
type phrase struct{ param, texte string }

// phrases recall the filters in force: as tags on pages, as sentences in files.
func (f Filtres) phrases(o offre) []phrase {
	all := []phrase{{paramAnnee, "Année" + typo.NBSP + ": " + strconv.Itoa(f.Annee)}}
	add := func(param, label, texte string) { all = append(all, phrase{param, label + typo.NBSP + ": " + texte}) }
	if f.QPV != "" {
		add(paramQPV, "Quartier", o.nomQuartier(f.QPV))
	}
	if f.Thematique != "" {
		add(paramThematique, "Thématique", nomThematique(f.Thematique))
	}
	if f.Service != 0 {
		add(paramService, "Service", o.nomService(f.Service))
	}
	if f.Credits != "" {
		add(paramCredits, "Crédits", lexique.Libelle(lexique.Credits, f.Credits))
	}
	return all
}

// tags are the filters that can be taken away; each leads to the page without it.
func (f Filtres) tags(o offre, path string, v url.Values) []web.Lien {
	var all []web.Lien
	for _, p := range f.phrases(o)[1:] {
		all = append(all, web.Lien{Texte: p.texte, Href: web.ListURL{Path: path, Values: v}.With(p.param, "")})
	}
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

func nomThematique(code string) string {
	if code == plusieurs {
		return plusieursThematiques
	}
	return lexique.Libelle(lexique.Thematiques, code)
}

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
	thematiques := append(slices.Clone(lexique.Thematiques), lexique.Mot{Code: plusieurs, Libelle: plusieursThematiques})
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
	if f.Page > 1 {
		v.Set(web.ParamPage, strconv.Itoa(f.Page))
	}
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

package organisme

import (
	"cmp"
	"maps"
	"net/url"
	"strings"
	"time"
	"unicode"

	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// Names of the query parameters of the list, and the states that it can be filtered by.
const (
	paramQ      = "q"
	paramNature = "nature"
	paramEtat   = "etat"
	paramComite = "comite"
	paramPar    = "par"

	etatOuvert = "ouvert" // by default
	etatFerme  = "ferme"
	etatTous   = "tous"
)

// Bounds of what an address may ask.
const (
	maxRecherche = 200
	maxMots      = 6
	parDefaut    = 20
)

// triPertinence is the order of a search when no column is chosen: the nearest answer first.
const triPertinence = "pertinence"

var (
	tris        = []string{"nom", "nature", "siret", "etat"}
	taillesPage = []int{20, 50, 100}
	etats       = []lexique.Mot{{Code: etatOuvert, Libelle: "En activité"}, {Code: etatFerme, Libelle: "Fermés"}, {Code: etatTous, Libelle: "Tous"}}
)

// Filtres is what the address of the list asks for; its zero fields filter nothing.
type Filtres struct {
	Q          string // searched text: a name, past or present, an acronym or a SIRET
	Nature     string // code of lexique.NaturesOrganisme
	Etat       string // etatOuvert by default
	Comite     string
	Tri        string // one of tris, or triPertinence
	Descendant bool
	Page       int // from 1
	Par        int // organisations per page
}

// parseFiltres reads the query string of the list. What no link of the portal writes is fault.Malformed; a page number that
// cannot exist is fault.NotFound.
func parseFiltres(v url.Values) (Filtres, error) {
	q := httpx.ReadQuery(v)
	f := Filtres{Q: q.Text(paramQ, maxRecherche), Nature: q.Code(paramNature, lexique.NaturesOrganisme), Etat: cmp.Or(q.Code(paramEtat, etats), etatOuvert),
		Comite: q.Text(paramComite, maxComite), Par: cmp.Or(q.Choice(paramPar, taillesPage), parDefaut), Page: q.Page()}
	f.Tri, f.Descendant = q.Tri(tris, f.triParDefaut())
	return f, q.Err()
}

// triParDefaut is the order when no column is chosen.
func (f Filtres) triParDefaut() string {
	if len(f.mots()) > 0 {
		return triPertinence
	}
	return "nom"
}

// filtres is the part of the query string that decides which organisations are listed and in which order: what files repeat.
func (f Filtres) filtres() url.Values {
	return web.Params(paramQ, f.Q, paramNature, f.Nature, paramComite, f.Comite, paramEtat, web.CodeParam(f.Etat, etatOuvert),
		web.ParamTri, web.TriParam(f.Tri, f.Descendant, f.triParDefaut()))
}

// Valeurs writes the filters back as a query string, without what is there by default: the same list always has the same address.
func (f Filtres) Valeurs() url.Values {
	v := f.filtres()
	maps.Copy(v, web.Params(paramPar, web.NumberParam(f.Par, parDefaut), web.ParamPage, web.NumberParam(f.Page, 1)))
	return v
}

func (f Filtres) url() web.ListURL { return web.ListURL{Path: lien.Organismes, Values: f.Valeurs()} }

// Vide says whether nothing is filtered.
func (f Filtres) Vide() bool {
	v := f.filtres()
	v.Del(web.ParamTri)
	return len(v) == 0
}

// mots are the words searched for: letters and digits only, few enough to be looked for one by one.
func (f Filtres) mots() []string { return mots(f.Q) }

func mots(q string) []string {
	words := strings.FieldsFunc(q, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) })
	return words[:min(len(words), maxMots)]
}

// phrases recall the filters in force: as tags on the page, as sentences in files.
func (f Filtres) phrases() web.Filtres {
	var all web.Filtres
	if f.Q != "" {
		all.Add(paramQ, "Recherche", typo.Guillemets(f.Q))
	}
	all.Add(paramNature, "Nature", lexique.Libelle(lexique.NaturesOrganisme, f.Nature))
	if f.Etat != etatOuvert {
		all.Add(paramEtat, "État", lexique.Libelle(etats, f.Etat))
	}
	all.Add(paramComite, "Comité", f.Comite)
	return all
}

// ligne is an organisation of the list.
type ligne struct {
	ID            int64
	Nom, Sigle    string
	Nature, Siret string
	FermeLe       *time.Time
	Successeur    *string
	Comites       []string
	AnciensNoms   []string
	Proche        bool // not what was typed, but near it
	Total         int  // organisations of the whole list
}

func (l ligne) etat() string {
	if l.FermeLe == nil {
		return "En activité"
	}
	return "Fermé le " + typo.DateCourte(*l.FermeLe)
}

package qpv

import (
	"cmp"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
)

// Ways to look at the list.
const (
	vueTableau = "tableau"
	vueCartes  = "cartes"
	vueCarte   = "carte"
)

// Bounds of what an address may ask.
const (
	maxRecherche = 200 // characters of a search
	maxMots      = 6   // words of it that are looked for one by one
	parDefaut    = 10
	generationA  = 2024 // the list in force
)

// Names of the query parameters of the list.
const (
	paramQ           = "q"
	paramDepartement = "departement"
	paramEPCI        = "epci"
	paramCommune     = "commune"
	paramLabel       = "label"
	paramEvolution   = "evolution"
	paramGeneration  = "generation"
	paramVue         = "vue"
	paramPar         = "par"
)

// triPertinence is the order of a search when no column is chosen: the nearest answer first.
const triPertinence = "pertinence"

// tris are the columns that the list can be sorted on.
var tris = []string{"nom", "commune", "epci", "departement", "population", "surface", "pauvrete", "evolution", "label", "code"}

var (
	taillesPage      = []int{10, 20, 50, 100}
	codeDepartement  = regexp.MustCompile(`^([0-9]{2}|2[AB]|97[0-9]|98[0-9])$`)
	codeCommune      = regexp.MustCompile(`^[0-9][0-9AB][0-9]{3}$`)
	codeSIREN        = regexp.MustCompile(`^[0-9]{9}$`)
	codeQPV          = regexp.MustCompile(`^(QN[0-9]{2}[0-9AB][0-9]{2}[NMIC]|QP[0-9A-Z]{6})$`)
	generationsListe = []int{2015, 2024}
)

// Filtres is what the address of the list asks for; its zero fields filter nothing.
type Filtres struct {
	Q           string // searched text, as typed
	Departement string // INSEE code
	EPCI        string // SIREN
	Commune     string // INSEE code
	Label       string // code of lexique.Labels
	Evolution   string // code of lexique.Evolutions
	Generation  int    // of the list of quarters: 2015 or 2024, the one in force by default
	Tri         string // one of tris, or triPertinence
	Descendant  bool
	Vue         string
	Page        int // from 1
	Par         int // quarters per page
}

// parseFiltres reads the query string of the list. What no link of the portal writes is fault.Malformed; a page number
// that cannot exist is fault.NotFound.
func parseFiltres(v url.Values) (Filtres, error) {
	q := httpx.ReadQuery(v)
	f := Filtres{
		Q: q.Text(paramQ, maxRecherche), Departement: q.Match(paramDepartement, codeDepartement.MatchString), EPCI: q.Match(paramEPCI, codeSIREN.MatchString),
		Commune: q.Match(paramCommune, codeCommune.MatchString), Label: q.Code(paramLabel, lexique.Labels), Evolution: q.Code(paramEvolution, lexique.Evolutions),
		Generation: cmp.Or(q.Choice(paramGeneration, generationsListe), generationA), Vue: cmp.Or(q.Match(paramVue, vueConnue), vueTableau),
		Par: cmp.Or(q.Choice(paramPar, taillesPage), parDefaut), Page: q.Page(),
	}
	f.Tri, f.Descendant = q.Tri(tris, f.triParDefaut())
	return f, q.Err()
}

func vueConnue(s string) bool { return s == vueTableau || s == vueCartes || s == vueCarte }

// triParDefaut is the order when no column is chosen.
func (f Filtres) triParDefaut() string {
	if len(f.mots()) > 0 {
		return triPertinence
	}
	return "nom"
}

// Valeurs writes the filters back as a query string, without what is there by default: the same list always has the same
// address.
func (f Filtres) Valeurs() url.Values {
	v := f.filtres()
	maps.Copy(v, web.Params(paramVue, web.CodeParam(f.Vue, vueTableau), paramPar, web.NumberParam(f.Par, parDefaut), web.ParamPage, web.NumberParam(f.Page, 1)))
	return v
}

// filtres is the part of the query string that decides which quarters are listed and in which order: what files repeat.
func (f Filtres) filtres() url.Values {
	return web.Params(paramQ, f.Q, paramDepartement, f.Departement, paramEPCI, f.EPCI, paramCommune, f.Commune, paramLabel, f.Label, paramEvolution, f.Evolution,
		paramGeneration, web.NumberParam(f.Generation, generationA), web.ParamTri, web.TriParam(f.Tri, f.Descendant, f.triParDefaut()))
}

// url is the address of the list, to derive its neighbours from.
func (f Filtres) url() web.ListURL { return web.ListURL{Path: lien.QPV, Values: f.Valeurs()} }

// Vide says whether nothing is filtered: the whole list in force.
func (f Filtres) Vide() bool {
	v := f.filtres()
	v.Del(web.ParamTri)
	return len(v) == 0
}

// mots are the words searched for: letters and digits only, few enough to be looked for one by one. A search of nothing
// but punctuation searches for nothing.
func (f Filtres) mots() []string {
	words := strings.FieldsFunc(f.Q, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) })
	if len(words) > maxMots {
		words = words[:maxMots]
	}
	return words
}

// prefixes is the search as a tsquery in which each word may go on: "keller" finds Kellermann while it is typed.
func (f Filtres) prefixes() string {
	words := f.mots()
	for i, w := range words {
		words[i] = "'" + w + "':*" // words hold no quote: see mots
	}
	return strings.Join(words, " & ")
}

// longs are the words long enough for slips of the finger to be forgiven; of a shorter one nothing would be left.
func (f Filtres) longs() []string {
	words := f.mots()
	long := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return utf8.RuneCountInString(w) < 4 })
	if len(long) == 0 {
		return words
	}
	return long
}

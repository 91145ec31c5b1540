package qpv

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"portail/internal/fault"
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
	parDefaut    = 20
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
	taillesPage      = []int{20, 50, 100}
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
	f := Filtres{Q: strings.Join(strings.Fields(v.Get(paramQ)), " "), Generation: generationA, Vue: vueTableau, Page: 1, Par: parDefaut}
	if utf8.RuneCountInString(f.Q) > maxRecherche {
		return f, malformed(paramQ)
	}
	for _, c := range []struct {
		into  *string
		name  string
		known func(string) bool
	}{
		{&f.Departement, paramDepartement, codeDepartement.MatchString},
		{&f.EPCI, paramEPCI, codeSIREN.MatchString},
		{&f.Commune, paramCommune, codeCommune.MatchString},
		{&f.Label, paramLabel, func(s string) bool { return lexique.Connu(lexique.Labels, s) }},
		{&f.Evolution, paramEvolution, func(s string) bool { return lexique.Connu(lexique.Evolutions, s) }},
		{&f.Vue, paramVue, func(s string) bool { return s == vueTableau || s == vueCartes || s == vueCarte }},
	} {
		if s := v.Get(c.name); s != "" {
			if !c.known(s) {
				return f, malformed(c.name)
			}
			*c.into = s
		}
	}
	if err := f.parseTri(v.Get(web.ParamTri)); err != nil {
		return f, err
	}
	if s := v.Get(paramPar); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || !slices.Contains(taillesPage, n) {
			return f, malformed(paramPar)
		}
		f.Par = n
	}
	if s := v.Get(paramGeneration); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || !slices.Contains(generationsListe, n) {
			return f, malformed(paramGeneration)
		}
		f.Generation = n
	}
	var err error
	f.Page, err = httpx.ParsePage(v)
	return f, err
}

func malformed(name string) error { return fmt.Errorf("parameter %s: %w", name, fault.Malformed) }

func (f *Filtres) parseTri(s string) error {
	f.Tri = "nom"
	if len(f.mots()) > 0 {
		f.Tri = triPertinence
	}
	if s == "" {
		return nil
	}
	key, descending := strings.CutPrefix(s, "-")
	if !slices.Contains(tris, key) {
		return malformed(web.ParamTri)
	}
	f.Tri, f.Descendant = key, descending
	return nil
}

// Valeurs writes the filters back as a query string, without what is there by default: the same list always has the same
// address.
func (f Filtres) Valeurs() url.Values {
	v := f.filtres()
	if f.Vue != vueTableau {
		v.Set(paramVue, f.Vue)
	}
	if f.Par != parDefaut {
		v.Set(paramPar, strconv.Itoa(f.Par))
	}
	if f.Page > 1 {
		v.Set(web.ParamPage, strconv.Itoa(f.Page))
	}
	return v
}

// filtres is the part of the query string that decides which quarters are listed and in which order: what files repeat.
func (f Filtres) filtres() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{
		paramQ: f.Q, paramDepartement: f.Departement, paramEPCI: f.EPCI, paramCommune: f.Commune, paramLabel: f.Label, paramEvolution: f.Evolution,
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if f.Generation != generationA {
		v.Set(paramGeneration, strconv.Itoa(f.Generation))
	}
	switch {
	case f.Tri == triPertinence, f.Tri == "nom" && !f.Descendant && len(f.mots()) == 0:
	case f.Descendant:
		v.Set(web.ParamTri, "-"+f.Tri)
	default:
		v.Set(web.ParamTri, f.Tri)
	}
	return v
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

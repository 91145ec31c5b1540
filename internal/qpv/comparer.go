package qpv

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/web/typo"
)

// Bounds of a comparison.
const (
	maxColonnes    = 8  // quarters: more do not fit side by side
	maxReferences  = 6  // territories beside them
	maxChoisis     = 60 // values of one parameter, however it is written
	candidatsParQ  = 20 // quarters proposed by a search
	candidatsTotal = 30 // quarters proposed when nothing is searched for
)

// Names of the query parameters of the comparison.
const (
	paramCodes       = "codes"
	paramIndicateurs = "indicateurs"
	paramTerritoires = "territoires"
	paramRecherche   = "recherche"
)

// indicateursParDefaut are what a first comparison shows: the size of the quarters, then what sets them apart most.
var indicateursParDefaut = []string{"population_municipale", "taux_pauvrete_60", "taux_emploi", "indice_jeunesse", "part_menages_1_pers", "nb_logements_sociaux"}

var (
	codeIndicateur = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	codeTerritoire = regexp.MustCompile(`^[0-9A-Z]{2,9}$`)
)

// Comparaison is what the address of the comparison asks for.
type Comparaison struct {
	Codes       []string // of quarters, well formed
	Indicateurs []string // well formed; empty: the default ones
	Territoires []territoireChoisi
	Recherche   string // quarters to propose
	fautes      fault.Fields
	refuses     map[string][]string // values that mean nothing here, by parameter
}

// territoireChoisi is a reference territory: its level and its code, joined by a dash in addresses.
type territoireChoisi struct{ Niveau, Code string }

func (t territoireChoisi) String() string { return t.Niveau + "-" + t.Code }

// parseComparaison reads the query string of the comparison. Values may be joined by commas or repeated. What is wrong with
// one of them is told beside its field; only a list that no form could send is fault.Malformed.
func parseComparaison(v url.Values) (Comparaison, error) {
	q := httpx.ReadQuery(v)
	c := Comparaison{Recherche: q.Text(paramRecherche, maxRecherche), fautes: fault.Fields{}, refuses: map[string][]string{}}
	for _, name := range []string{paramCodes, paramIndicateurs, paramTerritoires} {
		values := valeursDe(v, name)
		if len(values) > maxChoisis {
			q.Refuse(name)
			return c, q.Err()
		}
		for _, s := range values {
			c.take(name, s)
		}
	}
	if len(c.Codes) > maxColonnes {
		c.tell(paramCodes, "Choisissez "+typo.Nombre(maxColonnes)+" quartiers au plus"+typo.NBSP+": vous en avez choisi "+typo.Nombre(int64(len(c.Codes)))+".")
		c.Codes = c.Codes[:maxColonnes]
	}
	if len(c.Territoires) > maxReferences {
		c.tell(paramTerritoires, "Choisissez "+typo.Nombre(maxReferences)+" territoires de référence au plus.")
		c.Territoires = c.Territoires[:maxReferences]
	}
	return c, q.Err()
}

// take keeps a value that is well formed and puts the others aside.
func (c *Comparaison) take(name, s string) {
	switch niveau, code, _ := strings.Cut(s, "-"); {
	case name == paramCodes && codeQPV.MatchString(strings.ToUpper(s)):
		if code := strings.ToUpper(s); !slices.Contains(c.Codes, code) {
			c.Codes = append(c.Codes, code)
		}
	case name == paramIndicateurs && codeIndicateur.MatchString(s):
		c.Indicateurs = append(c.Indicateurs, s)
	case name == paramTerritoires && lexique.Connu(lexique.Niveaux, niveau) && codeTerritoire.MatchString(code):
		c.Territoires = append(c.Territoires, territoireChoisi{niveau, code})
	default:
		c.refuse(name, s)
	}
}

// refuse puts aside a value that means nothing here.
func (c *Comparaison) refuse(name, s string) { c.refuses[name] = append(c.refuses[name], s) }

// judge turns what was put aside into a sentence beside each field.
func (c *Comparaison) judge() {
	for name, sentence := range map[string]string{
		paramCodes:       "Aucun quartier prioritaire ne porte ce code" + typo.NBSP + ": %s. Un code s’écrit comme QN08801M.",
		paramIndicateurs: "Cet indicateur n’existe pas" + typo.NBSP + ": %s.",
		paramTerritoires: "Aucun chiffre n’est publié pour ce territoire" + typo.NBSP + ": %s.",
	} {
		if values := c.refuses[name]; len(values) > 0 {
			c.tell(name, strings.Replace(sentence, "%s", extraits(values), 1))
		}
	}
}

// tell adds a sentence beside a field: each thing that was asked for in vain is answered.
func (c *Comparaison) tell(name, sentence string) {
	if told := c.fautes[name]; told != "" {
		sentence = told + " " + sentence
	}
	c.fautes[name] = sentence
}

// valeursDe are the values of a parameter, each once, in the order given.
func valeursDe(v url.Values, name string) []string {
	var all []string
	for _, joined := range v[name] {
		for s := range strings.SplitSeq(joined, ",") {
			if s = strings.TrimSpace(s); s != "" && !slices.Contains(all, s) {
				all = append(all, s)
			}
			if len(all) > maxChoisis {
				return all
			}
		}
	}
	return all
}

// extraits are the beginnings of what somebody typed, to show them back: a few of them, cut short.
func extraits(values []string) string {
	const most, longest = 4, 40
	var all []string
	for _, s := range values[:min(len(values), most)] {
		if utf8.RuneCountInString(s) > longest {
			s = string([]rune(s)[:longest]) + "…"
		}
		all = append(all, typo.Guillemets(s))
	}
	return strings.Join(all, ", ")
}

// valeurs writes the comparison back as a query string, the search aside: its one address, to be shared.
func (c Comparaison) valeurs() url.Values {
	v := url.Values{}
	set := func(name string, values []string) {
		if len(values) > 0 {
			v.Set(name, strings.Join(values, ","))
		}
	}
	set(paramCodes, c.Codes)
	set(paramIndicateurs, c.Indicateurs)
	var territoires []string
	for _, t := range c.Territoires {
		territoires = append(territoires, t.String())
	}
	set(paramTerritoires, territoires)
	return v
}

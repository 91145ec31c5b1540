package intervention

import (
	"slices"
	"strconv"
	"strings"

	"portail/internal/droits"
	"portail/internal/lexique"
	"portail/web/typo"
)

// somme adds up the lines of a cell, of a row, of a column or of all. Each amount counts once: in the quarter and the thématique that it
// belongs to alone, else on the row or in the column plusieurs. An action is present in every quarter and every thématique that it bears on.
type somme struct {
	Ligne, Colonne *string // nil: over all rows, over all columns
	Actions        int
	Services       []string // acronyms
	Montant        *float64 // euros of the year; nil: none told
	DroitCommun    *float64
	Specifiques    *float64
	Etp            *float64
	Places         *int64
	NonChiffrees   int
	Demonstration  bool
	Pluriannuel    *float64 // euros of several years, told apart
}

// part is the share of ordinary policies among the amounts of the year, in words; empty when there is none.
func (s somme) part() string {
	if s.Montant == nil || *s.Montant == 0 {
		return ""
	}
	common := 0.0
	if s.DroitCommun != nil {
		common = *s.DroitCommun
	}
	return typo.Pourcent(100*common / *s.Montant, 0) + " de droit commun"
}

// moyens are the means of a cell in words.
func (s somme) moyens() string {
	text := moyensEnMots(s.Montant, s.Etp, s.Places)
	if s.Pluriannuel != nil {
		more := enEuros(*s.Pluriannuel) + " sur plusieurs années"
		if text == nonChiffree {
			return more
		}
		text += ", et " + more
	}
	return text
}

// nommes are the most services that a cell names, and nomCourt the most characters of each: a service without an acronym has a long name.
const (
	nommes   = 2
	nomCourt = 24
)

// services names those of a cell.
func (s somme) services() string {
	var all []string
	for _, name := range s.Services {
		all = append(all, extrait(name, nomCourt))
	}
	if len(all) <= nommes+1 {
		return strings.Join(all, ", ")
	}
	return strings.Join(all[:nommes], ", ") + " et " + typo.Nombre(int64(len(all)-nommes)) + " autres"
}

// quartier is a quarter of the list in force, with its inhabitants.
type quartier struct {
	ID         int32
	Code, Nom  string
	Population *float64 // nil: not published
	Millesime  *int
}

// serviceRow is an organisation that has lines, whatever the year, with what it does in the year asked for.
type serviceRow struct {
	ID           int64
	Nom          string
	Actions      int
	Quartiers    int // where it acts
	Montant      *float64
	DroitCommun  *float64
	Etp          *float64
	Places       *int64
	NonChiffrees int
}

// anneeRow is a year of the lines as filtered; 0 stands for amounts of several years together.
type anneeRow struct {
	Annee        int
	Actions      int
	Montant      *float64
	DroitCommun  *float64
	Specifiques  *float64
	Etp          *float64
	Places       *int64
	NonChiffrees int
}

// correspondance is how a record that bears no thématique is set among them.
type correspondance struct{ Origine, Code, Thematique string }

// matrice is what the page shows.
type matrice struct {
	Filtres
	offre
	Par             droits.Compte
	Sommes          []somme
	Correspondances []correspondance
}

// entete is a row or a column of the matrix.
type entete struct {
	Cle, Nom, Note string
	Population     *float64
	Millesime      *int
}

// lignes are the rows: those that may be empty too, since what is missing is to be seen.
func (m matrice) lignes() []entete {
	if m.Vue == vueQuartiers {
		return m.quartiers(ligneDe)
	}
	var all []entete
	for _, s := range m.Services {
		if m.Service == 0 || m.Service == s.ID {
			all = append(all, entete{Cle: strconv.FormatInt(s.ID, 10), Nom: s.Nom})
		}
	}
	return all
}

func (m matrice) colonnes() []entete {
	if m.Vue == vuePresences {
		return m.quartiers(colonneDe)
	}
	var all []entete
	for _, t := range lexique.Thematiques {
		if m.Thematique == "" || m.Thematique == t.Code {
			all = append(all, entete{Cle: t.Code, Nom: t.Libelle})
		}
	}
	if m.a(colonneDe, plusieurs) {
		all = append(all, entete{Cle: plusieurs, Nom: plusieursThematiques})
	}
	return all
}

func (m matrice) quartiers(side func(somme) *string) []entete {
	var all []entete
	for _, q := range m.Quartiers {
		if m.QPV == "" || m.QPV == q.Code {
			all = append(all, entete{q.Code, q.Nom, q.habitants(), q.Population, q.Millesime})
		}
	}
	if m.a(side, plusieurs) {
		all = append(all, entete{Cle: plusieurs, Nom: plusieursQuartiers})
	}
	return all
}

func ligneDe(s somme) *string   { return s.Ligne }
func colonneDe(s somme) *string { return s.Colonne }

// a says whether a row or a column holds lines.
func (m matrice) a(side func(somme) *string, cle string) bool {
	return slices.ContainsFunc(m.Sommes, func(s somme) bool { k := side(s); return k != nil && *k == cle })
}

// habitants are the inhabitants of a quarter, with their vintage.
func (q quartier) habitants() string {
	if q.Population == nil {
		return "population" + typo.NBSP + typo.NonDisponible
	}
	text := typo.NPluriel(int64(*q.Population), "habitant", "habitants")
	if q.Millesime != nil {
		text += " (" + strconv.Itoa(*q.Millesime) + ")"
	}
	return text
}

// somme is that of a row and a column; "" is all of them. found is false for an empty cell.
func (m matrice) somme(ligne, colonne string) (s somme, found bool) {
	i := slices.IndexFunc(m.Sommes, func(s somme) bool { return cleOu(s.Ligne) == ligne && cleOu(s.Colonne) == colonne })
	if i < 0 {
		return somme{}, false
	}
	return m.Sommes[i], true
}

func cleOu(cle *string) string {
	if cle == nil {
		return ""
	}
	return *cle
}

// vides counts the cells without an action, the row and the column plusieurs aside, among all of them: the levers.
func (m matrice) vides() (empty, all int) {
	for _, l := range m.lignes() {
		for _, c := range m.colonnes() {
			if l.Cle == plusieurs || c.Cle == plusieurs {
				continue
			}
			all++
			if _, found := m.somme(l.Cle, c.Cle); !found {
				empty++
			}
		}
	}
	return empty, all
}

// cellule are the filters of the lines behind a cell; "" is all of a side.
func (m matrice) cellule(ligne, colonne string) Filtres {
	f := m.Filtres
	f.Page, f.Tri, f.Descendant = 1, tris[0], false
	set := func(quartier, thematique, service string) {
		if quartier != "" {
			f.QPV = quartier
		}
		if thematique != "" {
			f.Thematique = thematique
		}
		if id, err := strconv.ParseInt(service, 10, 64); err == nil {
			f.Service = id
		}
	}
	switch m.Vue {
	case vueServices:
		set("", colonne, ligne)
	case vuePresences:
		set(colonne, "", ligne)
	default:
		set(ligne, colonne, "")
	}
	return f
}

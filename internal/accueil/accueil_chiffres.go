package accueil

import (
	"time"

	"portail/internal/cartographie"
)

// Chiffres are the key figures of the département. They are computed here, from published values only, so that the page can
// say how: no producer publishes them.
type Chiffres struct {
	Quartiers     int
	Population    float64 // inhabitants of the quarters whose population of Millesime is published
	Millesime     *int    // vintage of that sum; nil: the source states none
	Comptes       int     // quarters in the sum
	DepPopulation *float64
	DepMillesime  *int
}

// sommePopulations adds the inhabitants of the quarters. Figures of two vintages are never added: the latest one counts, and
// quarters without it are told as missing.
func sommePopulations(quartiers []cartographie.Quartier) Chiffres {
	c := Chiffres{Quartiers: len(quartiers)}
	for _, q := range quartiers {
		if q.Population != nil && q.PopulationA != nil && (c.Millesime == nil || *q.PopulationA > *c.Millesime) {
			c.Millesime = q.PopulationA
		}
	}
	for _, q := range quartiers {
		if q.Population == nil || !sameYear(q.PopulationA, c.Millesime) {
			continue
		}
		c.Population += *q.Population
		c.Comptes++
	}
	return c
}

func sameYear(a, b *int) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// Manquants is how many quarters are not in the sum.
func (c Chiffres) Manquants() int { return c.Quartiers - c.Comptes }

// Part is the share of the département's inhabitants who live in a quarter, in percent. It is an approximation: the two
// populations are seldom of the same year.
func (c Chiffres) Part() (float64, bool) {
	if c.Comptes == 0 || c.DepPopulation == nil || *c.DepPopulation <= 0 {
		return 0, false
	}
	return 100 * c.Population / *c.DepPopulation, true
}

// Departement is what is known of the département itself.
type Departement struct {
	Nom        string // its code when it is not loaded
	Population *float64
	Millesime  *int
	Source     string
	Reserve    string // of the indicator, shown wherever the figure is
}

// Commune is a commune that holds quarters.
type Commune struct {
	Code, Nom string
	Quartiers int
	Seul      string // code of its quarter when it has only one
}

// Contrat is a contrat de ville of the generation in force.
type Contrat struct {
	Code, Nom  string
	Territoire string // EPCI or commune that carries it; empty when not loaded
	Quartiers  int
	Population *float64 // nil when one of its quarters has no published population
	Millesime  *int
	Publie     *int64 // number of its published text; nil: not published here
}

// MiseAJour is what changed on a day, all quarters together.
type MiseAJour struct {
	Jour      time.Time
	Quoi      string // lexique.MisesAJour
	Quartiers int
	Code, Nom string // of the quarter when there is only one
}

// Jour groups the changes of one day.
type Jour struct {
	Le       time.Time
	Elements []MiseAJour
}

// parJour groups changes that come ordered by day.
func parJour(changes []MiseAJour) []Jour {
	var days []Jour
	for _, m := range changes {
		if len(days) == 0 || !days[len(days)-1].Le.Equal(m.Jour) {
			days = append(days, Jour{Le: m.Jour})
		}
		last := &days[len(days)-1]
		last.Elements = append(last.Elements, m)
	}
	return days
}

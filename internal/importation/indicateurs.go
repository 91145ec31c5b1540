package importation

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"portail/internal/lexique"
)

// indicator is a line of the catalogue.
type indicator struct {
	Code, Libelle, Unite, Nature, Producteur string
}

// figure is a value of an indicator somewhere, as a file gives it.
type figure struct {
	line, column         int
	indicator            string
	niveau, code         string // niveau is "qpv" or a level of lexique.Niveaux
	millesime, trimestre string // null: not stated
	value, source        string
	implied              bool // the file does not name the source: a figure that only differs by it is the same
}

var tmpValeur = &temp{name: "tmp_valeur", columns: `ligne integer, colonne integer, indicateur text, niveau text, code text, millesime smallint,
	trimestre smallint, valeur numeric, source text, implicite boolean, qpv_id integer, territoire_id integer, numerateur numeric, denominateur numeric, masquee boolean`}

// putFigure adds a figure to those of the file; the same figure twice is a fault.
func (f *file) putFigure(g figure) {
	if g.trimestre == "" {
		g.trimestre = null
	}
	key := strings.Join([]string{"figure", g.indicator, g.niveau, g.code, g.millesime, g.trimestre}, "\x1f")
	if before, first := f.once(key, g.line); !first {
		f.fault(g.line, g.column, "", g.value, fmt.Sprintf("Ce chiffre (%s, %s) est déjà donné à la ligne %d.", g.indicator, g.code, before))
		return
	}
	f.put(tmpValeur, strconv.Itoa(g.line), strconv.Itoa(g.column), g.indicator, g.niveau, g.code, g.millesime, g.trimestre, g.value, g.source,
		strconv.FormatBool(g.implied), null, null, null, null, null)
}

// value reads the cell of a figure within what its indicator can be; null when unknown.
func (r *row) value(heading string, in indicator) string {
	most := math.MaxFloat64
	if in.Nature == "part" {
		most = 100
	}
	return r.number(heading, most)
}

// indicator reads a cell that names an indicator of the catalogue.
func (r *row) indicator(heading string) (in indicator, known bool) {
	s, i := r.cell(heading)
	if in, known = r.t.f.indicators[s]; !known {
		r.faultAt(i, s, "Cet indicateur n’est pas dans le catalogue du portail.")
	}
	return in, known
}

// units are other spellings of the catalogue's units.
var units = map[string]string{"pers.": "personnes"}

func (r *row) unit(in indicator) {
	s, i := r.cell("unite")
	if long, known := units[s]; known {
		s = long
	}
	if in.Code != "" && i >= 0 && s != in.Unite {
		r.faultAt(i, s, "L’unité de cet indicateur est «\u00a0"+in.Unite+"\u00a0».")
	}
}

// figuresLong is one figure of a quarter a line.
var figuresLong = &format{
	name: "chiffres des quartiers, un par ligne",
	need: []string{"code_qp", "indicateur", "valeur", "unite", "millesime", "source"}, known: []string{"nom_qp"},
	temps: []*temp{tmpValeur}, check: checkFigures, load: loadFigures,
	row: func(f *file, r *row) error {
		f.longRow(r, "qpv", r.code("code_qp", formQPV))
		return nil
	},
}

// figuresComparison is one figure of a reference territory a line.
var figuresComparison = &format{
	name: "chiffres des territoires, un par ligne",
	need: []string{"niveau", "code", "indicateur", "valeur", "unite", "millesime", "source"}, known: []string{"nom"},
	temps: []*temp{tmpValeur}, check: checkFigures, load: loadFigures,
	row: func(f *file, r *row) error {
		niveau, i := r.cell("niveau")
		if !lexique.Connu(lexique.Niveaux, niveau) {
			r.faultAt(i, niveau, "Ce niveau n’est pas connu\u00a0: commune, epci, zone_emploi, departement, region ou france est attendu.")
			return nil
		}
		f.longRow(r, niveau, r.code("code", niveauForms[niveau]))
		return nil
	},
}

// niveauForms are the codes of each level of territory.
var niveauForms = map[string]form{
	"commune": formCommune, "epci": formEPCI, "zone_emploi": formZoneEmploi, "departement": formDepartement, "region": formRegion,
	"france": {func(s string) bool { return s == "FR" }, "FR"},
}

func (f *file) longRow(r *row, niveau, code string) {
	in, known := r.indicator("indicateur")
	r.unit(in)
	year := r.millesime("millesime")
	source := r.text("source")
	if !known {
		return
	}
	v := r.value("valeur", in)
	if r.bad || v == null { // an empty cell is a value that the producer does not give
		return
	}
	_, i := r.cell("valeur")
	f.putFigure(figure{line: r.line, column: i + 1, indicator: in.Code, niveau: niveau, code: code, millesime: year, value: v, source: source})
}

// figuresWide is one quarter a line and one indicator a column, its year at the end of the heading if the file states it.
var figuresWide = &format{
	name: "chiffres des quartiers, un indicateur par colonne",
	need: []string{"code_qp"}, known: []string{"nom_qp", "insee_dep", "insee_com", "nom_com"},
	temps: []*temp{tmpValeur}, headings: wideHeadings, row: wideRow, check: checkFigures, load: loadFigures,
}

var vintageHeading = regexp.MustCompile(`^(.+)_((?:19|20|21)[0-9]{2})$`)

// wide splits a heading into an indicator and its year: null when neither the heading nor the options state it.
func (f *file) wide(heading string) (in indicator, year string, known bool) {
	if in, known = f.indicators[heading]; known {
		if y := f.opts.Millesimes[heading]; y != 0 {
			return in, strconv.Itoa(y), true
		}
		return in, null, true
	}
	if m := vintageHeading.FindStringSubmatch(heading); m != nil {
		in, known = f.indicators[m[1]]
		return in, m[2], known
	}
	return in, null, false
}

func wideHeadings(f *file, t *table) {
	for i, h := range t.headings {
		if t.format.knows(h) {
			continue
		}
		_, year, known := f.wide(h)
		if !known {
			f.fault(1, i+1, h, h, "Cet indicateur n’est pas dans le catalogue du portail.")
		} else if year != null {
			if why := f.yearFault(year); why != "" {
				f.fault(1, i+1, h, year, why)
			}
		}
	}
}

func wideRow(f *file, r *row) error {
	code := r.code("code_qp", formQPV)
	r.unique("code_qp", code)
	for i, h := range r.t.headings {
		in, year, known := f.wide(h)
		if !known {
			continue // told once, at the heading
		}
		if v := r.value(h, in); v != null {
			f.putFigure(figure{line: r.line, column: i + 1, indicator: in.Code, niveau: "qpv", code: code, millesime: year, value: v,
				source: in.Producteur, implied: true})
		}
	}
	return nil
}

// unemployment is the quarterly rate of the zones d'emploi (INSEE).
var unemployment = &format{
	name: "taux de chômage des zones d’emploi",
	need: []string{"code_ze2020", "nom_ze2020", "trimestre", "taux_chomage"}, known: []string{"nb_communes_vosges"},
	temps: []*temp{tmpTerritoire, tmpValeur}, row: unemploymentRow,
	load: loadPlacesAndFigures,
}

var quarterOfYear = regexp.MustCompile(`^((?:19|20)[0-9]{2})-T([1-4])$`)

func unemploymentRow(f *file, r *row) error {
	code, nom := r.code("code_ze2020", formZoneEmploi), r.text("nom_ze2020")
	s, i := r.cell("trimestre")
	m := quarterOfYear.FindStringSubmatch(s)
	if m == nil {
		r.faultAt(i, s, "Ce n’est pas un trimestre (2025-T4).")
	} else if f.future(m[1], m[2]) {
		r.faultAt(i, s, "Ce trimestre est dans le futur.")
	}
	v := r.number("taux_chomage", 100)
	if r.bad {
		return nil
	}
	f.putTerritoire(territoire{niveau: "zone_emploi", code: code, nom: nom})
	if v != null {
		_, i := r.cell("taux_chomage")
		f.putFigure(figure{line: r.line, column: i + 1, indicator: "taux_chomage_localise", niveau: "zone_emploi", code: code, millesime: m[1],
			trimestre: m[2], value: v, source: "INSEE, taux de chômage localisés", implied: true})
	}
	return nil
}

// future tells whether a quarter of a year has not begun.
func (f *file) future(year, quarter string) bool {
	y, _ := strconv.Atoi(year) // both were matched as digits
	q, _ := strconv.Atoi(quarter)
	return y > f.today.Year() || y == f.today.Year() && (q-1)*3 >= int(f.today.Month())
}

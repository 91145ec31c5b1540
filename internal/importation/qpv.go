package importation

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"portail/internal/geo"
)

// qpvList is the official list of quarters (ANCT).
var qpvList = &format{
	name:     "liste des quartiers prioritaires",
	need:     []string{"code_qp", "nom_qp", "insee_dep", "insee_com", "nom_com", "siren_epci", "nom_epci", "lon", "lat"},
	may:      []string{"nom_dep", "insee_reg", "nom_reg", "evolution_2015", "surface_ha", "code_contrat", "code_qp_2015", "nom_qp_2015"},
	temps:    []*temp{tmpQPV, tmpQPVCommune, tmpQPVEPCI, tmpQPVAncien, tmpTerritoire, tmpValeur},
	headings: populationHeadings, row: qpvRow, load: loadQPV,
}

var (
	tmpQPV = &temp{name: "tmp_qpv", columns: `code text, nom text, departement text, evolution text, code_contrat text,
		lon double precision, lat double precision, surface_ha numeric`}
	tmpQPVCommune = &temp{name: "tmp_qpv_commune", columns: `code text, commune text, nom text, rang smallint`}
	tmpQPVEPCI    = &temp{name: "tmp_qpv_epci", columns: `code text, epci text, nom text, rang smallint`}
	tmpQPVAncien  = &temp{name: "tmp_qpv_ancien", columns: `qpv text, code text, nom text`}
)

// evolutions are the words of the source for the nature of a change since 2015.
var evolutions = map[string]string{"nouveau": "nouveau", "modifié": "modifie", "inchangé": "inchange"}

func qpvRow(f *file, r *row) error {
	code := r.code("code_qp", formQPV)
	r.unique("code_qp", code)
	departement := r.code("insee_dep", formDepartement)
	if want := strings.Repeat("0", max(0, 3-len(departement))) + departement; !r.bad && strings.HasPrefix(code, "QN") && code[2:5] != want {
		_, i := r.cell("insee_dep")
		r.faultAt(i, departement, "Le département n’est pas celui du code "+code+".")
	}
	evolution := null
	if s, i := r.cell("evolution_2015"); s != "" {
		if evolution = evolutions[s]; evolution == "" {
			r.faultAt(i, s, "La valeur attendue est nouveau, modifié, inchangé ou rien.")
		}
	}
	nom := r.text("nom_qp")
	contrat := r.codeOrNone("code_contrat", formContrat)
	lon, lat := r.point(true)
	surface := r.number("surface_ha", 1e6)
	communes, nomsCommune := r.pairs("insee_com", "nom_com", formCommune)
	epcis, nomsEPCI := r.pairs("siren_epci", "nom_epci", formEPCI)
	anciens, nomsAncien := r.pairs("code_qp_2015", "nom_qp_2015", formQPV2015)
	if _, i := r.cell("insee_com"); len(communes) == 0 && !r.bad {
		r.faultAt(i, "", "Un quartier est dans une commune au moins.")
	}
	region := r.codeOrNone("insee_reg", formRegion)
	f.populations(r, "qpv", code)
	if r.bad {
		return nil
	}
	f.put(tmpQPV, code, nom, departement, evolution, orNull(contrat), lon, lat, surface)
	for i := range communes {
		f.put(tmpQPVCommune, code, communes[i], nomsCommune[i], strconv.Itoa(i+1))
	}
	for i := range epcis {
		f.put(tmpQPVEPCI, code, epcis[i], nomsEPCI[i], strconv.Itoa(i+1))
	}
	for i := range anciens {
		f.put(tmpQPVAncien, code, anciens[i], nomsAncien[i])
	}
	if nom := r.words("nom_dep"); nom != "" {
		f.putTerritoire(territoire{niveau: "departement", code: departement, nom: nom, departement: departement, region: region, weak: true})
	}
	f.putRegion(region, r.words("nom_reg"))
	return nil
}

// unique refuses a key that the file has already given.
func (r *row) unique(heading, key string) {
	if before, first := r.t.f.once(key, r.line); !first {
		_, i := r.cell(heading)
		r.faultAt(i, key, fmt.Sprintf("Ce code est déjà à la ligne %d.", before))
	}
}

func orNull(s string) string {
	if s == "" {
		return null
	}
	return s
}

// population recognises the headings that give a population and its year: population_2020, population_municipale_2022.
var population = regexp.MustCompile(`^population(?:_municipale)?_([0-9]{4})$`)

// populationHeadings reads the years of the population columns.
func populationHeadings(f *file, t *table) {
	f.leftAside(t, func(heading string) bool {
		m := population.FindStringSubmatch(heading)
		if m == nil {
			return false
		}
		if why := f.yearFault(m[1]); why != "" {
			f.fault(1, t.index[heading]+1, heading, m[1], why)
		}
		return true
	})
}

// populations puts the figures of the population columns of a line. Their source is not in the file: it is the census.
func (f *file) populations(r *row, niveau, code string) {
	for i, heading := range r.t.headings {
		m := population.FindStringSubmatch(heading)
		if m == nil {
			continue
		}
		v := r.whole(heading, 0, 100_000_000)
		if v == null || r.bad {
			continue
		}
		f.putFigure(figure{line: r.line, column: i + 1, indicator: "population_municipale", niveau: niveau, code: code, millesime: m[1],
			value: v, source: "INSEE, recensement de la population (RP)", implied: true})
	}
}

// qpvContours are the contours of quarters (ANCT).
var qpvContours = &format{
	name: "contours des quartiers prioritaires", geojson: true, need: []string{"code_qp"},
	temps: []*temp{tmpContour}, feature: contourFeature, check: checkContours, load: loadContours,
}

var tmpContour = &temp{name: "tmp_contour", columns: `ligne integer, code text, contour jsonb, contour_millesime text,
	trace_carte text, cadre_carte integer[], trace_fiche text, cadre_fiche integer[]`}

func contourFeature(f *file, line int, s shape) error {
	if !formQPV.match(s.code) {
		f.fault(line, 0, s.need, s.code, "Ce n’est pas "+formQPV.what+".")
		return nil
	}
	if before, first := f.once(s.code, line); !first {
		f.fault(line, 0, s.need, s.code, fmt.Sprintf("Ce code est déjà à la ligne %d.", before))
		return nil
	}
	// The files name no vintage: it is that of the list which the code belongs to (R-Z-1).
	vintage := "géographie prioritaire 2024"
	if strings.HasPrefix(s.code, "QP") {
		vintage = "géographie prioritaire 2015"
	}
	contour, err := geometry(s.Geometrie)
	if err != nil {
		return err
	}
	carte, cadreCarte := drawn(s.Geometrie, geo.GrilleCarte)
	fiche, cadreFiche := drawn(s.Geometrie, geo.GrilleFiche)
	f.put(tmpContour, strconv.Itoa(line), s.code, contour, vintage, carte, cadreCarte, fiche, cadreFiche)
	return nil
}

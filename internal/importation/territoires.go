package importation

import (
	"fmt"
	"strconv"

	"portail/internal/geo"
)

// territoire is what a file says of a place; empty is what it does not say, and what the database holds then stays.
type territoire struct {
	niveau, code, nom            string
	nature, departement, region  string
	epci, zoneEmploi, codePostal string
	superficie, lon, lat         string
	contour, trace, cadre        string
	weak                         bool // the file only mentions the place: what the database already says prevails
}

var tmpTerritoire = &temp{name: "tmp_territoire", columns: `niveau text, code text, nom text, nature text, departement text, region text, epci text,
	zone_emploi text, codes_postaux text[], superficie_km2 numeric, lon double precision, lat double precision, contour jsonb, trace text,
	cadre integer[], faible boolean`}

// putTerritoire adds a place, once a file: lists repeat the name of a département on every line.
func (f *file) putTerritoire(t territoire) {
	if _, first := f.once("territoire\x1f"+t.niveau+"\x1f"+t.code, 0); !first {
		return
	}
	postal := null
	if t.codePostal != "" {
		postal = "{" + t.codePostal + "}"
	}
	o := orNull
	f.put(tmpTerritoire, t.niveau, t.code, t.nom, o(t.nature), o(t.departement), o(t.region), o(t.epci), o(t.zoneEmploi), postal,
		o(t.superficie), o(t.lon), o(t.lat), o(t.contour), o(t.trace), o(t.cadre), strconv.FormatBool(t.weak))
}

// putRegion adds a région that a list mentions, and France above it. The list calls "région" the overseas collectivities
// that have no code: they are none.
func (f *file) putRegion(code, nom string) {
	if code != "" && nom != "" {
		f.putTerritoire(territoire{niveau: "region", code: code, nom: nom, region: code, weak: true})
	}
	f.putTerritoire(territoire{niveau: "france", code: "FR", nom: "France", weak: true})
}

var communeList = &format{
	name:  "liste des communes",
	need:  []string{"insee_com", "nom_com", "siren_epci"},
	may:   []string{"nom_epci", "code_postal", "superficie_km2", "lon", "lat", "code_ze2020"},
	known: []string{"siren_com", "insee_arr"},
	temps: []*temp{tmpTerritoire, tmpValeur}, headings: populationHeadings, row: communeRow, load: loadPlacesAndFigures,
}

// departementOf is the département of a commune, read from its code.
func departementOf(commune string) string {
	if len(commune) == 5 && (commune[:2] == "97" || commune[:2] == "98") {
		return commune[:3]
	}
	return commune[:min(2, len(commune))]
}

func communeRow(f *file, r *row) error {
	code := r.code("insee_com", formCommune)
	r.unique("insee_com", code)
	lon, lat := r.point(false)
	postal := r.list("code_postal")
	_, i := r.cell("code_postal")
	for _, p := range postal {
		if !formPostal.match(p) {
			r.faultAt(i, p, "Ce n’est pas "+formPostal.what+".")
		}
	}
	t := territoire{
		niveau: "commune", code: code, nom: r.text("nom_com"), departement: departementOf(code), epci: r.codeOrNone("siren_epci", formEPCI),
		zoneEmploi: r.codeOrNone("code_ze2020", formZoneEmploi), superficie: r.number("superficie_km2", 1e6), lon: lon, lat: lat,
	}
	f.populations(r, "commune", code)
	if r.bad {
		return nil
	}
	for i, p := range postal {
		if i > 0 {
			t.codePostal += ","
		}
		t.codePostal += p
	}
	f.putTerritoire(t)
	if nom := r.words("nom_epci"); t.epci != "" && nom != "" {
		f.putTerritoire(territoire{niveau: "epci", code: t.epci, nom: nom, weak: true})
	}
	return nil
}

var epciList = &format{
	name:  "liste des intercommunalités",
	need:  []string{"siren_epci", "nom_epci", "nature", "dep_siege"},
	known: []string{"nb_communes", "nb_communes_dans_dep", "population_municipale_2022_dans_dep", "nb_qpv", "code_contrat"},
	temps: []*temp{tmpTerritoire, tmpValeur}, headings: populationHeadings, load: loadPlacesAndFigures,
	row: func(f *file, r *row) error {
		code := r.code("siren_epci", formEPCI)
		r.unique("siren_epci", code)
		t := territoire{niveau: "epci", code: code, nom: r.text("nom_epci"), nature: r.code("nature", formNature),
			departement: r.code("dep_siege", formDepartement)}
		f.populations(r, "epci", code)
		if !r.bad {
			f.putTerritoire(t)
		}
		return nil
	},
}

var departementList = &format{
	name: "liste des départements",
	need: []string{"insee_dep", "nom_dep", "insee_reg", "nom_reg"}, known: []string{"chef_lieu"},
	temps: []*temp{tmpTerritoire, tmpValeur}, headings: populationHeadings, load: loadPlacesAndFigures,
	row: func(f *file, r *row) error {
		code := r.code("insee_dep", formDepartement)
		r.unique("insee_dep", code)
		t := territoire{niveau: "departement", code: code, nom: r.text("nom_dep"), departement: code, region: r.code("insee_reg", formRegion)}
		region := r.text("nom_reg")
		f.populations(r, "departement", code)
		if r.bad {
			return nil
		}
		f.putTerritoire(t)
		f.putRegion(t.region, region)
		return nil
	},
}

// territoryContours are the contours of communes, EPCI or départements, told apart by the code that they carry.
var territoryContours = &format{
	name: "contours des territoires", geojson: true, need: []string{"insee_com", "siren_epci", "insee_dep"},
	temps: []*temp{tmpTerritoire}, feature: territoryFeature, load: loadTerritoires,
}

func territoryFeature(f *file, line int, s shape) error {
	t := territoire{code: s.code}
	var nom string
	switch s.need {
	case "insee_com":
		t.niveau, nom, t.departement = "commune", "nom_com", departementOf(s.code)
		t.epci, _ = s.Texte("siren_epci")
	case "siren_epci":
		t.niveau, nom = "epci", "nom_epci"
	case "insee_dep":
		t.niveau, nom, t.departement = "departement", "nom_dep", s.code
		t.region, _ = s.Texte("insee_reg")
	}
	if fm := niveauForms[t.niveau]; !fm.match(s.code) {
		f.fault(line, 0, s.need, s.code, "Ce n’est pas "+fm.what+".")
		return nil
	}
	for property, fm := range map[string]form{"siren_epci": formEPCI, "insee_reg": formRegion} {
		if v, there := s.Texte(property); there && v != "" && !fm.match(v) {
			f.fault(line, 0, property, v, "Ce n’est pas "+fm.what+".")
			return nil
		}
	}
	if t.nom, _ = s.Texte(nom); t.nom == "" || len(t.nom) > maxText {
		f.fault(line, 0, nom, t.nom, "Le nom manque ou est trop long.")
		return nil
	}
	if before, first := f.once(t.niveau+s.code, line); !first {
		f.fault(line, 0, s.need, s.code, fmt.Sprintf("Ce code est déjà à la ligne %d.", before))
		return nil
	}
	var err error
	if t.contour, err = geometry(s.Geometrie); err != nil {
		return err
	}
	t.trace, t.cadre = drawn(s.Geometrie, geo.GrilleCarte)
	t.weak = true // but for the contour, which no other file gives
	f.putTerritoire(t)
	return nil
}

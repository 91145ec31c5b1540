package importation_test

import (
	"strings"
	"testing"

	"portail/internal/importation"
	"portail/internal/portailtest"
)

func TestQuarterIsCorrectedAndSearched(t *testing.T) {
	db := portailtest.DB(t)
	must(t, db, importation.QPV, oneQPV)
	want(t, db, `SELECT concat_ws('|', code, generation, nom, departement, evolution, code_contrat, lon, lat, surface_ha) FROM qpv`,
		"QN08801M|2024|Bitola-La Vierge|88|modifie|CN08802I|6.45312|48.15894|40.7")
	want(t, db, `SELECT concat_ws('|', indicateur, millesime, valeur, source, version, courante) FROM valeur`,
		"population_municipale|2020|1800|INSEE, recensement de la population (RP)|1|t")
	want(t, db, `SELECT string_agg(niveau || ' ' || code || ' ' || nom, ', ' ORDER BY niveau) FROM territoire`, "departement 88 Vosges, france FR France, region 44 Grand Est")
	want(t, db, `SELECT string_agg(quoi || ' ' || detail, ', ' ORDER BY quoi) FROM mise_a_jour`, "chiffres Population municipale, identite ajout du quartier")

	// Corrected: another name, a second commune, no former quarter named, no contract said.
	must(t, db, importation.QPV, set(set(set(set(set(set(oneQPV, "nom_qp", "La Vierge"), "insee_com", "88160|88209"), "nom_com", "Épinal|Golbey"), "code_contrat", ""),
		"code_qp_2015", ""), "nom_qp_2015", ""))
	want(t, db, `SELECT nom || ' ' || code_contrat FROM qpv`, "La Vierge CN08802I")
	want(t, db, `SELECT string_agg(commune || ' ' || nom, ', ' ORDER BY rang) FROM qpv_commune`, "88160 Épinal, 88209 Golbey")
	want(t, db, `SELECT code || ' ' || nom FROM qpv_ancien`, "QP088001 Bitola")
	want(t, db, `SELECT recherche_texte FROM qpv`, "la vierge epinal golbey ca d'epinal qn08801m qp088001 bitola")
	for _, word := range []string{"vierge", "epinal", "Golbey", "QN08801M", "QP088001", "bitola"} {
		want(t, db, `SELECT count(*) FROM qpv WHERE recherche @@ plainto_tsquery('francais', '`+word+`')`, "1")
	}
	want(t, db, `SELECT ts_rank(recherche, to_tsquery('francais', 'vierge')) > ts_rank(recherche, to_tsquery('francais', 'golbey')) FROM qpv`, "true")
	want(t, db, `SELECT count(*) FROM mise_a_jour WHERE quoi = 'identite'`, "2")

	must(t, db, importation.QPV, set(oneQPV, "insee_com", "88209"))
	want(t, db, `SELECT string_agg(commune, ' ') FROM qpv_commune`, "88209")
}

func TestContourReplacesTheFormer(t *testing.T) {
	db := portailtest.DB(t)
	must(t, db, importation.QPV, oneQPV)
	must(t, db, importation.Contours, contour(bitola, square))
	want(t, db, `SELECT contour_millesime || ' ' || (contour ->> 'type') FROM qpv`, "géographie prioritaire 2024 Polygon")
	want(t, db, `SELECT trace_carte LIKE 'M%z' AND trace_fiche LIKE 'M%z' AND cadre_fiche[1] < cadre_fiche[3] AND cadre_fiche[2] < cadre_fiche[4] FROM qpv`, "true")
	former := query(t, db, `SELECT trace_fiche FROM qpv`)
	s := must(t, db, importation.Contours, contour(bitola, strings.ReplaceAll(square, "48.164", "48.165")))
	if f := s.Files[0]; f.Changed != 1 || f.Added != 0 {
		t.Errorf("%+v", f)
	}
	if query(t, db, `SELECT trace_fiche FROM qpv`) == former {
		t.Error("the drawing stayed")
	}
	want(t, db, `SELECT count(*) FROM mise_a_jour WHERE quoi = 'contour'`, "2")
	// A list imported again leaves the contour alone.
	must(t, db, importation.QPV, set(oneQPV, "surface_ha", "41"))
	want(t, db, `SELECT contour IS NOT NULL AND surface_ha = 41 FROM qpv`, "true")
}

// Every version of a figure stays; the last is current. A file that does not name its source does not undo one that does.
func TestFiguresKeepEveryVersion(t *testing.T) {
	db := portailtest.DB(t)
	must(t, db, importation.QPV, oneQPV)
	must(t, db, importation.Indicateurs, oneLong)
	must(t, db, importation.Indicateurs, set(oneLong, "valeur", "39"))
	must(t, db, importation.Indicateurs, set(set(oneLong, "valeur", "39.0"), "source", "INSEE révisé"))
	want(t, db, `SELECT string_agg(concat_ws(' ', version, valeur, source, courante), ', ' ORDER BY version) FROM valeur WHERE indicateur = 'taux_emploi'`,
		"1 38.4 INSEE f, 2 39 INSEE f, 3 39.0 INSEE révisé t")
	must(t, db, importation.Indicateurs, set(oneLong, "millesime", ""))
	want(t, db, `SELECT count(*) FROM valeur WHERE indicateur = 'taux_emploi' AND courante`, "2")
	if s := must(t, db, importation.Indicateurs, set(oneLong, "millesime", "")); !s.Unchanged() {
		t.Errorf("a figure without vintage is new each time: %v", s)
	}
	if s := must(t, db, importation.Indicateurs, "code_qp,taux_emploi_2021\nQN08801M,39\n"); !s.Unchanged() {
		t.Errorf("the source was undone: %v", s)
	}
	// An empty cell is unknown: it neither adds a zero nor removes what is known.
	if s := must(t, db, importation.Indicateurs, set(oneLong, "valeur", "")); !s.Unchanged() {
		t.Errorf("an empty cell is a figure: %v", s)
	}
}

func TestWideFigures(t *testing.T) {
	db := portailtest.DB(t)
	must(t, db, importation.QPV, oneQPV)
	if _, err := take(t, db, importation.Indicateurs, importation.Options{Millesimes: map[string]int{"nb_menages": 2019}}, oneWide); err != nil {
		t.Fatal(report(err))
	}
	want(t, db, `SELECT string_agg(concat_ws(' ', indicateur, millesime, valeur, source), ', ' ORDER BY indicateur) FROM valeur WHERE indicateur <> 'population_municipale'`,
		"nb_menages 2019 812.5 INSEE, taux_pauvrete_60 2021 45.5 INSEE")
	for code, year := range map[string]int{"nb_menage": 2019, "nb_menages": 2190} {
		if _, err := take(t, db, importation.Indicateurs, importation.Options{Millesimes: map[string]int{code: year}}, oneWide); err == nil {
			t.Errorf("the vintage %d of %s is accepted", year, code)
		}
	}
}

func TestReferenceTerritories(t *testing.T) {
	db := portailtest.DB(t)
	must(t, db, importation.Territoires, set(oneCommune, "code_postal", "88000|88001"), oneEPCI)
	want(t, db, `SELECT region IS NULL FROM territoire WHERE niveau = 'commune'`, "true")
	must(t, db, importation.Territoires, oneDep)
	want(t, db, `SELECT concat_ws('|', nom, departement, region, epci, zone_emploi, codes_postaux, superficie_km2, lon, lat) FROM territoire WHERE niveau = 'commune'`,
		"Épinal|88|44|200068757|4407|{88000,88001}|59.24|6.48667|48.16371")
	want(t, db, `SELECT concat_ws('|', nom, nature, departement, region) FROM territoire WHERE niveau = 'epci'`, "CA d'Epinal|CA|88|44")
	want(t, db, `SELECT string_agg(niveau || ' ' || valeur, ', ' ORDER BY niveau) FROM valeur v JOIN territoire t ON t.id = v.territoire_id WHERE millesime = 2022`,
		"commune 32296, epci 110099")

	// Other files only mention these places: they add a contour and correct nothing.
	must(t, db, importation.Territoires, contour(`"insee_com":"88160","nom_com":"EPINAL","siren_epci":"200068757"`, square),
		contour(`"siren_epci":"200068757","nom_epci":"Autre nom"`, square), contour(`"insee_dep":"88","nom_dep":"VOSGES","insee_reg":"44"`, square))
	want(t, db, `SELECT string_agg(nom, ', ' ORDER BY niveau) FROM territoire WHERE trace IS NOT NULL AND contour IS NOT NULL`, "Épinal, Vosges, CA d'Epinal")
	must(t, db, importation.Indicateurs, oneComparison, oneQuarter)
	want(t, db, `SELECT concat_ws(' ', t.nom, v.millesime, v.trimestre, v.valeur) FROM valeur v JOIN territoire t ON t.id = v.territoire_id WHERE niveau = 'zone_emploi'`,
		"Épinal 2025 4 8.1")
	// A list of communes does not say all: what it leaves out stays.
	must(t, db, importation.Territoires, "insee_com,nom_com,siren_epci,autre\n88160,Épinal (88),200068757,x\n")
	want(t, db, `SELECT concat_ws('|', nom, zone_emploi, trace IS NOT NULL) FROM territoire WHERE niveau = 'commune'`, "Épinal (88)|4407|t")
	s := must(t, db, importation.Territoires, "insee_com,nom_com,siren_epci,autre\n88160,Épinal (88),200068757,x\n")
	if len(s.Files[0].Notes) != 1 || !strings.Contains(s.Files[0].Notes[0], "autre") {
		t.Errorf("a column that nobody reads is not told: %+v", s)
	}
	must(t, db, importation.Territoires, "insee_com,nom_com,siren_epci\n97105,Basse-Terre,249710070\n2A004,Ajaccio,242010056\n")
	want(t, db, `SELECT string_agg(departement, ' ' ORDER BY code) FROM territoire WHERE code IN ('97105', '2A004')`, "2A 971")
}

func TestContractsOfOneCode(t *testing.T) {
	db := portailtest.DB(t)
	must(t, db, importation.QPV, oneQPV)
	must(t, db, importation.Contrats, oneContract+"CN98701M,Papeete,987,,98735,1,,\nCN98701M,Faa'a,987,,98715,1,,\n")
	want(t, db, `SELECT count(*) FROM contrat_anct`, "3")
	want(t, db, `SELECT count(*) FROM mise_a_jour WHERE quoi = 'contrat'`, "1")
	s := must(t, db, importation.Contrats, set(oneContract, "nom_contrat", "CA d'Épinal (corrigé)"))
	if f := s.Files[0]; f.Added != 1 || f.Removed != 1 {
		t.Errorf("%+v", f)
	}
	want(t, db, `SELECT string_agg(nom, ', ' ORDER BY nom) FROM contrat_anct`, "CA d'Épinal (corrigé), Faa'a, Papeete")
}

// Near places and labels follow the contours and the list, whichever changes.
func TestUsefulPlacesNearby(t *testing.T) {
	db := portailtest.DB(t)
	must(t, db, importation.QPV, oneQPV)
	must(t, db, importation.Lieux, onePlace)
	want(t, db, `SELECT count(*) FROM qpv_lieu`, "0")
	must(t, db, importation.Contours, contour(bitola, square)) // the place is inside
	want(t, db, `SELECT distance FROM qpv_lieu`, "0")
	want(t, db, `SELECT label || ' ' || detail || ' ' || du FROM qpv_label`, "france_services France services Epinal 2021-01-15")
	must(t, db, importation.Lieux, set(onePlace, "lon", "6.4600")) // 0.006° east of the contour
	want(t, db, `SELECT distance BETWEEN 430 AND 460 FROM qpv_lieu`, "true")
	want(t, db, `SELECT count(*) FROM qpv_label`, "0")
	must(t, db, importation.Lieux, set(onePlace, "lon", "6.4900"))
	want(t, db, `SELECT count(*) FROM qpv_lieu`, "0")
	// Another place of the département, and not this one: it has closed.
	must(t, db, importation.Lieux, set(onePlace, "id_fs", "999"))
	want(t, db, `SELECT string_agg(identifiant, ' ') FROM lieu`, "999")
	want(t, db, `SELECT string_agg(quoi, ' ' ORDER BY id) FROM mise_a_jour WHERE quoi IN ('lieux', 'labels')`, "labels lieux labels lieux lieux labels lieux")
}

func TestAddresses(t *testing.T) {
	db := portailtest.DB(t)
	line := strings.SplitAfter(oneAddress, "\n")[1]
	other := strings.ReplaceAll(strings.ReplaceAll(line, "_00012", "_00014"), ";12;", ";14;")
	golbey := strings.ReplaceAll(strings.ReplaceAll(line, "88160", "88209"), "Épinal", "Golbey")
	must(t, db, importation.BAN, oneAddress+other+golbey)
	want(t, db, `SELECT concat_ws('|', numero, rep, voie, code_postal, commune, nom_commune, lon, lat) FROM adresse WHERE id = '88160_0010_00012_bis'`,
		"12|bis|Av. du Gal de Gaulle|88000|88160|Épinal|6.45|48.17")
	want(t, db, `SELECT string_agg(recherche, ', ' ORDER BY commune) FROM voie`,
		"avenue du general de gaulle 88000 epinal, avenue du general de gaulle 88000 golbey")
	if s := must(t, db, importation.BAN, oneAddress+other+golbey); !s.Unchanged() {
		t.Errorf("%v", s)
	}
	// The commune of the file is replaced, the others are left alone.
	s := must(t, db, importation.BAN, set(oneAddress, "nom_voie", "Rue Neuve"))
	if f := s.Files[0]; f.Changed != 1 || f.Added != 1 || f.Removed != 2 {
		t.Errorf("%+v", f)
	}
	want(t, db, `SELECT string_agg(id || ' ' || voie, ', ' ORDER BY id) FROM adresse`, "88160_0010_00012_bis Rue Neuve, 88209_0010_00012_bis Av. du Gal de Gaulle")
	want(t, db, `SELECT string_agg(nom, ', ' ORDER BY nom) FROM voie`, "Av. du Gal de Gaulle, Rue Neuve")
}

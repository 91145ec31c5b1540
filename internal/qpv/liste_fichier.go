package qpv

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"portail/internal/chiffre"
	"portail/internal/export"
	"portail/internal/geo"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// Formats of files, as lien.QPVFichier names them.
const (
	formatCSV        = "csv"
	formatCSVTableur = "csv-tableur"
	formatODS        = "ods"
	formatJSON       = "json"
	formatGeoJSON    = "geojson"
)

var formatsListe = []string{formatCSV, formatCSVTableur, formatODS, formatGeoJSON, formatJSON}

// nomsFormats are the names that visitors read.
var nomsFormats = map[string]string{
	formatCSV: "CSV", formatCSVTableur: "CSV pour tableur", formatODS: "ODS", formatJSON: "JSON", formatGeoJSON: "GeoJSON",
}

// telechargements are the files of the whole filtered list.
func (l liste) telechargements() []web.Download {
	var all []web.Download
	for _, format := range formatsListe {
		all = append(all, web.Download{Format: nomsFormats[format], Href: lien.QPVFichier(format, l.filtres())})
	}
	return all
}

// comparaison sets the first quarters of the page side by side.
func (l liste) comparaison() string {
	var codes []string
	for _, q := range l.Lignes[:min(len(l.Lignes), maxColonnes)] {
		codes = append(codes, q.Code)
	}
	return lien.Comparaison(codes, nil)
}

// fichier describes the list as a file. base is the public address of the site, le the day the data last changed.
func (l liste) fichier(base string, le time.Time) export.Table {
	t := export.Table{Nom: "quartiers-prioritaires", Titre: "Quartiers prioritaires", Colonnes: []export.Colonne{
		{Titre: "Code", Nom: "code_qp", Description: "Code du quartier prioritaire", Largeur: 2.6},
		{Titre: "Quartier", Nom: "nom_qp", Description: "Nom du quartier prioritaire", Largeur: 6},
		{Titre: "Liste", Nom: "generation", Type: export.Annee, Description: "Année de la liste des quartiers prioritaires"},
		{Titre: "Code du département", Nom: "insee_dep", Description: "Code INSEE du département"},
		{Titre: "Département", Nom: "nom_dep", Largeur: 4},
		{Titre: "Codes des communes", Nom: "insee_com", Description: "Codes INSEE, séparés par une barre verticale"},
		{Titre: "Communes", Nom: "nom_com", Description: "Noms, dans l’ordre des codes", Largeur: 5},
		{Titre: "SIREN des EPCI", Nom: "siren_epci", Description: "Numéros SIREN, séparés par une barre verticale"},
		{Titre: "Intercommunalités", Nom: "nom_epci", Description: "Noms, dans l’ordre des numéros SIREN", Largeur: 8},
		{Titre: "Évolution depuis 2015", Nom: "evolution_2015", Largeur: 4},
		{Titre: "Population", Nom: "population_municipale", Type: export.Entier, Description: "Population municipale, habitants"},
		{Titre: "Millésime de la population", Nom: "population_millesime", Type: export.Annee, Description: "Vide quand la source ne le précise pas"},
		{Titre: "Superficie (ha)", Nom: "surface_ha", Type: export.Decimal, Decimales: 1, Description: "Hectares, calculés à partir du contour"},
		{Titre: "Taux de pauvreté", Nom: "taux_pauvrete_60", Type: export.Pourcent, Decimales: 1, Description: "Part sous 60 % du niveau de vie médian, en %"},
		{Titre: "Millésime du taux de pauvreté", Nom: "taux_pauvrete_60_millesime", Type: export.Annee, Description: "Vide quand la source ne le précise pas"},
		{Titre: "Labels", Nom: "labels", Description: "Séparés par une barre verticale", Largeur: 4},
		{Titre: "Longitude", Nom: "lon", Type: export.Decimal, Decimales: 5, Description: "Degrés, WGS84, d’un point dans le quartier"},
		{Titre: "Latitude", Nom: "lat", Type: export.Decimal, Decimales: 5, Description: "Degrés, WGS84, d’un point dans le quartier"},
		{Titre: "Fiche", Nom: "lien", Type: export.Lien, Description: "Adresse de la fiche du quartier", Largeur: 8},
	}}
	t.Lignes = export.Lignes(l.Lignes, func(q ligneListe) []any { return q.cellules(base) })
	t.Apropos = export.Apropos{
		Source: "ANCT (liste et contours des quartiers)" + ajout(listeSources(l.Reserves)), Licence: licence(l.Reserves), Extrait: le,
		Permalien: base + l.url().With(paramVue, ""), Filtres: []string{"Aucun" + typo.NBSP + ": tous les quartiers prioritaires"},
	}
	if all := l.phrases(); len(all) > 0 {
		t.Apropos.Filtres = all.Phrases()
	}
	for _, r := range l.Reserves {
		if r.Reserve != "" {
			t.Apropos.Reserves = append(t.Apropos.Reserves, r.Libelle+typo.NBSP+": "+r.Reserve)
		}
	}
	t.Apropos.Reserves = append(t.Apropos.Reserves, chiffre.ExplicationSecret)
	if l.Coupee() {
		t.Apropos.Reserves = append(t.Apropos.Reserves, "La recherche a trouvé plus de "+typo.Nombre(maxTrouves)+" quartiers"+typo.NBSP+": seuls les premiers sont dans ce fichier.")
	}
	return t
}

func (q ligneListe) cellules(base string) []any {
	evolution := any(nil)
	if q.Evolution != nil {
		evolution = q.evolution()
	}
	return []any{
		q.Code, q.Nom, q.Generation, q.Departement, q.DepartementNom, strings.Join(q.CommunesCodes, "|"), strings.Join(q.Communes, "|"),
		strings.Join(q.EPCICodes, "|"), strings.Join(q.EPCI, "|"), evolution, celluleFichier(q.population(), true), q.PopulationA, q.SurfaceHa,
		celluleFichier(q.pauvrete(), false), q.PauvreteA, strings.Join(q.labels(), "|"), q.Lon, q.Lat, base + lien.Fiche(q.Code),
	}
}

// celluleFichier is a figure in a file: a number, "n.c." when secrecy masks it, empty when it is not available.
func celluleFichier(v Valeur, whole bool) any {
	switch n := v.Pointeur(); {
	case v.Secret:
		return export.Secret{}
	case n == nil:
		return nil
	case whole:
		return int64(*n)
	default:
		return *n
	}
}

// listeSources are the producers of the figures, each once.
func listeSources(all []reserve) string {
	var names []string
	for _, r := range all {
		if !slices.Contains(names, r.Producteur) {
			names = append(names, r.Producteur)
		}
	}
	return strings.Join(names, ", ")
}

func ajout(s string) string {
	if s == "" {
		return ""
	}
	return ", " + s + " (chiffres)"
}

// licence is that of the figures, or of the list itself.
func licence(all []reserve) string {
	if len(all) > 0 {
		return all[0].Licence
	}
	return "Licence Ouverte / Open Licence 2.0"
}

// minuscule lowers the first letter of a label that follows others in a sentence.
func minuscule(s string) string {
	for _, first := range s {
		return strings.ToLower(string(first)) + s[len(string(first)):]
	}
	return s
}

// features are the quarters with their contours; a quarter without contour is its point.
func features(lignes []ligneListe, base string) ([]geo.Feature, error) {
	all := make([]geo.Feature, 0, len(lignes))
	for _, q := range lignes {
		f := geo.Feature{Proprietes: []geo.Propriete{
			{Nom: "code_qp", Valeur: q.Code}, {Nom: "nom", Valeur: q.Nom}, {Nom: "insee_dep", Valeur: q.Departement},
			{Nom: "insee_com", Valeur: strings.Join(q.CommunesCodes, "|")}, {Nom: "nom_com", Valeur: strings.Join(q.Communes, "|")},
			{Nom: "siren_epci", Valeur: strings.Join(q.EPCICodes, "|")}, {Nom: "nom_epci", Valeur: strings.Join(q.EPCI, "|")},
			{Nom: "evolution_2015", Valeur: q.Evolution}, {Nom: "surface_ha", Valeur: q.SurfaceHa},
			{Nom: "population_municipale", Valeur: jsonChiffre(q.population())}, {Nom: "population_millesime", Valeur: q.PopulationA},
			{Nom: "taux_pauvrete_60", Valeur: jsonChiffre(q.pauvrete())}, {Nom: "taux_pauvrete_60_millesime", Valeur: q.PauvreteA},
			{Nom: "lien", Valeur: base + lien.Fiche(q.Code)},
		}}
		var err error
		if f.Geometrie, err = contour(q.Contour, q.Lon, q.Lat); err != nil {
			return nil, fmt.Errorf("contour of %s: %w", q.Code, err)
		}
		all = append(all, f)
	}
	return all, nil
}

// jsonChiffre is a figure in JSON: a number, "n.c." or null.
func jsonChiffre(v Valeur) any {
	if v.Secret {
		return chiffre.NonCommunique
	}
	return v.Pointeur()
}

package qpv

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"portail/internal/chiffre"
	"portail/internal/export"
	"portail/internal/geo"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web/typo"
)

// chiffreFichier is a line of the files of a fiche: one published figure of the quarter or of a wider place.
type chiffreFichier struct {
	Niveau, Code, Nom string
	Indicateur
	Valeur Valeur
}

// niveauxFichier are the places of the files: the quarter, then the wider ones. The other quarters have their own files.
func (f fiche) niveauxFichier() []reference {
	places := append([]reference{{Niveau: chiffre.NiveauQPV, Code: f.Code, Nom: f.Nom}}, f.references()...)
	for _, e := range f.endroits {
		if e.Niveau == "zone_emploi" {
			places = append(places, reference{Niveau: e.Niveau, Code: e.Code, Nom: e.Nom})
		}
	}
	return places
}

// chiffresFichier lists every published figure, all vintages, in the order of the catalogue.
func (f fiche) chiffresFichier() []chiffreFichier {
	var list []chiffreFichier
	places := f.niveauxFichier()
	for _, i := range f.catalogue {
		for _, p := range places {
			for _, v := range f.chiffres.Serie(i.Code, p.Niveau, p.Code) {
				list = append(list, chiffreFichier{p.Niveau, p.Code, p.Nom, i, v})
			}
		}
	}
	return list
}

func (c chiffreFichier) valeur() any {
	if c.Valeur.Secret {
		return export.Secret{}
	}
	return c.Valeur.Pointeur()
}

// ouRien leaves a cell empty for an unknown year or quarter of a year, which are never 0.
func ouRien(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// tableChiffres is the file of the figures; site is the base address of the portal.
func (f fiche) tableChiffres(site string) export.Table {
	permalien := site + lien.Fiche(f.Code)
	return export.Table{
		Nom: "qpv-" + f.Code, Titre: "Chiffres du quartier " + f.Nom,
		Colonnes: []export.Colonne{
			{Titre: "Code du quartier", Nom: "code_qp", Description: "Code officiel du quartier prioritaire."},
			{Titre: "Quartier", Nom: "nom_qp", Largeur: 5},
			{Titre: "Niveau", Nom: "niveau", Description: "qpv, ou niveau du territoire de comparaison : commune, epci, zone_emploi, departement, region, france."},
			{Titre: "Code du territoire", Nom: "code_territoire", Description: "Code du quartier, code INSEE ou SIREN."},
			{Titre: "Territoire", Nom: "nom_territoire", Largeur: 6},
			{Titre: "Thématique", Nom: "thematique", Largeur: 4},
			{Titre: "Indicateur", Nom: "indicateur", Description: "Code stable de l’indicateur.", Largeur: 5},
			{Titre: "Libellé", Nom: "libelle", Largeur: 7},
			{Titre: "Valeur", Nom: "valeur", Type: export.Decimal, Decimales: 1, Description: "Vide : non disponible, jamais zéro. n.c. : secret statistique."},
			{Titre: "Unité", Nom: "unite"},
			{Titre: "Secret", Nom: "secret", Type: export.Booleen, Description: "Vrai quand la valeur est masquée par le secret statistique."},
			{Titre: "Millésime", Nom: "millesime", Type: export.Annee, Description: "Vide : non précisé par la source."},
			{Titre: "Trimestre", Nom: "trimestre", Type: export.Entier},
			{Titre: "Producteur", Nom: "producteur"},
			{Titre: "Source", Nom: "source", Largeur: 6},
			{Titre: "Réserve", Nom: "reserve", Largeur: 8},
			{Titre: "Licence", Nom: "licence", Largeur: 5},
			{Titre: "Fiche", Nom: "fiche", Type: export.Lien, Largeur: 6, Description: "Adresse de la fiche du quartier."},
		},
		Lignes: export.Lignes(f.chiffresFichier(), func(c chiffreFichier) []any {
			return []any{f.Code, f.Nom, c.Niveau, c.Code, c.Nom, lexique.Libelle(lexique.Thematiques, c.Thematique), c.Indicateur.Code, c.Libelle,
				c.valeur(), c.Unite, c.Valeur.Secret, ouRien(c.Valeur.Millesime), ouRien(c.Valeur.Trimestre), c.Producteur, c.Valeur.Source, c.Reserve, c.Licence, permalien}
		}),
		Apropos: f.apropos(permalien),
	}
}

// tableIdentite is the sheet of what the quarter is.
func (f fiche) tableIdentite(site string) export.Table {
	permalien := site + lien.Fiche(f.Code)
	var rows [][2]any
	add := func(rubrique string, contenu any) { rows = append(rows, [2]any{rubrique, contenu}) }
	add("Code", f.Code)
	add("Nom", f.Nom)
	add("Communes", strings.Join(f.CommunesNoms, ", "))
	add("Intercommunalités", strings.Join(f.EPCINoms, ", "))
	add("Département", f.nomDepartement(f.Departement))
	add("Évolution du contour", f.evolutionTexte())
	add("Codes de 2015", strings.Join(f.Anciens, ", "))
	if f.SurfaceHa != nil {
		add("Superficie (ha)", typo.Decimal(*f.SurfaceHa, 1))
	}
	add("Millésime du contour", f.ContourMillesime)
	if f.ContratNom != nil {
		add("Contrat de ville", *f.ContratNom)
	}
	add("Mis à jour le", typo.DateISO(f.MisAJourLe))
	return export.Table{
		Nom: "identite", Titre: "Identité du quartier " + f.Nom,
		Colonnes: []export.Colonne{{Titre: "Rubrique", Nom: "rubrique", Largeur: 5}, {Titre: "Contenu", Nom: "contenu", Largeur: 12}},
		Lignes: export.Lignes(rows, func(r [2]any) []any {
			if r[1] == "" {
				r[1] = nil
			}
			return r[:]
		}),
		Apropos: f.apropos(permalien),
	}
}

// apropos is what a reader of the file must know. Its date is that of the data, so that the same data make the same file.
func (f fiche) apropos(permalien string) export.Apropos {
	var notes reserves
	for _, i := range f.catalogue {
		if f.chiffres.Derniere(i.Code, chiffre.NiveauQPV, f.Code).Presente() {
			notes.numero(i.Reserve)
		}
	}
	return export.Apropos{
		Source: "Producteur et source de chaque valeur dans ses colonnes", Licence: "Licence de chaque valeur dans sa colonne", Extrait: f.MisAJourLe.In(typo.Paris),
		Permalien: permalien, Filtres: []string{"Quartier" + typo.NBSP + ": " + f.Code + ", " + f.Nom}, Reserves: notes,
	}
}

// geoJSON is the contour of the quarter with its identity; raw is its geometry, nil when none was loaded: its point
// then stands for it.
func (f fiche) geoJSON(raw *string, site string) ([]byte, error) {
	feature := geo.Feature{Proprietes: []geo.Propriete{
		{Nom: "code_qp", Valeur: f.Code}, {Nom: "nom_qp", Valeur: f.Nom}, {Nom: "generation", Valeur: f.Generation},
		{Nom: "insee_dep", Valeur: f.Departement}, {Nom: "insee_com", Valeur: f.Communes}, {Nom: "nom_com", Valeur: f.CommunesNoms},
		{Nom: "siren_epci", Valeur: f.EPCI}, {Nom: "surface_ha", Valeur: f.SurfaceHa}, {Nom: "contour_millesime", Valeur: f.ContourMillesime},
		{Nom: "fiche", Valeur: site + lien.Fiche(f.Code)},
	}}
	var err error
	if feature.Geometrie, err = contour(raw, f.Lon, f.Lat); err != nil {
		return nil, fmt.Errorf("read contour of %s: %w", f.Code, err)
	}
	var out bytes.Buffer
	if err := geo.WriteFeatureCollection(&out, geo.All([]geo.Feature{feature})); err != nil {
		return nil, fmt.Errorf("write contour of %s: %w", f.Code, err)
	}
	return out.Bytes(), nil
}

// ficheJSON is the whole fiche for programs; each member's meaning is told in "documentation".
type ficheJSON struct {
	Documentation map[string]string `json:"documentation"`
	Permalien     string            `json:"permalien"`
	MisAJourLe    string            `json:"mis_a_jour_le"`
	Quartier      quartierJSON      `json:"quartier"`
	Chiffres      []chiffreJSON     `json:"chiffres"`
	Labels        []labelJSON       `json:"labels"`
	Lieux         []lieuJSON        `json:"lieux"`
	MisesAJour    []majJSON         `json:"mises_a_jour"`
}

type quartierJSON struct {
	Code             string      `json:"code"`
	Nom              string      `json:"nom"`
	Generation       int         `json:"generation"`
	Evolution        *string     `json:"evolution_2015"`
	Anciens          []placeJSON `json:"quartiers_2015"`
	Communes         []placeJSON `json:"communes"`
	EPCI             []placeJSON `json:"epci"`
	Departement      placeJSON   `json:"departement"`
	Lon              float64     `json:"lon"`
	Lat              float64     `json:"lat"`
	SurfaceHa        *float64    `json:"surface_ha"`
	ContourMillesime string      `json:"contour_millesime"`
	ContratCode      *string     `json:"contrat_code"`
	ContratNom       *string     `json:"contrat_nom"`
	DelegueFonction  string      `json:"delegue_fonction"`
}

type placeJSON struct {
	Code string `json:"code"`
	Nom  string `json:"nom"`
}

type chiffreJSON struct {
	Indicateur string   `json:"indicateur"`
	Libelle    string   `json:"libelle"`
	Definition string   `json:"definition"`
	Thematique string   `json:"thematique"`
	Niveau     string   `json:"niveau"`
	Code       string   `json:"code_territoire"`
	Nom        string   `json:"nom_territoire"`
	Valeur     *float64 `json:"valeur"`
	Secret     bool     `json:"secret"`
	Unite      string   `json:"unite"`
	Millesime  any      `json:"millesime"`
	Trimestre  any      `json:"trimestre"`
	Producteur string   `json:"producteur"`
	Source     string   `json:"source"`
	Licence    string   `json:"licence"`
	Reserve    string   `json:"reserve"`
}

type labelJSON struct {
	Label  string `json:"label"`
	Detail string `json:"detail"`
	Dates  string `json:"dates"`
	Source string `json:"source"`
}

type lieuJSON struct {
	Sorte    string `json:"sorte"`
	Nom      string `json:"nom"`
	Adresse  string `json:"adresse"`
	Distance int    `json:"distance_m"`
}

type majJSON struct {
	Le     string `json:"le"`
	Quoi   string `json:"quoi"`
	Detail string `json:"detail"`
}

// documentationJSON says what cannot be guessed from the names.
var documentationJSON = map[string]string{
	"chiffres.valeur":         "Nombre chiffre.Arrondi comme sur la fiche ; null quand la valeur est masquée (secret vaut true) ou non disponible. Jamais zéro faute de valeur.",
	"chiffres.secret":         "true quand le secret statistique masque la valeur.",
	"chiffres.millesime":      "Année de la valeur ; null quand la source ne la précise pas.",
	"chiffres.niveau":         "qpv pour le quartier, sinon commune, epci, zone_emploi, departement, region ou france.",
	"quartier.evolution_2015": "Contour par rapport à la liste de 2015 : nouveau, modifie, inchange ; null quand il n’est pas connu. Un chiffre d’un code de 2015 ne se compare pas à celui d’un contour modifié.",
	"lieux.distance_m":        "Mètres à vol d’oiseau depuis le contour ; 0 dans le quartier.",
	"lon, lat":                "Point situé dans le quartier, WGS 84. Le contour est dans fichier.geojson.",
}

// json writes the fiche for programs.
func (f fiche) json(site string) ([]byte, error) {
	out := ficheJSON{
		Documentation: documentationJSON, Permalien: site + lien.Fiche(f.Code), MisAJourLe: typo.DateISO(f.MisAJourLe),
		Quartier: quartierJSON{
			Code: f.Code, Nom: f.Nom, Generation: f.Generation, Evolution: f.Evolution, Anciens: places(f.Anciens, f.AnciensNoms),
			Communes: places(f.Communes, f.CommunesNoms), EPCI: places(f.EPCI, f.EPCINoms), Departement: placeJSON{f.Departement, f.nomDepartement(f.Departement)},
			Lon: f.Lon, Lat: f.Lat, SurfaceHa: f.SurfaceHa, ContourMillesime: f.ContourMillesime,
			ContratCode: f.ContratCode, ContratNom: f.ContratNom, DelegueFonction: f.DelegueFonction,
		},
		Chiffres: []chiffreJSON{}, Labels: []labelJSON{}, Lieux: []lieuJSON{}, MisesAJour: []majJSON{},
	}
	for _, c := range f.chiffresFichier() {
		out.Chiffres = append(out.Chiffres, chiffreJSON{
			c.Indicateur.Code, c.Libelle, c.Definition, c.Thematique, c.Niveau, c.Code, c.Nom, c.Valeur.Pointeur(), c.Valeur.Secret, c.Unite,
			ouRien(c.Valeur.Millesime), ouRien(c.Valeur.Trimestre), c.Producteur, c.Valeur.Source, c.Licence, c.Reserve,
		})
	}
	for _, l := range f.labels() {
		out.Labels = append(out.Labels, labelJSON{l.Nom, l.Detail, l.Dates, l.Source})
	}
	for _, l := range f.lieux {
		out.Lieux = append(out.Lieux, lieuJSON{l.Sorte, l.Nom, l.adresse(), l.Distance})
	}
	for _, m := range f.misesAJour {
		out.MisesAJour = append(out.MisesAJour, majJSON{typo.DateISO(m.FaiteLe), m.Quoi, m.Detail})
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", " ")
	if err := enc.Encode(out); err != nil {
		return nil, fmt.Errorf("write fiche %s: %w", f.Code, err)
	}
	return b.Bytes(), nil
}

func places(codes, noms []string) []placeJSON {
	list := []placeJSON{}
	for i, code := range codes {
		list = append(list, placeJSON{code, noms[i]})
	}
	return list
}

package donnees

import (
	"portail/internal/export"
	"portail/internal/lien"
)

// Jeu is a public data set: what it is, its columns, where it comes from. Its rows and the files
// it was made from are those of the same code in donnees_store.go.
type Jeu struct {
	Code        string // of its address; never changed
	Titre       string
	Description string // one or two sentences, in the words of a reader
	Champs      []Champ
	Cle         []string // columns that together are met once
	Producteur  string
	MotsCles    []string
	Reserves    []string // what must be known before using it
	Geometrie   bool     // it has contours, hence a GeoJSON file
	Masque      string   // column that statistical secrecy may hide; empty: none
	reserves    bool     // the reservations of the catalogue of indicators apply
}

// Champ is a column: the portal's own or, wherever the producer publishes the same table, under the producer's name, so that
// `portail import` of another préfecture reads our files as it reads the producer's.
type Champ struct {
	Nom, Titre, Description string
	Type                    export.Type
	Decimales               int
	Obligatoire             bool
	Motif                   string   // regular expression of the whole text
	Valeurs                 []string // the only texts it may hold
}

// Licence of every set, as an address that programs compare (DCAT) and in words.
const (
	licence    = "Licence Ouverte / Open Licence 2.0"
	licenceURI = "http://publications.europa.eu/resource/authority/licence/ETALAB_2_0"
	licenceWeb = "https://github.com/etalab/licence-ouverte/blob/master/LO.md"
)

// Patterns of the official codes (R-Z-1 for the quarters).
const (
	motifQPV         = `QN[0-9]{2}[0-9AB][0-9]{2}[NMIC]`
	motifQPV2015     = `QP[0-9A-Z]{6}`
	motifCommune     = `[0-9][0-9AB][0-9]{3}`
	motifDepartement = `[0-9][0-9AB][0-9]?`
	motifSiren       = `[0-9]{9}`
	motifContrat     = `CN[0-9A-Z]{3}[0-9]{2}[A-Z]|CV[0-9A-Z]{1,6}`
)

// plusieurs repeats a pattern, values joined by "|".
func plusieurs(motif string) string { return "(" + motif + `)(\|(` + motif + "))*" }

// Columns that several sets share.
var (
	codeQP     = Champ{Nom: "code_qp", Titre: "Code du quartier", Description: "Code officiel du quartier prioritaire, liste de 2024.", Obligatoire: true, Motif: motifQPV}
	nomQP      = Champ{Nom: "nom_qp", Titre: "Nom du quartier", Description: "Nom officiel.", Obligatoire: true}
	inseeDep   = Champ{Nom: "insee_dep", Titre: "Code du département", Description: "Code INSEE.", Obligatoire: true, Motif: motifDepartement}
	inseeComs  = Champ{Nom: "insee_com", Titre: "Code des communes", Description: "Code INSEE de la commune ; plusieurs sont séparés par « | ».", Motif: plusieurs(motifCommune)}
	nomComs    = Champ{Nom: "nom_com", Titre: "Communes", Description: "Nom des communes, dans l’ordre des codes."}
	sirenEPCIs = Champ{Nom: "siren_epci", Titre: "SIREN des intercommunalités", Description: "SIREN de l’EPCI ; plusieurs sont séparés par « | ».", Motif: plusieurs(motifSiren)}
	indicateur = Champ{Nom: "indicateur", Titre: "Indicateur", Description: "Code de l’indicateur, expliqué dans le jeu « catalogue-indicateurs ».", Obligatoire: true, Motif: `[a-z][a-z0-9_]*`}
	valeur     = Champ{Nom: "valeur", Titre: "Valeur", Description: "Valeur dans l’unité indiquée ; « n.c. » : masquée par le secret statistique.", Type: export.Decimal, Decimales: 2}
	unite      = Champ{Nom: "unite", Titre: "Unité", Obligatoire: true}
	annee      = Champ{Nom: "millesime", Titre: "Millésime", Description: "Année à laquelle la valeur se rapporte ; vide si la source ne la précise pas.", Type: export.Annee}
	source     = Champ{Nom: "source", Titre: "Source", Description: "Source de la valeur, telle que le producteur la nomme.", Obligatoire: true}
	// demonstration marks what is invented: there is none outside demonstration mode.
	demonstration = Champ{Nom: "demonstration", Titre: "Donnée de démonstration", Description: "Vrai : la ligne est inventée pour montrer le portail et n’engage personne.", Type: export.Booleen, Obligatoire: true}
	longitude     = Champ{Nom: "lon", Titre: "Longitude", Description: "Degrés décimaux, WGS 84.", Type: export.Decimal, Decimales: 6}
	latitude      = Champ{Nom: "lat", Titre: "Latitude", Description: "Degrés décimaux, WGS 84.", Type: export.Decimal, Decimales: 6}
)

// required makes a column that may not be empty out of a shared one.
func required(c Champ) Champ { c.Obligatoire = true; return c }

// titled gives a shared column another heading and meaning.
func titled(c Champ, titre, description string) Champ {
	c.Titre, c.Description = titre, description
	return c
}

// find is the set of a code.
func find(code string) (Jeu, bool) {
	for _, j := range jeux {
		if j.Code == code {
			return j, true
		}
	}
	return Jeu{}, false
}

// Formats of a file, as its address ends.
const (
	formatCSV     = "csv"
	formatODS     = "ods"
	formatJSON    = "json"
	formatGeoJSON = "geojson"
	formatSchema  = "schema.json"
)

// formatFichier is a format with what programs and people call it.
type formatFichier struct{ Code, Nom, Type, Role string }

// formats are those of a set: its data, then their description.
func (j Jeu) formats() []formatFichier {
	list := []formatFichier{
		{formatCSV, "CSV", "text/csv; charset=utf-8", "Données, pour les programmes"},
		{formatODS, "ODS", "application/vnd.oasis.opendocument.spreadsheet", "Données, pour un tableur"},
		{formatJSON, "JSON", "application/json; charset=utf-8", "Données, pour les programmes"},
	}
	if j.Geometrie {
		list = append(list, formatFichier{formatGeoJSON, "GeoJSON", "application/geo+json", "Données et contours"})
	}
	return append(list, formatFichier{formatSchema, "Table Schema", "application/json; charset=utf-8", "Description des colonnes"})
}

func (j Jeu) href(f formatFichier) string { return lien.JeuFichier(j.Code, f.Code) }

// colonnes are the columns for the writers of internal/export.
func (j Jeu) colonnes() []export.Colonne {
	columns := make([]export.Colonne, len(j.Champs))
	for i, c := range j.Champs {
		columns[i] = export.Colonne{Titre: c.Titre, Nom: c.Nom, Type: c.Type, Decimales: c.Decimales, Description: c.Description}
	}
	return columns
}

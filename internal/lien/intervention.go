package lien

import (
	"net/url"
	"strconv"
)

// What services do in the quarters: the matrix, its lines, and those that an organisation declares.
const (
	Interventions          = "/interventions"
	InterventionsLignes    = Interventions + "/lignes"
	InterventionNouvelle   = Interventions + "/nouvelle"
	InterventionsReprendre = Interventions + "/reprendre" // lines of a former year in a new one
	InterventionsImport    = Interventions + "/importer"
)

// InterventionsFiltre is the matrix, filtered.
func InterventionsFiltre(filtres url.Values) string { return avec(Interventions, filtres) }

// InterventionsLignesFiltre are the lines behind the matrix, or behind one of its cells.
func InterventionsLignesFiltre(filtres url.Values) string { return avec(InterventionsLignes, filtres) }

// InterventionsFichier are those lines as a file, of the same query string: format is ods, csv or csv-tableur.
func InterventionsFichier(format string, filtres url.Values) string {
	return avec(InterventionsLignes+"/"+fichier(format), filtres)
}

// InterventionNouvelleSur is the form of a line, for a cell of the matrix.
func InterventionNouvelleSur(filtres url.Values) string { return avec(InterventionNouvelle, filtres) }

// Intervention is a line that an organisation declared.
func Intervention(id int64) string { return Interventions + "/" + strconv.FormatInt(id, 10) }

// InterventionActe is a page under it.
func InterventionActe(id int64, acte string) string { return Intervention(id) + "/" + acte }

package httpx

import (
	"bytes"
	"fmt"
	"net/http"

	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/lexique"
)

// Formats are those in which a list can be taken away, in the order offered.
var Formats = []lexique.Mot{{Code: "ods", Libelle: "ODS"}, {Code: "csv-tableur", Libelle: "CSV pour tableur"}, {Code: "csv", Libelle: "CSV"}}

// Table sends a list as a file of one of the Formats, named by its table and the day it was made.
func Table(w http.ResponseWriter, format string, t export.Table) (err error) {
	var body bytes.Buffer
	kind, ext := export.TypeCSV, "csv"
	switch format {
	case "ods":
		kind, ext, err = export.TypeODS, "ods", export.ODS(&body, t)
	case "csv-tableur":
		err = export.CSVTableur(&body, t)
	case "csv":
		err = export.CSV(&body, t)
	default:
		err = fmt.Errorf("format %s: %w", format, fault.NotFound)
	}
	if err != nil {
		return err
	}
	return File(w, kind, export.FileName(t.Apropos.Extrait, ext, t.Nom), body.Bytes())
}

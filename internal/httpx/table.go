package httpx

import (
	"bytes"
	"net/http"

	"portail/internal/export"
	"portail/internal/lexique"
	"portail/web"
)

// Formats are those in which a list can be taken away, in the order offered.
var Formats = []lexique.Mot{{Code: export.FormatODS, Libelle: "ODS"}, {Code: export.FormatCSVTableur, Libelle: "CSV pour tableur"}, {Code: export.FormatCSV, Libelle: "CSV"}}

// Downloads are the files of a list, whose addresses depend on their format.
func Downloads(href func(format string) string) []web.Download {
	all := make([]web.Download, len(Formats))
	for i, f := range Formats {
		all[i] = web.Download{Format: f.Libelle, Href: href(f.Code)}
	}
	return all
}

// Table sends a list as a file of one of the Formats, named by its table and the day it was made.
func Table(w http.ResponseWriter, format string, t export.Table) error {
	var body bytes.Buffer
	kind, ext, err := export.Write(&body, format, t)
	if err != nil {
		return err
	}
	return File(w, kind, export.FileName(t.Apropos.Extrait, ext, t.Nom), body.Bytes())
}

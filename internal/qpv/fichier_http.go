package qpv

import (
	"bytes"
	"net/http"
	"strings"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/geo"
	"portail/internal/httpx"
)

// contentTypes are what each format is served as.
var contentTypes = map[string]string{
	formatCSV: "text/csv; charset=utf-8", formatCSVTableur: "text/csv; charset=utf-8", formatJSON: "application/json; charset=utf-8",
	formatODS: "application/vnd.oasis.opendocument.spreadsheet", formatGeoJSON: "application/geo+json; charset=utf-8",
}

// publierFichier declares a file of published data. Its links are absolute: where no setting names the site, they hold the
// host that was asked for, and such an answer is not kept for other visitors.
func (s *Service) publierFichier(r *httpx.Router, pattern string, h httpx.Handler) {
	if s.cfg.URL == "" {
		r.Get(pattern, droits.Public, h)
		return
	}
	r.Publier(pattern, h)
}

// writeTable sends a table in one of the formats that hold figures.
func writeTable(w http.ResponseWriter, format string, t export.Table) error {
	var b bytes.Buffer
	var err error
	switch format {
	case formatCSVTableur:
		err = export.CSVTableur(&b, t)
	case formatODS:
		err = export.ODS(&b, t)
	case formatJSON:
		err = export.JSON(&b, t)
	default:
		err = export.CSV(&b, t)
	}
	if err != nil {
		return err
	}
	return sendFichier(w, format, t, b.Bytes())
}

// writeContours sends quarters with their contours.
func writeContours(w http.ResponseWriter, t export.Table, all []geo.Feature) error {
	var b bytes.Buffer
	if err := geo.WriteFeatureCollection(&b, geo.All(all)); err != nil {
		return err
	}
	return sendFichier(w, formatGeoJSON, t, b.Bytes())
}

// sendFichier sends the file under a name with its day. Formats that have no room for a permalink and a licence carry them
// as headers (RFC 8288).
func sendFichier(w http.ResponseWriter, format string, t export.Table, content []byte) error {
	ext, parts := format, []string{t.Nom}
	if format == formatCSVTableur {
		ext, parts = formatCSV, append(parts, "tableur")
	}
	if strings.HasPrefix(t.Apropos.Permalien, "http") {
		w.Header().Add("Link", "<"+t.Apropos.Permalien+`>; rel="canonical"`)
	}
	w.Header().Add("Link", `<https://spdx.org/licenses/etalab-2.0.html>; rel="license"`)
	return httpx.File(w, contentTypes[format], export.FileName(t.Apropos.Extrait, ext, parts...), content)
}

package export

import "io"

// Formats of a list, as addresses name them.
const (
	FormatODS        = "ods"
	FormatCSV        = "csv"
	FormatCSVTableur = "csv-tableur"
	FormatJSON       = "json"
)

// Write writes a table in a format, and tells its MIME type and the extension of its file. Any other format is CSV.
func Write(w io.Writer, format string, t Table) (kind, ext string, err error) {
	switch format {
	case FormatODS:
		return TypeODS, "ods", ODS(w, t)
	case FormatCSVTableur:
		return TypeCSV, "csv", CSVTableur(w, t)
	case FormatJSON:
		return TypeJSON, "json", JSON(w, t)
	}
	return TypeCSV, "csv", CSV(w, t)
}

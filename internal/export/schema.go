package export

import (
	"encoding/json"
	"io"
)

// Schema is the Frictionless Table Schema (specs.frictionlessdata.io) of the
// file that CSV writes; data.gouv.fr and schema validators read it.
type Schema struct {
	Name          string        `json:"name,omitempty"`
	Title         string        `json:"title,omitempty"`
	Fields        []SchemaField `json:"fields"`
	MissingValues []string      `json:"missingValues"`
}

// SchemaField describes one column.
type SchemaField struct {
	Name        string `json:"name"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	Type        string `json:"type"`
	Format      string `json:"format,omitempty"`
}

// TableSchema describes the columns of a Table.
func TableSchema(t Table) Schema {
	s := Schema{Name: t.Nom, Title: t.Titre, Fields: []SchemaField{}, MissingValues: []string{"", secret}}
	for _, c := range t.Colonnes {
		f := SchemaField{Name: c.Nom, Title: c.Titre, Description: c.Description}
		switch c.Type {
		case Entier:
			f.Type = "integer"
		case Annee:
			f.Type = "year"
		case Decimal, Pourcent:
			f.Type = "number"
		case Date:
			f.Type = "date"
		case Booleen:
			f.Type = "boolean"
		case Lien:
			f.Type, f.Format = "string", "uri"
		default:
			f.Type = "string"
		}
		s.Fields = append(s.Fields, f)
	}
	return s
}

// WriteTableSchema writes the schema as indented JSON.
func WriteTableSchema(w io.Writer, t Table) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(TableSchema(t))
}

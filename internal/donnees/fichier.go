package donnees

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/paulmach/orb/geojson"

	"portail/internal/export"
	"portail/internal/geo"
)

// write writes a set in one of its formats, row by row. permalien is the address of the set's page, empty when the site does
// not know its own.
func (j Jeu) write(w io.Writer, format string, c contenu, permalien string) error {
	t := j.table(c, permalien)
	switch format {
	case formatCSV:
		return export.CSV(w, t)
	case formatODS:
		return export.ODS(w, t)
	case formatJSON:
		return export.JSON(w, t)
	case formatGeoJSON:
		return geo.WriteFeatureCollection(w, j.features(c))
	case formatSchema:
		return j.writeSchema(w)
	}
	return fmt.Errorf("data set %s has no format %q", j.Code, format)
}

// size is what a file weighs before compression.
func (j Jeu) size(format string, c contenu, permalien string) (int64, error) {
	var n counter
	err := j.write(&n, format, c, permalien)
	return int64(n), err
}

type counter int64

func (n *counter) Write(b []byte) (int, error) {
	*n += counter(len(b))
	return len(b), nil
}

func (j Jeu) table(c contenu, permalien string) export.Table {
	return export.Table{
		Nom: j.Code, Titre: j.Titre, Colonnes: j.colonnes(),
		Lignes: export.Lignes(c.Lignes, func(l ligne) []any { return l.Cellules }),
		Apropos: export.Apropos{Source: j.source(c), Licence: licence, Permalien: permalien,
			Reserves: append(append([]string{}, j.Reserves...), c.Reserves...)},
	}
}

// source names the producer and the files taken in, as the licence asks.
func (j Jeu) source(c contenu) string {
	parts := []string{j.Producteur}
	for _, i := range c.Imports {
		parts = append(parts, i.Fichier+" importé le "+i.FaiteLe.Format(time.DateOnly))
	}
	return strings.Join(parts, " ; ")
}

// features are the rows with their contour; a row without one has a null geometry, which GeoJSON allows.
func (j Jeu) features(c contenu) iter.Seq2[geo.Feature, error] {
	return func(yield func(geo.Feature, error) bool) {
		for _, l := range c.Lignes {
			f := geo.Feature{Proprietes: make([]geo.Propriete, len(j.Champs))}
			for i, champ := range j.Champs {
				f.Proprietes[i] = geo.Propriete{Nom: champ.Nom, Valeur: property(l.Cellules[i])}
			}
			if l.Contour != "" {
				g, err := geojson.UnmarshalGeometry([]byte(l.Contour))
				if err != nil {
					yield(f, fmt.Errorf("contour of %v: %w", l.Cellules[0], err))
					return
				}
				f.Geometrie = g.Geometry()
			}
			if !yield(f, nil) {
				return
			}
		}
	}
}

// property is a cell as GeoJSON holds it, in the words of the other formats.
func property(cell any) any {
	switch v := cell.(type) {
	case export.Secret:
		return nonCommunique
	case time.Time:
		return v.Format(time.DateOnly)
	}
	return cell
}

// nonCommunique stands for a figure hidden by statistical secrecy, as in the files of internal/export.
const nonCommunique = "n.c."

// schema is a Frictionless Table Schema with the constraints that a validator checks.
type schema struct {
	Schema        string        `json:"$schema"`
	Name          string        `json:"name"`
	Title         string        `json:"title"`
	Description   string        `json:"description"`
	Fields        []schemaField `json:"fields"`
	PrimaryKey    []string      `json:"primaryKey,omitempty"`
	MissingValues []string      `json:"missingValues"`
}

type schemaField struct {
	export.SchemaField
	Constraints *constraints `json:"constraints,omitempty"`
}

type constraints struct {
	Required bool     `json:"required,omitempty"`
	Unique   bool     `json:"unique,omitempty"`
	Pattern  string   `json:"pattern,omitempty"`
	Enum     []string `json:"enum,omitempty"`
}

// schema describes the columns. A key whose columns may be empty (a figure without vintage) is not a primaryKey of the
// standard: it is left to the description.
func (j Jeu) schema() schema {
	base := export.TableSchema(export.Table{Nom: j.Code, Titre: j.Titre, Colonnes: j.colonnes()})
	s := schema{Schema: "https://specs.frictionlessdata.io/schemas/table-schema.json", Name: j.Code, Title: j.Titre, Description: j.Description,
		MissingValues: base.MissingValues}
	for i, c := range j.Champs {
		f := schemaField{SchemaField: base.Fields[i]}
		if unique := len(j.Cle) == 1 && j.Cle[0] == c.Nom; c.Obligatoire || unique || c.Motif != "" || c.Valeurs != nil {
			f.Constraints = &constraints{Required: c.Obligatoire, Unique: unique, Pattern: c.Motif, Enum: c.Valeurs}
		}
		s.Fields = append(s.Fields, f)
	}
	if j.keyIsWhole() {
		s.PrimaryKey = j.Cle
	}
	return s
}

// keyIsWhole says whether every column of the key is always filled in.
func (j Jeu) keyIsWhole() bool {
	for _, name := range j.Cle {
		for _, c := range j.Champs {
			if c.Nom == name && !c.Obligatoire {
				return false
			}
		}
	}
	return true
}

func (j Jeu) writeSchema(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(j.schema())
}

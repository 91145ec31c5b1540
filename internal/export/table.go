// Package export writes what the portal shows as files that offices and
// programs open: spreadsheets (ODS), CSV for open data, CSV for spreadsheets,
// JSON, and the Frictionless Table Schema that describes the columns.
//
// Every area describes its list once, as a Table, and every format is written
// from it row by row: a long list never stands whole in memory. Cells that a
// spreadsheet would take for a formula are made harmless, whatever the format.
package export

import (
	"fmt"
	"iter"
	"math"
	"strconv"
	"time"
)

// Type is what the cells of a column hold.
type Type int

// The types of columns.
const (
	Texte    Type = iota // string
	Entier               // whole number, shown with thousands apart
	Annee                // year: a whole number shown without thousands apart
	Decimal              // number with Decimales digits after the comma
	Pourcent             // percentage, given as people say it: 38.4 for 38,4 %
	Date                 // time.Time, of which only the day is kept
	Booleen              // bool, "oui" or "non" in spreadsheets
	Lien                 // string, an http(s) address
)

// Secret stands in a cell for a figure that statistical secrecy hides: it is
// printed "n.c." (non communiqué), never as an empty cell, which is an unknown.
type Secret struct{}

const secret = "n.c."

// Colonne is one column of a Table.
type Colonne struct {
	Titre       string  // heading for people, in French
	Nom         string  // heading for machines: code_qp
	Type        Type    // what the cells hold
	Decimales   int     // digits shown after the comma, for Decimal and Pourcent
	Description string  // one sentence: meaning, unit, vintage; may be empty
	Largeur     float64 // width in a spreadsheet, centimetres; 0 chooses by type
}

// Table is a list to export.
//
// A row holds one value per column: nil (or a nil pointer) when unknown,
// Secret{} when hidden, else the value of the column's Type or a pointer to
// it. A value of another type is a mistake of the program and stops the
// export with an error.
type Table struct {
	Nom      string // for machines: qpv
	Titre    string // for people, in French
	Colonnes []Colonne
	Lignes   iter.Seq2[[]any, error]
	Apropos  Apropos
}

// Apropos is what a reader who finds the file in two years must know. Empty
// fields are left out.
type Apropos struct {
	Source    string    // producers and vintages
	Licence   string    // under which the data may be reused
	Extrait   time.Time // when the file was made
	Permalien string    // address that shows the same list again
	Filtres   []string  // what was asked for, a sentence each: "EPCI : Épinal"
	Reserves  []string  // what must be known before using a figure
}

// Lignes makes the rows of a Table from a list and what to show of each.
func Lignes[T any](list []T, row func(T) []any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, v := range list {
			if !yield(row(v), nil) {
				return
			}
		}
	}
}

// rows calls write with the cells of each row, once judged.
func (t Table) rows(write func([]cell) error) error {
	cells := make([]cell, len(t.Colonnes))
	n := 0
	for row, err := range t.Lignes {
		n++
		if err != nil {
			return fmt.Errorf("export %s: list rows: %w", t.Nom, err)
		}
		if len(row) != len(t.Colonnes) {
			return fmt.Errorf("export %s: row %d has %d cells for %d columns", t.Nom, n, len(row), len(t.Colonnes))
		}
		for i, v := range row {
			if cells[i], err = t.Colonnes[i].cell(v); err != nil {
				return fmt.Errorf("export %s: row %d: %w", t.Nom, n, err)
			}
		}
		if err := write(cells); err != nil {
			return fmt.Errorf("export %s: write: %w", t.Nom, err)
		}
	}
	return nil
}

// cell is one value, judged: exactly one way to be written in each format.
type cell struct {
	state state
	text  string // Texte, Lien: without characters no file can hold
	num   float64
	whole int64 // Entier, Annee
	yes   bool
	day   time.Time
}

type state int

const (
	unknown state = iota
	hidden
	known
)

// cell judges a value against the type of the column.
func (c Colonne) cell(v any) (cell, error) {
	v = pointed(v)
	switch v := v.(type) {
	case nil:
		return cell{}, nil
	case Secret:
		return cell{state: hidden}, nil
	case string:
		if c.Type == Texte || c.Type == Lien {
			return cell{state: known, text: clean(v)}, nil
		}
	case bool:
		if c.Type == Booleen {
			return cell{state: known, yes: v}, nil
		}
	case time.Time:
		if c.Type == Date {
			if v.IsZero() {
				return cell{}, nil
			}
			return cell{state: known, day: v}, nil
		}
	case float64:
		if c.Type == Decimal || c.Type == Pourcent {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return cell{}, nil
			}
			return cell{state: known, num: v}, nil
		}
	case int64:
		switch c.Type {
		case Entier, Annee:
			return cell{state: known, whole: v}, nil
		case Decimal, Pourcent:
			return cell{state: known, num: float64(v)}, nil
		}
	}
	return cell{}, fmt.Errorf("column %s cannot hold %T", c.Nom, v)
}

// pointed follows the pointers by which optional columns are read from the
// database, and brings whole numbers to int64.
func pointed(v any) any {
	switch v := v.(type) {
	case *string:
		return deref(v)
	case *bool:
		return deref(v)
	case *time.Time:
		return deref(v)
	case *float64:
		return deref(v)
	case *int:
		return pointed(deref(v))
	case *int16:
		return pointed(deref(v))
	case *int32:
		return pointed(deref(v))
	case *int64:
		return deref(v)
	case int:
		return int64(v)
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	}
	return v
}

func deref[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// plain is a known cell for machines: decimal point, ISO date, true or false.
func (c Colonne) plain(v cell) string {
	switch c.Type {
	case Entier, Annee:
		return strconv.FormatInt(v.whole, 10)
	case Decimal, Pourcent:
		return strconv.FormatFloat(v.num, 'f', -1, 64)
	case Date:
		return v.day.Format(time.DateOnly)
	case Booleen:
		return strconv.FormatBool(v.yes)
	}
	return v.text
}

package importation

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// table is a CSV being read.
type table struct {
	f        *file
	format   *format
	headings []string
	index    map[string]int // heading → cell
	row      row            // the line being read; its memory is used again for the next
}

// row is one line of data. Its methods read a cell, and note a fault where it is not what it should be.
type row struct {
	t     *table
	line  int
	cells []string
	bad   bool // a fault was noted: the line must not be used
}

// Caps of a CSV. A quote left open would otherwise swallow the rest of the file into one cell.
const (
	maxCell = 10_000  // bytes
	maxLine = 1 << 20 // bytes
)

func (f *file) readCSV(ctx context.Context, in *input) (*format, error) {
	guard := &capped{r: in, left: maxLine}
	lines := csv.NewReader(guard)
	lines.FieldsPerRecord, lines.ReuseRecord = -1, true
	lines.Comma = f.separator()
	headings, err := lines.Read()
	if err != nil {
		return nil, f.unreadable(err)
	}
	t := f.recognise(slices.Clone(headings), lines.Comma)
	if t == nil {
		return nil, f.drain(in)
	}
	if err := f.createTemps(ctx, t.format.temps); err != nil {
		return nil, err
	}
	if t.format.begin != nil {
		if err := t.format.begin(ctx, f); err != nil {
			return nil, err
		}
	}
	for {
		guard.left = maxLine
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if err := f.unreadable(err); err != nil {
				return nil, err
			}
			if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
				continue // the next line can be read
			}
			return t.format, f.drain(in)
		}
		f.summary.Lines++
		line, _ := lines.FieldPos(0)
		t.row = row{t: t, line: line, cells: cells}
		if stop := t.row.clean(); stop {
			return t.format, f.drain(in)
		}
		if t.row.bad {
			continue
		}
		if err := t.format.row(f, &t.row); err != nil {
			return nil, err
		}
		if err := f.flush(ctx, chunk); err != nil {
			return nil, err
		}
	}
	if f.summary.Lines == 0 && f.report.empty() {
		f.fault(1, 0, "", "", "Le fichier n’a aucune ligne de données.")
	}
	return t.format, f.flush(ctx, 0)
}

// unreadable turns what the CSV reader refuses into a fault; an error of the disk stays an error.
func (f *file) unreadable(err error) error {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		f.fault(1, 0, "", "", "Le fichier est vide.")
	case errors.As(err, &parse):
		f.fault(parse.Line, 0, "", "", "Guillemets mal placés\u00a0: un guillemet dans une cellule se double, et la cellule s’entoure de guillemets.")
	case errors.Is(err, errTooBig): // told by the guard of the line
		f.fault(f.summary.Lines+2, 0, "", "", "Cellule ou ligne démesurée (plus de 1 Mo)\u00a0: un guillemet n’est sans doute pas refermé.")
	default:
		return f.damaged(err)
	}
	return nil
}

// drain reads the rest of a file that is refused.
func (f *file) drain(in *input) error {
	if err := in.drain(); err != nil {
		return f.damaged(err)
	}
	return nil
}

// damaged turns what the decompressor refuses into a fault; an error of the disk stays an error.
func (f *file) damaged(err error) error {
	var corrupt flate.CorruptInputError
	if errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &corrupt) {
		f.fault(f.summary.Lines+1, 0, "", "", "Le fichier compressé est tronqué ou abîmé.")
		return nil
	}
	return err
}

// separator is the one of the formats of the kind.
func (f *file) separator() rune {
	for _, fm := range formats[f.kind] {
		if fm.separator != 0 {
			return fm.separator
		}
	}
	return ','
}

// recognise finds the format of a file by its headings; what is missing or twice is told.
func (f *file) recognise(headings []string, separator rune) *table {
	for i, h := range headings {
		if !utf8.ValidString(h) {
			f.fault(1, i+1, "", h, notUTF8)
			return nil
		}
		headings[i] = strings.TrimSpace(h)
	}
	if len(headings) == 1 && strings.ContainsAny(headings[0], ",;\t") {
		f.fault(1, 0, "", headings[0], fmt.Sprintf("Le séparateur attendu entre les colonnes est «\u00a0%c\u00a0».", separator))
		return nil
	}
	t := &table{f: f, headings: headings, index: map[string]int{}}
	for i, h := range headings {
		if _, twice := t.index[h]; twice {
			f.fault(1, i+1, h, h, "Cet intitulé de colonne est répété.")
			return nil
		}
		if h == "" {
			f.fault(1, i+1, "", "", "Cette colonne n’a pas d’intitulé.")
			return nil
		}
		t.index[h] = i
	}
	var missing []string
	for _, fm := range formats[f.kind] {
		if fm.geojson {
			continue
		}
		lacks := t.lacks(fm.need)
		if len(lacks) == 0 {
			t.format = fm
			f.otherHeadings(t)
			return t
		}
		if missing == nil || len(lacks) < len(missing) {
			missing = lacks
			t.format = fm
		}
	}
	if t.format == nil {
		f.fault(1, 0, "", "", "Un fichier GeoJSON est attendu.")
		return nil
	}
	f.fault(1, 0, "", strings.Join(headings, string(separator)), fmt.Sprintf("Intitulés manquants pour un fichier «\u00a0%s\u00a0»\u00a0: %s.",
		t.format.name, strings.Join(missing, ", ")))
	return nil
}

func (t *table) lacks(need []string) (missing []string) {
	for _, h := range need {
		if _, there := t.index[h]; !there {
			missing = append(missing, h)
		}
	}
	return missing
}

// otherHeadings lets the format judge headings of its own, then tells of those that nobody reads.
func (f *file) otherHeadings(t *table) {
	if t.format.headings != nil {
		t.format.headings(f, t)
		return
	}
	f.leftAside(t, func(string) bool { return false })
}

// leftAside notes the headings that are neither the format's nor read otherwise.
func (f *file) leftAside(t *table, read func(heading string) bool) {
	for _, h := range t.headings {
		if !t.format.knows(h) && !read(h) {
			f.notes = append(f.notes, "La colonne «\u00a0"+h+"\u00a0» n’est pas lue.")
		}
	}
}

func (fm *format) knows(heading string) bool {
	return slices.Contains(fm.need, heading) || slices.Contains(fm.may, heading) || slices.Contains(fm.known, heading)
}

const notUTF8 = "Le fichier n’est pas encodé en UTF-8 (sans doute en Latin-1 ou Windows-1252)\u00a0: l’enregistrer en UTF-8."

// clean judges the line as a whole. It says to stop when the file is in another encoding: every accent would be a fault.
func (r *row) clean() (stop bool) {
	if n, want := len(r.cells), len(r.t.headings); n != want {
		why := "La ligne a moins de cellules (%d) que d’intitulés (%d)."
		if n > want {
			why = "La ligne a plus de cellules (%d) que d’intitulés (%d)."
		}
		r.faultAt(-1, "", fmt.Sprintf(why, n, want))
		return false
	}
	for i, cell := range r.cells {
		if plain(cell) {
			continue
		}
		switch {
		case !utf8.ValidString(cell):
			r.faultAt(i, cell, notUTF8)
			return true
		case len(cell) > maxCell:
			r.faultAt(i, cell, fmt.Sprintf("La cellule est démesurée (%d octets, %d au plus).", len(cell), maxCell))
		case strings.ContainsRune(cell, 0):
			r.faultAt(i, cell, "La cellule contient un octet nul.")
		case strings.ContainsFunc(cell, func(c rune) bool { return c < ' ' || c >= 0x7f && c < 0xa0 }):
			r.faultAt(i, cell, "La cellule contient un caractère de contrôle ou un saut de ligne.")
		case strings.ContainsRune(cell, utf8.RuneError), strings.Contains(cell, "Ã©"), strings.Contains(cell, "Ã¨"):
			r.faultAt(i, cell, "Le texte a été abîmé par un changement d’encodage.")
		}
	}
	return false
}

// plain tells quickly that a cell is short and of visible ASCII, as nearly all are.
func plain(s string) bool {
	if len(s) > maxCell {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// faultAt notes a fault of a cell, counted from 0; -1 is the whole line.
func (r *row) faultAt(cell int, found, why string) {
	r.bad = true
	heading := ""
	if cell >= 0 && cell < len(r.t.headings) {
		heading = r.t.headings[cell]
	}
	r.t.f.fault(r.line, cell+1, heading, found, why)
}

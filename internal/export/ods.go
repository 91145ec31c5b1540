package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// MIME types of the files written here.
const (
	TypeODS  = "application/vnd.oasis.opendocument.spreadsheet"
	TypeCSV  = "text/csv; charset=utf-8"
	TypeJSON = "application/json; charset=utf-8"
)

// maxRows is what LibreOffice and Excel hold in one sheet, heading included.
const maxRows = 1 << 20

// ErrTooLong tells that a list does not fit in a sheet of a spreadsheet.
var ErrTooLong = errors.New("too many rows for a spreadsheet")

// ODS writes a spreadsheet (OpenDocument 1.3) of one sheet per table and a
// last one, "À propos", that recalls for each its source, licence, date,
// address, filters, reservations and the meaning of its columns. Headings stay
// on screen and on each printed page (A4 landscape), and filter the list.
//
// Rows go straight to w, so an error of the rows leaves a cut file behind.
func ODS(w io.Writer, tables ...Table) error {
	names := sheetNames(tables)
	z, err := newPackage(w, TypeODS)
	if err != nil {
		return fmt.Errorf("write ODS: %w", err)
	}
	title := ""
	if len(tables) > 0 {
		title = tables[0].Titre
	}
	entry, err := addParts(z, []part{{"META-INF/manifest.xml", odsManifest}, {"meta.xml", odsMeta(title, tables)}, {"settings.xml", odsSettings(names)}, {"styles.xml", odsStyles}})
	if err != nil {
		return fmt.Errorf("write ODS: %w", err)
	}
	out := &content{w: bufio.NewWriterSize(entry, 1<<16)}
	if err := out.write(tables, names); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write ODS: %w", err)
	}
	return nil
}

const aboutSheet = "À propos"

// sheetNames gives each table a name that spreadsheets accept: at most 31
// characters, none of []*?:/\', no two alike; the last is that of "À propos".
func sheetNames(tables []Table) []string {
	taken := map[string]bool{strings.ToLower(aboutSheet): true}
	var names []string
	for i, t := range tables {
		base := strings.TrimSpace(strings.Map(func(r rune) rune {
			if strings.ContainsRune(`[]*?:/\'`, r) || r < ' ' {
				return ' '
			}
			return r
		}, clean(t.Titre)))
		if base == "" {
			base = fmt.Sprintf("Feuille %d", i+1)
		}
		name := cut(base, 31)
		for n := 2; taken[strings.ToLower(name)]; n++ {
			suffix := fmt.Sprintf(" (%d)", n)
			name = cut(base, 31-len(suffix)) + suffix
		}
		taken[strings.ToLower(name)] = true
		names = append(names, name)
	}
	return append(names, aboutSheet)
}

func cut(s string, runes int) string {
	if utf8.RuneCountInString(s) <= runes {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:runes]))
}

// address is a range of cells from A1, as OpenDocument writes it.
func address(sheet string, columns, rows int) string {
	letters := ""
	for n := columns; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return fmt.Sprintf("'%s'.A1:'%s'.%s%d", sheet, sheet, letters, rows)
}

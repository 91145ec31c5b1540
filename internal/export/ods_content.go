package export

import (
	"bufio"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// content writes content.xml. Errors of the bufio.Writer stay in it and come
// back at the end of a row or of the file.
type content struct {
	w      *bufio.Writer
	b      []byte // the row being made
	widths []string
	ranges []string // database ranges, written after the sheets
}

func (o *content) write(tables []Table, names []string) error {
	_, _ = o.w.WriteString(odsContentStart)
	o.styles(tables)
	_, _ = o.w.WriteString("<office:body><office:spreadsheet>\n")
	about := Table{Nom: "apropos", Colonnes: []Colonne{{Titre: "Rubrique", Largeur: 5}, {Titre: "Contenu", Type: Lien, Largeur: 20}}}
	var lines [][]any
	for i, t := range tables {
		n, err := o.sheet(t, names[i], i+1)
		if err != nil {
			return err
		}
		lines = append(lines, aboutLines(t, n)...)
	}
	about.Lignes = Lignes(lines, func(l []any) []any { return l })
	if _, err := o.sheet(about, names[len(tables)], 0); err != nil {
		return err
	}
	_, _ = o.w.WriteString("<table:database-ranges>")
	for _, r := range o.ranges {
		_, _ = o.w.WriteString(r)
	}
	_, _ = o.w.WriteString("</table:database-ranges></office:spreadsheet></office:body></office:document-content>\n")
	if err := o.w.Flush(); err != nil {
		return fmt.Errorf("write ODS: %w", err)
	}
	return nil
}

// styles declares one cell style per type and number of decimals, and one
// column style per width, before any sheet uses them.
func (o *content) styles(tables []Table) {
	o.widths = []string{width(5), width(20)}
	var done []string
	for _, t := range tables {
		for _, c := range t.Colonnes {
			if w := c.width(); !slices.Contains(o.widths, w) {
				o.widths = append(o.widths, w)
			}
			if s := c.style(); (c.Type == Decimal || c.Type == Pourcent) && !slices.Contains(done, s) {
				done = append(done, s)
				o.numberStyle(c, s)
			}
		}
	}
	for i, w := range o.widths {
		_, _ = fmt.Fprintf(o.w, `<style:style style:name="co%d" style:family="table-column"><style:table-column-properties style:column-width="%s"/></style:style>`+"\n", i, w)
	}
	_, _ = o.w.WriteString("</office:automatic-styles>\n")
}

func (o *content) numberStyle(c Colonne, name string) {
	kind, suffix := "number", ""
	if c.Type == Pourcent {
		kind, suffix = "percentage", "<number:text>\u00a0%</number:text>"
	}
	_, _ = fmt.Fprintf(o.w, `<number:%s-style style:name="N%s" number:language="fr" number:country="FR"><number:number number:decimal-places="%d" number:min-decimal-places="%d" number:min-integer-digits="1" number:grouping="true"/>%s</number:%s-style>`,
		kind, name, c.Decimales, c.Decimales, suffix, kind)
	_, _ = fmt.Fprintf(o.w, `<style:style style:name="%s" style:family="table-cell" style:parent-style-name="Default" style:data-style-name="N%s"/>`+"\n", name, name)
}

// style names the style of the known cells of a column.
func (c Colonne) style() string {
	switch c.Type {
	case Entier:
		return "entier"
	case Annee:
		return "annee"
	case Decimal:
		return "decimal" + strconv.Itoa(c.Decimales)
	case Pourcent:
		return "pourcent" + strconv.Itoa(c.Decimales)
	case Date:
		return "date"
	case Lien:
		return "lien"
	}
	return "texte"
}

// headStyle puts a heading above its cells: numbers and dates stand right.
func (c Colonne) headStyle() string {
	switch c.Type {
	case Texte, Booleen, Lien:
		return "entete"
	}
	return "entete-droite"
}

// width makes room for the longest word of the heading and for usual cells.
func (c Colonne) width() string {
	if c.Largeur > 0 {
		return width(c.Largeur)
	}
	w := 2.6
	switch c.Type {
	case Texte:
		w = 5
	case Lien:
		w = 7
	}
	for _, word := range strings.Fields(c.Titre) {
		w = max(w, 0.6+0.24*float64(len([]rune(word)))) // bold 10 pt, and the filter button
	}
	return width(w)
}

func width(cm float64) string { return strconv.FormatFloat(cm, 'f', 2, 64) + "cm" }

// sheet writes one table and returns its number of rows; rank 0 is the sheet
// "À propos", which is not a list to filter.
func (o *content) sheet(t Table, name string, rank int) (int, error) {
	b := append(o.b[:0], `<table:table table:style-name="feuille" table:name="`...)
	b = append(appendEscaped(b, name), "\">\n"...)
	for _, c := range t.Colonnes {
		b = fmt.Appendf(b, `<table:table-column table:style-name="co%d" table:default-cell-style-name="%s"/>`,
			slices.Index(o.widths, c.width()), c.style())
	}
	b = append(b, "\n<table:table-header-rows>"+rowStart...)
	for _, c := range t.Colonnes {
		b = append(append(b, `<table:table-cell office:value-type="string" table:style-name="`...), c.headStyle()...)
		b = append(b, `">`...)
		b = append(appendText(b, neutral(clean(c.Titre))), "</table:table-cell>"...)
	}
	b = append(b, "</table:table-row></table:table-header-rows>\n"...)
	_, _ = o.w.Write(b)
	n := 0
	err := t.rows(func(cells []cell) error {
		if n++; n >= maxRows {
			return ErrTooLong
		}
		o.b = append(o.b[:0], rowStart...)
		for i, v := range cells {
			o.b = appendCell(o.b, t.Colonnes[i], v)
		}
		o.b = append(o.b, "</table:table-row>\n"...)
		_, err := o.w.Write(o.b)
		return err
	})
	if err != nil {
		return n, err
	}
	_, _ = o.w.WriteString("</table:table>\n")
	if rank > 0 && len(t.Colonnes) > 0 {
		r := fmt.Appendf(nil, `<table:database-range table:name="liste%d" table:contains-header="true" table:display-filter-buttons="true" table:target-range-address="`, rank)
		r = append(appendEscaped(r, address(name, len(t.Colonnes), n+1)), `"/>`...)
		o.ranges = append(o.ranges, string(r))
	}
	return n, nil
}

// rowStart lets the reader make a row as high as its longest text.
const rowStart = `<table:table-row table:style-name="ligne">`

func appendCell(b []byte, c Colonne, v cell) []byte {
	switch v.state {
	case unknown:
		return append(b, "<table:table-cell/>"...)
	case hidden:
		return append(b, `<table:table-cell table:style-name="secret" office:value-type="string"><text:p>`+secret+`</text:p></table:table-cell>`...)
	}
	b = append(b, `<table:table-cell office:value-type="`...)
	switch c.Type {
	case Entier, Annee:
		b = strconv.AppendInt(append(b, `float" office:value="`...), v.whole, 10)
		b = strconv.AppendInt(append(b, `"><text:p>`...), v.whole, 10)
		b = append(b, "</text:p>"...)
	case Decimal:
		b = strconv.AppendFloat(append(b, `float" office:value="`...), v.num, 'f', -1, 64)
		b = append(b, `"><text:p>`...)
		b = append(appendComma(b, v.num, c.Decimales), "</text:p>"...)
	case Pourcent:
		b = strconv.AppendFloat(append(b, `percentage" office:value="`...), v.num/100, 'f', -1, 64)
		b = append(b, `"><text:p>`...)
		b = append(appendComma(b, v.num, c.Decimales), "\u00a0%</text:p>"...)
	case Date:
		b = v.day.AppendFormat(append(b, `date" office:date-value="`...), time.DateOnly)
		b = v.day.AppendFormat(append(b, `"><text:p>`...), "02/01/2006")
		b = append(b, "</text:p>"...)
	case Booleen:
		b = append(append(append(b, `string"><text:p>`...), ouiNon(v.yes)...), "</text:p>"...)
	case Lien:
		b = appendLink(append(b, `string">`...), v.text)
	default:
		b = appendText(append(b, `string">`...), neutral(v.text))
	}
	return append(b, "</table:table-cell>"...)
}

func appendComma(b []byte, v float64, decimals int) []byte {
	start := len(b)
	b = strconv.AppendFloat(b, v, 'f', decimals, 64)
	if i := slices.Index(b[start:], '.'); i >= 0 {
		b[start+i] = ','
	}
	return b
}

// webAddress says whether an address may be made a link: others (macros, files of the reader's disk) stay text.
func webAddress(address string) bool {
	return (strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "mailto:")) && !strings.ContainsAny(address, " \t\n")
}

func appendLink(b []byte, address string) []byte {
	if !webAddress(address) {
		return appendText(b, neutral(address))
	}
	b = append(b, `<text:p><text:a xlink:type="simple" xlink:href="`...)
	b = append(appendEscaped(b, address), `">`...)
	return append(appendEscaped(b, address), "</text:a></text:p>"...)
}

// appendText writes a clean text as paragraphs.
func appendText(b []byte, s string) []byte {
	for line := range strings.SplitSeq(s, "\n") {
		b = append(b, "<text:p>"...)
		b = append(appendSpaced(b, line), "</text:p>"...)
	}
	return b
}

// appendSpaced writes a clean line. XML readers collapse spaces, so all but single inner ones are written as elements.
func appendSpaced(b []byte, line string) []byte {
	if !strings.Contains(line, "  ") && !strings.Contains(line, "\t") && !strings.HasPrefix(line, " ") {
		return appendEscaped(b, line)
	}
	space := true
	for _, r := range line {
		switch {
		case r == '\t':
			b = append(b, "<text:tab/>"...)
		case r == ' ' && space:
			b = append(b, "<text:s/>"...)
		default:
			b = appendEscaped(b, string(r))
		}
		space = r == ' '
	}
	return b
}

// appendEscaped writes a clean text for XML content and attributes.
func appendEscaped(b []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; c {
		case '&':
			b = append(b, "&amp;"...)
		case '<':
			b = append(b, "&lt;"...)
		case '>':
			b = append(b, "&gt;"...)
		case '"':
			b = append(b, "&quot;"...)
		case '\n':
			b = append(b, "&#10;"...)
		case '\t':
			b = append(b, "&#9;"...)
		default:
			b = append(b, c)
		}
	}
	return b
}

package tableur_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"strings"
	"testing"
)

// parts are the files of a workbook, in order: name, text.
type parts [][2]string

// zipped makes a workbook of its parts.
func zipped(t testing.TB, p parts) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed) })
	for _, part := range p {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = io.WriteString(w, part[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const odsDebut = `<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:calcext="c"><office:body><office:spreadsheet>`
const odsFin = `</office:spreadsheet></office:body></office:document-content>`

// ods makes a workbook of one sheet out of its rows, as XML.
func ods(t testing.TB, rows string) []byte {
	t.Helper()
	return zipped(t, parts{{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
		{"content.xml", odsDebut + `<table:table table:name="Feuille 1">` + rows + `</table:table>` + odsFin}})
}

// odsTexte is a cell of text.
func odsTexte(s string) string {
	return `<table:table-cell office:value-type="string"><text:p>` + s + `</text:p></table:table-cell>`
}

func odsRow(cells ...string) string {
	return "<table:table-row>" + strings.Join(cells, "") + "</table:table-row>"
}

const (
	xlsxWorkbook = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="r"><workbookPr/><sheets><sheet name="Cachée" sheetId="2" state="hidden" r:id="rId2"/><sheet name="Postes" sheetId="1" r:id="rId1"/></sheets></workbook>`
	xlsxRels     = `<Relationships><Relationship Id="rId1" Type="w" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="w" Target="/xl/worksheets/sheet2.xml"/></Relationships>`
	// styles: 0 general, 1 a built-in date, 2 a percentage, 3 a date of its own, 4 euros
	xlsxStyles = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-40C]d\ mmmm\ yyyy;@"/><numFmt numFmtId="165" formatCode="#,##0.00\ &quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`
	xlsxTextes = `<sst><si><t>Employeur</t></si><si><r><t>Mission</t></r><r><t xml:space="preserve"> locale</t></r><rPh sb="0" eb="1"><t>phonétique</t></rPh></si><si><t>a_x000D_b</t></si></sst>`
)

// xlsx makes a workbook whose visible sheet has these rows, as XML.
func xlsx(t testing.TB, rows string) []byte {
	t.Helper()
	return zipped(t, parts{{"[Content_Types].xml", "<Types/>"}, {"xl/workbook.xml", xlsxWorkbook}, {"xl/_rels/workbook.xml.rels", xlsxRels}, {"xl/styles.xml", xlsxStyles},
		{"xl/sharedStrings.xml", xlsxTextes}, {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"},
		{"xl/worksheets/sheet2.xml", `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`}})
}

// xlsxRows makes rows of inline texts.
func xlsxRows(rows ...[]string) string {
	var b strings.Builder
	for i, row := range rows {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for j, text := range row {
			fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+j, i+1, text)
		}
		b.WriteString("</row>")
	}
	return b.String()
}

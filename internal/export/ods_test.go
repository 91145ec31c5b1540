package export

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sheet is what a reader of the file sees.
type sheet struct {
	name string
	rows [][]odsCell
}

type odsCell struct {
	kind, value, style, text, link string
}

func unzip(t testing.TB, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(b)
	}
	return files
}

func readODS(t testing.TB, tables ...Table) []sheet {
	t.Helper()
	var out bytes.Buffer
	if err := ODS(&out, tables...); err != nil {
		t.Fatal(err)
	}
	files := unzip(t, out.Bytes())
	for name, text := range files {
		if !strings.HasSuffix(name, ".xml") {
			continue
		}
		for dec := xml.NewDecoder(strings.NewReader(text)); ; {
			if _, err := dec.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	return readContent(t, files["content.xml"])
}

func readContent(t testing.TB, content string) []sheet {
	t.Helper()
	var sheets []sheet
	var cell *odsCell
	attr := func(e xml.StartElement, name string) string {
		for _, a := range e.Attr {
			if a.Name.Local == name {
				return a.Value
			}
		}
		return ""
	}
	for dec := xml.NewDecoder(strings.NewReader(content)); ; {
		token, err := dec.Token()
		if err == io.EOF {
			return sheets
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch last := len(sheets) - 1; e.Name.Local {
			case "table":
				sheets = append(sheets, sheet{name: attr(e, "name")})
			case "table-row":
				sheets[last].rows = append(sheets[last].rows, nil)
			case "table-cell":
				row := &sheets[last].rows[len(sheets[last].rows)-1]
				*row = append(*row, odsCell{kind: attr(e, "value-type"), value: attr(e, "value") + attr(e, "date-value"), style: attr(e, "style-name")})
				cell = &(*row)[len(*row)-1]
			case "p":
				if cell != nil && cell.text != "" {
					cell.text += "\n"
				}
			case "s":
				cell.text += " "
			case "tab":
				cell.text += "\t"
			case "a":
				cell.link = attr(e, "href")
			}
		case xml.EndElement:
			if e.Name.Local == "table-cell" {
				cell = nil
			}
		case xml.CharData:
			if cell != nil {
				cell.text += string(e)
			}
		}
	}
}

func TestODSIsAnOpenDocumentPackage(t *testing.T) {
	var out bytes.Buffer
	if err := ODS(&out, sample()); err != nil {
		t.Fatal(err)
	}
	raw := out.Bytes()
	// Local header of the first entry: no flag (so no data descriptor), stored, sizes known.
	if string(raw[:4]) != "PK\x03\x04" || binary.LittleEndian.Uint16(raw[6:]) != 0 || binary.LittleEndian.Uint16(raw[8:]) != 0 ||
		binary.LittleEndian.Uint32(raw[18:]) != uint32(len(TypeODS)) || binary.LittleEndian.Uint16(raw[28:]) != 0 ||
		string(raw[30:38+len(TypeODS)]) != "mimetype"+TypeODS {
		t.Errorf("start of the file: %q", raw[:80])
	}
	files := unzip(t, raw)
	for _, name := range []string{"META-INF/manifest.xml", "content.xml", "styles.xml", "meta.xml", "settings.xml"} {
		if files[name] == "" {
			t.Errorf("no %s", name)
		}
		if name != "META-INF/manifest.xml" && !strings.Contains(files["META-INF/manifest.xml"], `"`+name+`"`) {
			t.Errorf("%s is not in the manifest", name)
		}
	}
	if !strings.Contains(files["content.xml"], `table:target-range-address="'Quartiers prioritaires'.A1:'Quartiers prioritaires'.I5"`) {
		t.Error("no filter on the list")
	}
	if !strings.Contains(files["settings.xml"], `config:name="Quartiers prioritaires"`) || !strings.Contains(files["styles.xml"], "landscape") {
		t.Error("headings not frozen, or page not landscape")
	}
}

func TestODSCells(t *testing.T) {
	sheets := readODS(t, sample())
	if len(sheets) != 2 || sheets[0].name != "Quartiers prioritaires" || sheets[1].name != "À propos" {
		t.Fatalf("sheets %+v", sheets)
	}
	rows := sheets[0].rows
	if len(rows) != 5 || rows[0][5].text != "Taux de pauvreté" || rows[0][7].text != "Zone & <x>" {
		t.Fatalf("headings %+v", rows)
	}
	want := []odsCell{
		{kind: "string", text: "QN08801M"},
		{kind: "string", text: "Bitola-La Vierge"},
		{kind: "float", value: "1800", text: "1800"},
		{kind: "float", value: "2020", text: "2020"},
		{kind: "float", value: "40.7", text: "40,7"},
		{kind: "percentage", value: "0.384", text: "38,4\u00a0%"},
		{kind: "date", value: "2026-11-22", text: "22/11/2026"},
		{kind: "string", text: "oui"},
		{kind: "string", text: "https://portail.example/qpv/QN08801M?a=1&b=2", link: "https://portail.example/qpv/QN08801M?a=1&b=2"},
	}
	for i, c := range rows[1] {
		if c != want[i] {
			t.Errorf("column %d: %+v, want %+v", i, c, want[i])
		}
	}
	for i, c := range rows[2][1:8] {
		if c != (odsCell{}) {
			t.Errorf("unknown value %d: %+v", i, c)
		}
	}
	if c := rows[3][2]; c.kind != "string" || c.text != "n.c." {
		t.Errorf("hidden figure: %+v", c)
	}
	if c := rows[3][1]; c.text != "a;b,c\"d\ne" {
		t.Errorf("text of two lines: %+v", c)
	}
	if c := rows[3][8]; c.link != "" || c.text != "javascript:alert(1)" {
		t.Errorf("address of a script: %+v", c)
	}
	if c := rows[4]; c[0].text != "'=1+1" || c[1].text != "'@SUM(A1)\u202e" || c[8].text[:2] != "'=" || c[4].value != "-0.125" {
		t.Errorf("hostile row: %+v", c)
	}
}

func TestODSTellsAbout(t *testing.T) {
	table := sample()
	table.Apropos.Reserves = append(table.Apropos.Reserves, "=cmd()  \tdeux espaces")
	other := Table{Nom: "vide", Titre: "quartiers prioritaires", Colonnes: []Colonne{{Titre: "A", Nom: "a"}}, Lignes: Lignes([]int(nil), nil)}
	sheets := readODS(t, table, other, Table{Titre: "['Un titre bien trop long pour une feuille']", Lignes: Lignes([]int(nil), nil)})
	names := ""
	for _, s := range sheets {
		names += s.name + "|"
	}
	if names != "Quartiers prioritaires|quartiers prioritaires (2)|Un titre bien trop long pour un|À propos|" {
		t.Errorf("sheets %s", names)
	}
	about := ""
	for _, row := range sheets[3].rows {
		about += row[0].text + "=" + row[1].text + "\n"
	}
	for _, line := range []string{
		"Liste=Quartiers prioritaires", "Nombre de lignes=4", "Source=ANCT, INSEE", "Licence=Licence Ouverte 2.0", "Extrait le=22/11/2026",
		"Adresse de la liste=https://portail.example/qpv?epci=88", "Filtre=EPCI", "Réserve=Le millésime", "Réserve='=cmd()  \tdeux espaces",
		"Colonne «\u00a0Nom\u00a0»=nom_qp – Nom officiel.", "Filtre=aucun\u00a0: liste entière", "Nombre de lignes=0",
	} {
		if !strings.Contains(about, line) {
			t.Errorf("nothing says %q in\n%s", line, about)
		}
	}
}

func TestAddress(t *testing.T) {
	for columns, want := range map[int]string{1: "A", 26: "Z", 27: "AA", 52: "AZ", 53: "BA", 702: "ZZ", 703: "AAA"} {
		if got := address("x", columns, 3); got != "'x'.A1:'x'."+want+"3" {
			t.Errorf("column %d: %s", columns, got)
		}
	}
}

func TestODSRefusesTooManyRows(t *testing.T) {
	table := Table{Titre: "x", Colonnes: []Colonne{{Nom: "a", Type: Entier}}, Lignes: func(yield func([]any, error) bool) {
		row := []any{int64(1)}
		for yield(row, nil) {
		}
	}}
	if err := ODS(io.Discard, table); !errors.Is(err, ErrTooLong) {
		t.Errorf("endless list: %v", err)
	}
}

// large is 20 000 rows of ten columns.
func large() Table {
	t := sample()
	t.Lignes = func(yield func([]any, error) bool) {
		for i := range 20_000 {
			if !yield([]any{"QN" + strconv.Itoa(i), "Un nom de quartier", i, 2020, float64(i) / 7, float64(i) / 300,
				day.Add(time.Duration(i) * time.Hour), i%2 == 0, "https://portail.example/qpv/" + strconv.Itoa(i)}, nil) {
				return
			}
		}
	}
	return t
}

func BenchmarkODS20000(b *testing.B) {
	for b.Loop() {
		if err := ODS(io.Discard, large()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCSV20000(b *testing.B) {
	for b.Loop() {
		if err := CSV(io.Discard, large()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkJSON20000(b *testing.B) {
	for b.Loop() {
		if err := JSON(io.Discard, large()); err != nil {
			b.Fatal(err)
		}
	}
}

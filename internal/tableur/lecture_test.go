package tableur_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"portail/internal/export"
	"portail/internal/tableur"
)

// montre writes a sheet for comparison: row:kind+text|…
func montre(f tableur.Feuille) string {
	var b strings.Builder
	for _, r := range f.Rangees {
		fmt.Fprintf(&b, "%d:", r.Numero)
		for i, c := range r.Cellules {
			if i > 0 {
				b.WriteByte('|')
			}
			text, _ := c.MarshalText()
			b.Write(text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func utf16le(s string, mark bool) []byte {
	var b bytes.Buffer
	units := utf16.Encode([]rune(s))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	_ = binary.Write(&b, binary.LittleEndian, units)
	return b.Bytes()
}

func utf16be(s string) []byte {
	var b bytes.Buffer
	_ = binary.Write(&b, binary.BigEndian, append([]uint16{0xfeff}, utf16.Encode([]rune(s))...))
	return b.Bytes()
}

func TestFilesAreReadWhateverTheyAreWrittenIn(t *testing.T) {
	const text = "Employeur;Quotité\nMairie d’Épinal – œuvre;80\n\n\"deux\nlignes\";100\n"
	const want = "1:tEmployeur|tQuotité\n2:tMairie d’Épinal – œuvre|t80\n4:tdeux\nlignes|t100\n"
	windows, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content      []byte
		want, format string
	}{
		"UTF-8":                      {[]byte(text), want, "CSV, encodage UTF-8"},
		"UTF-8 with its mark":        {[]byte("\ufeff" + text), want, "CSV, encodage UTF-8"},
		"Windows-1252":               {[]byte(windows), want, "CSV, encodage Windows-1252"},
		"UTF-16, little end first":   {utf16le(text, true), want, "CSV, encodage UTF-16"},
		"UTF-16, big end first":      {utf16be(text), want, "CSV, encodage UTF-16"},
		"UTF-16 without its mark":    {utf16le(text, false), want, "CSV, encodage UTF-16"},
		"CRLF":                       {[]byte(strings.ReplaceAll(text, "\n", "\r\n")), want, "CSV, encodage UTF-8"},
		"commas":                     {[]byte("a,b,c\n\"1,5\",2,3\n"), "1:ta|tb|tc\n2:t1,5|t2|t3\n", "CSV, encodage UTF-8"},
		"tabs":                       {[]byte("a\tb\n1,5\t2\n"), "1:ta|tb\n2:t1,5|t2\n", "CSV, encodage UTF-8"},
		"decimal commas do not cut":  {[]byte("a;b\n1,5;2,5\n3,5;4,5\n"), "1:ta|tb\n2:t1,5|t2,5\n3:t3,5|t4,5\n", "CSV, encodage UTF-8"},
		"the separator is announced": {[]byte("sep=,\r\na,b\r\n1,2\r\n"), "2:ta|tb\n3:t1|t2\n", "CSV, encodage UTF-8"},
		"one column":                 {[]byte("nom\nA\nB\n"), "1:tnom\n2:tA\n3:tB\n", "CSV, encodage UTF-8"},
		"empty cells at the end":     {[]byte("a;b;;;\n1;;;;\n"), "1:ta|tb\n2:t1\n", "CSV, encodage UTF-8"},
		"ODS": {ods(t, odsRow(odsTexte("Employeur"), odsTexte("Date"))+
			`<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>`+
			odsRow(odsTexte(`Mission<text:s text:c="3"/><text:span>locale</text:span>`)+`<office:annotation><text:p>remarque</text:p></office:annotation>`,
				`<table:table-cell table:number-columns-repeated="2"/>`,
				`<table:table-cell office:value-type="date" office:date-value="2026-11-22T00:00:00"><text:p>22/11/26</text:p></table:table-cell>`,
				`<table:table-cell office:value-type="percentage" office:value="0.384"><text:p>38,4 %</text:p></table:table-cell>`,
				`<table:table-cell office:value-type="currency" office:value="22810.61"><text:p>22 810,61 €</text:p></table:table-cell>`,
				`<table:table-cell table:formula="of:=[.A1]*2" office:value-type="float" office:value="4"><text:p>4</text:p></table:table-cell>`,
				`<table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#N/D</text:p></table:table-cell>`,
				`<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>VRAI</text:p></table:table-cell>`)+
			`<table:table-row table:number-rows-repeated="1048571"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`),
			"1:tEmployeur|tDate\n5:tMission locale|||d2026-11-22|p0.384|n22810.61|f=[.A1]*2|e#ERREUR|btrue\n", "ODS"},
		"rows that are the same": {ods(t, odsRow(odsTexte("a"))+`<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="2"/></table:table-row>`),
			"1:ta\n2:n1|n1\n3:n1|n1\n", "ODS"},
		"XLSX": {xlsx(t, `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>`+
			`<row r="4"><c r="A4" s="1"><v>45292</v></c><c r="B4" s="3"><v>60.5</v></c><c r="C4" s="2"><v>0.384</v></c><c r="D4" s="4"><v>22810.610000000001</v></c>`+
			`<c r="E4"><f>SUM(A1:A2)</f><v>3</v></c><c r="F4" t="e"><v>#N/A</v></c><c r="G4" t="b"><v>1</v></c><c r="H4" t="str"><v>texte</v></c><c r="I4" t="s"><v>2</v></c><c r="J4" s="1"/></row>`),
			"1:tEmployeur||tMission locale\n4:d2024-01-01|d1900-02-28|p0.384|n22810.61|f=SUM(A1:A2)|e#N/A|btrue|ttexte|ta\rb\n", "XLSX"},
		"XLSX without addresses": {xlsx(t, `<row><c><v>1</v></c><c t="inlineStr"><is><t>b</t></is></c></row><row><c><v>2</v></c></row>`), "1:n1|tb\n2:n2\n", "XLSX"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := tableur.Lire(c.content)
			if err != nil {
				var r *tableur.Refus
				if errors.As(err, &r) {
					t.Fatalf("refused: %s", r.Dire())
				}
				t.Fatal(err)
			}
			if len(got.Feuilles) != 1 || montre(got.Feuilles[0]) != c.want || got.Format != c.format {
				t.Errorf("read as %s:\n%q\nwant %s:\n%q", got.Format, montre(got.Feuilles[0]), c.format, c.want)
			}
		})
	}
}

// TestHostileFilesAreRefusedInWords is the list of issue 6, and what else people and machines send.
func TestHostileFilesAreRefusedInWords(t *testing.T) {
	bomb := "<worksheet><sheetData>" + strings.Repeat(`<row><c t="inlineStr"><is><t>`+strings.Repeat("A", 4000)+`</t></is></c></row>`, 14_000) + "</sheetData></worksheet>"
	lying := xlsx(t, "")
	for i := bytes.Index(lying, []byte("PK\x01\x02")); i >= 0; { // each entry of the directory declares no size
		copy(lying[i+24:i+28], []byte{1, 0, 0, 0})
		next := bytes.Index(lying[i+4:], []byte("PK\x01\x02"))
		if next < 0 {
			break
		}
		i += 4 + next
	}
	many := parts{{"xl/workbook.xml", "<workbook/>"}}
	for i := range 2_001 {
		many = append(many, [2]string{fmt.Sprintf("x%d", i), ""})
	}
	for name, c := range map[string]struct {
		content []byte
		told    string
		large   bool
	}{
		"200 MB":                           {make([]byte, 200<<20), "dépasse", true},
		"a zip bomb dressed as XLSX":       {zipped(t, parts{{"xl/workbook.xml", xlsxWorkbook}, {"xl/_rels/workbook.xml.rels", xlsxRels}, {"xl/worksheets/sheet1.xml", bomb}}), "une fois ouvert plus de", true},
		"a workbook of too many files":     {zipped(t, many), "plus de 2 000 fichiers", true},
		"a workbook that lies on its size": {lying, "abîmé", false},
		"a billion rows":                   {ods(t, `<table:table-row table:number-rows-repeated="1000000000">`+odsTexte("a")+`</table:table-row>`), "Ligne 1 : cette ligne est répétée", false},
		"rows repeated beyond any number":  {ods(t, `<table:table-row table:number-rows-repeated="99999999999999999999">`+odsTexte("a")+`</table:table-row>`), "est répétée", false},
		"too many rows":                    {ods(t, odsRow(odsTexte("titre"))+`<table:table-row table:number-rows-repeated="50000">`+odsTexte("a")+`</table:table-row>`), "plus de 50 000 lignes", true},
		"cells repeated to the end":        {ods(t, odsRow(`<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>`)), "Ligne 1, colonne A : cette ligne a plus de 200 colonnes", false},
		"a cell far to the right":          {ods(t, odsRow(odsTexte("a"), `<table:table-cell table:number-columns-repeated="9999"/>`, odsTexte("b"))), "plus de 200 colonnes", false},
		"an XLSX cell far to the right":    {xlsx(t, `<row r="1"><c r="ZZ1"><v>1</v></c></row>`), "Ligne 1, colonne ZZ", false},
		"a table inside a cell":            {ods(t, odsRow(`<table:table-cell><table:table table:name="x"/></table:table-cell>`)), "contient elle-même un tableau", false},
		"external entities":                {zipped(t, parts{{"content.xml", `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + odsDebut + odsFin}}), "déclaration de type de document", false},
		"an entity of its own":             {ods(t, odsRow(odsTexte("&lol;"))), "abîmé", false},
		"elements without end":             {ods(t, strings.Repeat("<text:span>", 300)), "une fois ouvert", true},
		"XML cut short":                    {zipped(t, parts{{"content.xml", odsDebut + "<table:table>"}}), "abîmé", false},
		"a text document":                  {zipped(t, parts{{"content.xml", `<office:document-content xmlns:office="o"><office:body><office:text/></office:body></office:document-content>`}}), "n’est pas un classeur", false},
		"a Word document":                  {zipped(t, parts{{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", "<w/>"}}), "n’est pas un classeur", false},
		"an archive":                       {zipped(t, parts{{"a.txt", "a"}}), "archive", false},
		"an archive cut short":             {ods(t, odsRow(odsTexte("a")))[:100], "abîmé ou incomplet", false},
		"a part that is there twice":       {zipped(t, parts{{"content.xml", "<a/>"}, {"content.xml", "<b/>"}}), "deux fois", false},
		"an XLSX that lacks its sheet":     {zipped(t, parts{{"xl/workbook.xml", xlsxWorkbook}, {"xl/_rels/workbook.xml.rels", xlsxRels}}), "manque une partie", false},
		"a text that the workbook lacks":   {xlsx(t, `<row r="3"><c r="B3" t="s"><v>99</v></c></row>`), "Ligne 3, colonne B : cette cellule renvoie", false},
		"XLSX rows out of order":           {xlsx(t, `<row r="5"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>`), "abîmé", false},
		"an old workbook":                  {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "ancien format", false},
		"a PDF":                            {[]byte("%PDF-1.7\n"), "PDF", false},
		"a picture":                        {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "n’est pas un fichier de tableur", false},
		"nothing":                          {nil, "vide", false},
		"spaces":                           {[]byte(" \n\n"), "vide", false},
		"an empty workbook":                {ods(t, ""), "vide", false},
		"two encodings":                    {[]byte("nom;ville\nA;\xc9pinal\nB;Épinal\n"), "Ligne 2, colonne B : ce fichier mêle deux encodages", false},
		"bytes of no encoding":             {[]byte("nom;ville\nA;B\nC;\x81\xe9\n"), "Ligne 3, colonne B : l’encodage", false},
		"half a character of UTF-16":       {append(utf16le("nom;ville\nA;B", true), 0x00, 0xd8), "Ligne 2, colonne B : ce caractère n’existe pas", false},
		"UTF-16 cut short":                 {utf16le("nom;ville\nA;B", true)[:15], "coupé", false},
		"a control character":              {[]byte("nom;ville\nA;B\x07\n"), "Ligne 2, colonne B : cette cellule contient un caractère de contrôle", false},
		"quotes left open":                 {[]byte("nom;ville\nA;\"B\nC;D\n"), "Ligne 2 : les guillemets", false},
		"quotes in the middle":             {[]byte("nom;ville\nA;B \"C\" D\n"), "Ligne 2 : les guillemets", false},
		"an endless cell":                  {[]byte("nom;ville\nA;" + strings.Repeat("é", 5_001) + "\n"), "Ligne 2, colonne B : cette cellule contient plus de 5 000 caractères", false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := tableur.Lire(c.content)
			var r *tableur.Refus
			if !errors.As(err, &r) {
				t.Fatalf("not refused: %v, %d sheets", err, len(got.Feuilles))
			}
			if told := strings.ReplaceAll(r.Dire(), "\u00a0", " "); !strings.Contains(told, c.told) || r.TropGrand != c.large {
				t.Errorf("told %q (too large: %v), want %q (%v)", told, r.TropGrand, c.told, c.large)
			}
		})
	}
}

// TestOurOwnFilesComeBack reads what the portal writes.
func TestOurOwnFilesComeBack(t *testing.T) {
	table := export.Table{Nom: "essai", Titre: "Essai", Colonnes: []export.Colonne{{Titre: "Nom", Nom: "nom"}, {Titre: "Part", Nom: "part", Type: export.Pourcent, Decimales: 1}, {Titre: "Nombre", Nom: "nombre", Type: export.Entier}},
		Lignes: export.Lignes([][]any{{"=1+1", 38.4, 1234}, {"Épinal", nil, export.Secret{}}}, func(r []any) []any { return r })}
	var odsFile, csvFile bytes.Buffer
	if err := export.ODS(&odsFile, table); err != nil {
		t.Fatal(err)
	}
	if err := export.CSVTableur(&csvFile, table); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"ODS": {odsFile.Bytes(), "1:tNom|tPart|tNombre\n2:t'=1+1|p0.384|n1234\n3:tÉpinal||tn.c.\n"},
		"CSV": {csvFile.Bytes(), "1:tNom|tPart|tNombre\n2:t'=1+1|t38,4|t1234\n3:tÉpinal||tn.c.\n"},
	} {
		got, err := tableur.Lire(c.content)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if montre(got.Feuilles[0]) != c.want {
			t.Errorf("%s comes back as %q, want %q", name, montre(got.Feuilles[0]), c.want)
		}
	}
}

func FuzzLire(f *testing.F) {
	f.Add([]byte("nom;ville\nA;B\n"))
	f.Add(utf16le("nom;ville\nA;B\n", true))
	f.Add([]byte("nom;ville\nA;\xc9pinal\n"))
	f.Add(ods(f, odsRow(odsTexte("a"))+`<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="3"/></table:table-row>`))
	f.Add(xlsx(f, xlsxRows([]string{"a", "b"}, []string{"c"})))
	f.Fuzz(func(t *testing.T, content []byte) {
		checkLu(t, content)
	})
}

// FuzzFeuille puts anything into the sheets of workbooks that are otherwise whole: a fuzzer seldom makes a zip.
func FuzzFeuille(f *testing.F) {
	f.Add(odsRow(odsTexte("a")), xlsxRows([]string{"a", "b"}))
	f.Add(`<table:table-row table:number-rows-repeated="9"><table:table-cell table:number-columns-repeated="9" office:value-type="float" office:value="1"/>`, `<row r="3"><c r="C3" t="s" s="1"><f>A1</f><v>1</v></c></row>`)
	f.Fuzz(func(t *testing.T, odsRows, xlsxRows string) {
		checkLu(t, ods(t, odsRows))
		checkLu(t, xlsx(t, xlsxRows))
	})
}

// checkLu reads a file: what comes is within the bounds and in order, or refused in words.
func checkLu(t *testing.T, content []byte) {
	got, err := tableur.Lire(content)
	if err != nil {
		var r *tableur.Refus
		if !errors.As(err, &r) || r.Phrase == "" {
			t.Fatalf("refused without a word: %v", err)
		}
		return
	}
	for _, f := range got.Feuilles {
		last := 0
		for _, r := range f.Rangees {
			if r.Numero <= last || len(r.Cellules) == 0 || len(r.Cellules) > 200 || r.Cellules[len(r.Cellules)-1].Sorte == tableur.Vide {
				t.Fatalf("row %d after %d holds %d cells", r.Numero, last, len(r.Cellules))
			}
			last = r.Numero
		}
	}
}

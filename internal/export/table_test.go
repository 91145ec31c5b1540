package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"math"
	"strings"
	"testing"
	"time"
)

var day = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

func ptr[T any](v T) *T { return &v }

// sample holds one column of each type and, row by row: usual values, nothing,
// hidden figures, hostile text.
func sample() Table {
	rows := [][]any{
		{"QN08801M", "Bitola-La Vierge", 1800, 2020, 40.7, 38.4, day, true, "https://portail.example/qpv/QN08801M?a=1&b=2"},
		{"QN08802M", nil, (*int32)(nil), nil, math.NaN(), (*float64)(nil), time.Time{}, (*bool)(nil), ""},
		{"QN08803M", ptr("a;b,c\"d\r\ne"), Secret{}, ptr(2021), Secret{}, 0, ptr(day), false, ptr("javascript:alert(1)")},
		{"=1+1", "\x00\x1b@SUM(A1)\xff\u202e", -12, 2026, -0.125, -3.5, day, true, "=HYPERLINK(\"http://x\")"},
	}
	return Table{
		Nom:   "qpv",
		Titre: "Quartiers prioritaires",
		Colonnes: []Colonne{
			{Titre: "Code", Nom: "code_qp"},
			{Titre: "Nom", Nom: "nom_qp", Description: "Nom officiel."},
			{Titre: "Population", Nom: "population", Type: Entier},
			{Titre: "Millésime", Nom: "millesime", Type: Annee},
			{Titre: "Surface (ha)", Nom: "surface_ha", Type: Decimal, Decimales: 1},
			{Titre: "Taux de pauvreté", Nom: "taux_pauvrete", Type: Pourcent, Decimales: 1},
			{Titre: "Mis à jour le", Nom: "maj", Type: Date},
			{Titre: "Zone & <x>", Nom: "zone", Type: Booleen},
			{Titre: "Fiche", Nom: "fiche", Type: Lien},
		},
		Lignes: Lignes(rows, func(r []any) []any { return r }),
		Apropos: Apropos{
			Source: "ANCT, INSEE", Licence: "Licence Ouverte 2.0", Extrait: day, Permalien: "https://portail.example/qpv?epci=88",
			Filtres: []string{"EPCI : Épinal"}, Reserves: []string{"Le millésime n’est pas indiqué par la source."},
		},
	}
}

func write(t testing.TB, f func(io.Writer, Table) error, table Table) string {
	t.Helper()
	var out bytes.Buffer
	if err := f(&out, table); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestCSV(t *testing.T) {
	want := strings.Join([]string{
		`code_qp,nom_qp,population,millesime,surface_ha,taux_pauvrete,maj,zone,fiche`,
		`QN08801M,Bitola-La Vierge,1800,2020,40.7,38.4,2026-11-22,true,https://portail.example/qpv/QN08801M?a=1&b=2`,
		`QN08802M,,,,,,,,`,
		`QN08803M,"a;b,c""d`, `e",n.c.,2021,n.c.,0,2026-11-22,false,javascript:alert(1)`,
		"'=1+1,'@SUM(A1)\u202e,-12,2026,-0.125,-3.5,2026-11-22,true,\"'=HYPERLINK(\"\"http://x\"\")\"",
		``,
	}, "\n")
	if got := write(t, CSV, sample()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCSVTableur(t *testing.T) {
	want := "\uFEFF" + strings.Join([]string{
		`Code;Nom;Population;Millésime;Surface (ha);Taux de pauvreté;Mis à jour le;Zone & <x>;Fiche`,
		`QN08801M;Bitola-La Vierge;1800;2020;40,7;38,4;22/11/2026;oui;https://portail.example/qpv/QN08801M?a=1&b=2`,
		`QN08802M;;;;;;;;`,
		`QN08803M;"a;b,c""d`, `e";n.c.;2021;n.c.;0;22/11/2026;non;javascript:alert(1)`,
		"'=1+1;'@SUM(A1)\u202e;-12;2026;-0,125;-3,5;22/11/2026;oui;\"'=HYPERLINK(\"\"http://x\"\")\"",
		``,
	}, "\r\n")
	if got := write(t, CSVTableur, sample()); got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestJSON(t *testing.T) {
	out := write(t, JSON, sample())
	if !strings.HasPrefix(out, "[\n{\"code_qp\":\"QN08801M\",\"nom_qp\":\"Bitola-La Vierge\",\"population\":1800,\"millesime\":2020,\"surface_ha\":40.7,\"taux_pauvrete\":38.4,\"maj\":\"2026-11-22\",\"zone\":true,") {
		t.Errorf("first row of %s", out)
	}
	var rows []map[string]any
	if err := json.Unmarshal([]byte(out), &rows); err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for name, v := range rows[1] {
		if v != nil && name != "code_qp" && name != "fiche" {
			t.Errorf("%s is %v, want null", name, v)
		}
	}
	if rows[2]["population"] != "n.c." || rows[3]["code_qp"] != "=1+1" {
		t.Errorf("hidden or text: %v", rows[2:])
	}
	empty := sample()
	empty.Lignes = Lignes([]int(nil), nil)
	if got := write(t, JSON, empty); got != "[\n]\n" {
		t.Errorf("empty list: %q", got)
	}
}

func TestTableSchema(t *testing.T) {
	var s struct {
		Name          string
		Fields        []map[string]string
		MissingValues []string
	}
	if err := json.Unmarshal([]byte(write(t, WriteTableSchema, sample())), &s); err != nil {
		t.Fatal(err)
	}
	types := ""
	for _, f := range s.Fields {
		types += f["name"] + ":" + f["type"] + f["format"] + " "
	}
	if types != "code_qp:string nom_qp:string population:integer millesime:year surface_ha:number taux_pauvrete:number maj:date zone:boolean fiche:stringuri " {
		t.Errorf("fields %s", types)
	}
	if s.Name != "qpv" || s.Fields[1]["description"] != "Nom officiel." || strings.Join(s.MissingValues, "|") != "|n.c." {
		t.Errorf("%+v", s)
	}
}

func TestTableRefusesWrongRows(t *testing.T) {
	gone := errors.New("gone")
	for name, lignes := range map[string]iter.Seq2[[]any, error]{
		"too few cells": Lignes([]int{1}, func(int) []any { return []any{"a"} }),
		"wrong type":    Lignes([]int{1}, func(int) []any { return []any{"a", 3} }),
		"unknown type":  Lignes([]int{1}, func(int) []any { return []any{"a", []byte("b")} }),
		"broken off":    func(yield func([]any, error) bool) { yield(nil, gone) },
	} {
		table := Table{Nom: "x", Colonnes: []Colonne{{Nom: "a"}, {Nom: "b"}}, Lignes: lignes}
		for format, f := range map[string]func(io.Writer, Table) error{
			"CSV": CSV, "CSVTableur": CSVTableur, "JSON": JSON,
			"ODS": func(w io.Writer, t Table) error { return ODS(w, t) },
		} {
			err := f(io.Discard, table)
			if err == nil || name == "broken off" && !errors.Is(err, gone) {
				t.Errorf("%s in %s: %v", name, format, err)
			}
		}
	}
	for format, f := range map[string]func(io.Writer, Table) error{
		"CSV": CSV, "CSVTableur": CSVTableur, "JSON": JSON,
		"ODS": func(w io.Writer, t Table) error { return ODS(w, t) },
	} {
		if err := f(full{}, sample()); err == nil {
			t.Errorf("%s: error of the writer was lost", format)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestNeutral(t *testing.T) {
	for in, want := range map[string]string{
		"":              "",
		"Épinal":        "Épinal",
		"a=b":           "a=b",
		"n'importe":     "n'importe",
		"=1":            "'=1",
		"+33 3 29":      "'+33 3 29",
		"-":             "'-",
		"@x":            "'@x",
		"\tx":           "'\tx",
		"\rx":           "'\nx",
		"\r\n=x":        "'\n=x",
		"＝1":            "'＝1",
		"＋1":            "'＋1",
		"－1":            "'－1",
		"＠1":            "'＠1",
		"  =1":          "'  =1",
		"\u00a0=1":      "'\u00a0=1",
		"\u200b=1":      "'\u200b=1",
		"\ufeff=1":      "'\ufeff=1",
		"\x00=1":        "'=1",
		"\xff\xfe=1":    "'=1",
		"\xed\xa0\x80a": "a", // a lone surrogate
		"\ufffe\uffff":  "",
		"\u0085x":       "x",
		"\ufffd":        "\ufffd",
		"😀":             "😀",
	} {
		if got := neutral(clean(in)); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// Whatever the text, the formats can be read back, and no cell starts a formula.
func FuzzText(f *testing.F) {
	f.Add("=1+1")
	f.Add(" \u00ad－x;\"\r\n\x00\xff")
	f.Fuzz(func(t *testing.T, in string) {
		table := Table{
			Nom: "x", Titre: in, Colonnes: []Colonne{{Titre: in, Nom: "a"}, {Titre: "b", Nom: "b", Type: Lien}},
			Lignes: Lignes([]string{in}, func(s string) []any { return []any{s, s} }),
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(write(t, CSVTableur, table), "\uFEFF")))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, v := range append(rows[0], rows[1]...) {
			if v != "" && strings.Contains("=+-@\t\r\n", v[:1]) {
				t.Errorf("cell %q", v)
			}
		}
		sheets := readODS(t, table)
		if len(sheets) != 2 || len(sheets[0].rows) != 2 {
			t.Errorf("sheets %+v", sheets)
		}
		var list []map[string]any
		if err := json.Unmarshal([]byte(write(t, JSON, table)), &list); err != nil {
			t.Error(err)
		}
	})
}

func TestFileName(t *testing.T) {
	for want, parts := range map[string][]string{
		"qpv-88-2026-11-22.ods":                           {"qpv", "88"},
		"quartiers-d-epinal-oeuvres-2026-11-22.ods":       {"Quartiers d’Épinal", "Œuvres"},
		"export-2026-11-22.ods":                           {"../..", "\x00"},
		"etc-passwd-2026-11-22.ods":                       {"../etc/passwd"},
		strings.Repeat("a", maxNom) + "-2026-11-22.ods":   {strings.Repeat("a", 500)},
		strings.Repeat("a", maxNom-1) + "-2026-11-22.ods": {strings.Repeat("a", maxNom-1), "b"},
	} {
		if got := FileName(day, "ods", parts...); got != want {
			t.Errorf("%q became %q, want %q", parts, got, want)
		}
	}
}

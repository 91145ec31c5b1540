package saisie_test

import (
	"strings"
	"testing"
	"time"

	"portail/internal/fault"
	"portail/internal/saisie"
	"portail/web/typo"
)

func TestJour(t *testing.T) {
	for texte, want := range map[string]string{
		"2026-11-22": "2026-11-22", " 22/11/2026 ": "2026-11-22", "1/2/2024": "2024-02-01", "1900-01-01": "1900-01-01", "2100-12-31": "2100-12-31",
		"": "", "2026-13-01": "", "31/02/2026": "", "1899-12-31": "", "2101-01-01": "", "22026-01-01": "", "demain": "", "2026-11-22T10:00": "",
	} {
		f := fault.Fields{}
		if got := typo.DateISO(saisie.Jour(f, "le", texte)); got != want || (f["le"] == "") != (want != "") {
			t.Errorf("%q is read %q, %q", texte, got, f["le"])
		}
	}
	for days, want := range map[int]bool{-1: true, 0: true, 1: false} {
		f := fault.Fields{}
		day := typo.Aujourdhui().AddDate(0, 0, days)
		if got := saisie.JourPasse(f, "le", day.Format(time.DateOnly)); got.Equal(day) != want || (f["le"] == "") != want {
			t.Errorf("%d days from now: %s, %q", days, got, f["le"])
		}
	}
}

func TestNombres(t *testing.T) {
	for texte, want := range map[string]int64{
		"22 810,61": 2281061, "22810.6": 2281060, "1500 €": 150000, "0": 0, "12": 1200, "1 000 000 000": saisie.MontantMax,
		"": -1, "-5": -1, "1,234": -1, "12,": -1, ",5": -1, "1e3": -1, "12,5,1": -1, "+3": -1, "1000000000,01": -1, "99999999999999999999": -1, "douze": -1,
	} {
		f := fault.Fields{}
		got := saisie.Centimes(f, "montant", texte)
		if refused := f["montant"] != ""; refused != (want < 0) || !refused && got != want || refused && got != 0 {
			t.Errorf("amount %q is read %d, %q", texte, got, f["montant"])
		}
	}
	for texte, want := range map[string]int64{"3": 3, " 1 200 ": 1200, "1 500": 1500, "": -1, "1,5": -1, "0": -1, "2001": -1, "99999999999999999999": -1, "trois": -1} {
		f := fault.Fields{}
		got := saisie.Entier(f, "n", texte, 1, 2000)
		if refused := f["n"] != ""; refused != (want < 0) || !refused && got != want {
			t.Errorf("whole number %q is read %d, %q", texte, got, f["n"])
		}
	}
}

func TestTextes(t *testing.T) {
	if got := saisie.Ligne("  Maison\r\n de   l’emploi\t"); got != "Maison de l’emploi" {
		t.Errorf("a name is read %q", got)
	}
	if got := saisie.Paragraphes("\r\nun\r\n\r\n deux\rtrois  \n"); got != "un\n\n deux\ntrois" {
		t.Errorf("a text is read %q", got)
	}
	if got := saisie.Chiffres("130 005.481-00010 "); got != "13000548100010" {
		t.Errorf("a number is read %q", got)
	}
	f := fault.Fields{}
	saisie.Longueur(f, "nom", strings.Repeat("é", 10), 10)
	if f.Err() != nil {
		t.Errorf("ten letters of ten are refused: %v", f)
	}
	saisie.Longueur(f, "nom", strings.Repeat("é", 11), 10)
	if f["nom"] == "" {
		t.Error("eleven letters of ten are taken")
	}
}

func TestHeure(t *testing.T) {
	for typed, want := range map[string][2]int{"14:30": {14, 30}, "14h30": {14, 30}, "9 h": {9, 0}, "09 H 05": {9, 5}, "9 heures 15": {9, 15}, "0:00": {0, 0}, "14 h 30": {14, 30}, "8": {8, 0}} {
		f := fault.Fields{}
		if h, m, ok := saisie.Heure(f, "de", typed); !ok || h != want[0] || m != want[1] || f.Err() != nil {
			t.Errorf("%q is read %d:%d, %v, %v", typed, h, m, ok, f)
		}
	}
	for _, typed := range []string{"", "h", "24:00", "12:60", "midi", "-1:00", "12:30:00", "1e1"} {
		f := fault.Fields{}
		if _, _, ok := saisie.Heure(f, "de", typed); ok || f["de"] == "" {
			t.Errorf("%q is taken for an hour", typed)
		}
	}
}

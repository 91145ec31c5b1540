package typo

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Genre is the grammatical gender of what is counted.
type Genre string

// The two genders.
const (
	Masculin Genre = "m"
	Feminin  Genre = "f"
)

// Rang writes a rank: 1 → "1er" or "1re", 2 → "2e".
func Rang(n int, g Genre) string {
	switch {
	case n == 1 && g == Feminin:
		return "1re"
	case n == 1:
		return "1er"
	}
	return Nombre(int64(n)) + "e"
}

// Pluriel chooses between two forms: in French the plural begins at 2 (0 and 1,5 are singular).
func Pluriel[N int | int64 | float64](n N, singulier, pluriel string) string {
	if math.Abs(float64(n)) < 2 {
		return singulier
	}
	return pluriel
}

// NPluriel writes a count with its noun: 6 → "6 quartiers", 0 → "0 quartier".
func NPluriel(n int64, singulier, pluriel string) string {
	return Nombre(n) + NBSP + Pluriel(n, singulier, pluriel)
}

// Liste joins words: "a", "a et b", "a, b et c".
func Liste(mots []string) string {
	switch len(mots) {
	case 0:
		return ""
	case 1:
		return mots[0]
	}
	return strings.Join(mots[:len(mots)-1], ", ") + " et " + mots[len(mots)-1]
}

// Guillemets quotes a text in the French way: « texte ».
func Guillemets(s string) string { return "«" + NBSP + s + NBSP + "»" }

// Majuscule begins a sentence with s.
func Majuscule(s string) string { return initiale(s, unicode.ToUpper) }

// Minuscule puts s within a sentence.
func Minuscule(s string) string { return initiale(s, unicode.ToLower) }

func initiale(s string, as func(rune) rune) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(as(first)) + s[size:]
}

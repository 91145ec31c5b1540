package texte_test

import (
	"testing"

	"portail/internal/texte"
)

// BenchmarkComparer compares two wholly different texts as long as a section may be.
func BenchmarkComparer(b *testing.B) {
	before, after := longText(200_000, 7, true), longText(200_000, 11, true)
	b.ReportAllocs()
	for b.Loop() {
		texte.Comparer(before, after)
	}
}

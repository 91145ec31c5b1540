package typo

import (
	"math"
	"strings"
	"testing"
	"time"
)

// n writes an expectation with "_" for the no-break space, so that it can be read.
func n(s string) string { return strings.ReplaceAll(s, "_", NBSP) }

func check(t *testing.T, got, want string) {
	t.Helper()
	if got != n(want) {
		t.Errorf("got %q, want %q", got, n(want))
	}
}

func TestNumbers(t *testing.T) {
	for in, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1_000", 15628: "15_628", 1234567: "1_234_567", -42: "−42", -15628: "−15_628",
		math.MaxInt64: "9_223_372_036_854_775_807", math.MinInt64: "−9_223_372_036_854_775_808",
	} {
		check(t, Nombre(in), want)
	}
	for _, c := range []struct {
		v      float64
		digits int
		want   string
	}{
		{38.4, 1, "38,4"}, {38.44, 1, "38,4"}, {38.45, 1, "38,5"}, {2.25, 1, "2,3"}, {0.125, 2, "0,13"}, {1.005, 2, "1,01"},
		{999.95, 1, "1_000,0"}, {99.99, 1, "100,0"}, {9.5, 0, "10"}, {0, 1, "0,0"}, {-3.2, 1, "−3,2"}, {-0.04, 1, "0,0"}, {-0.05, 1, "−0,1"},
		{15628.5, 0, "15_629"}, {2, 2, "2,00"}, {1e20, 0, "100_000_000_000_000_000_000"}, {3, -1, "3"},
		{math.NaN(), 1, "non disponible"}, {math.Inf(1), 1, "non disponible"},
	} {
		check(t, Decimal(c.v, c.digits), c.want)
	}
	check(t, Auto(2, 1), "2")
	check(t, Auto(2.25, 2), "2,25")
	check(t, Auto(2.04, 1), "2")
	check(t, Auto(100, 0), "100")
	check(t, DecimalSigne(3.2, 1), "+3,2")
	check(t, DecimalSigne(-3.2, 1), "−3,2")
	check(t, DecimalSigne(0.04, 1), "0,0")
	check(t, DecimalSigne(math.Inf(1), 1), "non disponible")
}

func TestUnits(t *testing.T) {
	check(t, Pourcent(38.4, 1), "38,4_%")
	check(t, Pourcent(math.NaN(), 1), "non disponible")
	check(t, Points(3.2, 1), "+3,2_points")
	check(t, Points(-1.5, 1), "−1,5_point")
	check(t, Euros(22810.61, 2), "22_810,61_€")
	check(t, Unite(12.5, 1, "ha"), "12,5_ha")
	check(t, Unite(12.5, 1, ""), "12,5")
	for in, want := range map[float64]string{0: "0_m", 85: "85_m", 85.4: "85_m", 999.4: "999_m", 999.6: "1,0_km", 1234: "1,2_km", 15628: "15,6_km"} {
		check(t, Distance(in), want)
	}
	check(t, Distance(math.NaN()), "non disponible")
	for in, want := range map[int64]string{
		0: "0_octet", 1: "1_octet", 999: "999_octets", 1000: "1_ko", 12345: "12,3_ko", 999949: "999,9_ko", 999950: "1_Mo", 25_000_000: "25_Mo", 3_200_000_000: "3,2_Go", 5_000_000_000_000: "5_000_Go",
	} {
		check(t, Octets(in), want)
	}
}

func TestDates(t *testing.T) {
	day := time.Date(2026, 11, 22, 8, 5, 0, 0, time.UTC)
	check(t, Date(day), "22_novembre_2026")
	check(t, DateJour(day), "dimanche_22_novembre_2026")
	check(t, DateCourte(day), "22/11/2026")
	check(t, DateISO(day), "2026-11-22")
	check(t, HorodatageISO(day), "2026-11-22T09:05:00+01:00")
	check(t, DateHeure(day), "22_novembre_2026 à_9_h_05")
	check(t, Heure(time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)), "14_h")
	check(t, Mois(day), "novembre_2026")
	check(t, NomMois(time.August), "août")
	check(t, NomMois(13), "")
	check(t, Date(time.Date(2026, 1, 1, 12, 0, 0, 0, Paris)), "1er_janvier_2026")
	// One minute before midnight in universal time is already the next day in Paris.
	check(t, Date(time.Date(2026, 12, 31, 23, 59, 0, 0, time.UTC)), "1er_janvier_2027")
	for _, f := range []func(time.Time) string{Date, DateJour, DateCourte, DateISO, DateHeure, Mois, HorodatageISO} {
		check(t, f(time.Time{}), "")
	}
}

func TestWords(t *testing.T) {
	check(t, Rang(1, Masculin), "1er")
	check(t, Rang(1, Feminin), "1re")
	check(t, Rang(2, Feminin), "2e")
	check(t, Rang(1500, Masculin), "1_500e")
	check(t, NPluriel(0, "quartier", "quartiers"), "0_quartier")
	check(t, NPluriel(1, "quartier", "quartiers"), "1_quartier")
	check(t, NPluriel(6, "quartier", "quartiers"), "6_quartiers")
	check(t, NPluriel(15628, "habitant", "habitants"), "15_628_habitants")
	check(t, Pluriel(1.5, "point", "points"), "point")
	check(t, Pluriel(-2, "point", "points"), "points")
	check(t, Liste(nil), "")
	check(t, Liste([]string{"a"}), "a")
	check(t, Liste([]string{"a", "b"}), "a et b")
	check(t, Liste([]string{"a", "b", "c"}), "a, b et c")
	check(t, Guillemets("oui"), "«_oui_»")
}

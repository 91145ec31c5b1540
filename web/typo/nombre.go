// Package typo writes numbers, dates, units and lists as French typography asks, in one place: no-break spaces (U+00A0)
// inside a number and before its unit, comma for decimals, a true minus sign (U+2212).
package typo

import (
	"math"
	"strconv"
	"strings"
)

const (
	// NBSP is the no-break space, used everywhere a line must not be cut.
	NBSP = "\u00a0"
	// Moins is the minus sign of typography.
	Moins = "\u2212"
	// NonDisponible stands for an unknown figure: it is never shown as 0.
	NonDisponible = "non disponible"
)

// Nombre writes a whole number: 15628 → "15 628".
func Nombre(n int64) string {
	s := strconv.FormatInt(n, 10)
	neg := strings.HasPrefix(s, "-")
	s = group(strings.TrimPrefix(s, "-"))
	if neg {
		return Moins + s
	}
	return s
}

// Decimal writes a number with a fixed count of decimals, rounded to the nearest (halves away from zero): 38.4, 1 → "38,4". What is not a
// number is NonDisponible; a value that rounds to zero has no sign.
func Decimal(v float64, digits int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return NonDisponible
	}
	s := fixed(v, max(0, digits))
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	whole, frac, found := strings.Cut(s, ".")
	out := group(whole)
	if found {
		out += "," + frac
	}
	if neg && strings.Trim(s, "0.") != "" {
		return Moins + out
	}
	return out
}

// Auto writes a number with at most digits decimals, without useless zeros: 2, 1 → "2"; 2.25, 1 → "2,3".
func Auto(v float64, digits int) string {
	s := Decimal(v, digits)
	if !strings.Contains(s, ",") {
		return s
	}
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ",")
}

// DecimalSigne is Decimal with its sign always shown, for differences: "+3,2", "−3,2", "0,0".
func DecimalSigne(v float64, digits int) string {
	s := Decimal(v, digits)
	if v > 0 && s != NonDisponible && strings.Trim(s, "0,") != "" {
		return "+" + s
	}
	return s
}

// Pourcent writes a percentage that is already in hundredths: 38.4, 1 → "38,4 %".
func Pourcent(v float64, digits int) string { return unit(Decimal(v, digits), "%") }

// Points writes a difference between two percentages: 3.2, 1 → "+3,2 points".
func Points(v float64, digits int) string {
	s := DecimalSigne(v, digits)
	if math.Abs(v) < 2 {
		return unit(s, "point")
	}
	return unit(s, "points")
}

// Euros writes an amount in euros: 22810.61, 2 → "22 810,61 €".
func Euros(v float64, digits int) string { return unit(Decimal(v, digits), "€") }

// Unite writes a value followed by any unit: 12.5, 1, "ha" → "12,5 ha". An empty unit adds nothing.
func Unite(v float64, digits int, u string) string { return unit(Decimal(v, digits), u) }

// Distance writes a length given in metres: 85 → "85 m", 1234 → "1,2 km".
func Distance(m float64) string {
	if math.IsNaN(m) || math.IsInf(m, 0) {
		return NonDisponible
	}
	if math.Round(math.Abs(m)) < 1000 {
		return unit(Decimal(m, 0), "m")
	}
	return unit(Decimal(m/1000, 1), "km")
}

// Octets writes the size of a file: 12345 → "12,3 ko" (1 ko is 1 000 octets).
func Octets(n int64) string {
	v := float64(n)
	for i, u := range []string{"octets", "ko", "Mo", "Go"} {
		switch {
		case i == 0 && math.Abs(v) < 2:
			return unit(Nombre(n), "octet")
		case i == 0 && math.Abs(v) < 1000:
			return unit(Nombre(n), u)
		case i > 0 && (math.Abs(v) < 999.95 || u == "Go"):
			return unit(Auto(v, 1), u)
		}
		v /= 1000
	}
	return "" // unreachable: the last unit always answers
}

// unit joins a written number and its unit; an unknown value has no unit.
func unit(s, u string) string {
	if s == NonDisponible || u == "" {
		return s
	}
	return s + NBSP + u
}

// fixed rounds halves away from zero, as readers expect of the decimal they see: 2.25 → "2.3" where strconv would write
// "2.2". It works on the shortest decimal that reads back as v.
func fixed(v float64, digits int) string {
	if math.Abs(v) >= 1e15 {
		return strconv.FormatFloat(v, 'f', digits, 64)
	}
	shortest := strconv.FormatFloat(v, 'f', -1, 64)
	whole, frac, _ := strings.Cut(strings.TrimPrefix(shortest, "-"), ".")
	if len(frac) <= digits {
		return strconv.FormatFloat(v, 'f', digits, 64)
	}
	n := []byte("0" + whole + frac[:digits]) // leading 0 receives a carry
	if frac[digits] >= '5' {
		i := len(n) - 1
		for ; n[i] == '9'; i-- {
			n[i] = '0'
		}
		n[i]++
	}
	cut := len(n) - digits
	out := strings.TrimLeft(string(n[:cut]), "0")
	if out == "" {
		out = "0"
	}
	if digits > 0 {
		out += "." + string(n[cut:])
	}
	if v < 0 {
		return "-" + out
	}
	return out
}

// group cuts digits by three from the right.
func group(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString(NBSP)
		}
		b.WriteRune(r)
	}
	return b.String()
}

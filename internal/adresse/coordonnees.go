package adresse

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/paulmach/orb"

	"portail/internal/geo"
)

var errCoordonnee = errors.New("not a number of degrees")

// lireCoordonnee reads a number with a point or a comma, a true minus sign and a degree sign allowed: "48,1827", "−61.5°".
func lireCoordonnee(texte string) (float64, error) {
	s := strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c), c == '°':
			return -1
		case c == ',':
			return '.'
		case c == '−':
			return '-'
		}
		return c
	}, texte)
	// ParseFloat also reads "0x1p4", "1e3", "NaN" and "1_0", which nobody means here.
	if s == "" || len(s) > 24 || strings.Trim(s, "0123456789.-+") != "" {
		return 0, errCoordonnee
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, errCoordonnee
	}
	return v, nil
}

// lirePoint reads a longitude and a latitude and says, in French, why they are no place in France; a sentence about both
// coordinates is in deux.
func lirePoint(lon, lat string) (pt orb.Point, fauteLon, fauteLat, deux string) {
	const illisible = "Écrivez un nombre de degrés, par exemple "
	x, errX := lireCoordonnee(lon)
	y, errY := lireCoordonnee(lat)
	if errX != nil {
		fauteLon = illisible + "6,4561."
	}
	if errY != nil {
		fauteLat = illisible + "48,1828."
	}
	if errX != nil || errY != nil {
		return pt, fauteLon, fauteLat, ""
	}
	pt = orb.Point{x, y}
	switch {
	case geo.InFrance(pt):
		return pt, "", "", ""
	case geo.InFrance(orb.Point{y, x}):
		return pt, "", "", inversees
	case math.Abs(x) > 180 || math.Abs(y) > 180:
		return pt, "", "", enMetres
	}
	return pt, "", "", horsFrance
}

// ecrireCoordonnee writes degrees for an address of the site: about 10 cm.
func ecrireCoordonnee(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode"

	"github.com/paulmach/orb"
)

// parseFeature reads one member of a FeatureCollection, known to be valid JSON.
func parseFeature(raw []byte) Feature {
	var f Feature
	var in struct {
		Type       string          `json:"type"`
		Properties json.RawMessage `json:"properties"`
		Geometry   json.RawMessage `json:"geometry"`
	}
	if err := json.Unmarshal(raw, &in); err != nil || in.Type != "Feature" {
		f.fault("L’entité n’est pas un objet GeoJSON «\u00a0Feature\u00a0».")
		return f
	}
	f.parseProperties(in.Properties)
	f.parseGeometry(in.Geometry)
	return f
}

func (f *Feature) fault(quoi string) { f.Fautes = append(f.Fautes, Fault{Quoi: quoi}) }

func (f *Feature) parseProperties(raw []byte) {
	if len(raw) == 0 || string(raw) == "null" {
		return
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		f.fault("Les propriétés ne sont pas un objet.")
		return
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			f.fault("Les propriétés ne peuvent pas être lues.")
			return
		}
		nom, _ := key.(string)
		var valeur any
		if err := dec.Decode(&valeur); err != nil {
			f.fault("La propriété «\u00a0" + nom + "\u00a0» ne peut pas être lue.")
			return
		}
		if _, twice := f.Get(nom); twice {
			f.fault("La propriété «\u00a0" + nom + "\u00a0» est répétée.")
			continue
		}
		if s, ok := valeur.(string); ok && !readable(s) || !readable(nom) {
			f.fault("La propriété «\u00a0" + strings.ToValidUTF8(nom, "") + "\u00a0» contient un caractère illisible.")
			continue
		}
		f.Proprietes = append(f.Proprietes, Propriete{nom, valeur})
	}
}

// readable refuses what no database or spreadsheet can keep, and U+FFFD, the
// trace of a text read in the wrong encoding or of half a surrogate pair.
func readable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r == unicode.ReplacementChar || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

func (f *Feature) parseGeometry(raw []byte) {
	if len(raw) == 0 || string(raw) == "null" {
		return
	}
	var in struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		f.fault("La géométrie n’est pas un objet GeoJSON.")
		return
	}
	var err error
	switch in.Type {
	case "Point":
		var p position
		err = json.Unmarshal(in.Coordinates, &p)
		f.Geometrie = orb.Point(p)
	case "Polygon":
		var p [][]position
		err = json.Unmarshal(in.Coordinates, &p)
		f.Geometrie = toPolygon(p)
	case "MultiPolygon":
		var mp [][][]position
		err = json.Unmarshal(in.Coordinates, &mp)
		g := make(orb.MultiPolygon, len(mp))
		for i := range mp {
			g[i] = toPolygon(mp[i])
		}
		f.Geometrie = g
	default:
		f.fault("Le type de géométrie n’est pas accepté\u00a0: «\u00a0Polygon\u00a0», «\u00a0MultiPolygon\u00a0» ou «\u00a0Point\u00a0» attendu.")
		return
	}
	if err != nil {
		f.Geometrie = nil
		f.fault("Les coordonnées ne sont pas des listes de nombres [longitude, latitude].")
	}
}

func toPolygon(rings [][]position) orb.Polygon {
	p := make(orb.Polygon, len(rings))
	for i, ring := range rings {
		p[i] = make(orb.Ring, len(ring))
		for j, pos := range ring {
			p[i][j] = orb.Point(pos)
		}
	}
	return p
}

// position is longitude, latitude and perhaps an altitude, which is dropped.
// A plain []float64 would take null for 0.
type position orb.Point

var errPosition = errors.New("position must be two or three numbers")

func (p *position) UnmarshalJSON(raw []byte) error {
	// raw is one valid JSON value; anything but numbers in a flat list stops
	// ParseFloat, whose other spellings (Inf, 0x1p2) are no JSON.
	if raw[0] != '[' {
		return errPosition
	}
	n := 0
	for number := range bytes.SplitSeq(raw[1:len(raw)-1], []byte(",")) {
		v, err := strconv.ParseFloat(string(bytes.TrimSpace(number)), 64)
		if err != nil || n == 3 {
			return errPosition
		}
		if n < 2 {
			p[n] = v
		}
		n++
	}
	if n < 2 {
		return errPosition
	}
	return nil
}

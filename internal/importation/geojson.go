package importation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"portail/internal/geo"
)

// maxGeoJSON is the size of a GeoJSON once unpacked; that of all quarters of France is 4 MB.
const maxGeoJSON = 512 << 20

// shape is a feature whose contour is without fault.
type shape struct {
	geo.Feature
	code string // of the property that recognises the format
	need string // that property
}

func (f *file) readGeoJSON(ctx context.Context, in *input) (*format, error) {
	fm := geojsonFormat(f.kind)
	if fm == nil {
		f.fault(1, 0, "", "", "Un fichier CSV est attendu, non un GeoJSON.")
		return nil, f.drain(in)
	}
	if err := f.createTemps(ctx, fm.temps); err != nil {
		return nil, err
	}
	err := geo.ParseFeatures(in, maxGeoJSON, func(_, line int, feature geo.Feature) error {
		f.summary.Lines++
		s := shape{Feature: feature}
		for _, property := range fm.need {
			if text, there := feature.Texte(property); there {
				s.code, s.need = text, property
				break
			}
		}
		faults := feature.Fautes
		if s.code == "" {
			f.fault(line, 0, "", "", "L’entité n’a pas de propriété "+strings.Join(fm.need, ", ")+" qui soit un texte.")
		}
		if len(faults) == 0 {
			faults = geo.Check(feature.Geometrie)
		}
		for _, fault := range faults {
			f.fault(line, 0, s.code, place(fault), fault.Quoi)
		}
		if s.code == "" || len(faults) > 0 {
			return nil
		}
		if err := fm.feature(f, line, s); err != nil {
			return err
		}
		return f.flush(ctx, chunk)
	})
	var bad *geo.ReadError
	if errors.As(err, &bad) {
		f.fault(bad.Line, 0, "", "", bad.Quoi)
		return fm, f.drain(in)
	}
	if err != nil {
		return nil, err
	}
	if f.summary.Lines == 0 && f.report.empty() {
		f.fault(1, 0, "", "", "La collection est vide.")
	}
	if err := f.drain(in); err != nil {
		return nil, err
	}
	return fm, f.flush(ctx, 0)
}

func geojsonFormat(kind Kind) *format {
	for _, fm := range formats[kind] {
		if fm.geojson {
			return fm
		}
	}
	return nil
}

// place says where in a contour a fault is.
func place(f geo.Fault) string {
	var parts []string
	if f.Polygone > 0 {
		parts = append(parts, fmt.Sprintf("polygone %d", f.Polygone))
	}
	if f.Anneau > 0 {
		parts = append(parts, fmt.Sprintf("anneau %d", f.Anneau))
	}
	if f.Point != (orb.Point{}) {
		parts = append(parts, fmt.Sprintf("vers %.5f %.5f", f.Point[0], f.Point[1]))
	}
	return strings.Join(parts, ", ")
}

// geometry is the GeoJSON of a contour as the database keeps it.
func geometry(g orb.Geometry) (string, error) {
	text, err := json.Marshal(struct {
		Type        string       `json:"type"`
		Coordinates orb.Geometry `json:"coordinates"`
	}{g.GeoJSONType(), g})
	if err != nil {
		return "", fmt.Errorf("write contour: %w", err)
	}
	return string(text), nil
}

// parseGeometry reads back a contour of the database.
func parseGeometry(text []byte) (orb.Geometry, error) {
	var in struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if err := json.Unmarshal(text, &in); err != nil {
		return nil, fmt.Errorf("read stored contour: %w", err)
	}
	var err error
	switch in.Type {
	case "Polygon":
		var p orb.Polygon
		err = json.Unmarshal(in.Coordinates, &p)
		return p, err
	case "MultiPolygon":
		var p orb.MultiPolygon
		err = json.Unmarshal(in.Coordinates, &p)
		return p, err
	}
	return nil, fmt.Errorf("read stored contour: type %q", in.Type)
}

// drawn is a contour as SVG path data and its box, as the database keeps them.
func drawn(g orb.Geometry, sheet geo.Plan) (trace, cadre string) {
	trace, b := geo.Trace(g, sheet)
	return trace, "{" + strconv.Itoa(b.MinX) + "," + strconv.Itoa(b.MinY) + "," + strconv.Itoa(b.MaxX) + "," + strconv.Itoa(b.MaxY) + "}"
}

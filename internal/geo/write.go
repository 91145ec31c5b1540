package geo

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// All gives features held in memory to WriteFeatureCollection.
func All(features []Feature) iter.Seq2[Feature, error] {
	return func(yield func(Feature, error) bool) {
		for _, f := range features {
			if !yield(f, nil) {
				return
			}
		}
	}
}

// WriteFeatureCollection writes features as GeoJSON after RFC 7946, one a line:
// longitude first, outer rings turning left and holes right, six decimals
// (10 cm), properties in their order. An error of the sequence stops it and is
// returned; the output is then cut.
func WriteFeatureCollection(w io.Writer, features iter.Seq2[Feature, error]) error {
	out := bufio.NewWriterSize(w, 1<<15)
	_, _ = out.WriteString(`{"type":"FeatureCollection","features":[`)
	separator := "\n"
	var b []byte
	for f, err := range features {
		if err != nil {
			return fmt.Errorf("list features: %w", err)
		}
		if b, err = appendFeature(append(b[:0], separator...), f); err != nil {
			return err
		}
		if _, err := out.Write(b); err != nil {
			return fmt.Errorf("write GeoJSON: %w", err)
		}
		separator = ",\n"
	}
	_, _ = out.WriteString("\n]}\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write GeoJSON: %w", err)
	}
	return nil
}

func appendFeature(b []byte, f Feature) ([]byte, error) {
	b = append(b, `{"type":"Feature","properties":{`...)
	for i, p := range f.Proprietes {
		if i > 0 {
			b = append(b, ',')
		}
		nom, err := json.Marshal(p.Nom)
		if err != nil {
			return nil, fmt.Errorf("write property name %q: %w", p.Nom, err)
		}
		valeur, err := json.Marshal(p.Valeur)
		if err != nil {
			return nil, fmt.Errorf("write property %q: %w", p.Nom, err)
		}
		b = append(append(append(b, nom...), ':'), valeur...)
	}
	b = append(b, `},"geometry":`...)
	switch g := f.Geometrie.(type) {
	case nil:
		b = append(b, "null"...)
	case orb.Point:
		b = appendPoint(append(b, `{"type":"Point","coordinates":`...), g)
		b = append(b, '}')
	case orb.Polygon:
		b = appendPolygon(append(b, `{"type":"Polygon","coordinates":`...), g)
		b = append(b, '}')
	case orb.MultiPolygon:
		b = append(b, `{"type":"MultiPolygon","coordinates":[`...)
		for i, p := range g {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendPolygon(b, p)
		}
		b = append(b, "]}"...)
	default:
		return nil, fmt.Errorf("write geometry: type %T not supported", g)
	}
	return append(b, '}'), nil
}

func appendPolygon(b []byte, p orb.Polygon) []byte {
	b = append(b, '[')
	for i, r := range p {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		backwards := (ringArea(r) < 0) != (i > 0)
		for k := range r {
			if k > 0 {
				b = append(b, ',')
			}
			if backwards {
				k = len(r) - 1 - k
			}
			b = appendPoint(b, r[k])
		}
		b = append(b, ']')
	}
	return append(b, ']')
}

func appendPoint(b []byte, p orb.Point) []byte {
	b = appendDegrees(append(b, '['), p[0])
	return append(appendDegrees(append(b, ','), p[1]), ']')
}

func appendDegrees(b []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(b, "null"...) // readers refuse it, as they should
	}
	// Adding zero turns the -0 of a rounded small negative into 0.
	return strconv.AppendFloat(b, math.Round(v*1e6)/1e6+0, 'f', -1, 64)
}

package geo

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ReadError says why a GeoJSON file could not be read to its end.
type ReadError struct {
	Line int    // line of the file, from 1, where reading stopped
	Quoi string // what is wrong, in French, for the person who gave the file
	Err  error  // the technical cause, may be nil
}

func (e *ReadError) Error() string {
	return fmt.Sprintf("read GeoJSON: line %d: %s", e.Line, e.Quoi)
}

func (e *ReadError) Unwrap() error { return e.Err }

// ParseFeatures reads a GeoJSON FeatureCollection of at most max bytes, one
// feature at a time, and hands each to the function with its rank (from 0) and
// the line where it starts. A file that is not such a collection gives a
// *ReadError; what is wrong with one feature alone is in its Fautes, so that
// an import can report every bad one at once. An error of each stops the
// reading and is returned as it is.
func ParseFeatures(r io.Reader, max int64, each func(i int, line int, f Feature) error) error {
	src := &source{r: r, left: max}
	buffered := bufio.NewReaderSize(src, 1<<16)
	p := &parser{src: src, each: each}
	// A byte order mark is allowed to be ignored (RFC 8259, section 8.1).
	if start, _ := buffered.Peek(3); bytes.Equal(start, []byte("\xEF\xBB\xBF")) {
		_, _ = buffered.Discard(3)
		p.base = 3
	}
	p.dec = json.NewDecoder(buffered)
	return p.collection()
}

type parser struct {
	src  *source
	dec  *json.Decoder
	base int64
	each func(i int, line int, f Feature) error
	seen bool // the features member was met
}

// fail names in French the cause of a decoding error.
func (p *parser) fail(err error) error {
	e := &ReadError{Line: p.line(p.dec.InputOffset()), Err: err}
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, errTooBig):
		e.Quoi = "Le fichier dépasse la taille autorisée."
	case errors.Is(err, errNotUTF8):
		e.Quoi = "Le fichier n’est pas encodé en UTF-8."
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.Quoi = "Le fichier est vide ou tronqué."
	case errors.As(err, &syntax):
		e.Quoi = "Le fichier n’est pas du JSON valide."
	default:
		e.Quoi = "Le fichier ne peut pas être lu."
	}
	return e
}

func (p *parser) refuse(quoi string) error {
	return &ReadError{Line: p.line(p.dec.InputOffset()), Quoi: quoi}
}

func (p *parser) line(offset int64) int { return p.src.line(offset + p.base) }

func (p *parser) collection() error {
	const expected = "Le fichier doit être une collection GeoJSON («\u00a0FeatureCollection\u00a0»)."
	if err := p.open('{', expected); err != nil {
		return err
	}
	typed := false
	for p.dec.More() {
		key, err := p.dec.Token()
		if err != nil {
			return p.fail(err)
		}
		if key == "features" {
			if err := p.features(); err != nil {
				return err
			}
			continue
		}
		var raw json.RawMessage
		if err := p.dec.Decode(&raw); err != nil {
			return p.fail(err)
		}
		switch key {
		case "type":
			if string(raw) != `"FeatureCollection"` {
				return p.refuse(expected)
			}
			typed = true
		case "crs":
			// The member was removed by RFC 7946, but old tools still write it:
			// it would announce coordinates that are not longitude and latitude.
			if s := string(raw); s != "null" && !strings.Contains(s, "CRS84") && !strings.Contains(s, "4326") {
				return p.refuse("Le système de coordonnées annoncé n’est pas WGS 84 (longitude, latitude).")
			}
		}
	}
	if _, err := p.dec.Token(); err != nil {
		return p.fail(err)
	}
	if !typed || !p.seen {
		return p.refuse(expected)
	}
	switch _, err := p.dec.Token(); {
	case err == nil:
		return p.refuse("Le fichier contient autre chose après la collection.")
	case !errors.Is(err, io.EOF):
		return p.fail(err)
	}
	return nil
}

// open consumes the delimiter that must come next.
func (p *parser) open(want json.Delim, otherwise string) error {
	got, err := p.dec.Token()
	if err != nil {
		return p.fail(err)
	}
	if got != want {
		return p.refuse(otherwise)
	}
	return nil
}

func (p *parser) features() error {
	if p.seen {
		return p.refuse("Le membre «\u00a0features\u00a0» est répété.")
	}
	p.seen = true
	if err := p.open('[', "Le membre «\u00a0features\u00a0» doit être une liste."); err != nil {
		return err
	}
	for i := 0; p.dec.More(); i++ {
		var raw json.RawMessage
		if err := p.dec.Decode(&raw); err != nil {
			return p.fail(err)
		}
		line := p.line(p.dec.InputOffset() - int64(len(raw)))
		if err := p.each(i, line, parseFeature(raw)); err != nil {
			return err
		}
	}
	if _, err := p.dec.Token(); err != nil {
		return p.fail(err)
	}
	return nil
}

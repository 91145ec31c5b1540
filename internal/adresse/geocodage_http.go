package adresse

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"golang.org/x/time/rate"

	"portail/internal/geo"
)

// Limits of what a foreign service may cost or do.
const (
	geocodageLimite = 2 * time.Second
	geocodageAttend = 300 * time.Millisecond // for a turn, when many ask at once
	geocodageOctets = 256 << 10
	geocodageDebit  = 10 // requests a second from this instance: the public service accepts 50 from one address
)

// Why the service gave nothing. What was searched is in none of these errors: they may be logged.
var (
	errOccupe     = errors.New("too many look-ups at once")
	errInattendue = errors.New("unexpected answer")
)

// geocodeur asks a service with the API of the Base Adresse Nationale: GET {base}/search/?q=…, answered in GeoJSON.
type geocodeur struct {
	base   string
	client *http.Client
	debit  *rate.Limiter
}

// newGeocodeur is nil without an address: the portal works without Internet.
func newGeocodeur(base string) *geocodeur {
	if base == "" {
		return nil
	}
	return &geocodeur{
		base: strings.TrimRight(base, "/"),
		client: &http.Client{
			Timeout: geocodageLimite,
			// An answer from elsewhere is no answer: only the origin that the settings name is believed.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		debit: rate.NewLimiter(geocodageDebit, geocodageDebit),
	}
}

// proposition is an address that the service proposes.
type proposition struct {
	Libelle string
	Score   float64 // 0 to 1
	Precis  bool    // a numbered address, and not the middle of a street or of a commune
	Commune string  // INSEE code; empty when the service does not tell
	Point   orb.Point
}

// chercher asks for an address; the best answer comes first.
func (g *geocodeur) chercher(ctx context.Context, q string) ([]proposition, error) {
	waiting, cancel := context.WithTimeout(ctx, geocodageAttend)
	defer cancel()
	if err := g.debit.Wait(waiting); err != nil {
		return nil, errOccupe
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, g.base+"/search/?"+url.Values{"q": {q}, "limit": {"5"}}.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("geocoding request: %w", errInattendue)
	}
	r.Header.Set("Accept", "application/json")
	answer, err := g.client.Do(r)
	if err != nil {
		var told *url.Error // its text holds the address, hence what was searched
		if errors.As(err, &told) {
			err = told.Err
		}
		return nil, fmt.Errorf("geocoding: %w", err)
	}
	defer func() { _ = answer.Body.Close() }() // nothing was written
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("geocoding: status %d: %w", answer.StatusCode, errInattendue)
	}
	if kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type")); kind != "application/json" && kind != "application/geo+json" {
		return nil, fmt.Errorf("geocoding: not JSON: %w", errInattendue)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, geocodageOctets+1))
	if err != nil {
		return nil, fmt.Errorf("geocoding: read answer: %w", err)
	}
	if len(body) > geocodageOctets {
		return nil, fmt.Errorf("geocoding: answer over %d bytes: %w", geocodageOctets, errInattendue)
	}
	return lirePropositions(body)
}

// lirePropositions checks the answer of the service: what it sends is as foreign as what visitors send.
func lirePropositions(body []byte) ([]proposition, error) {
	var in struct {
		Type     string
		Features []struct {
			Geometry struct {
				Type        string
				Coordinates []float64
			}
			Properties struct {
				Label, Type, Citycode string
				Score                 *float64
			}
		}
	}
	if err := json.Unmarshal(body, &in); err != nil || in.Type != "FeatureCollection" {
		return nil, fmt.Errorf("geocoding: not a FeatureCollection: %w", errInattendue)
	}
	var found []proposition
	for _, f := range in.Features {
		p := f.Properties
		if f.Geometry.Type != "Point" || len(f.Geometry.Coordinates) < 2 || p.Score == nil || *p.Score < 0 || *p.Score > 1.0001 {
			return nil, fmt.Errorf("geocoding: not a scored point: %w", errInattendue)
		}
		pt := orb.Point{f.Geometry.Coordinates[0], f.Geometry.Coordinates[1]}
		if !geo.InFrance(pt) || p.Label == "" || utf8.RuneCountInString(p.Label) > 200 || departementDe(p.Citycode) == "" && p.Citycode != "" {
			continue
		}
		found = append(found, proposition{p.Label, *p.Score, p.Type == "" || p.Type == "housenumber", p.Citycode, pt})
	}
	slices.SortStableFunc(found, func(a, b proposition) int { return cmp.Compare(b.Score, a.Score) })
	return found, nil
}

// Package flux says whom the secret at the end of a calendar feed's address speaks for. The secrets are made and taken back by the area of
// échéances; each area that has a feed of its own asks here, and the same secret opens them all.
package flux

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/url"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/pg"
)

// Empreinte is what is kept of a secret.
func Empreinte(jeton string) []byte {
	sum := sha256.Sum256([]byte(jeton))
	return sum[:]
}

// Qui is the account that a secret opens the feeds of, in the fonction that it acts in today; fault.NotFound for a secret that was taken
// back, whose account was disabled, or whose fonction does not hold the right.
func Qui(ctx context.Context, q pg.Q, jeton string, droit droits.Droit) (droits.Compte, error) {
	c, err := find(ctx, q, Empreinte(jeton))
	if err != nil {
		return c, fmt.Errorf("whose feed: %w", err)
	}
	if !c.Peut(droit) {
		return c, fmt.Errorf("feed of account %d: %w", c.ID, fault.NotFound)
	}
	return c, nil
}

// Hote is the name of the site, which the identities of events end with: that of its address, else the host that was asked.
func Hote(base, asked string) string {
	if u, err := url.Parse(base); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return asked
}

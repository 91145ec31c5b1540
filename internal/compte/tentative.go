package compte

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"strconv"
	"time"
)

// frein slows whoever guesses, never the account itself for good: the strict count is by account and network together, so that a
// stranger's failures do not keep the owner out; a network and an account each have a larger one of their own (S5).
type frein struct {
	cle     string
	permis  int           // failures before the first delay
	premier time.Duration // doubled at each further failure
	plafond time.Duration
}

// Delays: five slips cost nothing, then half a minute, one, two… An account attacked from everywhere is never closed for more
// than a minute at a time, and not at all to a network that its owner has signed in from.
const (
	premierDelai   = 30 * time.Second
	plafondCouple  = 15 * time.Minute
	plafondReseau  = 15 * time.Minute
	plafondCompte  = time.Minute
	permisCouple   = 5
	permisReseau   = 20
	permisCompte   = 100
	permisCode     = 5
	oubliTentative = 24 * time.Hour // a count without failure for so long is forgotten
)

func (s *Service) freinsConnexion(courriel string, adresse netip.Addr) []frein {
	net := reseau(adresse)
	return []frein{
		{s.cleFrein("couple", courriel, adresse.String()), permisCouple, premierDelai, plafondCouple},
		{s.cleFrein("reseau", net), permisReseau, premierDelai, plafondReseau},
		{s.cleFrein("compte", courriel), permisCompte, premierDelai, plafondCompte},
	}
}

// freinCode is for second factors: whoever gets there knows the password already.
func (s *Service) freinCode(compte int64) []frein {
	return []frein{{s.cleFrein("code", strconv.FormatInt(compte, 10)), permisCode, premierDelai, plafondCouple}}
}

// cleFrein hides the addresses that are counted: the table says nothing of who tried what.
func (s *Service) cleFrein(parts ...string) string {
	mac := hmac.New(sha256.New, s.cfg.Acces.Cle)
	for _, p := range parts {
		mac.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// delai is how long to wait after the n-th failure.
func (f frein) delai(n int) time.Duration {
	if n < f.permis {
		return 0
	}
	d := f.premier
	for range n - f.permis {
		if d *= 2; d >= f.plafond {
			return f.plafond
		}
	}
	return d
}

// attente is how long the visitor must still wait; 0: they may try.
func (s *Service) attente(ctx context.Context, freins []frein) (time.Duration, error) {
	until, err := s.lireFreins(ctx, freins)
	if err != nil {
		return 0, err
	}
	return max(0, time.Until(until)), nil
}

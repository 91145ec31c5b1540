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

// Delays: five slips cost nothing, then half a minute, one, two… A slip is forgotten after a while, so that those of a whole office
// do not add up. An account attacked from everywhere is never closed for more than a minute at a time, and not at all to a network
// that its owner has signed in from.
const (
	premierDelai  = 30 * time.Second
	plafondCouple = 15 * time.Minute
	plafondReseau = 15 * time.Minute
	plafondCompte = time.Minute
	permisCouple  = 5
	permisReseau  = 20
	permisCompte  = 100
	permisCode    = 5
	oubliEchec    = 10 * time.Minute // one failure less for each of these that passes without another
)

// freinsConnexion are the counts of an attempt to sign in. The first is the strict one.
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

// prendre takes an attempt before it is judged, so that a thousand sent at once are slowed like a thousand in turn. It returns how
// long the visitor must still wait, 0 when the attempt is theirs; one refused is not counted, or a stranger who goes on guessing
// would keep the owner out. What was taken for nothing is given back by oublierEchecs.
func (s *Service) prendre(ctx context.Context, freins []frein) (time.Duration, error) {
	wait, err := s.attente(ctx, freins)
	if err != nil || wait > 0 {
		return wait, err
	}
	taken, err := s.compter(ctx, freins)
	if err != nil || taken == len(freins) {
		return 0, err
	}
	// Others took the last attempts at the same moment.
	wait, err = s.attente(ctx, freins)
	return max(wait, time.Second), err
}

// attente is how long the visitor must still wait; 0: they may try.
func (s *Service) attente(ctx context.Context, freins []frein) (time.Duration, error) {
	until, err := s.lireFreins(ctx, freins)
	if err != nil {
		return 0, err
	}
	return max(0, time.Until(until)), nil
}

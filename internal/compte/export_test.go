package compte

import (
	"strings"
	"sync"
	"testing"
	"time"
)

// SetNow moves the clock of sign-in until the function returned is called.
func SetNow(at func() time.Time) (back func()) {
	former := now
	now = at
	return func() { now = former }
}

// HashMotDePasse seals a password with the parameters of production.
var HashMotDePasse = hashMotDePasse

// OubliReponse is when every request for a forgotten password is answered.
const OubliReponse = oubliReponse

// HashCosts lists the cost of each hash that a password is compared with while do runs: Argon2's parameters as they are written
// before the salt.
func HashCosts(t *testing.T, do func()) []string {
	t.Helper()
	var (
		guard sync.Mutex
		costs []string
	)
	former := compare
	defer func() { compare = former }()
	compare = func(motDePasse, hash string) (bool, error) {
		guard.Lock()
		costs = append(costs, strings.Join(strings.Split(hash, "$")[:4], "$"))
		guard.Unlock()
		return former(motDePasse, hash)
	}
	do()
	return costs
}

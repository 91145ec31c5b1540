package compte

import "time"

// SetNow moves the clock of sign-in until the function returned is called.
func SetNow(at func() time.Time) (back func()) {
	former := now
	now = at
	return func() { now = former }
}

// HashMotDePasse seals a password with the parameters of production.
var HashMotDePasse = hashMotDePasse

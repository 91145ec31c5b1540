// Package droits says who may do what: the only authorisation policy of the portal. Each route names one of these
// rights, and internal/httpx offers no way to declare a route without one.
package droits

// Droit is the right to one kind of deed. Whether a given row lies within somebody's perimeter is another question,
// asked in the WHERE of the read.
type Droit string

// The rights, by area.
const (
	// Public is what anybody may read without an account.
	Public Droit = "public"
	// Sonde is what the machines around the portal ask: health, readiness, version. It shows nothing of the data.
	Sonde Droit = "sonde"
	// Atelier is what exists outside production only: the page of components.
	Atelier Droit = "atelier"
)

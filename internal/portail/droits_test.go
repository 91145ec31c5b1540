package portail_test

import (
	"slices"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// TestEveryRouteNamesADecidedRight keeps a route from naming a right that the matrix does not hold: nobody could open it.
func TestEveryRouteNamesADecidedRight(t *testing.T) {
	t.Parallel()
	special := []droits.Droit{droits.Public, droits.Sonde, droits.Atelier, droits.Visiteur, droits.Connecte}
	used := map[droits.Droit]bool{}
	for _, r := range portailtest.SiteOn(t, portailtest.DB(t)).Portal.Routes() {
		used[r.Droit] = true
		decided := slices.ContainsFunc(droits.Matrice, func(l droits.Ligne) bool { return l.Droit == r.Droit })
		if !decided && !slices.Contains(special, r.Droit) {
			t.Errorf("%s %s names %q, which is in no matrix", r.Method, r.Pattern, r.Droit)
		}
	}
	for _, l := range droits.Matrice {
		if !used[l.Droit] {
			t.Errorf("%s opens no page", l.Droit)
		}
	}
}

package compte_test

import (
	"net/http"
	"strings"
	"testing"

	"portail/internal/droits"
)

func TestTheMatrixIsThatOfTheCode(t *testing.T) {
	_, admin := administration(t)
	page := admin.Get("/administration/droits").Want(http.StatusOK)
	rows := page.Find("#matrice tbody tr")
	if rows.Length() != len(droits.Matrice) {
		t.Fatalf("%d rights of %d", rows.Length(), len(droits.Matrice))
	}
	for i, l := range droits.Matrice {
		for j, role := range droits.Roles {
			want := "–"
			if (droits.Compte{ID: 1, Role: role}).Peut(l.Droit) {
				want = "oui"
			}
			if got := strings.TrimSpace(rows.Eq(i).Find("td").Eq(j).Text()); got != want {
				t.Errorf("%s for %s: %q", l.Droit, role, got)
			}
		}
	}
}

package portail_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

// public says whether a route asks for no account at all.
func public(d droits.Droit) bool { return new(droits.Compte).Peut(d) }

// TestEveryRouteIsHeldAgainstEveryRole asks for each address of the site as a visitor and as each role. What a role may not do is
// refused, by GET and by POST, exports and files included, and leaves nothing but its line in the journal.
func TestEveryRouteIsHeldAgainstEveryRole(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t)
	visitor := site.Fresh()
	refused, granted := 0, 0
	check := func(t *testing.T, b *portailtest.Visitor, role droits.Role) {
		for _, r := range site.Portal.Routes() {
			if public(r.Droit) {
				continue
			}
			path := sample(t, r.Pattern)
			may := droits.Compte{ID: 1, Role: role}.Peut(r.Droit)
			if may && r.Method == http.MethodPost {
				continue // a change is tried by the tests of its area
			}
			var p *portailtest.Page
			if r.Method == http.MethodPost {
				p = b.Post(path, url.Values{"version": {"1"}})
			} else {
				p = b.Get(path)
			}
			switch {
			case role == "":
				if p.Status != http.StatusSeeOther || !strings.HasPrefix(p.Header.Get("Location"), lien.Connexion) {
					t.Errorf("visitor, %s %s: status %d to %q", r.Method, path, p.Status, p.Header.Get("Location"))
				}
				refused++
			case may:
				if p.Status == http.StatusForbidden || p.Status >= http.StatusInternalServerError {
					t.Errorf("%s, %s %s: status %d although %s is theirs", role, r.Method, path, p.Status, r.Droit)
				}
				granted++
			default:
				if p.Status != http.StatusForbidden {
					t.Errorf("%s, %s %s: status %d without %s", role, r.Method, path, p.Status, r.Droit)
				}
				refused++
			}
			if p.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s, %s %s: Cache-Control %q", role, r.Method, path, p.Header.Get("Cache-Control"))
			}
		}
	}
	check(t, visitor, "")
	before := refused
	for _, role := range droits.Roles {
		check(t, site.SignIn(role, "Organisme d’essai"), role)
	}
	if refused < 100 || granted < 50 {
		t.Errorf("%d refused, %d granted: the matrix is not what it was", refused, granted)
	}
	var told int
	if err := site.DB.QueryRow(t.Context(), `SELECT count(*) FROM journal WHERE verbe = 'accès refusé'`).Scan(&told); err != nil || told != refused-before {
		t.Errorf("%d refusals in the journal, %d given, %v", told, refused-before, err)
	}
}

// TestAPartnerNeverLearnsOfOthers asks, as a référent, for what belongs to another organisation: it does not exist, whether it does or not.
func TestAPartnerNeverLearnsOfOthers(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t)
	own, _ := site.Account("lecteur@caf.test", droits.Lecteur, "CAF")
	other, _ := site.Account("lecteur@ars.test", droits.Lecteur, "ARS")
	b := site.SignIn(droits.Referent, "CAF")
	b.Get(lien.Compte(own)).Want(http.StatusOK)
	there, absent := b.Get(lien.Compte(other)).Want(http.StatusNotFound), b.Get(lien.Compte(999999)).Want(http.StatusNotFound)
	if there.Text("main h1") != absent.Text("main h1") || there.Text("title") != absent.Text("title") {
		t.Error("the answer tells an account of another organisation from one that does not exist")
	}
	for _, path := range []string{lien.Comptes, lien.Comptes + "?q=lecteur", lien.Comptes + "?organisme=" + strconv.FormatInt(other, 10)} {
		if p := b.Get(path); strings.Contains(string(p.Body), "lecteur@ars.test") {
			t.Errorf("%s shows an account of another organisation", path)
		}
	}
}

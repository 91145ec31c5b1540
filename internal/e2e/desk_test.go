package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"portail/internal/lien"
	"portail/internal/portailtest"
)

// desk is the browser of somebody at work, whose pages are looked at with axe-core, and the database behind them.
type desk struct {
	*tab
	site *portailtest.Visitor
	axe  string
}

func newDesk(t *testing.T, site *portailtest.Visitor) *desk {
	t.Helper()
	axe, err := os.ReadFile(filepath.Join(webDir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("axe-core is not installed: run `npm ci` in web/ (%v)", err)
	}
	return &desk{tab: newTab(t, site.URL, look{theme: "light", width: 1280}), site: site, axe: string(axe)}
}

// see opens a page and looks at it.
func (d *desk) see(path string) {
	d.t.Helper()
	d.open(path)
	d.accessible(d.axe)
}

func (d *desk) sql(sql string, args ...any) {
	d.t.Helper()
	if _, err := d.site.DB.Exec(d.t.Context(), sql, args...); err != nil {
		d.t.Fatalf("%v\n%s", err, sql)
	}
}

func (d *desk) number(sql string, args ...any) (n int64) {
	d.t.Helper()
	if err := d.site.DB.QueryRow(d.t.Context(), sql, args...).Scan(&n); err != nil {
		d.t.Fatalf("%v\n%s", err, sql)
	}
	return n
}

// quietBut is quiet but for the statuses of the refusals that were asked for, which Chromium tells of itself.
func (d *desk) quietBut(statuses ...string) {
	d.t.Helper()
	for _, message := range d.console() {
		if !slices.ContainsFunc(statuses, func(status string) bool { return strings.Contains(message, status) }) {
			d.t.Errorf("console: %s", message)
		}
	}
}

func (d *desk) signIn(courriel string) {
	d.t.Helper()
	d.open(lien.Connexion)
	d.fill("#courriel", courriel)
	d.fill("#mot_de_passe", portailtest.MotDePasse)
	d.follow("main form[action='/connexion'] button", lien.TableauDeBord)
}

// set gives a value to a field that a keyboard fills in otherwise in each browser: a date, a choice of a list.
func (d *desk) set(selector, value string) {
	d.t.Helper()
	if !run[bool](d.tab, fmt.Sprintf(`(e => { e.value = %q; return e.value !== '' })(document.querySelector(%q))`, value, selector)) {
		d.t.Fatalf("%s does not take %q", selector, value)
	}
}

// send submits the form of the page that goes to an address, and waits for what follows it.
func (d *desk) send(action, then string) {
	d.t.Helper()
	d.follow(fmt.Sprintf("main form[action=%q] button[type=submit]", action), then)
}

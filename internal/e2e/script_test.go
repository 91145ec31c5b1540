package e2e_test

import (
	"fmt"
	"testing"

	"portail/internal/lien"
	"portail/internal/portailtest"
)

// TestEveryMenuModalTabAndAccordionOpens is what allows the build to leave out parts of the design system: a rule or a script
// too few shows here.
func TestEveryMenuModalTabAndAccordionOpens(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t, "PORTAIL_CACHE_MO=48")
	for _, path := range []string{lien.Accueil, lien.QPV, lien.Fiche(quarter), lien.Comparer + "?codes=QN08801M,QN08804M", lien.Carte, lien.Aide, lien.Composants} {
		for _, width := range []int64{1280, 360} {
			t.Run(fmt.Sprintf("%s at %d px", path, width), func(t *testing.T) {
				t.Parallel()
				tb := newTab(t, site.URL, look{theme: "light", width: width})
				tb.open(path)
				tb.ready()
				tb.openAll()
				tb.quiet()
			})
		}
	}
}

// ready waits until the scripts of the design system have taken over every control of the page.
func (tb *tab) ready() {
	tb.t.Helper()
	tb.await(`[...document.querySelectorAll('button[aria-controls]')].every(b => [...b.attributes].some(a => /^data-fr-js-.*-button$/.test(a.name)))`)
}

// openAll works every visible control that says it opens something, and closes it again where that can be.
func (tb *tab) openAll() {
	tb.t.Helper()
	type control struct{ ID, Kind string }
	controls := run[[]control](tb, `[...document.querySelectorAll('button[aria-controls]')].filter(b => b.checkVisibility({visibilityProperty: true}) && !b.closest('.fr-modal') && !b.disabled)
		.map((b, i) => { b.dataset.essai = i; const to = document.getElementById(b.getAttribute('aria-controls'));
			return {ID: to.id, Kind: b.role === 'tab' ? 'tab' : to.matches('.fr-modal') ? 'modal' : 'collapse'} })`)
	if len(controls) == 0 {
		tb.t.Fatal("nothing opens on this page")
	}
	for i, c := range controls { // two buttons may open the same thing, one of them hidden at this width
		button, target := fmt.Sprintf(`[data-essai="%d"]`, i), "#"+c.ID
		open := run[bool](tb, shown(target))
		if c.Kind != "tab" && open { // shown at first: closed, then opened again
			tb.click(button)
			tb.await(gone(target))
		}
		tb.click(button)
		tb.await(shown(target))
		switch c.Kind {
		case "modal":
			tb.await(fmt.Sprintf(`document.querySelector(%q).contains(document.activeElement)`, target))
			tb.press("\u001b")
			tb.await(gone(target))
			tb.await(fmt.Sprintf(`document.activeElement.getAttribute('aria-controls') === %q`, c.ID))
		case "collapse":
			if !run[bool](tb, shown(button)) { // the breadcrumb of a narrow screen opens for good
				continue
			}
			tb.click(button)
			tb.await(gone(target))
		}
	}
}

func TestThemeIsKept(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t, "PORTAIL_CACHE_MO=48")
	tb := newTab(t, site.URL, look{theme: "light", width: 1280})
	tb.open(lien.Accueil)
	tb.ready()
	tb.click(".fr-header__tools [aria-controls=fr-theme-modal]")
	tb.await(shown("#fr-theme-modal"))
	tb.click("label[for=fr-radios-theme-dark]")
	tb.await(`document.documentElement.dataset.frTheme === 'dark'`)
	tb.press("\u001b")
	tb.await(gone("#fr-theme-modal"))
	tb.follow(fmt.Sprintf(`#navigation a[href=%q]`, lien.QPV), lien.QPV)
	tb.await(`document.documentElement.dataset.frTheme === 'dark' && getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)'`)
	tb.quiet()
}

func TestInteractiveMaps(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t, "PORTAIL_CACHE_MO=48")
	for _, path := range []string{lien.Carte, lien.Fiche(quarter)} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			tb := newTab(t, site.URL, look{theme: "light", width: 1280})
			tb.open(path)
			tb.click("[data-carte]")
			tb.await(shown(".carte__interactive path"))
			tb.await(`!document.querySelector('.carte__etat').innerText`)
			tb.click("[data-carte]")
			tb.await(shown(".carte__svg") + ` && !document.querySelector('.carte__interactive')`)
			tb.quiet()
		})
	}
}

// TestNothingIsHiddenWithoutScripts opens nothing: what opens with scripts is open without them, under a title that looks no
// longer like a button.
func TestNothingIsHiddenWithoutScripts(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t, "PORTAIL_CACHE_MO=48")
	tb := newTab(t, site.URL, look{theme: "light", width: 360, noScript: true})
	tb.open(lien.Fiche(quarter))
	for _, path := range []string{lien.Fiche(quarter), lien.Comparer + "?codes=QN08801M,QN08804M", lien.Carte} {
		tb.open(path)
		closed := run[[]string](tb, `[...document.querySelectorAll('main .fr-collapse, main .fr-tabs__panel, #navigation')].filter(e => e.getBoundingClientRect().height === 0).map(e => e.id)`)
		if len(closed) > 0 {
			t.Errorf("%s: closed for good: %v", path, closed)
		}
		dead := run[[]string](tb, `[...document.querySelectorAll('button')].filter(b => b.type !== 'submit' && !b.matches('.fr-accordion__btn') && b.checkVisibility({visibilityProperty: true})).map(b => b.outerHTML.slice(0, 120))`)
		if len(dead) > 0 {
			t.Errorf("%s: buttons that do nothing: %v", path, dead)
		}
	}
}

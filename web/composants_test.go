package web

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

func TestComponentsAreAccessible(t *testing.T) {
	url, chromium := testServer(t)+"/composants", browser(t)
	for _, c := range []struct {
		query, theme string
		width        int64
	}{
		{"", "light", 1280}, {"", "light", 320}, {"", "dark", 1280}, {"", "dark", 320},
		{"?mode=etat", "light", 320}, {"?mode=etat", "dark", 1280}, {"?mode=compte", "light", 1280}, {"?mode=compte", "dark", 320},
	} {
		t.Run(fmt.Sprint(c.query, c.theme, c.width), func(t *testing.T) {
			ctx, console := tab(t, chromium, url+c.query, c.theme, c.width)
			await(t, ctx, fmt.Sprintf(`document.documentElement.dataset.frTheme === %q`, c.theme))
			await(t, ctx, `document.documentElement.scrollWidth <= innerWidth`)
			accessible(t, ctx)
			quiet(t, console())
		})
	}
}

func TestComponentsOpenWithMouseAndKeyboard(t *testing.T) {
	url, chromium := testServer(t)+"/composants", browser(t)
	const enter, escape = "\r", "\u001b"

	t.Run("large screen", func(t *testing.T) {
		ctx, console := tab(t, chromium, url, "light", 1280)

		await(t, ctx, folded("menu-2"))
		click(t, ctx, "[aria-controls=menu-2]")
		await(t, ctx, unfolded("menu-2"))
		do(t, ctx, chromedp.KeyEvent(escape))
		await(t, ctx, folded("menu-2"))
		press(t, ctx, "[aria-controls=menu-2]", enter)
		await(t, ctx, unfolded("menu-2"))
		do(t, ctx, chromedp.KeyEvent(escape))
		await(t, ctx, folded("menu-2"))

		click(t, ctx, "[aria-controls=ex-modale]")
		await(t, ctx, visible("#ex-modale .fr-modal__title"))
		accessible(t, ctx)
		do(t, ctx, chromedp.KeyEvent(escape))
		await(t, ctx, hidden("#ex-modale .fr-modal__title"))
		await(t, ctx, `document.activeElement.matches('[aria-controls=ex-modale]')`)
		press(t, ctx, "[aria-controls=ex-modale]", enter)
		await(t, ctx, visible("#ex-modale input"))
		press(t, ctx, "#ex-modale input", escape) // from inside a field too
		await(t, ctx, hidden("#ex-modale .fr-modal__title"))

		await(t, ctx, folded("ex-acc-1"))
		click(t, ctx, "[aria-controls=ex-acc-1]")
		await(t, ctx, unfolded("ex-acc-1"))
		press(t, ctx, "[aria-controls=ex-acc-1]", enter)
		await(t, ctx, folded("ex-acc-1"))

		click(t, ctx, "#ex-onglet-2")
		await(t, ctx, visible("#ex-onglet-2-panel")+" && "+hidden("#ex-onglet-1-panel"))
		do(t, ctx, chromedp.KeyEvent("\u0303")) // right arrow
		await(t, ctx, visible("#ex-onglet-3-panel"))

		click(t, ctx, ".fr-header__tools [aria-controls=fr-theme-modal]")
		await(t, ctx, visible("#fr-theme-modal"))
		click(t, ctx, "label[for=fr-radios-theme-dark]")
		await(t, ctx, `document.documentElement.dataset.frTheme === 'dark' && localStorage.getItem('scheme') === 'dark'`)
		do(t, ctx, chromedp.Reload())
		await(t, ctx, `document.documentElement.dataset.frTheme === 'dark'`)
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("localStorage.clear(); true")); err != nil {
			t.Fatal(err)
		}
		quiet(t, console())
	})

	t.Run("small screen", func(t *testing.T) {
		ctx, console := tab(t, chromium, url, "light", 320)
		await(t, ctx, hidden("#navigation"))
		click(t, ctx, "#bouton-menu")
		await(t, ctx, visible("#navigation"))
		await(t, ctx, visible(".fr-header__menu-links .fr-btn"))
		click(t, ctx, "[aria-controls=menu-2]")
		await(t, ctx, unfolded("menu-2"))
		accessible(t, ctx)
		click(t, ctx, "#modal-menu .fr-btn--close")
		await(t, ctx, hidden("#navigation"))
		press(t, ctx, "#bouton-recherche", enter)
		await(t, ctx, visible("#recherche-saisie"))
		do(t, ctx, chromedp.KeyEvent(escape))
		await(t, ctx, folded("fil-ariane"))
		click(t, ctx, ".fr-breadcrumb__button")
		await(t, ctx, visible("#fil-ariane a"))
		quiet(t, console())
	})
}

func TestInteractiveMap(t *testing.T) {
	ctx, console := tab(t, browser(t), testServer(t)+"/composants", "light", 1280)
	await(t, ctx, `![...performance.getEntriesByType('resource')].some(r => r.name.includes('carte-'))`) // fetched on demand only
	click(t, ctx, "[data-carte]")
	await(t, ctx, visible(".carte__interactive path.contour")+" && "+hidden(".carte__svg"))
	click(t, ctx, ".carte__interactive path.contour")
	await(t, ctx, `document.querySelector('.leaflet-popup-content a')?.textContent === 'Quartier <A>'`)
	click(t, ctx, "[data-carte]")
	await(t, ctx, visible(".carte__svg")+" && !document.querySelector('.carte__interactive')")
	quiet(t, console())
}

func TestWithoutScript(t *testing.T) {
	ctx, cancel := chromedp.NewContext(browser(t))
	defer cancel()
	url := testServer(t)
	do(t, ctx, chromedp.EmulateViewport(320, 800))
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(url+"/composants"))
	for _, selector := range []string{"#navigation", "#menu-2 a", "#recherche-saisie", "#fil-ariane", "#ex-acc-1 p", "#ex-onglet-3-panel p", "#ex-modale input", ".fr-header__tools a"} {
		await(t, ctx, visible(selector))
	}
	for _, selector := range []string{"[data-carte]", "#bouton-menu", "#fr-theme-modal", "[aria-controls=ex-modale]", "[data-imprimer]"} {
		await(t, ctx, hidden(selector))
	}
	await(t, ctx, `document.documentElement.scrollWidth <= innerWidth`)
}

// TestPrinted checks what the print style sheet hides and unfolds.
func TestPrinted(t *testing.T) {
	ctx, _ := tab(t, browser(t), testServer(t)+"/composants", "light", 1280)
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	for _, selector := range []string{"header", "footer", "#navigation", ".fr-skiplinks", ".fr-breadcrumb", ".telechargements", ".fr-pagination", "[data-carte]"} {
		await(t, ctx, hidden(selector))
	}
	for _, selector := range []string{"h1", "#ex-table", "#ex-barres-titre ~ g text", "#ex-acc-1 p", "#ex-onglet-2-panel p", ".carte__svg"} {
		await(t, ctx, visible(selector))
	}
	await(t, ctx, `getComputedStyle(document.querySelector('#ex-table a'), '::after').content === 'none'`)
}

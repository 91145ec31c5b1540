package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// These tests open every component of /composants in a real browser. They are what allows build.mjs to leave out the
// parts of the DSFR that the site does not use: a rule or a script too few shows here.

// csp is the policy that the portal serves its pages under.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"

// testServer serves the page of components in a full frame, as ?mode=etat in State mode and as ?mode=compte signed in.
func testServer(t *testing.T) string {
	t.Helper()
	if err := CheckAssets(); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/composants", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", csp)
		p := PageProps{Titre: "Composants", Description: "Tous les composants", FilAriane: []Lien{{"Accueil", "/"}, {"Composants", ""}}}
		ctx := WithFrame(r.Context(), testFrame(r.URL.Query().Get("mode")))
		if err := Page(p).Render(templ.WithChildren(ctx, Composants()), w); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/composants/contours.geojson", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/geo+json")
		_, _ = io.WriteString(w, `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"nom":"Quartier <A>","lien":"/composants"},`+
			`"geometry":{"type":"Polygon","coordinates":[[[6.4,48.1],[6.5,48.1],[6.5,48.2],[6.4,48.1]]]}}]}`)
	})
	mux.Handle("/static/", http.StripPrefix("/static/", http.FileServerFS(Static())))
	ts := httptest.NewServer(mux)
	t.Cleanup(ts.Close)
	return ts.URL
}

func testFrame(mode string) Frame {
	f := Frame{
		Chemin: "/composants",
		Site: Site{Nom: "Portail d’exemple", Baseline: "Une ligne de présentation", URL: "https://portail.example", Prefecture: "Préfecture d’exemple",
			Demonstration: true, EspaceAgents: true, LiensPied: []Lien{{"Aide", "/aide"}}},
		Menu: []MenuEntry{{Texte: "Accueil", Href: "/"}, {Texte: "Quartiers", Href: "/qpv"},
			{Texte: "Ressources", Enfants: []MenuEntry{{Texte: "Données ouvertes", Href: "/donnees"}, {Texte: "Composants", Href: "/composants"}}}},
	}
	switch mode {
	case "etat":
		f.Site.Marque, f.Site.BlocMarque = MarqueEtat, []string{"Préfète", "d’exemple"}
	case "compte":
		f.Compte = &CompteFrame{Nom: "Camille Exemple", Fonction: "chargée de mission", Profil: "/profil",
			Fonctions: []Fonction{{Libelle: "chargée de mission", Active: true}, {Libelle: "déléguée du préfet", Href: "/fonction/2"}}}
		f.Flash = &Flash{Tone: ToneSuccess, Texte: "C’est enregistré."}
	}
	return f
}

// browser starts a headless Chromium, without which these tests fail: they are never skipped.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := os.Getenv("CHROMIUM")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); path == "" && err == nil {
			path = found
		}
	}
	if path == "" {
		t.Fatal("no Chromium found: install it (apt-get install chromium) or name it in CHROMIUM")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.WSURLReadTimeout(2*time.Minute))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(stop)
	return ctx
}

// tab opens a page at a width and in a theme, without motion, and returns the console's messages on demand.
func tab(t *testing.T, allocator context.Context, url, theme string, width int64) (context.Context, func() []string) {
	t.Helper()
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	listening, stop := context.WithCancel(ctx)
	messages := chromedp.Console(listening)
	do(t, ctx, chromedp.EmulateViewport(width, 800))
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(url))
	await(t, ctx, `document.documentElement.dataset.frJsScheme === 'true' || document.querySelector('[data-fr-js-modal]') !== null`)
	return ctx, func() []string {
		stop()
		var out []string
		for m, err := range messages {
			if err != nil {
				break
			}
			out = append(out, m.String())
		}
		return out
	}
}

func do(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// await waits at most a minute for a condition in the page to hold.
func await(t *testing.T, ctx context.Context, condition string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(25 * time.Millisecond) {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+condition+")"))
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still false after a minute: %s", condition)
		}
	}
}

// click clicks as a mouse does, at the element's place, so that something over it is noticed.
func click(t *testing.T, ctx context.Context, selector string) {
	t.Helper()
	do(t, ctx, chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
}

// press focuses an element and presses a key on it.
func press(t *testing.T, ctx context.Context, selector, key string) {
	t.Helper()
	do(t, ctx, chromedp.Focus(chromedp.CSS(selector)), chromedp.KeyEvent(key))
}

// visible is a condition: the element is shown, takes room, and no ancestor clips it away.
func visible(selector string) string {
	return fmt.Sprintf(`(e => {
		if (!e || !e.checkVisibility({visibilityProperty: true, opacityProperty: true}) || e.getBoundingClientRect().height === 0) return false;
		for (let a = e.parentElement; a; a = a.parentElement)
			if (getComputedStyle(a).overflowY !== 'visible' && a.getBoundingClientRect().height === 0) return false;
		return true;
	})(document.querySelector(%q))`, selector)
}

// folded and unfolded are conditions on what the button of a collapse says, once its movement has ended.
func unfolded(id string) string { return expanded(id, "true") + " && " + visible("#"+id+" *") }
func folded(id string) string   { return expanded(id, "false") + " && " + hidden("#"+id+" *") }

func expanded(id, value string) string {
	return fmt.Sprintf(`document.querySelector('[aria-controls=%s][aria-expanded=%s]') && !document.querySelector('.fr-collapsing')`, id, value)
}

func hidden(selector string) string { return "!" + visible(selector) }

// accessible runs axe-core on the page as it is now.
func accessible(t *testing.T, ctx context.Context) {
	t.Helper()
	axe, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is not installed: run `npm ci` in web/: %v", err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("if (!window.axe) {"+string(axe)+"}; true")); err != nil {
		t.Fatal(err)
	}
	faults, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](
		`axe.run(document).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.html + ' ' + n.failureSummary)))`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	if len(faults) > 0 {
		t.Errorf("axe-core:\n%s", strings.Join(faults, "\n"))
	}
}

func quiet(t *testing.T, console []string) {
	t.Helper()
	if len(console) > 0 {
		t.Errorf("the console is not empty:\n%s", strings.Join(console, "\n"))
	}
}

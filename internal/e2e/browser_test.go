package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// patience is how long an action, or something awaited, may take on a machine that is busy elsewhere.
const patience = time.Minute

// noChromium is what somebody without a browser reads.
const noChromium = "no Chromium for the browser tests: apt-get install chromium (Debian, Ubuntu: chromium-browser), or set CHROMIUM to the path of a Chromium or Chrome"

var closeBrowser = func() {}

func TestMain(m *testing.M) {
	slog.SetLogLoggerLevel(slog.LevelError) // a line per request would hide what the tests say
	code := m.Run()
	closeBrowser()
	os.Exit(code)
}

// chromium finds the browser.
func chromium() (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New(noChromium)
}

// browser is the one Chromium of the package, started by the first test that needs it.
var browser = sync.OnceValues(func() (context.Context, error) {
	path, err := chromium()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("lang", "fr-FR"), chromedp.WSURLReadTimeout(2*time.Minute))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		stop()
		return nil, fmt.Errorf("start %s: %w; %s", path, err, noChromium)
	}
	closeBrowser = func() { cancel(); stop() }
	return ctx, nil
})

// tab is a page of a visitor who has never been here: no cache, no cookie, no setting.
type tab struct {
	t       *testing.T
	ctx     context.Context
	site    string // address of the site, without final slash
	console func() []string
}

// look is how a visitor sees a page.
type look struct {
	theme    string // light or dark
	width    int64  // CSS pixels
	scale    float64
	noScript bool
}

func newTab(t *testing.T, site string, l look) *tab {
	t.Helper()
	root, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(root, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	listening, stop := context.WithCancel(ctx)
	t.Cleanup(stop)
	messages := chromedp.Console(listening)
	tb := &tab{t: t, ctx: ctx, site: site}
	tb.console = func() []string {
		time.Sleep(20 * time.Millisecond) // what is under way between the processes of the browser
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
	tb.look(l)
	if l.noScript {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		tb.check(err)
	}
	return tb
}

// look changes the window and the theme of the system, without motion.
func (tb *tab) look(l look) {
	tb.t.Helper()
	if l.scale == 0 {
		l.scale = 1
	}
	tb.do(chromedp.EmulateViewport(l.width, 900, chromedp.EmulateScale(l.scale)))
	_, err := chromedp.Call(tb.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: l.theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
	tb.check(err)
}

// in is the tab in the hands of another test, which its faults are then those of.
func (tb *tab) in(t *testing.T) *tab {
	own := *tb
	own.t = t
	return &own
}

func (tb *tab) check(err error) {
	tb.t.Helper()
	if err != nil {
		tb.t.Fatal(err)
	}
}

// do runs actions, each within the patience of the tests.
func (tb *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	tb.t.Helper()
	for _, action := range actions {
		ctx, cancel := context.WithTimeout(tb.ctx, patience)
		err := chromedp.Do(ctx, action)
		cancel()
		if err != nil {
			at, _ := chromedp.Run(tb.ctx, chromedp.Location())
			tb.t.Fatalf("at %s: %v", strings.TrimPrefix(at, tb.site), err)
		}
	}
}

// open goes to a path of the site and waits until its scripts have run.
func (tb *tab) open(path string) {
	tb.t.Helper()
	tb.do(chromedp.Navigate(tb.site + path))
	tb.await(`document.readyState === 'complete'`)
}

// run evaluates an expression of JavaScript: a page without scripts can still be looked at.
func run[T any](tb *tab, expression string, options ...chromedp.EvaluateOption) T {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, options...))
	if err != nil {
		tb.t.Fatalf("%.200s: %v", expression, err)
	}
	return value
}

// await waits for a condition in the page to hold. A page that is being left for another has no answer: it is asked again.
func (tb *tab) await(condition string) {
	tb.t.Helper()
	var last error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(tb.ctx, patience)
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+condition+")"))
		cancel()
		if err == nil && ok {
			return
		}
		last = err
	}
	at, _ := chromedp.Run(tb.ctx, chromedp.Location())
	tb.t.Fatalf("at %s, still false after %v: %s (%v)", strings.TrimPrefix(at, tb.site), patience, condition, last)
}

// click clicks as a mouse does, at the element's place, so that something over it is noticed.
func (tb *tab) click(selector string) {
	tb.t.Helper()
	tb.do(chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
}

// follow clicks on what leads to another page and waits for its path to begin so.
func (tb *tab) follow(selector, path string) {
	tb.t.Helper()
	run[bool](tb, `document.documentElement.dataset.quitte = true`)
	tb.click(selector)
	tb.await(`!document.documentElement.dataset.quitte`) // the next page may have nearly the same address
	tb.arrive(path)
}

// arrive waits for a page whose path and query begin so.
func (tb *tab) arrive(path string) {
	tb.t.Helper()
	tb.await(fmt.Sprintf(`document.readyState === 'complete' && (location.pathname + location.search).startsWith(%q)`, path))
}

// fill writes in a field as a keyboard does, in place of what it held.
func (tb *tab) fill(selector, text string) {
	tb.t.Helper()
	tb.do(chromedp.ScrollIntoView(chromedp.CSS(selector)))
	run[bool](tb, fmt.Sprintf(`(e => { e.value = ''; return true })(document.querySelector(%q))`, selector))
	tb.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// press sends a key to whatever has the focus.
func (tb *tab) press(key string) {
	tb.t.Helper()
	tb.do(chromedp.KeyEvent(key))
}

// text is what is read in the first element, white space folded.
func (tb *tab) text(selector string) string {
	tb.t.Helper()
	return strings.Join(strings.Fields(run[string](tb, fmt.Sprintf(`document.querySelector(%q)?.innerText ?? ''`, selector))), " ")
}

// wantText fails unless the element reads so.
func (tb *tab) wantText(selector, part string) {
	tb.t.Helper()
	if got := tb.text(selector); !strings.Contains(got, part) {
		tb.t.Errorf("at %s (%q), %s reads %q, without %q", run[string](tb, "location.pathname + location.search"), tb.text("h1"), selector, got, part)
	}
}

// shown is a condition: the element is visible, takes room, and no ancestor clips it away.
func shown(selector string) string {
	return fmt.Sprintf(`(e => {
		if (!e || !e.checkVisibility({visibilityProperty: true, opacityProperty: true}) || e.getBoundingClientRect().height === 0) return false;
		for (let a = e.parentElement; a; a = a.parentElement)
			if (getComputedStyle(a).overflowY !== 'visible' && a.getBoundingClientRect().height === 0) return false;
		return true;
	})(document.querySelector(%q))`, selector)
}

func gone(selector string) string { return "!" + shown(selector) }

// quiet fails if the browser had anything to say: an error of a script, a refusal of the content security policy, a missing file.
func (tb *tab) quiet() {
	tb.t.Helper()
	for _, message := range tb.console() {
		tb.t.Errorf("console: %s", message)
	}
}

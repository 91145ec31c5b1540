package compte_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestProConnectInABrowser: the whole way there and back in Chromium, which holds form-action against every redirect that follows
// a form.
func TestProConnectInABrowser(t *testing.T) {
	issuer, v := realProvider(t)
	known(t, v, "camille@caf.test", "sub-camille@caf.test")
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WSURLReadTimeout(2*time.Minute))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	ctx, stop = chromedp.NewContext(ctx)
	defer stop()
	ctx, stop = context.WithTimeout(ctx, 5*time.Minute)
	defer stop()
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	listening, hear := context.WithCancel(ctx)
	messages := chromedp.Console(listening)
	do := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		for _, action := range actions {
			if err := chromedp.Do(ctx, action); err != nil {
				at, _ := chromedp.Run(ctx, chromedp.Location()) // says more than the error
				t.Fatalf("at %s: %v", at, err)
			}
		}
	}
	arrive := func(prefix string) {
		t.Helper()
		for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			state, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.readyState + ' ' + location.href`))
			if err == nil && strings.HasPrefix(state, "complete "+prefix) {
				return
			}
		}
		at, _ := chromedp.Run(ctx, chromedp.Location())
		t.Fatalf("at %s, want %s", at, prefix)
	}
	read := func(selector string) string {
		t.Helper()
		text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("`+selector+`").textContent`))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(v.URL+"/connexion"), chromedp.Click(chromedp.CSS(`form[action="/proconnect"] button`)))
	arrive(issuer + "/interaction/")
	do(chromedp.SendKeys(chromedp.CSS(`[name=login]`), "camille@caf.test"), chromedp.Click(chromedp.CSS(`button`)))
	for range 1200 { // the second question has an address like the first
		if n, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll('form').length - document.querySelectorAll('[name=login]').length`)); err == nil && n == 1 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	do(chromedp.Click(chromedp.CSS(`button`)))
	arrive(v.URL + "/tableau-de-bord")
	if header := read("header"); !strings.Contains(header, "Essai camille@caf.test") {
		t.Errorf("header %q", header)
	}
	do(chromedp.Click(chromedp.CSS(`form[action="/deconnexion"] button`)))
	arrive(issuer + "/session/end")
	do(chromedp.Click(chromedp.CSS(`button[name=logout][value=yes]`)))
	arrive(v.URL + "/proconnect/sortie")
	if h1 := read("h1"); h1 != "Vous êtes déconnecté·e" {
		t.Errorf("h1 %q", h1)
	}
	hear()
	for m, err := range messages {
		if err != nil {
			break
		}
		if strings.Contains(m.String(), "Content Security Policy") {
			t.Errorf("console: %s", m)
		}
	}
}

package e2e_test

import (
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"portail/internal/lien"
	"portail/internal/portailtest"
)

// TestTheDeviceSaysWhereItIs asks about the place where the visitor stands: inside a quarter, too vaguely to tell, and not at all.
func TestTheDeviceSaysWhereItIs(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t, "PORTAIL_CACHE_MO=48")
	lon, lat := point(t, site)
	tb := newTab(t, site.URL, look{theme: "light", width: 360})
	permit := func(setting cdpbrowser.PermissionSetting) {
		_, err := chromedp.CallBrowser(tb.ctx, cdpbrowser.SetPermission, cdpbrowser.SetPermissionParams{
			Permission: &cdpbrowser.PermissionDescriptor{Name: "geolocation"}, Setting: setting, Origin: site.URL, BrowserContextID: tb.visitor()})
		tb.check(err)
	}
	stand := func(accuracy float64) {
		_, err := chromedp.Call(tb.ctx, emulation.SetGeolocationOverride, emulation.SetGeolocationOverrideParams{Latitude: &lat, Longitude: &lon, Accuracy: &accuracy})
		tb.check(err)
		tb.open(lien.Adresse)
	}
	permit(cdpbrowser.PermissionSettingGranted)
	stand(900)
	tb.click("[data-position]")
	tb.await(`document.querySelector('[data-position]').nextElementSibling.innerText.includes('900')`)
	stand(20)
	tb.follow("[data-position]", lien.Adresse+"?")
	tb.wantText("main h2", "Oui")
	tb.wantText("main", quarterName)
	permit(cdpbrowser.PermissionSettingDenied)
	tb.open(lien.Adresse)
	tb.click("[data-position]")
	tb.await(`document.querySelector('[data-position]').nextElementSibling.innerText.includes('pas permis')`)
	tb.quiet()
}

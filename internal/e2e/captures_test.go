package e2e_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"portail/internal/portailtest"
)

// captures asks for pictures of every page, to be looked at: `make captures` does.
var captures = flag.String("captures", "", "directory that receives a picture of each page, wide and narrow, light and dark, and its print")

// capture takes the pictures of the pages: what no test sees.
func capture(t *testing.T, pages map[string]int, site *portailtest.Visitor, dir string) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for at := range pages {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			tb := newTab(t, site.URL, look{theme: "light", width: 1280})
			tb.open(at)
			name := strings.Trim(strings.NewReplacer("/", "_", "?", "__", "&", "_", "=", "-", "+", "-").Replace(at), "_")
			if name == "" {
				name = "accueil"
			}
			for _, l := range []look{{theme: "light", width: 1280}, {theme: "dark", width: 1280}, {theme: "dark", width: 360}, {theme: "light", width: 360}} {
				tb.look(l)
				tb.await(fmt.Sprintf(`document.documentElement.dataset.frTheme === %q && innerWidth === %d`, l.theme, l.width))
				picture, err := chromedp.Run(tb.ctx, chromedp.FullScreenshot(100))
				tb.check(err)
				tb.check(os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, l.width, l.theme)), picture, 0o644))
			}
			printed, err := chromedp.Run(tb.ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPreferCSSPageSize()))
			tb.check(err)
			tb.check(os.WriteFile(filepath.Join(dir, name+".pdf"), printed, 0o644))
		})
	}
}

package accueil

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/web/typo"
)

// robotRoutes are what search engines and security researchers read.
func (s *Service) robotRoutes(r *httpx.Router) {
	if s.cfg.URL != "" {
		r.Publier(lien.Sitemap, s.showSitemap)
		r.Publier(lien.Robots, s.showRobots)
	} else {
		// Their absolute addresses come from the request: kept, one visitor's host would be shown to all.
		r.Get(lien.Sitemap, droits.Public, s.showSitemap)
		r.Get(lien.Robots, droits.Public, s.showRobots)
	}
	if s.cfg.Contact != "" {
		r.Get(lien.SecuriteTxt, droits.Public, s.showSecurite) // it holds a date that moves on
	}
}

// base is the public address of the site.
func (s *Service) base(r *http.Request) string { return httpx.Base(r, s.cfg.URL) }

// plan is the sitemap of the protocol sitemaps.org 0.9.
type plan struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	Pages   []etape  `xml:"url"`
}

type etape struct {
	Adresse   string `xml:"loc"`
	ModifieLe string `xml:"lastmod,omitempty"`
}

func (s *Service) showSitemap(w http.ResponseWriter, r *http.Request) error {
	quartiers, err := listReperes(r.Context(), s.db, "")
	if err != nil {
		return err
	}
	publies, err := listPublies(r.Context(), s.db)
	if err != nil {
		return err
	}
	base := s.base(r)
	var p plan
	for _, rubrique := range rubriques {
		for _, l := range rubrique.Liens {
			if l.Href != lien.Catalogue { // a file for programs, found from /donnees
				p.Pages = append(p.Pages, etape{Adresse: base + l.Href})
			}
		}
	}
	for _, jeu := range lien.Jeux {
		p.Pages = append(p.Pages, etape{Adresse: base + lien.JeuDeDonnees(jeu)})
	}
	for _, q := range quartiers {
		p.Pages = append(p.Pages, etape{base + lien.Fiche(q.Code), typo.DateISO(q.ModifieLe)})
	}
	for _, x := range publies {
		page := etape{Adresse: base + x.Adresse()}
		if x.PublieLe != nil {
			page.ModifieLe = typo.DateISO(*x.PublieLe)
		}
		p.Pages = append(p.Pages, page)
	}
	text, err := xml.Marshal(p)
	if err != nil {
		return fmt.Errorf("write sitemap: %w", err)
	}
	return httpx.File(w, "application/xml; charset=utf-8", "", append([]byte(xml.Header), text...))
}

// showRobots lets every page be read, but not the endless combinations of filters.
func (s *Service) showRobots(w http.ResponseWriter, r *http.Request) error {
	text := "User-agent: *\nDisallow: " + lien.QPV + "?\nDisallow: " + lien.Comparer + "?\nDisallow: " + lien.Adresse + "?\n\nSitemap: " + s.base(r) + lien.Sitemap + "\n"
	return httpx.File(w, "text/plain; charset=utf-8", "", []byte(text))
}

// securiteValidity is how long security.txt says it holds; it is written anew at each request.
const securiteValidity = 180 * 24 * time.Hour

// showSecurite says to whom a security fault is told (RFC 9116).
func (s *Service) showSecurite(w http.ResponseWriter, r *http.Request) error {
	contact := s.cfg.Contact
	if !strings.Contains(contact, ":") {
		contact = "mailto:" + contact
	}
	text := "Contact: " + contact + "\nExpires: " + time.Now().Add(securiteValidity).UTC().Truncate(24*time.Hour).Format(time.RFC3339) +
		"\nPreferred-Languages: fr, en\n"
	if s.cfg.URL != "" {
		text += "Canonical: " + s.cfg.URL + lien.SecuriteTxt + "\n"
	}
	return httpx.File(w, "text/plain; charset=utf-8", "", []byte(text))
}

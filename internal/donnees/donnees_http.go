package donnees

import (
	"bytes"
	"fmt"
	"net/http"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
)

// Routes declares the pages of the area.
func (s *Service) Routes(r *httpx.Router) {
	r.Publier(lien.Donnees, s.showJeux)
	r.Publier(lien.Donnees+"/{jeu}", s.showJeu)
	for _, format := range []string{formatCSV, formatODS, formatJSON, formatGeoJSON, formatSchema} {
		r.Publier(lien.Donnees+"/{jeu}."+format, s.sendFichier(format))
	}
	if s.cfg.URL != "" {
		r.Publier(lien.Catalogue, s.sendCatalogue)
	} else {
		// Its absolute addresses come from the request: kept, one visitor's host would be shown to all.
		r.Get(lien.Catalogue, droits.Public, s.sendCatalogue)
	}
}

func (s *Service) showJeux(w http.ResponseWriter, r *http.Request) error {
	states, err := readEtats(r.Context(), s.db)
	if err != nil {
		return err
	}
	announceCatalogue(w)
	return httpx.Render(w, r, http.StatusOK, jeuxPage(states))
}

func (s *Service) showJeu(w http.ResponseWriter, r *http.Request) error {
	j, err := asked(r)
	if err != nil {
		return err
	}
	c, err := readContenu(r.Context(), s.db, j)
	if err != nil {
		return err
	}
	sizes := map[string]int64{}
	for _, f := range j.formats() {
		if sizes[f.Code], err = j.size(f.Code, c, s.permalien(j)); err != nil {
			return err
		}
	}
	announceCatalogue(w)
	return httpx.Render(w, r, http.StatusOK, jeuPage(vue{Jeu: j, contenu: c, Tailles: sizes}))
}

// announceCatalogue tells harvesters where the catalogue is: the CSP leaves no room for JSON-LD in the page.
func announceCatalogue(w http.ResponseWriter) {
	w.Header().Set("Link", "<"+lien.Catalogue+`>; rel="alternate"; type="application/ld+json"`)
}

// sendFichier answers with a file of a set. Its name is stable: programs come back for it.
func (s *Service) sendFichier(format string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		j, err := asked(r)
		if err != nil {
			return err
		}
		for _, f := range j.formats() {
			if f.Code != format {
				continue
			}
			c := contenu{}
			if format != formatSchema { // it describes the columns, whatever the rows
				if c, err = readContenu(r.Context(), s.db, j); err != nil {
					return err
				}
			}
			var body bytes.Buffer
			if err := j.write(&body, format, c, s.permalien(j)); err != nil {
				return err
			}
			open(w)
			name := ""
			if format == formatCSV || format == formatODS || format == formatGeoJSON {
				name = j.Code + "." + format
			}
			return httpx.File(w, f.Type, name, body.Bytes())
		}
		return fmt.Errorf("data set %s as %s: %w", j.Code, format, fault.NotFound)
	}
}

func (s *Service) sendCatalogue(w http.ResponseWriter, r *http.Request) error {
	states, err := readEtats(r.Context(), s.db)
	if err != nil {
		return err
	}
	body, err := catalogueDCAT(httpx.Base(r, s.cfg.URL), s.cfg, states)
	if err != nil {
		return err
	}
	open(w)
	return httpx.File(w, "application/ld+json", "", body)
}

// open lets the scripts of any site read open data, and of nothing else.
func open(w http.ResponseWriter) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// asked is the set that the address names.
func asked(r *http.Request) (Jeu, error) {
	code := httpx.Param(r, "jeu")
	j, known := find(code)
	if !known {
		return j, fmt.Errorf("data set %q: %w", code, fault.NotFound)
	}
	return j, nil
}

// permalien is written into files, which are kept for all visitors: only the setting can say it.
func (s *Service) permalien(j Jeu) string {
	if s.cfg.URL == "" {
		return ""
	}
	return s.cfg.URL + lien.JeuDeDonnees(j.Code)
}

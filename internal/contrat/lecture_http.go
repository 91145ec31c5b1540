package contrat

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"portail/internal/document"
	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
)

// paramVersion asks for a former text of a contract, in the addresses of its files.
const paramVersion = "version"

// RoutesPubliques declares what everybody may read: published contracts, their former texts, their files.
func (s *Service) RoutesPubliques(r *httpx.Router) {
	un := lien.Contrats + "/{id}"
	r.Publier(lien.Contrats, s.showContrats)
	r.Publier(un, s.showLecture)
	r.Publier(un+"/versions/{numero}", s.showLecture)
	r.Get(un+"/documents/{document}", droits.Public, s.sendDocumentPublic)
	// Absolute addresses in a file come from the setting, or else from the request: such an answer is not kept for others.
	publish := func(pattern string, h httpx.Handler) {
		if s.cfg.URL == "" {
			r.Get(pattern, droits.Public, h)
		} else {
			r.Publier(pattern, h)
		}
	}
	publish(un+"/"+fichierTexte, s.sendTexte)
	for _, f := range formatsEngagements {
		publish(un+"/"+nomFichier(f.Code), s.sendEngagements(f.Code))
	}
}

// nombreAdresse is a number of the address; what is no number is no page.
func nombreAdresse(r *http.Request, name string) (int64, error) {
	n, err := strconv.ParseInt(httpx.Param(r, name), 10, 64)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s in the address: %w", name, fault.NotFound)
	}
	return n, nil
}

// choixPublic is the published text that an address names: /contrats/{id}, …/versions/{numero}, or a file with ?version=.
func choixPublic(r *http.Request) (choixTexte, error) {
	id, err := nombreAdresse(r, "id")
	if err != nil {
		return choixTexte{}, err
	}
	c := choixTexte{Contrat: id, Publie: true}
	text := httpx.Param(r, "numero")
	if text == "" {
		text = r.URL.Query().Get(paramVersion)
	}
	if text == "" {
		return c, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		return c, fmt.Errorf("version of a contract: %w", fault.NotFound)
	}
	c.Numero = int(n)
	return c, nil
}

// showLecture is the public page of a contract.
func (s *Service) showLecture(w http.ResponseWriter, r *http.Request) error {
	c, err := choixPublic(r)
	if err != nil {
		return err
	}
	f, err := parseFiltresLecture(r.URL.Query())
	if err != nil {
		return err
	}
	l := lecture{Filtres: f}
	var b pg.Batch
	addTexte(&b, &l.texteLu, c)
	addCorps(&b, &l, c)
	addAvancement(&b, &l.Comptes, c)
	addEngagements(&b, &l.Engagements, c, f, (f.Page-1)*parLecture, parLecture)
	addAnnexes(&b, &l.Annexes, c)
	if err := b.Run(r.Context(), s.db); err != nil {
		return fmt.Errorf("read contract %d: %w", c.Contrat, err)
	}
	if err := l.check(); err != nil {
		return fmt.Errorf("page %d of the engagements of contract %d: %w", f.Page, c.Contrat, err)
	}
	if err := l.rendre(); err != nil {
		return fmt.Errorf("read contract %d: %w", c.Contrat, err)
	}
	return httpx.Render(w, r, http.StatusOK, lecturePage(l))
}

// showContrats is the list of the published contracts.
func (s *Service) showContrats(w http.ResponseWriter, r *http.Request) error {
	var l contratsLus
	var b pg.Batch
	addPublies(&b, &l.Publies)
	addOfficiels(&b, &l.Officiels, s.cfg.Departement)
	if err := b.Run(r.Context(), s.db); err != nil {
		return fmt.Errorf("list published contracts: %w", err)
	}
	return httpx.Render(w, r, http.StatusOK, contratsPage(l))
}

// sendDocumentPublic sends a file of a published contract, as a visitor whoever asks: what is not public does not exist here.
func (s *Service) sendDocumentPublic(w http.ResponseWriter, r *http.Request) error {
	contrat, err := nombreAdresse(r, "id")
	if err != nil {
		return err
	}
	id, err := nombreAdresse(r, "document")
	if err != nil {
		return err
	}
	if err := checkDocumentPublic(r.Context(), s.db, contrat, id); err != nil {
		return fmt.Errorf("document %d of contract %d: %w", id, contrat, err)
	}
	return document.Servir(w, r, s.db, id)
}

// readTout reads a whole text for a file, as whoever asks: every engagement that the filters keep.
func (s *Service) readTout(ctx context.Context, par droits.Compte, c choixTexte, f filtresLecture) (lecture, error) {
	l := lecture{Filtres: f}
	var b pg.Batch
	addTexte(&b, &l.texteLu, c)
	addCorps(&b, &l, c)
	addEngagements(&b, &l.Engagements, c, f, 0, 0)
	addAnnexes(&b, &l.Annexes, c)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return l, fmt.Errorf("read contract %d: %w", c.Contrat, err)
	}
	return l, nil
}

// sendTexte is the whole published text as an ODT file.
func (s *Service) sendTexte(w http.ResponseWriter, r *http.Request) error {
	c, err := choixPublic(r)
	if err != nil {
		return err
	}
	l, err := s.readTout(r.Context(), droits.Compte{}, c, filtresLecture{Page: 1})
	if err != nil {
		return err
	}
	return l.sendODT(w, httpx.Base(r, s.cfg.URL))
}

// sendODT sends the text as a file.
func (l lecture) sendODT(w http.ResponseWriter, base string) error {
	now := time.Now()
	var body bytes.Buffer
	if err := export.ODT(&body, l.document(base, now)); err != nil {
		return err
	}
	return httpx.File(w, export.TypeODT, export.FileName(now, "odt", l.titreComplet()), body.Bytes())
}

// sendEngagements is the engagements that the address filters, as a file.
func (s *Service) sendEngagements(format string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := choixPublic(r)
		if err != nil {
			return err
		}
		f, err := parseFiltresLecture(r.URL.Query())
		if err != nil {
			return err
		}
		l, err := s.readTout(r.Context(), droits.Compte{}, c, f)
		if err != nil {
			return err
		}
		now := time.Now()
		var body bytes.Buffer
		kind, ext, err := export.Write(&body, format, l.fichierEngagements(httpx.Base(r, s.cfg.URL), now))
		if err != nil {
			return err
		}
		return httpx.File(w, kind, export.FileName(now, ext, "engagements", l.titreComplet()), body.Bytes())
	}
}

// hrefAxe is the contract with the engagements of one axe.
func (l lecture) hrefAxe(a axeLu) string {
	return lien.ContratPublicFiltre(l.ID, url.Values{paramAxe: {strconv.FormatInt(a.Lignee, 10)}}) + "#engagements"
}

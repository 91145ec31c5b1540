package contrat

import (
	"bytes"
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

// lectureRoutes are what everybody may read: published contracts, their former texts, their files.
func (s *Service) lectureRoutes(r *httpx.Router) {
	r.Get(une+"/"+fichierTexte, droits.ContratVoir, s.sendTravail)
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

// refPublique is the published text that an address names: /contrats/{id}, …/versions/{numero}, or a file with ?version=. The number 0 is
// the text that counts today.
func refPublique(r *http.Request) (Ref, error) {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return Ref{}, err
	}
	text := httpx.Param(r, "numero")
	if text == "" {
		text = r.URL.Query().Get(paramVersion)
	}
	if text == "" {
		return Ref{Contrat: id}, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		return Ref{}, fmt.Errorf("version of contrat %d: %w", id, fault.NotFound)
	}
	return Ref{id, int(n)}, nil
}

// readPublic reads the published text that the address names, as a visitor whoever asks.
func (s *Service) readPublic(r *http.Request) (l lecture, err error) {
	ref, err := refPublique(r)
	if err != nil {
		return l, err
	}
	if l.Filtres, err = parseFiltresLecture(r.URL.Query()); err != nil {
		return l, err
	}
	head, err := findPublique(r.Context(), s.db, ref)
	if err != nil {
		return l, fmt.Errorf("read contrat %d: %w", ref.Contrat, err)
	}
	l.Version, l.EnVigueur, l.ParNumero = head.Version, head.EnVigueur, ref.Numero != 0
	var b pg.Batch
	addLecture(&b, &l, l.Ref())
	if err := b.Run(r.Context(), s.db); err != nil {
		return l, fmt.Errorf("read contrat %d: %w", ref.Contrat, err)
	}
	l.situer()
	return l, nil
}

// showLecture is the public page of a contract.
func (s *Service) showLecture(w http.ResponseWriter, r *http.Request) error {
	l, err := s.readPublic(r)
	if err != nil {
		return err
	}
	if err := l.check(); err != nil {
		return fmt.Errorf("page %d of the engagements of contrat %d: %w", l.Filtres.Page, l.ContratID, err)
	}
	if err := l.rendre(); err != nil {
		return fmt.Errorf("read contrat %d: %w", l.ContratID, err)
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
	contrat, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	id, err := httpx.ID(r, "document")
	if err != nil {
		return err
	}
	if err := checkDocumentPublic(r.Context(), s.db, contrat, id); err != nil {
		return fmt.Errorf("document %d of contract %d: %w", id, contrat, err)
	}
	return document.Servir(w, r, s.db, id)
}

// sendTexte is the whole published text as an ODT file.
func (s *Service) sendTexte(w http.ResponseWriter, r *http.Request) error {
	l, err := s.readPublic(r)
	if err != nil {
		return err
	}
	return l.sendODT(w, httpx.Base(r, s.cfg.URL))
}

// sendTravail is a text as it stands, signed or not, as an ODT file: for its parties and the préfecture.
func (s *Service) sendTravail(w http.ResponseWriter, r *http.Request) error {
	v, err := ref(r)
	if err != nil {
		return err
	}
	var l lecture
	var b pg.Batch
	pg.AddOne(&b, &l.Version, uneVersion, v.Contrat, v.Numero)
	addLecture(&b, &l, v)
	if err := b.RunAs(r.Context(), s.db, droits.Of(r.Context())); err != nil {
		return fmt.Errorf("read version %d of contrat %d: %w", v.Numero, v.Contrat, err)
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
		l, err := s.readPublic(r)
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
func (l lecture) hrefAxe(a Axe) string {
	return lien.ContratPublicFiltre(l.ContratID, url.Values{paramAxe: {strconv.FormatInt(a.Lignee, 10)}}) + "#engagements"
}

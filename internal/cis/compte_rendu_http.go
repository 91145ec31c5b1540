package cis

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
)

// unCompteRendu is the address of minutes, as a pattern.
const unCompteRendu = lien.ComptesRendus + "/{id}"

func (s *Service) compteRenduRoutes(r *httpx.Router) {
	r.Get(uneSeancePattern+"/"+lien.ActeCompteRendu, droits.CisVoir, s.findCompteRendu)
	r.Post(uneSeancePattern+"/"+lien.ActeCompteRendu, droits.CisModifier, s.createCompteRendu)
	r.Get(unCompteRendu, droits.CisVoir, s.showCompteRendu)
	r.Get(unCompteRendu+"/"+lien.ActeODT, droits.CisVoir, s.sendCompteRendu)
	for acte, deed := range map[string]func(context.Context, droits.Compte, int64, int) error{
		lien.ActeRecomposer: s.Recomposer, lien.ActeRelire: s.Relire, lien.ActeRedaction: s.Reecrire,
	} {
		r.Post(unCompteRendu+"/"+acte, droits.CisModifier, s.acteCompteRendu(deed, messagesCompteRendu[acte]))
	}
	r.Post(unCompteRendu+"/"+lien.ActeValider, droits.CisValider, s.validerCompteRendu)
	r.Post(unCompteRendu+"/"+lien.ActeRectifier, droits.CisModifier, s.rectifierCompteRendu)
	s.sectionRoutes(r)
	s.commentaireRoutes(r)
	s.extraitRoutes(r)
}

// messagesCompteRendu follow the acts that need no form.
var messagesCompteRendu = map[string]string{
	lien.ActeRecomposer: "Le compte rendu est recomposé depuis la séance.", lien.ActeRelire: "Le compte rendu est envoyé en relecture.",
	lien.ActeRedaction: "Le compte rendu est de nouveau en rédaction.",
}

// findCompteRendu leads to the minutes of a meeting, or offers to compose them.
func (s *Service) findCompteRendu(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	par := droits.Of(r.Context())
	var v aComposer
	var all []CompteRendu
	var b pg.Batch
	addSeance(&b, &v.Seance, id)
	addComptesRendus(&b, &all, id)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("minutes of seance %d: %w", id, err)
	}
	if len(all) > 0 {
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.CompteRendu(all[0].ID))
	}
	if !par.Peut(droits.CisModifier) {
		return fmt.Errorf("minutes of seance %d: %w", id, fault.NotFound)
	}
	return httpx.Render(w, r, http.StatusOK, composerPage(v))
}

func (s *Service) createCompteRendu(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	made, err := s.Rediger(r.Context(), droits.Of(r.Context()), id)
	if err != nil {
		return err
	}
	return s.suite(w, r, "Le compte rendu est composé. Relisez chaque partie.", lien.CompteRendu(made))
}

// readCompteRendu reads the page of minutes in one round trip.
func (s *Service) readCompteRendu(ctx context.Context, par droits.Compte, id int64) (compteRenduVue, error) {
	v := compteRenduVue{Par: par, Form: httpx.NewForm(nil)}
	var b pg.Batch
	addCompteRendu(&b, &v.CompteRendu, id)
	addSeanceDe(&b, &v.Seance, id)
	addSections(&b, &v.Sections, id)
	addCommentaires(&b, &v.Commentaires, id)
	addAutresComptesRendus(&b, &v.Autres, id)
	addExtraits(&b, &v.Extraits, id)
	journal.AddHistorique(&b, &v.Historique, objetCompteRendu, id)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return v, fmt.Errorf("read compte rendu %d: %w", id, err)
	}
	return v, nil
}

func (s *Service) showCompteRendu(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v, err := s.readCompteRendu(r.Context(), droits.Of(r.Context()), id)
	if err != nil {
		return err
	}
	v.Form.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
	return httpx.Render(w, r, http.StatusOK, compteRenduPage(v))
}

// answerCompteRendu follows an act on minutes: on with a message, or the page again with what was refused.
func (s *Service) answerCompteRendu(w http.ResponseWriter, r *http.Request, id int64, f httpx.Form, err error, message string) error {
	return s.answer(w, r, f, err, message, lien.CompteRendu(id), func() (templ.Component, error) {
		v, err := s.readCompteRendu(r.Context(), droits.Of(r.Context()), id)
		v.Form = f
		return compteRenduPage(v), err
	})
}

func (s *Service) acteCompteRendu(deed func(context.Context, droits.Compte, int64, int) error, message string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, f, version, err := postedVersion(r)
		if err != nil {
			return err
		}
		return s.answerCompteRendu(w, r, id, f, deed(r.Context(), droits.Of(r.Context()), id, version), message)
	}
}

func (s *Service) validerCompteRendu(w http.ResponseWriter, r *http.Request) error {
	id, f, version, err := postedVersion(r)
	if err != nil {
		return err
	}
	err = s.Valider(r.Context(), droits.Of(r.Context()), id, version, f.Texte("motif"))
	return s.answerCompteRendu(w, r, id, f, err, "Le compte rendu est validé.")
}

func (s *Service) rectifierCompteRendu(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	made, err := s.Rectifier(r.Context(), droits.Of(r.Context()), id)
	if err != nil {
		return err
	}
	return s.suite(w, r, "Le rectificatif est ouvert. Écrivez ce qui est corrigé.", lien.CompteRendu(made))
}

// sendCompteRendu is the minutes as a text document, of the sections that whoever asks may read.
func (s *Service) sendCompteRendu(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	par := droits.Of(r.Context())
	v, err := s.readCompteRendu(r.Context(), par, id)
	if err != nil {
		return err
	}
	err = pg.As(r.Context(), s.db, par, func(tx pgx.Tx) error {
		return journal.Note(r.Context(), tx, par, "compte rendu exporté", objetCompteRendu, id, journal.Changement{"format": {nil, "odt"}})
	})
	if err != nil {
		return err
	}
	now := time.Now()
	var body bytes.Buffer
	if err := export.ODT(&body, v.document(s.cfg.Nom, now)); err != nil {
		return err
	}
	return httpx.File(w, export.TypeODT, export.FileName(now, "odt", "compte-rendu"), body.Bytes())
}

package cis

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"
	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/saisie"
)

func (s *Service) registreRoutes(r *httpx.Router) {
	r.Get(lien.Decisions, droits.DecisionVoir, s.showRegistre)
	r.Get(lien.DecisionsFichier("ods", nil), droits.DecisionVoir, s.sendRegistre)
	r.Post(lien.DecisionsVues, droits.DecisionVoir, s.createVue)
	r.Post(lien.DecisionsVues+"/{id}/supprimer", droits.DecisionVoir, s.deleteVue)
}

// readRegistre reads the register as its filters ask for it, in one round trip.
func (s *Service) readRegistre(ctx context.Context, par droits.Compte, f filtresDecision) (registre, error) {
	v := registre{filtresDecision: f, Par: par, Form: httpx.NewForm(nil)}
	var b pg.Batch
	addRegistre(&b, &v.Lignes, f, (f.Page-1)*parPage, parPage)
	addChoixRegistre(&b, &v.Choix)
	addCharge(&b, &v.Charge)
	addVues(&b, &v.Vues, par.ID)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return v, fmt.Errorf("list decisions: %w", err)
	}
	if err := v.check(); err != nil {
		return v, fmt.Errorf("page %d of the decisions: %w", f.Page, err)
	}
	return v, nil
}

func (s *Service) showRegistre(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFiltresDecision(r.URL.Query())
	if err != nil {
		return err
	}
	v, err := s.readRegistre(r.Context(), droits.Of(r.Context()), f)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, registrePage(v))
}

// sendRegistre is the whole filtered register as a spreadsheet; that it left the portal is noted.
func (s *Service) sendRegistre(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFiltresDecision(r.URL.Query())
	if err != nil {
		return err
	}
	par := droits.Of(r.Context())
	v := registre{filtresDecision: f, Par: par}
	err = pg.As(r.Context(), s.db, par, func(tx pgx.Tx) error {
		var b pg.Batch
		addRegistre(&b, &v.Lignes, f, 0, 0)
		addChoixRegistre(&b, &v.Choix)
		if err := b.Run(r.Context(), tx); err != nil {
			return err
		}
		detail := journal.Changement{"format": {nil, "ods"}, "lignes": {nil, len(v.Lignes)}}
		if q := f.filtres().Encode(); q != "" {
			detail["filtres"] = [2]any{nil, q}
		}
		return journal.Note(r.Context(), tx, par, "décisions exportées", objetDecision, 0, detail)
	})
	if err != nil {
		return fmt.Errorf("list decisions for a file: %w", err)
	}
	now := time.Now()
	var body bytes.Buffer
	if err := export.ODS(&body, v.fichier(httpx.Base(r, s.cfg.URL), now)); err != nil {
		return err
	}
	return httpx.File(w, export.TypeODS, export.FileName(now, "ods", "decisions"), body.Bytes())
}

// createVue keeps the filters of the register under a name.
func (s *Service) createVue(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	par := droits.Of(r.Context())
	nom := saisie.Ligne(f.Texte("nom"))
	requete, err := checkVue(nom, f.Brut("requete"))
	if err == nil {
		err = pg.As(r.Context(), s.db, par, func(tx pgx.Tx) error { return upsertVue(r.Context(), tx, par.ID, nom, requete) })
	}
	query, _ := url.ParseQuery(f.Brut("requete")) // checkVue told of a bad one
	return s.answer(w, r, f, err, "La vue est enregistrée.", lien.DecisionsListe(query), func() (templ.Component, error) {
		filters, err := parseFiltresDecision(query)
		if err != nil {
			return nil, err
		}
		v, err := s.readRegistre(r.Context(), par, filters)
		v.Form = f
		return registrePage(v), err
	})
}

func (s *Service) deleteVue(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	par := droits.Of(r.Context())
	if err := pg.As(r.Context(), s.db, par, func(tx pgx.Tx) error { return deleteVue(r.Context(), tx, par.ID, id) }); err != nil {
		return fmt.Errorf("delete view %d: %w", id, err)
	}
	return s.suite(w, r, "La vue est supprimée.", lien.Decisions)
}

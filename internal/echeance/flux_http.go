package echeance

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web/typo"
)

func (s *Service) fluxRoutes(r *httpx.Router) {
	r.Get(lien.EcheancesFlux, droits.EcheanceVoir, s.showFlux)
	r.Post(lien.EcheancesFlux, droits.EcheanceVoir, s.createFlux)
	r.Post(lien.EcheancesFlux+"/fermer", droits.EcheanceVoir, s.deleteFlux)
	r.Get("/flux/{jeton}/echeances.ics", droits.Visiteur, s.sendAgenda)
}

// vueFlux is what the page of the feed shows.
type vueFlux struct {
	Flux    []Flux
	Adresse string // shown once, when it has just been made
}

func (s *Service) showFlux(w http.ResponseWriter, r *http.Request) error {
	var v vueFlux
	var b pg.Batch
	par := droits.Of(r.Context())
	addFlux(&b, &v.Flux, par.ID)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("read the feed of account %d: %w", par.ID, err)
	}
	return httpx.Render(w, r, http.StatusOK, fluxPage(v))
}

// createFlux answers with the page itself, not a redirect: the address is told once and kept nowhere.
func (s *Service) createFlux(w http.ResponseWriter, r *http.Request) error {
	if _, err := httpx.ReadForm(r); err != nil {
		return err
	}
	jeton, err := s.OuvrirFlux(r.Context(), droits.Of(r.Context()))
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, fluxPage(vueFlux{Flux: []Flux{{}}, Adresse: httpx.Base(r, s.cfg.URL) + lien.FluxEcheances(jeton)}))
}

func (s *Service) deleteFlux(w http.ResponseWriter, r *http.Request) error {
	if err := s.FermerFlux(r.Context(), droits.Of(r.Context())); err != nil {
		return err
	}
	s.annonce.Flash(r.Context(), "L’adresse d’agenda est fermée.", "Les agendas qui la lisaient ne reçoivent plus rien.")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.EcheancesFlux)
}

// sendAgenda is the feed, for the calendar program of whoever holds the secret.
func (s *Service) sendAgenda(w http.ResponseWriter, r *http.Request) error {
	par, err := s.quiParFlux(r.Context(), httpx.Param(r, "jeton"))
	if err != nil {
		return err
	}
	var lignes []ligne
	var b pg.Batch
	addAgenda(&b, &lignes)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("feed of account %d: %w", par.ID, err)
	}
	base := httpx.Base(r, s.cfg.URL)
	host := r.Host
	if u, err := url.Parse(base); err == nil {
		host = u.Hostname()
	}
	var body bytes.Buffer
	if err := export.ICS(&body, agenda(lignes, base, host, typo.Aujourdhui())); err != nil {
		return err
	}
	return httpx.File(w, export.TypeICS, "", body.Bytes())
}

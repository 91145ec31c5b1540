package echeance

import (
	"bytes"
	"fmt"
	"net/http"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/flux"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
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
	Flux     []Flux
	Adresses []web.FieldProps // shown once, when they have just been made
}

// adresses are the feeds that a secret opens to whoever reads.
func adresses(par droits.Compte, base, jeton string) []web.FieldProps {
	champ := func(id, label, path string) web.FieldProps {
		return web.FieldProps{Control: web.Control{ID: id, Name: id, Label: label}, Value: base + path, ReadOnly: true}
	}
	all := []web.FieldProps{champ("adresse", "Échéances", lien.FluxEcheances(jeton))}
	if par.Peut(droits.CisVoir) {
		all = append(all, champ("adresse-reunions", "Réunions des comités", lien.FluxReunions(jeton)))
	}
	return all
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
	par := droits.Of(r.Context())
	jeton, err := s.OuvrirFlux(r.Context(), par)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, fluxPage(vueFlux{Flux: []Flux{{}}, Adresses: adresses(par, httpx.Base(r, s.cfg.URL), jeton)}))
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
	par, err := flux.Qui(r.Context(), s.db, httpx.Param(r, "jeton"), droits.EcheanceVoir)
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
	var body bytes.Buffer
	if err := export.ICS(&body, agenda(lignes, base, flux.Hote(base, r.Host), typo.Aujourdhui())); err != nil {
		return err
	}
	return httpx.File(w, export.TypeICS, "", body.Bytes())
}

package cis

import (
	"bytes"
	"fmt"
	"net/http"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/flux"
	"portail/internal/httpx"
	"portail/internal/pg"
)

func (s *Service) fluxRoutes(r *httpx.Router) {
	r.Get("/flux/{jeton}/reunions.ics", droits.Visiteur, s.sendReunions)
}

// sendReunions is the feed of meetings, for the calendar program of whoever holds the secret. Each has the identity of its invitation,
// so that a calendar that got both shows one.
func (s *Service) sendReunions(w http.ResponseWriter, r *http.Request) error {
	par, err := flux.Qui(r.Context(), s.db, httpx.Param(r, "jeton"), droits.CisVoir)
	if err != nil {
		return err
	}
	var seances []Seance
	var b pg.Batch
	addReunions(&b, &seances)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("feed of meetings of account %d: %w", par.ID, err)
	}
	a := export.Agenda{Nom: "Réunions – Politique de la ville"}
	for _, v := range seances {
		a.Evenements = append(a.Evenements, s.evenement(v))
	}
	var body bytes.Buffer
	if err := export.ICS(&body, a); err != nil {
		return err
	}
	return httpx.File(w, export.TypeICS, "", body.Bytes())
}

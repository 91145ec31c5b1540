package cis

import (
	"bytes"
	"fmt"
	"net/http"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
)

// impressionRoutes declares what is printed of a meeting, or taken away.
func (s *Service) impressionRoutes(r *httpx.Router) {
	r.Get(uneSeancePattern+"/"+lien.ActeDeroule, droits.CisVoir, s.showDeroule)
	r.Get(uneSeancePattern+"/"+lien.ActeEmargement, droits.CisModifier, s.showEmargement)
	r.Get(uneSeancePattern+"/"+lien.ActeCalendrier, droits.CisVoir, s.sendCalendrier)
}

func (s *Service) showDeroule(w http.ResponseWriter, r *http.Request) error {
	return s.seancePage(w, r, deroulePage)
}

// showEmargement is the attendance sheet, of the members who sit on the day of the meeting.
func (s *Service) showEmargement(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	var v emargement
	var b pg.Batch
	addSeance(&b, &v.Seance, id)
	addSieges(&b, &v.Lignes, id)
	if err := b.RunAs(r.Context(), s.db, droits.Of(r.Context())); err != nil {
		return fmt.Errorf("attendance sheet of seance %d: %w", id, err)
	}
	return httpx.Render(w, r, http.StatusOK, emargementPage(v))
}

// sendCalendrier is the meeting for one's own calendar.
func (s *Service) sendCalendrier(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	var v Seance
	var b pg.Batch
	addSeance(&b, &v, id)
	if err := b.RunAs(r.Context(), s.db, droits.Of(r.Context())); err != nil {
		return fmt.Errorf("calendar of seance %d: %w", id, err)
	}
	if v.Debut == nil {
		return fmt.Errorf("seance %d has no date: %w", id, fault.NotFound)
	}
	var out bytes.Buffer
	if err := export.ICS(&out, export.Agenda{Evenements: []export.Evenement{s.evenement(v)}}); err != nil {
		return err
	}
	return httpx.File(w, export.TypeICS, export.FileName(*v.Debut, "ics", "seance", v.Comite()), out.Bytes())
}

// emargement is the attendance sheet.
type emargement struct {
	Seance Seance
	Lignes []siegeSeance
}

func (v emargement) tableau() web.TableProps {
	t := web.TableProps{ID: "emargement", Caption: "Feuille d’émargement", CaptionHidden: true, Vide: "Le comité n’a aucun membre à cette date.",
		Columns: []web.Column{{Titre: "Organisme"}, {Titre: "Réponse"}, {Titre: "Nom et fonction"}, {Titre: "Signature"}}}
	for _, l := range v.Lignes {
		answer := lexique.Libelle(lexique.ReponsesConvocation, l.Reponse)
		if l.RepresentePar != "" {
			answer += " par " + l.RepresentePar
		}
		t.Rows = append(t.Rows, []web.Cell{{Texte: l.Organisme, Note: l.Fonction}, web.TextCell(answer), {}, {}})
	}
	for range 3 { // invitees
		t.Rows = append(t.Rows, []web.Cell{web.TextCell("Invité\u00a0:"), {}, {}, {}})
	}
	return t
}

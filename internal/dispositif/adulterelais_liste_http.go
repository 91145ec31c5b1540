package dispositif

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
)

func (s *Service) listeARRoutes(r *httpx.Router) {
	r.Get(lien.AdultesRelais, droits.DispositifVoir, s.showListeAR)
	for _, f := range httpx.Formats {
		r.Get(lien.AdultesRelaisFichier(f.Code, nil), droits.DispositifVoir, s.sendListeAR(f.Code))
	}
}

func (s *Service) showListeAR(w http.ResponseWriter, r *http.Request) error {
	par := droits.Of(r.Context())
	f, err := parseFiltresAR(r.URL.Query())
	if err != nil {
		return err
	}
	l := listeAR{filtresAR: f, Par: par}
	var b pg.Batch
	addListeAR(&b, &l.Lignes, f, (f.Page-1)*parPage, parPage)
	addFiltresAR(&b, &l)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("list adultes-relais: %w", err)
	}
	if err := l.check(); err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, listeARPage(l))
}

// sendListeAR is the whole filtered list as a file; that it left the portal is noted.
func (s *Service) sendListeAR(format string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := parseFiltresAR(r.URL.Query())
		if err != nil {
			return err
		}
		l := listeAR{filtresAR: f}
		if err := s.readFichierAR(r.Context(), droits.Of(r.Context()), &l, format); err != nil {
			return fmt.Errorf("list adultes-relais for a file: %w", err)
		}
		return httpx.Table(w, format, l.fichier(httpx.Base(r, s.cfg.URL), time.Now()))
	}
}

func (s *Service) readFichierAR(ctx context.Context, par droits.Compte, l *listeAR, format string) error {
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		var b pg.Batch
		addListeAR(&b, &l.Lignes, l.filtresAR, 0, 0)
		addFiltresAR(&b, l)
		if err := b.Run(ctx, tx); err != nil {
			return err
		}
		detail := journal.Changement{"format": {nil, format}, "lignes": {nil, len(l.Lignes)}}
		if q := l.filtres().Encode(); q != "" {
			detail["filtres"] = [2]any{nil, q}
		}
		return journal.Note(ctx, tx, par, "adultes-relais exportés", objetAdulteRelais, 0, detail)
	})
}

// fichier describes the list as a file.
func (l listeAR) fichier(base string, le time.Time) export.Table {
	t := export.Table{Nom: "adultes-relais", Titre: "Conventions d’adultes-relais", Colonnes: []export.Colonne{
		{Titre: "Convention", Nom: "numero", Largeur: 4}, {Titre: "Employeur", Nom: "employeur", Largeur: 7}, {Titre: "Catégorie d’employeur", Nom: "categorie", Largeur: 6},
		{Titre: "Quartiers ou territoire", Nom: "lieux", Largeur: 6}, {Titre: "Missions", Nom: "missions", Largeur: 8},
		{Titre: "Temps de travail", Nom: "quotite", Type: export.Pourcent, Decimales: 2, Description: "part d’un temps plein"},
		{Titre: "Début", Nom: "debut", Type: export.Date}, {Titre: "Fin", Nom: "fin", Type: export.Date}, {Titre: "Signée le", Nom: "signee_le", Type: export.Date},
		{Titre: "État", Nom: "etat", Largeur: 3}, {Titre: "Vacant depuis le", Nom: "vacant_depuis", Type: export.Date},
		{Titre: "Trimestres sans pièces", Nom: "trimestres_sans_pieces", Type: export.Entier}, {Titre: "Référence ASP", Nom: "asp", Largeur: 4},
		{Titre: "Démonstration", Nom: "demonstration", Type: export.Booleen}, {Titre: "Fiche", Nom: "fiche", Type: export.Lien, Largeur: 8},
	}, Apropos: export.Apropos{Source: "Portail, suivi des adultes-relais", Extrait: le, Permalien: base + (web.ListURL{Path: lien.AdultesRelais, Values: l.filtres()}).Page(1)}}
	t.Apropos.Filtres = l.phrases().Phrases()
	t.Lignes = export.Lignes(l.Lignes, func(a ligneAR) []any {
		return []any{a.Numero, a.Employeur, lexique.Libelle(lexique.CategoriesEmployeur, a.Categorie), strings.Join(a.Lieux, ", "),
			strings.Join(AdulteRelais{Missions: a.Missions}.missions(), ", "), a.Quotite, a.Debut, a.Fin, a.SigneeLe, etatAR(a.Etat), a.VacantDepuis,
			int(a.Manquants), a.Asp, a.Demonstration, base + lien.AdulteRelais(a.ID)}
	})
	return t
}

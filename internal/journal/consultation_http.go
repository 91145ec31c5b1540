package journal

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web/typo"
)

// Service shows the journal to administrators.
type Service struct {
	db  *pgxpool.Pool
	cfg config.Config
}

// New makes the package's service.
func New(db *pgxpool.Pool, cfg config.Config) *Service { return &Service{db: db, cfg: cfg} }

// Routes declares the pages of the journal.
func (s *Service) Routes(r *httpx.Router) {
	r.Get(lien.Journal, droits.JournalVoir, s.showJournal)
	r.Get(lien.Journal+"/fichier.ods", droits.JournalExporter, s.sendJournal)
}

func (s *Service) showJournal(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFiltres(r.URL.Query())
	if err != nil {
		return err
	}
	return s.renderJournal(w, r, http.StatusOK, f, "")
}

func (s *Service) renderJournal(w http.ResponseWriter, r *http.Request, status int, f filtres, refus string) error {
	par := droits.Of(r.Context())
	c, err := consulter(r.Context(), s.db, par, f)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, status, journalPage(vueJournal{consultation: c, Refus: refus, Exporter: par.Peut(droits.JournalExporter)}))
}

// vueJournal is what the page shows.
type vueJournal struct {
	consultation
	Refus    string // why no file was made
	Exporter bool
}

// sendJournal answers with a spreadsheet of the lines asked for. That it was taken away is journalled with them.
func (s *Service) sendJournal(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFiltres(r.URL.Query())
	if err != nil {
		return err
	}
	par, now := droits.Of(r.Context()), time.Now()
	var body bytes.Buffer
	err = pg.As(r.Context(), s.db, par, func(tx pgx.Tx) error {
		n, err := compter(r.Context(), tx, f)
		if err != nil {
			return err
		}
		if n > maxExport {
			return fault.Fields{"": fmt.Sprintf("Un fichier contient au plus %s lignes\u00a0: choisissez une période plus courte ou d’autres filtres.", typo.Nombre(maxExport))}
		}
		if err := export.ODS(&body, s.table(r, tx, f, now)); err != nil {
			return err
		}
		return Note(r.Context(), tx, par, "journal exporté", "journal", 0, Changement{"lignes": {nil, n}, "filtres": {nil, motsFiltres(f)}})
	})
	var fields fault.Fields
	if errors.As(err, &fields) {
		return s.renderJournal(w, r, http.StatusUnprocessableEntity, f, fields[""])
	}
	if err != nil {
		return err
	}
	return httpx.File(w, export.TypeODS, export.FileName(now, "ods", "journal"), body.Bytes())
}

func motsFiltres(f filtres) []string {
	words := []string{}
	for _, l := range f.mots() {
		words = append(words, l.Texte)
	}
	return words
}

// table describes the file.
func (s *Service) table(r *http.Request, tx pgx.Tx, f filtres, now time.Time) export.Table {
	return export.Table{
		Nom: "journal", Titre: "Journal",
		Apropos: export.Apropos{Extrait: now, Permalien: httpx.Base(r, s.cfg.URL) + lien.JournalFiltre(f.values()), Filtres: motsFiltres(f),
			Reserves: []string{"Données à caractère personnel\u00a0: à effacer après usage."}},
		Colonnes: []export.Colonne{
			{Titre: "N°", Nom: "numero", Type: export.Entier}, {Titre: "Date", Nom: "date", Type: export.Date}, {Titre: "Heure", Nom: "heure"},
			{Titre: "Personne", Nom: "personne", Largeur: 5}, {Titre: "Fonction", Nom: "fonction", Largeur: 6}, {Titre: "Action", Nom: "action", Largeur: 6},
			{Titre: "Objet", Nom: "objet", Largeur: 4}, {Titre: "Détail", Nom: "detail", Largeur: 10}, {Titre: "Demande", Nom: "demande"}, {Titre: "Réseau", Nom: "reseau", Description: "adresse tronquée"},
		},
		Lignes: func(yield func([]any, error) bool) {
			stop := errors.New("stopped")
			err := extraire(r.Context(), tx, f, func(l LigneComplete) error {
				nom, fonction := l.qui()
				if !yield([]any{l.ID, l.Le.In(typo.Paris), l.Le.In(typo.Paris).Format("15:04:05"), nom, fonction, l.Verbe, l.objet(), l.details(), l.Requete, l.Adresse}, nil) {
					return stop
				}
				return nil
			})
			if err != nil && !errors.Is(err, stop) {
				yield(nil, err)
			}
		},
	}
}

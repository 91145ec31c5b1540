package tableur

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
)

// sendExemple is an empty file with the right headings, and rows that show what to write.
func (s *Service) sendExemple(w http.ResponseWriter, _ *http.Request, m Modele) error {
	t := export.Table{Nom: m.Code, Titre: m.Titre, Lignes: export.Lignes(m.Exemple, func(row []string) []any {
		cells := make([]any, len(m.Colonnes))
		for i := range cells {
			if i < len(row) {
				cells[i] = row[i]
			}
		}
		return cells
	})}
	for _, c := range m.Colonnes {
		t.Colonnes = append(t.Colonnes, export.Colonne{Titre: c.Titre, Nom: c.Code, Description: c.consigne()})
	}
	var body bytes.Buffer
	if err := export.ODS(&body, t); err != nil {
		return err
	}
	return httpx.File(w, export.TypeODS, "modele-"+m.Code+".ods", body.Bytes())
}

// sendErreurs is the list of the faults as a file, whole; that it left the portal is noted.
func (s *Service) sendErreurs(w http.ResponseWriter, r *http.Request, m Modele) error {
	id, err := asked(r)
	if err != nil {
		return err
	}
	par := droits.Of(r.Context())
	var rows []detailRow
	err = pg.As(r.Context(), s.db, par, func(tx pgx.Tx) error {
		var draft Brouillon
		var b pg.Batch
		addBrouillon(&b, &draft, par, m.Code, id)
		addEcarts(&b, &rows, par, id, SorteFaute, maxLignes*10, 0)
		if err := b.Run(r.Context(), tx); err != nil {
			return err
		}
		return journal.Note(r.Context(), tx, par, "erreurs d’un import exportées", "import", id, journal.Changement{"lignes": {nil, len(rows)}})
	})
	if err != nil {
		return fmt.Errorf("faults of draft %d: %w", id, err)
	}
	faults, err := decode[Faute](rows)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	name, kind, write := "erreurs.ods", export.TypeODS, func(w io.Writer, t export.Table) error { return export.ODS(w, t) }
	if strings.HasSuffix(r.URL.Path, lien.ImportErreursCSV) {
		name, kind, write = "erreurs.csv", export.TypeCSV, export.CSVTableur
	}
	if err := write(&body, tableFautes(faults)); err != nil {
		return err
	}
	return httpx.File(w, kind, name, body.Bytes())
}

// tableFautes are the faults as a spreadsheet.
func tableFautes(faults []Faute) export.Table {
	return export.Table{Nom: "erreurs", Titre: "Erreurs du fichier", Colonnes: []export.Colonne{
		{Titre: "Ligne", Nom: "ligne", Type: export.Entier, Description: "Numéro de la ligne dans le fichier."},
		{Titre: "Colonne", Nom: "colonne", Description: "Lettre de la colonne dans le fichier."},
		{Titre: "Donnée", Nom: "donnee", Largeur: 5}, {Titre: "Contenu", Nom: "contenu", Largeur: 6}, {Titre: "Erreur", Nom: "erreur", Largeur: 14},
	}, Lignes: export.Lignes(faults, func(f Faute) []any { return []any{f.Ligne, f.Colonne, f.Titre, f.Trouve, f.Phrase} })}
}

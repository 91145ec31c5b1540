package bench_test

import (
	"bytes"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/bench"
	"portail/internal/config"
	"portail/internal/dispositif"
	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/pg"
	"portail/internal/tableur"
)

// lignesImport is how many rows the spreadsheet of the measure has (issue: under five seconds on two cores).
const lignesImport = 10_000

// spreadsheet measures the import of conventions from an ODS file: read, held against the law and against what the portal has, then
// written with a journal line each; and the same file again, which changes nothing.
func (m *measure) spreadsheet(dsn string) {
	m.Helper()
	db := m.open(dsn)
	_, err := db.Exec(m.Context(), `INSERT INTO organisme (nom, nature) VALUES ('Employeur de mesure', 'association')`)
	m.check(err)
	rows := make([][]any, lignesImport)
	for i := range rows {
		rows[i] = []any{fmt.Sprintf("AR-%05d", i), "Employeur de mesure", "QN08801M", "Accueil, parentalité", 80.0, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
			time.Date(2028, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(2025, 12, 15, 0, 0, 0, 0, time.UTC), time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), "ASP"}
	}
	var file bytes.Buffer
	m.check(export.ODS(&file, export.Table{Nom: "postes", Titre: "Postes", Colonnes: []export.Colonne{
		{Titre: "N° convention"}, {Titre: "Employeur"}, {Titre: "QPV"}, {Titre: "Missions"}, {Titre: "Quotité", Type: export.Pourcent}, {Titre: "Début", Type: export.Date},
		{Titre: "Fin", Type: export.Date}, {Titre: "Signée le", Type: export.Date}, {Titre: "Embauche", Type: export.Date}, {Titre: "ASP"}},
		Lignes: export.Lignes(rows, func(r []any) []any { return r })}))
	model := dispositif.New(db, config.Config{Departement: "88"}, nil).ImportAdultesRelais()
	take := func(added int) time.Duration {
		start := time.Now()
		read, err := tableur.Lire(file.Bytes())
		m.check(err)
		m.check(pg.As(m.Context(), db, droits.Tache, func(tx pgx.Tx) error {
			source, err := model.Ouvrir(m.Context(), tx, droits.Tache)
			if err != nil {
				return err
			}
			e := model.Essayer(read, model.Proposer(read), source, nil)
			if len(e.Fautes) > 0 || e.Compte(tableur.SorteAjout) != added || len(e.Changements()) != added {
				m.Fatalf("the dry run finds %d faults and %d changes, want %d: %v", len(e.Fautes), len(e.Changements()), added, e.Fautes[:min(3, len(e.Fautes))])
			}
			return model.Ecrire(m.Context(), tx, droits.Tache, e.Changements())
		}))
		return time.Since(start)
	}
	const goal = 5 * time.Second
	first := take(lignesImport)
	again := take(0)
	m.table.AtMost(fmt.Sprintf("import of %d rows of an ODS spreadsheet (%.1f MB), checked, written and journalled", lignesImport, float64(file.Len())/1e6),
		bench.Duration(first), "–", "–", bench.Duration(goal), first.Seconds(), goal.Seconds())
	m.table.Note("the same file again: nothing changes", bench.Duration(again), "–", "–")
}

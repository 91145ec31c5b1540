package pg_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/portailtest"
	"portail/migrations"
)

// schema lists what the migrations made: every table, view, column, constraint, index, trigger, function and extension.
func schema(t *testing.T, db *pgxpool.Pool) (list []string) {
	t.Helper()
	rows, err := db.Query(t.Context(), `
		SELECT 'column ' || table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS o
			FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%'
		UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(c.oid)
			FROM pg_constraint c WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'goose%'
		UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'goose%'
		UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
		UNION ALL SELECT 'function ' || oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace
		UNION ALL SELECT 'configuration ' || cfgname FROM pg_ts_config WHERE cfgnamespace = 'public'::regnamespace
		UNION ALL SELECT 'extension ' || extname FROM pg_extension WHERE extname <> 'plpgsql'
		UNION ALL SELECT 'indicator ' || code || reserve FROM indicateur
		ORDER BY o`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var o string
		if err := rows.Scan(&o); err != nil {
			t.Fatal(err)
		}
		list = append(list, o)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestMigrationsGoUpDownAndUpAgain(t *testing.T) {
	db := portailtest.Seeded(t) // with rows in every table: the way back must not stumble over them
	first := schema(t, db)
	if len(first) < 100 {
		t.Fatalf("the schema has only %d objects", len(first))
	}
	if err := migrations.Down(t.Context(), db, 0); err != nil {
		t.Fatal(err)
	}
	var left []string
	err := db.QueryRow(t.Context(), `
		SELECT array_agg(o) FROM (
			SELECT relname::text AS o FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'goose%'
			UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
			UNION ALL SELECT cfgname FROM pg_ts_config WHERE cfgnamespace = 'public'::regnamespace
			UNION ALL SELECT extname FROM pg_extension WHERE extname <> 'plpgsql') x`).Scan(&left)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) > 0 {
		t.Errorf("all down leaves %q", left)
	}
	if pending, err := migrations.Pending(t.Context(), db); err != nil || !pending {
		t.Errorf("all down, and nothing is pending: %v, %v", pending, err)
	}
	if err := migrations.Up(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	second := schema(t, db)
	for i := range max(len(first), len(second)) {
		if i >= len(first) || i >= len(second) || first[i] != second[i] {
			t.Fatalf("up again differs from up at object %d of %d and %d", i, len(first), len(second))
		}
	}
	if pending, err := migrations.Pending(t.Context(), db); err != nil || pending {
		t.Errorf("all up, and something is pending: %v, %v", pending, err)
	}
}

// Several instances start at once: each finds the schema whole, none fails.
func TestMigratorsStartedTogether(t *testing.T) {
	db := portailtest.DB(t)
	if err := migrations.Down(t.Context(), db, 0); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	for range 3 {
		go func() { ended <- migrations.Up(t.Context(), db) }()
	}
	for range 3 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if pending, err := migrations.Pending(t.Context(), db); err != nil || pending {
		t.Errorf("something is pending: %v, %v", pending, err)
	}
}

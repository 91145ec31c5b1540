package adresse_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/importation"
	"portail/internal/portailtest"
)

// TestFiftyThousandLines answers the largest file against a base of 200 000 addresses, a tenth of its streets misspelt.
func TestFiftyThousandLines(t *testing.T) {
	v := portailtest.Site(t)
	rows := csv.NewReader(bytes.NewReader(loadBAN(t, v.DB, 200_000)))
	rows.Comma = ';'
	records, err := rows.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	fmt.Fprintln(&file, "adresse;code_postal;commune")
	for i := range 50_000 {
		r := records[1+i*4]
		voie := r[4]
		if i%10 == 0 {
			voie = voie[:len(voie)-1] + "z"
		}
		fmt.Fprintf(&file, "%s%s %s;%s;%s\n", r[2], r[3], voie, r[5], r[7])
	}
	start := time.Now()
	got := answers(t, postLot(t, v, file.String(), ""), ';')
	took := time.Since(start)
	t.Logf("50 000 lines answered in %v", took)
	known := 0
	for _, r := range got[1:] {
		if !strings.HasPrefix(r[4], "indéterminé") {
			known++
		}
	}
	if len(got) != 50_001 || known < 45_000 {
		t.Errorf("%d lines, %d with an answer", len(got)-1, known)
	}
}

// loadBAN takes in a file of made-up addresses as an administrator does.
func loadBAN(t testing.TB, db *pgxpool.Pool, n int) []byte {
	t.Helper()
	var ban bytes.Buffer
	if err := portailtest.WriteBAN(&ban, n); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "essai-adresses.csv")
	if err := os.WriteFile(name, ban.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := importation.Run(context.Background(), db, importation.BAN, []string{name}, importation.Options{}); err != nil {
		t.Fatal(err)
	}
	return ban.Bytes()
}

package importation_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portail/internal/importation"
	"portail/internal/portailtest"
)

// banRows is about a département.
const banRows = 200_000

// BenchmarkImportBAN measures the import of made-up addresses against the bare COPY of the same rows into the same table with
// the same indexes: what psql's \copy does, without starting psql. "of-copy" is how many times as fast the import is; the
// goal is 0.5 or more, although it also checks every cell and writes the streets with their trigrams.
func BenchmarkImportBAN(b *testing.B) {
	file, rows := writeBAN(b, banRows)
	var imported, copied time.Duration
	for b.Loop() {
		b.StopTimer()
		db := portailtest.DB(b)
		bare := portailtest.DB(b)
		conn, err := bare.Acquire(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		in, err := os.Open(rows)
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		if _, err := conn.Conn().PgConn().CopyFrom(b.Context(), in, `COPY adresse FROM STDIN (FORMAT csv, DELIMITER ';')`); err != nil {
			b.Fatal(err)
		}
		copied += time.Since(start)
		conn.Release()
		if err := in.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		start = time.Now()
		if _, err := importation.Run(b.Context(), db, importation.BAN, []string{file}, importation.Options{}); err != nil {
			b.Fatal(err)
		}
		imported += time.Since(start)
	}
	b.ReportMetric(float64(copied)/float64(imported), "of-copy")
	b.ReportMetric(banRows*float64(b.N)/imported.Seconds(), "rows/s")
}

// writeBAN makes a file of addresses, and another with only the cells that the table keeps.
func writeBAN(t testing.TB, n int) (file, rows string) {
	t.Helper()
	dir := t.TempDir()
	file, rows = filepath.Join(dir, "adresses.csv"), filepath.Join(dir, "rows.csv")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := portailtest.WriteBAN(f, n); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Seek(0, 0); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	lines := bufio.NewScanner(f)
	lines.Scan()
	for lines.Scan() {
		c := strings.Split(lines.Text(), ";")
		b.WriteString(strings.Join([]string{c[0], c[2], `"` + c[3] + `"`, c[4], c[5], c[6], c[7], c[12], c[13]}, ";") + "\n")
	}
	if err := os.WriteFile(rows, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return file, rows
}

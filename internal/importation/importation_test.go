package importation_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/importation"
	"portail/internal/pg"
	"portail/internal/portailtest"
)

// The same files twice: told as unchanged, not a row written but the provenance, nothing published.
func TestSameFilesTwiceChangeNothing(t *testing.T) {
	db := portailtest.DB(t)
	jobs := seedFiles(t)
	if _, err := importation.Load(t.Context(), db, jobs, importation.Options{}); err != nil {
		t.Fatal(report(err))
	}
	before, former := everything(t, db), query(t, db, `SELECT le FROM publication`)
	conn, err := db.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(t.Context(), `LISTEN publication`); err != nil {
		t.Fatal(err)
	}
	again, err := importation.Load(t.Context(), db, jobs, importation.Options{})
	if err != nil {
		t.Fatal(report(err))
	}
	if !again.Unchanged() {
		t.Errorf("told as changed: %v", again)
	}
	for _, f := range again.Files {
		if !strings.HasSuffix(f.String(), "rien n’a changé") || f.Lines == 0 || f.Same == 0 {
			t.Errorf("%s; %+v", f, f)
		}
	}
	if after := everything(t, db); after != before {
		t.Error("rows were written")
	}
	want(t, db, `SELECT le FROM publication`, former)
	waiting, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if n, err := conn.Conn().WaitForNotification(waiting); err == nil {
		t.Errorf("heard %v", n)
	}
	want(t, db, `SELECT count(*) || ' ' || count(DISTINCT sha256) FROM importation`, fmt.Sprintf("%d %d", 2*len(again.Files), len(again.Files)))
}

// everything is a fingerprint of all rows, with the transaction that wrote each.
func everything(t *testing.T, db *pgxpool.Pool) string {
	t.Helper()
	var all []string
	for _, table := range []string{"territoire", "qpv", "qpv_commune", "qpv_epci", "qpv_ancien", "qpv_label", "contrat_anct", "valeur", "lieu", "qpv_lieu", "mise_a_jour", "adresse", "voie"} {
		all = append(all, query(t, db, `SELECT md5(string_agg(xmin::text || ctid::text, ' ' ORDER BY ctid)) FROM `+table))
	}
	return strings.Join(all, " ")
}

func TestCompressedOrNotIsTheSameFile(t *testing.T) {
	db := portailtest.DB(t)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte("\ufeff" + oneQPV)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"plain.csv": []byte("\ufeff" + oneQPV), "packed.txt": packed.Bytes()} {
		if _, err := importation.Run(t.Context(), db, importation.QPV, []string{write(t, name, content)}, importation.Options{}); err != nil {
			t.Fatal(report(err))
		}
	}
	want(t, db, `SELECT count(*) || ' ' || count(DISTINCT sha256) FROM importation`, "2 1")
	want(t, db, `SELECT string_agg(fichier, ' ' ORDER BY fichier) FROM importation`, "packed.txt plain.csv")

	broken := packed.Bytes()[:packed.Len()-20]
	_, err := importation.Run(t.Context(), db, importation.QPV, []string{write(t, "cut.csv.gz", broken)}, importation.Options{})
	if err == nil || !strings.Contains(report(err), "tronqué") {
		t.Errorf("a cut file: %v", err)
	}
	if _, err := importation.Run(t.Context(), db, importation.QPV, []string{"/nowhere.csv"}, importation.Options{}); err == nil {
		t.Error("a file that does not exist is accepted")
	}
	if _, err := importation.Run(t.Context(), db, "autre", nil, importation.Options{}); err == nil {
		t.Error("an unknown kind is accepted")
	}
}

func TestProgressGoesToTheEnd(t *testing.T) {
	db := portailtest.DB(t)
	jobs := seedFiles(t)
	var size, last int64
	for _, j := range jobs {
		for _, f := range j.Files {
			size += f.Size
		}
	}
	_, err := importation.Load(t.Context(), db, jobs, importation.Options{Progress: func(done, total int64) {
		if done <= last || done > total || total != size {
			t.Errorf("%d after %d, of %d", done, last, total)
		}
		last = done
	}})
	if err != nil || last != size {
		t.Errorf("ended at %d of %d, %v", last, size, err)
	}
}

// The pool of the portal stops statements after 3 s; an import may last longer, and the limit is back afterwards.
func TestLimitsOfRequestsDoNotStopAnImport(t *testing.T) {
	dsn := portailtest.DSN(t)
	db, err := pg.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var during string
	conn, err := db.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(t.Context(), `BEGIN; LOCK TABLE qpv IN SHARE MODE`); err != nil { // another works for longer than the pool's limits
		t.Fatal(err)
	}
	time.AfterFunc(3500*time.Millisecond, func() {
		_, err = conn.Exec(context.WithoutCancel(t.Context()), `COMMIT`)
		during = "over"
	})
	if _, err := take(t, db, importation.QPV, importation.Options{}, oneQPV); err != nil || during != "over" {
		t.Errorf("%v, the other is %q", err, during)
	}
	want(t, db, `SELECT current_setting('statement_timeout')`, "3s")
}

// However it is stopped, an import leaves nothing, and the next one is not hindered.
func TestKilledImportLeavesNothing(t *testing.T) {
	db := portailtest.DB(t)
	must(t, db, importation.QPV, oneQPV)
	before := rows(t, db)
	jobs := seedFiles(t)
	for name, stop := range map[string]func(cancel context.CancelFunc){
		"cancelled": func(cancel context.CancelFunc) { cancel() },
		"its connection is cut": func(context.CancelFunc) {
			n := query(t, db, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
				AND state <> 'idle'`)
			if n == "0" {
				t.Error("nothing was cut")
			}
		},
	} {
		for _, part := range []int64{5, 50, 95} {
			ctx, cancel := context.WithCancel(t.Context())
			done := false
			_, err := importation.Load(ctx, db, jobs, importation.Options{Progress: func(read, total int64) {
				if !done && read*100 >= total*part {
					done = true
					stop(cancel)
				}
			}})
			cancel()
			if err == nil {
				t.Errorf("%s at %d %%: imported", name, part)
			}
			if after := rows(t, db); after != before {
				t.Errorf("%s at %d %%: the database went from %s to %s", name, part, before, after)
			}
		}
	}
	// The backend of a killed import may take a moment to end: wait for it as a second import would.
	if _, err := importation.Load(t.Context(), db, jobs, importation.Options{Wait: true}); err != nil {
		t.Errorf("the next import is hindered: %v", report(err))
	}
}

func TestTwoImportsAtOnce(t *testing.T) {
	db := portailtest.DB(t)
	job := []importation.Job{{Kind: importation.QPV, Files: []importation.Source{source("a.csv", oneQPV)}}}
	var refused, waited error
	done := make(chan struct{})
	_, err := importation.Load(t.Context(), db, job, importation.Options{Progress: func(int64, int64) {
		_, refused = importation.Load(t.Context(), db, job, importation.Options{})
		go func() {
			_, waited = importation.Load(context.WithoutCancel(t.Context()), db, job, importation.Options{Wait: true})
			close(done)
		}()
	}})
	<-done
	if err != nil || !errors.Is(refused, importation.ErrBusy) || waited != nil {
		t.Errorf("first %v, second %v, the one that waits %v", err, refused, waited)
	}
	want(t, db, `SELECT count(*) FROM importation`, "2")
}

// Several files of a command are one transaction: the fault of the last undoes the first.
func TestSeveralFilesAreOneTransaction(t *testing.T) {
	db := portailtest.DB(t)
	refused(t, db, importation.QPV, oneQPV, set(oneQPV, "lon", "x"))
	want(t, db, `SELECT count(*) FROM qpv`, "0")
	s := must(t, db, importation.Territoires, oneDep, oneCommune, oneEPCI)
	if len(s.Files) != 3 || s.Unchanged() {
		t.Errorf("%v", s)
	}
}

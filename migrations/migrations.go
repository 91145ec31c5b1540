// Package migrations is the schema of the portal: numbered files, one subject each, embedded in the binary and applied by
// goose. Each SQL file runs in one transaction and has its way back; internal/pg tests all up, all down, all up.
package migrations

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// goFiles are the migrations written in Go, for Hash.
//
//go:embed 0*.go
var goFiles embed.FS

// Hash names the schema: the SHA-256 of every migration in order, as 16 hexadecimal digits. Test databases are keyed by it.
func Hash() string {
	sum := sha256.New()
	for _, embedded := range []embed.FS{files, goFiles} {
		names, err := fs.Glob(embedded, "*")
		if err != nil {
			panic(err) // the pattern is a constant
		}
		for _, name := range names {
			text, err := embedded.ReadFile(name)
			if err != nil {
				panic(err) // embedded: it is there
			}
			fmt.Fprintf(sum, "%s %d\n", name, len(text))
			sum.Write(text)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// Up brings the database to the last version. Several processes may call it at once: one works, the others wait.
func Up(ctx context.Context, db *pgxpool.Pool) error {
	return with(db, func(p *goose.Provider) error {
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("migrate up: %w", err)
		}
		return nil
	})
}

// Down brings the database back to the given version; 0 is an empty schema.
func Down(ctx context.Context, db *pgxpool.Pool, version int64) error {
	return with(db, func(p *goose.Provider) error {
		if _, err := p.DownTo(ctx, version); err != nil {
			return fmt.Errorf("migrate down to %d: %w", version, err)
		}
		return nil
	})
}

// Pending says whether the database lacks a migration that this binary carries.
func Pending(ctx context.Context, db *pgxpool.Pool) (bool, error) {
	var pending bool
	err := with(db, func(p *goose.Provider) (err error) {
		pending, err = p.HasPending(ctx)
		return err
	})
	return pending, err
}

// with opens a provider under a session lock: without it, migrators started together race and one fails half-way.
func with(db *pgxpool.Pool, do func(*goose.Provider) error) error {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("migration lock: %w", err)
	}
	sqlDB := stdlib.OpenDBFromPool(db)
	defer sqlDB.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, sqlDB, files, goose.WithSessionLocker(locker), goose.WithGoMigrations(travaux(db)))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	return do(p)
}

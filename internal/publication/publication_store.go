package publication

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/pg"
)

// listen opens a connection of its own that hears every publication.
func listen(ctx context.Context, db *pgxpool.Pool) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, db.Config().ConnConfig.Copy())
	if err != nil {
		return nil, fmt.Errorf("connect to listen: %w", err)
	}
	if _, err := conn.Exec(ctx, `LISTEN publication`); err != nil {
		_ = conn.Close(ctx) // the first error is the one to tell
		return nil, fmt.Errorf("listen: %w", err)
	}
	return conn, nil
}

// publishedAt is when something published last changed.
func publishedAt(ctx context.Context, q pg.Q) (time.Time, error) {
	var at time.Time
	if err := q.QueryRow(ctx, `SELECT le FROM publication`).Scan(&at); err != nil {
		return at, fmt.Errorf("read publication date: %w", err)
	}
	return at, nil
}

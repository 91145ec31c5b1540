package local

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// EnsureDatabase creates, where they are missing, a database and a role of the same name that owns it and is no superuser,
// as in production. Several processes may ask at once.
func (s *Server) EnsureDatabase(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, s.DSN(Administrator))
	if err != nil {
		return fmt.Errorf("local postgres: %w", err)
	}
	defer conn.Close(ctx)
	var role, database bool
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1), EXISTS (SELECT FROM pg_database WHERE datname = $1)`,
		name).Scan(&role, &database)
	if err != nil {
		return fmt.Errorf("local postgres: %w", err)
	}
	quoted := pgx.Identifier{name}.Sanitize()
	if !role {
		if err := execUnlessThere(ctx, conn, `CREATE ROLE `+quoted+` LOGIN`); err != nil {
			return fmt.Errorf("create role %s: %w", name, err)
		}
	}
	if !database {
		if err := execUnlessThere(ctx, conn, `CREATE DATABASE `+quoted+` OWNER `+quoted); err != nil {
			return fmt.Errorf("create database %s: %w", name, err)
		}
	}
	return nil
}

// EnsureMember creates, where they are missing, a role that owns nothing and a login that belongs to it.
func (s *Server) EnsureMember(ctx context.Context, login, group string) error {
	conn, err := pgx.Connect(ctx, s.DSN(Administrator))
	if err != nil {
		return fmt.Errorf("local postgres: %w", err)
	}
	defer conn.Close(ctx)
	member, of := pgx.Identifier{login}.Sanitize(), pgx.Identifier{group}.Sanitize()
	for _, sql := range []string{`CREATE ROLE ` + of + ` NOLOGIN`, `CREATE ROLE ` + member + ` LOGIN`, `GRANT ` + of + ` TO ` + member} {
		if err := execUnlessThere(ctx, conn, sql); err != nil {
			return fmt.Errorf("create login %s: %w", login, err)
		}
	}
	return nil
}

// execUnlessThere runs a CREATE and takes "it exists" for success: another process was quicker.
func execUnlessThere(ctx context.Context, conn *pgx.Conn, sql string) error {
	_, err := conn.Exec(ctx, sql)
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) {
		switch refusal.Code {
		case "42710", "42P04", "23505": // duplicate_object, duplicate_database, unique_violation of two at the same instant
			return nil
		}
	}
	return err
}

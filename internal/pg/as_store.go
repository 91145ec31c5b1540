package pg

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// tellWho sets what the functions moi_…() of the schema read; true bounds it to the transaction.
const tellWho = `SELECT set_config('app.compte', $1, true), set_config('app.organisme', $2, true),
	set_config('app.role', $3, true), set_config('app.qpv', $4, true)`

// EnsureLogin makes the login of the web server where it is missing: a member of group, which owns nothing, with the password of its
// address. owner must be allowed to create roles; a login that is there already is only made a member.
func EnsureLogin(ctx context.Context, owner *pgxpool.Pool, address, group string) error {
	cfg, err := pgconn.ParseConfig(address)
	if err != nil {
		return fmt.Errorf("read the address of the web server's login: %w", err)
	}
	login, of := pgx.Identifier{cfg.User}.Sanitize(), pgx.Identifier{group}.Sanitize()
	var there, member bool
	var create string
	err = owner.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1),
			EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles l ON l.oid = m.member JOIN pg_roles g ON g.oid = m.roleid WHERE l.rolname = $1 AND g.rolname = $3),
			format('CREATE ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)`,
		cfg.User, cfg.Password, group).Scan(&there, &member, &create)
	if err != nil {
		return fmt.Errorf("look for the login %s: %w", cfg.User, err)
	}
	if member {
		return nil // made before, or by an administrator of the server: an owner without that right may go on
	}
	if !there {
		if _, err := owner.Exec(ctx, create); err != nil {
			return fmt.Errorf("create the login %s: %w", cfg.User, withoutStatement(err))
		}
	}
	if _, err := owner.Exec(ctx, `GRANT `+of+` TO `+login); err != nil {
		return fmt.Errorf("make the login %s a member of %s: %w", cfg.User, group, err)
	}
	return nil
}

// withoutStatement keeps a password out of logs: errors of Postgres may quote what was asked.
func withoutStatement(err error) error {
	var no *pgconn.PgError
	if errors.As(err, &no) {
		return errors.New(no.Message)
	}
	return err
}

// OwnsTables says whether the web server's login could undo the second wall: it owns tables, or nothing holds for it.
func OwnsTables(ctx context.Context, q Q) (bool, error) {
	var owns bool
	err := q.QueryRow(ctx, `
		SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (SELECT FROM pg_class c WHERE c.relname = 'journal' AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
		FROM pg_roles r WHERE r.rolname = current_user`).Scan(&owns)
	if err != nil {
		return false, fmt.Errorf("look at the web server's login: %w", err)
	}
	return owns, nil
}

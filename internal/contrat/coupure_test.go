package contrat_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/contrat"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/portailtest"
)

// coupeur breaks the connection instead of letting a question through, as a process killed there would: the server undoes what is open.
type coupeur struct{ left atomic.Int64 } // questions up to the one that breaks; 0 or less: none does

func (c *coupeur) cut(conn *pgx.Conn) {
	if c.left.Add(-1) == 0 {
		_ = conn.PgConn().Conn().Close()
	}
}

func (c *coupeur) TraceQueryStart(ctx context.Context, conn *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.cut(conn)
	return ctx
}
func (c *coupeur) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (c *coupeur) TraceBatchStart(ctx context.Context, conn *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	c.cut(conn)
	return ctx
}
func (c *coupeur) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (c *coupeur) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// TestAChangeCutAtEachStatement breaks the connection at each statement of the changes that write most, the commit included: what is kept is
// what was there before, whole; and once nothing breaks, what the change makes, whole.
func TestAChangeCutAtEachStatement(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.complete()
	c := &coupeur{}
	config := s.Web.Config().Copy()
	config.ConnConfig.Tracer, config.MaxConns = c, 1
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	service := contrat.New(pool, portailtest.Config(t), nil)
	par := droits.Compte{ID: s.Number(`SELECT id FROM compte WHERE courriel = 'gestionnaire@préfecture.test'`), Nom: "G", Role: droits.Gestionnaire, Organisme: s.Number(`SELECT min(id) FROM organisme WHERE nom = 'Préfecture'`)}
	first, section := contrat.Ref{Contrat: s.contrat, Numero: 1}, s.section(1, "preambule")
	texte := func(kind string) contrat.Demande {
		return contrat.Demande{Version: int(s.Number(`SELECT version FROM contrat_version WHERE contrat_id = $1 AND numero = 1`, s.contrat)), Motif: kind}
	}
	for _, change := range []struct {
		name  string
		least int // statements that it makes at least: fewer, and nothing was cut
		do    func(ctx context.Context) error
	}{
		{"saving a section", 5, func(ctx context.Context) error {
			return service.SaveSection(ctx, par, first, section, int(s.Number(`SELECT revision FROM contrat_section WHERE id = $1`, section)), "Un autre texte", "Relecture")
		}},
		{"adding an engagement", 5, func(ctx context.Context) error {
			return service.SaveEngagement(ctx, par, first, contrat.Engagement{ObjectifID: s.objet(1, "contrat_objectif"), PartieID: s.partie(1, "commune"), Texte: "Un autre", Credits: "droit_commun"}, fault.Fields{}, "00000000-0000-4000-8000-0000000000c1")
		}},
		{"opening the negotiation", 4, func(ctx context.Context) error { return service.Agir(ctx, par, first, contrat.Negocier, texte("")) }},
		{"freezing the text", 10, func(ctx context.Context) error {
			return service.Agir(ctx, par, first, contrat.MettreALaSignature, texte(""))
		}},
		{"taking the negotiation up again", 10, func(ctx context.Context) error {
			return service.Agir(ctx, par, first, contrat.ReprendreNegociation, texte("Une virgule"))
		}},
	} {
		before, cuts := empreinteBase(t, s.Visitor), 0
		for n := int64(1); ; n++ {
			if _, err := pool.Exec(t.Context(), `SELECT 1`); err != nil { // a connection that works: the last one was broken
				t.Fatal(err)
			}
			c.left.Store(n)
			err := change.do(t.Context())
			broken := c.left.Load() <= 0
			c.left.Store(0)
			after := empreinteBase(t, s.Visitor)
			if broken != (err != nil) || broken != (after == before) {
				t.Fatalf("%s, cut at statement %d (%v): %v; changed: %v", change.name, n, broken, err, after != before)
			}
			if !broken {
				break
			}
			cuts++
		}
		if cuts < change.least {
			t.Errorf("%s was cut %d times only", change.name, cuts)
		}
	}
	if got := s.Value(`SELECT string_agg(texte, '|' ORDER BY numero) FROM contrat_revision WHERE section_id = $1`, section); got != "Un autre texte" {
		t.Errorf("revisions: %q", got)
	}
}

// empreinteBase stands for all that the contracts and the journal hold, and how many mails are written: their sending goes on meanwhile.
func empreinteBase(t *testing.T, v *portailtest.Visitor) string {
	t.Helper()
	all := ""
	for _, table := range []string{"contrat", "contrat_version", "contrat_qpv", "contrat_partie", "contrat_signataire", "contrat_signature", "contrat_axe", "contrat_objectif", "contrat_engagement",
		"contrat_section", "contrat_revision", "contrat_publication", "journal"} {
		all += v.Value(fmt.Sprintf(`SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM %s t`, table))
	}
	return all + v.Value(`SELECT (SELECT count(*) FROM courriel) || ' ' || (SELECT count(*) FROM river_job)`)
}

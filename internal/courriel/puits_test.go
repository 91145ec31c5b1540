package courriel_test

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"portail/internal/courriel"
	"portail/internal/portailtest"
)

// puits is a real mail server that keeps what it takes.
type puits struct {
	addr  string
	close func()
	mu    sync.Mutex
	recus []string
	refus func(a string) error // told to RCPT
}

func (p *puits) NewSession(*smtp.Conn) (smtp.Session, error) { return &depot{p: p}, nil }

type depot struct {
	p *puits
	a string
}

func (d *depot) Mail(string, *smtp.MailOptions) error { return nil }
func (d *depot) Rcpt(a string, _ *smtp.RcptOptions) error {
	d.p.mu.Lock()
	defer d.p.mu.Unlock()
	if d.a = a; d.p.refus != nil {
		return d.p.refus(a)
	}
	return nil
}

func (d *depot) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	d.p.mu.Lock()
	defer d.p.mu.Unlock()
	d.p.recus = append(d.p.recus, string(text))
	return nil
}
func (d *depot) Reset()        {}
func (d *depot) Logout() error { return nil }

func (p *puits) listen(t *testing.T, addr string) {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	server, done := smtp.NewServer(p), make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(l); err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	}()
	p.addr, p.close = l.Addr().String(), sync.OnceFunc(func() {
		_ = l.Close() // the server may not know its listener yet
		_ = server.Close()
		<-done
	})
	t.Cleanup(p.close)
}

func (p *puits) messages() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.recus...)
}

// poste runs the job that sends mails, as the portal does, against the mail server at addr.
func poste(t *testing.T, db *pgxpool.Pool, addr string) {
	t.Helper()
	s := courriel.New(db, portailtest.Config(t, "PORTAIL_SMTP="+addr, "PORTAIL_COURRIEL_DE=Portail <portail@vosges.test>"), nil).Impatient()
	workers := river.NewWorkers()
	s.AddWorkers(workers, db)
	client, err := river.NewClient(riverpgxv5.New(db), &river.Config{
		Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}}, FetchCooldown: 10 * time.Millisecond, FetchPollInterval: 50 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.StopAndCancel(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

package portailtest

import (
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// Puits is a real mail server that keeps what it takes.
type Puits struct {
	Addr  string
	Close func()
	Refus func(a string) error // told to RCPT; nil takes all. It may take its time.
	Pris  func(a string)       // called between a mail being taken and its sender being told so; nil tells at once
	mu    sync.Mutex
	recus []string
}

// NewSession begins an exchange with a sender.
func (p *Puits) NewSession(*smtp.Conn) (smtp.Session, error) { return &depot{p: p}, nil }

type depot struct {
	p *Puits
	a string
}

func (d *depot) Mail(string, *smtp.MailOptions) error { return nil }
func (d *depot) Rcpt(a string, _ *smtp.RcptOptions) error {
	if d.a = a; d.p.Refus != nil {
		return d.p.Refus(a)
	}
	return nil
}

func (d *depot) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	d.p.keep(string(text))
	if d.p.Pris != nil {
		d.p.Pris(d.a)
	}
	return nil
}

func (p *Puits) keep(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.recus = append(p.recus, text)
}

func (d *depot) Reset()        {}
func (d *depot) Logout() error { return nil }

// Listen opens the server at an address; port 0 is any.
func (p *Puits) Listen(t testing.TB, addr string) {
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
	p.Addr, p.Close = l.Addr().String(), sync.OnceFunc(func() {
		_ = l.Close() // the server may not know its listener yet
		_ = server.Close()
		<-done
	})
	t.Cleanup(p.Close)
}

// Messages are the mails taken so far, the first one first.
func (p *Puits) Messages() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.recus)
}

package bench

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Valve stands between a server and its database, to take the database away or to freeze it.
type Valve struct {
	DSN   string // of the database behind it
	l     net.Listener
	to    *pgconn.Config
	mu    sync.Mutex
	conns map[net.Conn]bool
	shut  bool
	flows chan struct{} // closed while bytes pass
}

// NewValve opens one before a database.
func NewValve(dsn string) (*Valve, error) {
	to, err := pgconn.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	l, err := listenLocal()
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return nil, err
	}
	u := url.URL{Scheme: "postgres", User: url.UserPassword(to.User, to.Password), Path: "/" + to.Database,
		RawQuery: url.Values{"host": {host}, "port": {port}, "sslmode": {"disable"}}.Encode()}
	v := &Valve{DSN: u.String(), l: l, to: to, conns: map[net.Conn]bool{}, flows: make(chan struct{})}
	close(v.flows)
	go v.accept()
	return v, nil
}

func (v *Valve) accept() {
	for {
		server, err := v.l.Accept()
		if err != nil {
			return // closed
		}
		network, address := pgconn.NetworkAddress(v.to.Host, v.to.Port)
		database, err := net.Dial(network, address)
		v.mu.Lock()
		if err != nil || v.shut {
			_ = server.Close() // as a server that is not there
			v.mu.Unlock()
			continue
		}
		v.conns[server], v.conns[database] = true, true
		v.mu.Unlock()
		go v.pump(server, database)
		go v.pump(database, server)
	}
}

// pump carries bytes while they flow, and closes both ends with either.
func (v *Valve) pump(from, to net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		v.mu.Lock()
		flows := v.flows
		v.mu.Unlock()
		<-flows
		if n > 0 {
			if _, failed := to.Write(buffer[:n]); failed != nil {
				err = failed
			}
		}
		if err != nil {
			break
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, c := range []net.Conn{from, to} {
		_ = c.Close() // the other end may have done so
		delete(v.conns, c)
	}
}

// Freeze lets no byte pass any more, without closing anything: a server that hangs.
func (v *Valve) Freeze() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.flows = make(chan struct{})
}

// Cut closes all connections and takes no new ones: a server that went away.
func (v *Valve) Cut() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.shut = true
	for c := range v.conns {
		_ = c.Close() // it is meant to be lost
	}
}

// Open lets all pass again.
func (v *Valve) Open() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.shut = false
	select {
	case <-v.flows:
	default:
		close(v.flows)
	}
}

// Close ends it.
func (v *Valve) Close() error {
	v.Open()
	v.Cut()
	return v.l.Close()
}

// Slow tells after how long a server is done with somebody who sends the beginning of a request, then a byte every half second. It gives
// up after a minute.
func Slow(addr, beginning string) (time.Duration, error) {
	start := time.Now()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	if _, err := fmt.Fprint(c, beginning); err != nil {
		return 0, err
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_, _ = io.Copy(io.Discard, c) // ends with the connection, however it ends
	}()
	for time.Since(start) < time.Minute {
		select {
		case <-closed:
			return time.Since(start), nil
		case <-time.After(500 * time.Millisecond):
			_, _ = c.Write([]byte("x")) // the server may have closed: the reader tells
		}
	}
	return 0, errors.New("a slow client is never left")
}

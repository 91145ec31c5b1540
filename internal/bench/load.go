package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Load is what a server did under a load.
type Load struct {
	Took      time.Duration
	Latencies []time.Duration // sorted; one per answer
	Bytes     int64           // of bodies
}

// PerSecond is the number of answers a second.
func (l Load) PerSecond() float64 { return float64(len(l.Latencies)) / l.Took.Seconds() }

// Quantile is the latency that the part q of the answers did not exceed.
func (l Load) Quantile(q float64) time.Duration {
	if len(l.Latencies) == 0 {
		return 0
	}
	return l.Latencies[min(int(q*float64(len(l.Latencies))), len(l.Latencies)-1)]
}

// Get is a request as it goes over the wire. Headers are lines without their ends.
func Get(host, path string, headers ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\n", path, host)
	for _, h := range headers {
		b.WriteString(h + "\r\n")
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// Closed asks as fast as the answers come, on so many connections, until the time is over. Each answer must have the status.
func Closed(addr string, status, connections int, last time.Duration, requests ...[]byte) (Load, error) {
	end := time.Now().Add(last)
	return run(addr, status, connections, requests, func(int64) (time.Time, bool) {
		now := time.Now()
		return now, now.Before(end)
	})
}

// Open asks at a fixed rate, whatever the answers take: a latency counts from the moment at which the request was due, so that
// a server that stops for a while is not spared the requests that would have come.
func Open(addr string, status, connections, perSecond int, last time.Duration, requests ...[]byte) (Load, error) {
	start, total := time.Now(), int64(last.Seconds()*float64(perSecond))
	return run(addr, status, connections, requests, func(n int64) (time.Time, bool) {
		due := start.Add(time.Duration(n) * time.Second / time.Duration(perSecond))
		time.Sleep(time.Until(due))
		return due, n < total
	})
}

// run lets each connection take the next request in turn; next says when that one is due, and whether there is one.
func run(addr string, status, connections int, requests [][]byte, next func(int64) (time.Time, bool)) (Load, error) {
	var (
		wg     sync.WaitGroup
		mu     sync.Mutex
		load   Load
		faults []error
		count  atomic.Int64
	)
	start := time.Now()
	for range connections {
		wg.Go(func() {
			var latencies []time.Duration
			var read int64
			err := func() error {
				conn, err := net.Dial("tcp", addr)
				if err != nil {
					return err
				}
				defer conn.Close()
				answers := bufio.NewReaderSize(conn, 64<<10)
				for {
					n := count.Add(1) - 1
					due, more := next(n)
					if !more {
						return nil
					}
					if _, err := conn.Write(requests[n%int64(len(requests))]); err != nil {
						return err
					}
					got, err := readAnswer(answers, status)
					if err != nil {
						return err
					}
					latencies = append(latencies, time.Since(due))
					read += int64(got)
				}
			}()
			mu.Lock()
			defer mu.Unlock()
			load.Latencies = append(load.Latencies, latencies...)
			load.Bytes += read
			if err != nil {
				faults = append(faults, err)
			}
		})
	}
	wg.Wait()
	load.Took = time.Since(start)
	slices.Sort(load.Latencies)
	return load, errors.Join(faults...)
}

var (
	contentLength = []byte("Content-Length: ")
	chunked       = []byte("Transfer-Encoding: ")
)

// readAnswer reads one answer and returns the size of its body. It knows what the servers measured here write, no more.
func readAnswer(r *bufio.Reader, status int) (int, error) {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 || string(line[9:12]) != strconv.Itoa(status) {
		return 0, fmt.Errorf("the server answers %q, not %d", line, status)
	}
	length := 0
	for {
		if line, err = r.ReadSlice('\n'); err != nil {
			return 0, err
		}
		switch {
		case len(line) <= 2:
			if _, err := r.Discard(length); err != nil {
				return 0, fmt.Errorf("read body: %w", err)
			}
			return length, nil
		case bytes.HasPrefix(line, contentLength):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(line[len(contentLength):]))); err != nil {
				return 0, err
			}
		case bytes.HasPrefix(line, chunked):
			return 0, errors.Join(io.ErrUnexpectedEOF, errors.New("an answer in chunks: the load cannot tell where it ends"))
		}
	}
}

package portail_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"portail/internal/portailtest"
)

// What no visitor means and some programs send: each must be refused or answered, never break anything (S7).
var (
	hostile = []string{
		"\x00", "a\x00b", "\xff\xfe", "\xc3\x28", "%", "%zz", "%00", "%ff", "%c0%ae", "9223372036854775808", "-9223372036854775809", "1e309", "NaN", "Infinity", "-1", "0",
		"99999999999999999999999999999999", "''", "' OR 1=1 --", "\"; DROP TABLE qpv; --", "$1", "%s%n", "<script>alert(1)</script>", "{{7*7}}", "${7*7}",
		"../../../etc/passwd", "..%2f..%2f", "\\..\\", "javascript:alert(1)", "//elsewhere.example", "\u202e", "\u0130\u0131", "é", "ſ", "İstanbul", "\U0001f600",
		"a\r\nSet-Cookie: x=1", "\t", " ", ",", ",,,", ";", "&", "#", "|", "*", "?", "(", "[", "\\", "'", ":*", "!", "<->", "a & | b",
		strings.Repeat("a", 3000), strings.Repeat("é", 1500), strings.Repeat("a ", 1000), strings.Repeat("QN08801M,", 300), strings.Repeat("(", 500), strings.Repeat("%41", 9000),
	}
	sound = []string{"", "saint dié", "epinal", "QN08801M", "QN08801M,QN08804M", "QP088001", "88", "88160", "200068757", "nom", "-nom", "population", "1", "2", "100",
		"tableau", "carte", "cartes", "2024", "6.45", "48,18", "npnru", "true"}
	names = []string{"q", "tri", "page", "par", "vue", "epci", "commune", "label", "codes", "code", "indicateurs", "generation", "departement", "lat", "lon", "id", "inconnu", "",
		"q[]", "page\x00"}
	methods  = []string{"GET", "GET", "GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "X\x01"}
	oddities = []string{
		"Accept-Encoding: br;q=0, gzip;q=0, *;q=0", "Accept-Encoding: " + strings.Repeat("gzip,", 200), "If-None-Match: *", "If-None-Match: W/\"x\", \"y\"", "If-None-Match: \"",
		"If-Modified-Since: yesterday", "If-Modified-Since: Mon, 01 Jan 0001 00:00:00 GMT", "Range: bytes=0-", "Range: bytes=-1,5-2", "X-Forwarded-For: 127.0.0.1, ' OR 1=1",
		"X-Forwarded-Host: elsewhere.example", "X-HTTP-Method-Override: DELETE", "Cookie: " + strings.Repeat("a=b; ", 1000), "Cookie: \xff\xfe", "Accept: */*;q=zzz",
		"Content-Type: multipart/form-data", "Content-Type: application/json", "Origin: https://elsewhere.example", "Sec-Fetch-Site: cross-site", "Expect: 100-continue",
		"Content-Length: 12", "Content-Length: -1", "Connection: upgrade", "Upgrade: websocket", "X-Big: " + strings.Repeat("x", 40000),
	}
	bodies = []string{
		"", "a=b", "texte=%00", "texte=" + url.QueryEscape(strings.Repeat("1 rue de l’Église, Épinal\n", 200)), "texte=lat%3Blon%0A48.1%3B6.4", "\x00\xff\xfe", `{"a":1}`,
		"--x\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"../../a.csv\"\r\nContent-Type: text/csv\r\n\r\nadresse\n=cmd()\n\xff\n--x--\r\n",
		"--x\r\nContent-Disposition: form-data; name=\"fichier\"\r\n\r\n", "--x\r\n\r\n\r\n--x--",
	}
	// told are words of our inside that no visitor may read.
	told = regexp.MustCompile(`SQLSTATE|pgx|goroutine \d|runtime error|panic:|ERROR:|\.go:\d+`)
)

// assault makes the requests of one attacker, the same at each run.
type assault struct {
	*rand.Rand
	patterns []string
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// value is hostile once in n.
func (a assault) value(n int) string {
	if a.IntN(n) == 0 {
		return pick(a.Rand, hostile)
	}
	return pick(a.Rand, sound)
}

func (a assault) target() string {
	path := placeholders.ReplaceAllStringFunc(pick(a.Rand, a.patterns), func(name string) string {
		if a.IntN(3) > 0 {
			return samples[name]
		}
		if a.IntN(2) == 0 {
			return url.PathEscape(a.value(1))
		}
		return a.value(1)
	})
	switch a.IntN(12) {
	case 0:
		path += "/"
	case 1:
		path = "/" + path
	case 2:
		path = strings.Replace(path, "/", "/./x/../", 1)
	case 3:
		path = strings.ToUpper(path)
	}
	var query []string
	for range a.IntN(4) {
		name, value := pick(a.Rand, names), a.value(3)
		if a.IntN(3) > 0 {
			name, value = url.QueryEscape(name), url.QueryEscape(value)
		}
		query = append(query, name+"="+value)
	}
	if len(query) > 0 {
		path += "?" + strings.Join(query, "&")
	}
	return path
}

// request is what goes over the wire, as bytes: a client library would not send most of it.
func (a assault) request(host string) (method string, raw []byte) {
	method = pick(a.Rand, methods)
	target := a.target()
	if a.IntN(40) > 0 { // a space or an end of line would only end the address
		target = strings.NewReplacer(" ", "%20", "\r", "%0D", "\n", "%0A").Replace(target)
	}
	var b bytes.Buffer
	if a.IntN(50) == 0 {
		host = pick(a.Rand, hostile)
	}
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n", method, target, host)
	for range a.IntN(3) {
		b.WriteString(pick(a.Rand, oddities) + "\r\n")
	}
	if method == "POST" || method == "PUT" {
		body := pick(a.Rand, bodies)
		kind := "application/x-www-form-urlencoded"
		if strings.HasPrefix(body, "--x") {
			kind = "multipart/form-data; boundary=x"
		}
		fmt.Fprintf(&b, "Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s", kind, len(body), body)
	} else {
		b.WriteString("\r\n")
	}
	return method, b.Bytes()
}

var placeholders = regexp.MustCompile(`\{[a-z]+\}`)

// Of the requests, so many at least must be answered with a page: an assault that is refused at the door proves nothing.
const (
	assaults    = 4
	requests    = 1200 // of each; net/http itself answers 501 to an unknown Transfer-Encoding: none is sent
	minAccepted = 500
)

func TestHostileRequestsBreakNothing(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t, "PORTAIL_CACHE_MO=48")
	host := strings.TrimPrefix(site.URL, "http://")
	var patterns []string
	for _, r := range site.Portal.Routes() {
		patterns = append(patterns, r.Pattern)
	}
	patterns = append(patterns, "/static/{jeu}", "/{jeu}", "/qpv/{code}/{jeu}", "*")
	var accepted, refused, silent, busy atomic.Int64
	var wg sync.WaitGroup
	for n := range assaults {
		a := assault{rand.New(rand.NewPCG(88, uint64(n))), patterns}
		wg.Go(func() {
			for range requests {
				method, raw := a.request(host)
				code, body, err := send(host, method, raw)
				first, _, _ := bytes.Cut(raw, []byte("\r\n"))
				switch {
				case err != nil:
					silent.Add(1) // the server closed what is not HTTP
				case code == http.StatusServiceUnavailable && bytes.Contains(body, []byte("<h1")):
					busy.Add(1) // a page within the time limit of answers, where the machine is loaded; counted below
				case code >= 500:
					t.Errorf("status %d: %.300q\n%.600q", code, first, raw)
				case told.Match(body):
					t.Errorf("an answer tells of the inside (%q): %.300q", told.Find(body), first)
				case code < 400:
					accepted.Add(1)
				default:
					refused.Add(1)
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d accepted, %d refused, %d too late, %d connections closed without an answer", accepted.Load(), refused.Load(), busy.Load(), silent.Load())
	if busy.Load() > assaults*requests/100 {
		t.Errorf("%d answers of %d say that the site is unavailable", busy.Load(), assaults*requests)
	}
	if accepted.Load() < minAccepted || refused.Load() < minAccepted || silent.Load() > assaults*requests/20 {
		t.Errorf("%d accepted, %d refused, %d without an answer: the assault proves little", accepted.Load(), refused.Load(), silent.Load())
	}
	site.Get("/readyz").Want(http.StatusOK)
	site.Get("/qpv").Want(http.StatusOK)
}

// send writes a request as it is and reads the answer.
func send(host, method string, raw []byte) (int, []byte, error) {
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return 0, nil, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		return 0, nil, err
	}
	if _, err := conn.Write(raw); err != nil {
		return 0, nil, err
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil && answer.StatusCode < 400 { // a refusal may come with the connection cut
		return 0, nil, err
	}
	return answer.StatusCode, body, nil
}

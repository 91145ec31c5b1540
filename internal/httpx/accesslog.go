package httpx

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"portail/internal/lien"
)

// Metrics are what the portal tells Prometheus of its requests.
type Metrics struct {
	requests map[string]*[6]prometheus.Counter // by method, then class of status: looked up once, not at each request
	seconds  prometheus.Histogram
}

// NewMetrics registers the request metrics.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	requests := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "portail_requests_total", Help: "Requests answered, by method and class of status."}, []string{"method", "class"})
	m := &Metrics{
		requests: map[string]*[6]prometheus.Counter{},
		seconds:  prometheus.NewHistogram(prometheus.HistogramOpts{Name: "portail_request_seconds", Help: "Time to answer a request.", Buckets: []float64{.001, .005, .01, .05, .1, .5, 1, 5}}),
	}
	reg.MustRegister(requests, m.seconds)
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, otherMethod} {
		m.requests[method] = &[6]prometheus.Counter{}
		for n, class := range classes {
			m.requests[method][n] = requests.WithLabelValues(method, class)
		}
	}
	return m
}

// classes are the values of the label, by the first digit of a status.
var classes = [6]string{"0xx", "1xx", "2xx", "3xx", "4xx", "5xx"}

// statusWriter remembers what was answered.
type statusWriter struct {
	http.ResponseWriter
	code  int
	bytes int
}

func (w *statusWriter) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Log counts each request and writes its line: path without query, since what people search may be their address, and without the
// secret that single-use links end with.
func Log(m *Metrics) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := time.Now()
			sw := &statusWriter{ResponseWriter: w, code: http.StatusOK}
			next.ServeHTTP(sw, r)
			end := time.Now()
			took := end.Sub(start)
			m.requests[known(r.Method)][min(sw.code/100, 5)].Inc()
			m.seconds.Observe(took.Seconds())
			log := slog.Default().Handler()
			if !log.Enabled(r.Context(), slog.LevelInfo) {
				return
			}
			line := slog.NewRecord(end, slog.LevelInfo, "request", 0) // not slog.LogAttrs, which looks for its caller first
			line.AddAttrs(
				slog.String("method", r.Method), slog.String("path", lien.SansSecret(r.URL.Path)), slog.Int("status", sw.code), slog.Int("bytes", sw.bytes),
				slog.Duration("took", took), slog.String("request_id", w.Header().Get("X-Request-Id")))
			_ = log.Handle(r.Context(), line) // nowhere is left to tell that a log cannot be written
		})
	}
}

const otherMethod = "other"

// known keeps visitors from inventing label values.
func known(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return method
	}
	return otherMethod
}

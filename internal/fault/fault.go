// Package fault is the vocabulary of refusals: what a rule, a store or a form reader says when the answer is no. The
// HTTP status of each is decided in one place, internal/httpx.
package fault

import (
	"errors"
	"slices"
	"strings"
)

var (
	// NotFound is a row that does not exist, or lies outside the perimeter of whoever asks: they must not learn which.
	NotFound = errors.New("not found")
	// Forbidden is a deed that the role of whoever asks does not carry.
	Forbidden = errors.New("forbidden")
	// Stale is a form written on a version that somebody has replaced since.
	Stale = errors.New("stale version")
	// Malformed is an address or a body that no page of the portal produces.
	Malformed = errors.New("malformed request")
	// TooLarge is a body or a file above its cap.
	TooLarge = errors.New("too large")
	// TooMany is one request too many at once, or in a short time.
	TooMany = errors.New("too many requests")
	// Unavailable is a part that the answer needs and that is away: the database, mostly. Waiting helps.
	Unavailable = errors.New("unavailable")
)

// Fields are the faults of a form: field name → French sentence shown beside it. The empty name is the form as a whole.
type Fields map[string]string

// Add records the fault of a field; the first one told stays.
func (f Fields) Add(field, sentence string) {
	if _, told := f[field]; !told {
		f[field] = sentence
	}
}

// Err is nil when nothing was refused.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// Merge takes the faults that err holds, and gives what f then refuses; an error that is no fault of a field comes back as it is.
func (f Fields) Merge(err error) error {
	var other Fields
	if err != nil && !errors.As(err, &other) {
		return err
	}
	for field, sentence := range other {
		f.Add(field, sentence)
	}
	return f.Err()
}

// Error lists the faults in the order of the field names, for logs: pages show the map.
func (f Fields) Error() string {
	var b strings.Builder
	for i, field := range f.Names() {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(field + ": " + f[field])
	}
	return b.String()
}

// Names are the refused fields in alphabetical order.
func (f Fields) Names() []string {
	names := make([]string, 0, len(f))
	for name := range f {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

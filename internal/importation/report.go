package importation

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Fault is one reason why a file is refused.
type Fault struct {
	File    string
	Line    int    // from 1, headings included
	Column  int    // which cell of the line, from 1; 0 when the line or the file as a whole is meant
	Heading string // of that cell
	Found   string // what stands there, shortened
	Why     string // the reason, a whole sentence in French
}

// String is the fault as one line of a report, in French.
func (f Fault) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, ligne %d", f.File, f.Line)
	switch {
	case f.Column > 0 && f.Heading != "":
		fmt.Fprintf(&b, ", colonne %d (%s)", f.Column, f.Heading)
	case f.Column > 0:
		fmt.Fprintf(&b, ", colonne %d", f.Column)
	case f.Heading != "":
		fmt.Fprintf(&b, ", %s", f.Heading)
	}
	b.WriteString("\u00a0: ")
	if f.Found != "" {
		fmt.Fprintf(&b, "«\u00a0%s\u00a0» — ", f.Found)
	}
	b.WriteString(f.Why)
	return b.String()
}

// Refusal is the report on faulty files: nothing of them was loaded.
type Refusal struct {
	Faults []Fault // the first ones, in the order of the files
	More   int     // how many others were met
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("import refused: %d fault(s), first: %s", len(r.Faults)+r.More, r.Faults[0])
}

// Print writes the report in French, one fault a line.
func (r *Refusal) Print(w io.Writer) error {
	for _, f := range r.Faults {
		if _, err := fmt.Fprintln(w, f); err != nil {
			return err
		}
	}
	end := "Rien n’a été importé."
	if r.More > 0 {
		end = fmt.Sprintf("Et %d autres fautes. %s", r.More, end)
	}
	_, err := fmt.Fprintln(w, end)
	return err
}

// Caps of a report: beyond, nobody reads on.
const (
	maxFaults = 1000
	maxFound  = 60 // characters of a faulty cell that are repeated
)

// report gathers the faults of a command.
type report struct {
	faults []Fault
	more   int
}

func (r *report) empty() bool { return len(r.faults) == 0 }

func (r *report) add(f Fault) {
	if len(r.faults) == maxFaults {
		r.more++
		return
	}
	f.Found = excerpt(f.Found)
	r.faults = append(r.faults, f)
}

func (r *report) err() error {
	if r.empty() {
		return nil
	}
	return &Refusal{Faults: r.faults, More: r.more}
}

// excerpt makes a faulty cell safe to show on a terminal, and short.
func excerpt(s string) string {
	cut := false
	if len(s) > maxFound*utf8.UTFMax {
		s, cut = s[:maxFound*utf8.UTFMax], true
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if runes := []rune(s); len(runes) > maxFound {
		s, cut = string(runes[:maxFound]), true
	}
	if cut {
		s += "…"
	}
	return s
}

// FileSummary tells what a file changed. Added, Changed, Same and Removed count what the database holds (places, links
// between them, figures), so that they may be more than the lines of the file.
type FileSummary struct {
	Name, Format                  string
	Lines                         int // of data: rows or features
	Added, Changed, Same, Removed int
	Notes                         []string // French sentences on what was left aside
}

// Unchanged says that the database already held all that the file says.
func (s FileSummary) Unchanged() bool { return s.Added+s.Changed+s.Removed == 0 }

// String is one line in French.
func (s FileSummary) String() string {
	if s.Unchanged() {
		return fmt.Sprintf("%s (%s)\u00a0: %d lignes, rien n’a changé", s.Name, s.Format, s.Lines)
	}
	return fmt.Sprintf("%s (%s)\u00a0: %d lignes, %d ajouts, %d modifications, %d retraits, %d sans changement",
		s.Name, s.Format, s.Lines, s.Added, s.Changed, s.Removed, s.Same)
}

// Summary tells what a command changed, file by file.
type Summary struct{ Files []FileSummary }

// Unchanged says that nothing at all was changed.
func (s Summary) Unchanged() bool {
	for _, f := range s.Files {
		if !f.Unchanged() {
			return false
		}
	}
	return true
}

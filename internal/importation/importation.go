// Package importation takes in the files of the portal: quarters, contours, figures, places, contracts, useful places and
// addresses, in the formats of the open data set (internal/seed), for any département. It is the only writer of their tables.
//
// A command is one transaction: every file is read to its end, every fault is told with its line, column and reason, and
// nothing is loaded if there is one (reliability R9). The same file twice changes nothing. Figures keep every version.
package importation

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Kind is what a command takes in; the format of each file is then recognised by its headings.
type Kind string

// Kinds, as `portail import` and the table importation name them.
const (
	QPV           Kind = "qpv"
	Contours      Kind = "contours"
	Indicateurs   Kind = "indicateurs"
	Territoires   Kind = "territoires"
	Contrats      Kind = "contrats"
	Lieux         Kind = "lieux"
	BAN           Kind = "ban"
	AdultesRelais Kind = "adultes-relais"
)

// Kinds are all of them, in the order in which a new database takes them in: figures need the places they are about.
var Kinds = []Kind{Territoires, QPV, Contours, Contrats, Indicateurs, Lieux, AdultesRelais, BAN}

// ErrBusy says that another import holds the lock: two at once would undo each other's comparison.
var ErrBusy = errors.New("another import is running")

// Options of an import.
type Options struct {
	// Progress, when set, is told how many bytes of the files have been read, out of how many. It is called often, from
	// the goroutine that imports.
	Progress func(done, total int64)
	// Millesimes gives the vintage of indicators (code → year) to wide files whose headings do not state it. Without it such
	// a figure is stored, and shown, with no vintage.
	Millesimes map[string]int
	// Wait makes the import wait for one that is running; without it, it is refused with ErrBusy.
	Wait bool
}

// Job is one kind of file with its files, in order.
type Job struct {
	Kind  Kind
	Files []Source
}

// Run takes in files of one kind in one transaction. Faulty files give a *Refusal that holds the report, and load nothing.
func Run(ctx context.Context, db *pgxpool.Pool, kind Kind, files []string, o Options) (Summary, error) {
	job := Job{Kind: kind}
	for _, name := range files {
		src, err := File(name)
		if err != nil {
			return Summary{}, err
		}
		job.Files = append(job.Files, src)
	}
	return Load(ctx, db, []Job{job}, o)
}

// Load takes in files of several kinds in one transaction: all of them or none.
func Load(ctx context.Context, db *pgxpool.Pool, jobs []Job, o Options) (Summary, error) {
	var total int64
	for _, job := range jobs {
		if formats[job.Kind] == nil {
			return Summary{}, fmt.Errorf("import: unknown kind %q", job.Kind)
		}
		for _, src := range job.Files {
			total += src.Size
		}
	}
	var sum Summary
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		r := &run{tx: tx, opts: o, report: &report{}, today: time.Now(), progress: &progress{total: total, tell: o.Progress}}
		if err := r.begin(ctx); err != nil {
			return err
		}
		for _, job := range jobs {
			for _, src := range job.Files {
				s, err := r.takeIn(ctx, job.Kind, src)
				if err != nil {
					return fmt.Errorf("import %s of %s: %w", job.Kind, src.Name, err)
				}
				sum.Files = append(sum.Files, s)
			}
		}
		if err := r.report.err(); err != nil || !sum.changed() {
			return err
		}
		return r.analyze(ctx)
	})
	if err != nil {
		return Summary{}, err
	}
	return sum, nil
}

// changed says whether any file brought something new.
func (s Summary) changed() bool {
	return slices.ContainsFunc(s.Files, func(f FileSummary) bool { return !f.Unchanged() })
}

// run is one transaction of import.
type run struct {
	tx         pgx.Tx
	opts       Options
	report     *report
	today      time.Time // tells a vintage of the future
	progress   *progress
	indicators map[string]indicator // the catalogue
}

// file is one file being taken in.
type file struct {
	*run
	kind     Kind
	name     string
	id       int // of its line in importation
	temps    []*temp
	spare    []byte           // a chunk of rows being sent, then its memory
	sending  chan error       // the end of that
	seen     map[string]int   // natural keys met, and their line
	hashed   map[uint64]int32 // the same for millions of keys (onceHashed)
	hashSeed maphash.Seed
	notes    []string
	summary  FileSummary
}

// format is one way in which a kind of file is written.
type format struct {
	name      string   // in French, for reports
	need      []string // headings that recognise it, or the property of each feature of a GeoJSON
	may       []string // headings that it also reads
	known     []string // headings that it knows and leaves aside without a word
	geojson   bool
	separator rune // of a CSV; 0 is the comma

	temps    []*temp                                  // shapes of its temporary tables
	begin    func(ctx context.Context, f *file) error // once they are made
	headings func(f *file, t *table)                  // headings with a meaning of their own, such as one indicator each
	row      func(f *file, r *row) error              // one line of a CSV
	feature  func(f *file, line int, p shape) error   // one feature of a GeoJSON
	check    func(ctx context.Context, f *file) error
	load     func(ctx context.Context, f *file) error
}

// takeIn reads, checks and loads one file. After a first fault, of this file or an earlier one, it only looks for more.
func (r *run) takeIn(ctx context.Context, kind Kind, src Source) (_ FileSummary, err error) {
	clean := r.report.empty() // else places of an earlier faulty file would be missed here
	f := &file{run: r, kind: kind, name: src.Name, seen: map[string]int{}, hashed: map[uint64]int32{}, hashSeed: maphash.MakeSeed(), summary: FileSummary{Name: src.Name}}
	in, err := open(src, r.progress)
	if err != nil {
		return f.summary, f.damaged(err)
	}
	defer func() { _ = in.Close() }()                   // read only
	defer func() { err = errors.Join(err, f.wait()) }() // the connection must be at rest for what comes next
	fm, err := f.read(ctx, in)
	if err != nil || fm == nil {
		return f.summary, err
	}
	f.summary.Format, f.summary.Notes = fm.name, f.notes
	if clean && fm.check != nil {
		if err := fm.check(ctx, f); err != nil {
			return f.summary, err
		}
	}
	if r.report.empty() {
		if f.id, err = f.insertImportation(ctx, in.sha256()); err != nil {
			return f.summary, err
		}
		if err := fm.load(ctx, f); err != nil {
			return f.summary, err
		}
		if err := f.finish(ctx); err != nil {
			return f.summary, err
		}
	}
	return f.summary, f.dropTemps(ctx)
}

// read finds the format of a file and puts what it says into temporary tables; nil when no format was recognised.
func (f *file) read(ctx context.Context, in *input) (*format, error) {
	if why := in.encoding(); why != "" {
		f.fault(1, 0, "", "", why)
		return nil, f.drain(in)
	}
	if in.startsWith('{') {
		return f.readGeoJSON(ctx, in)
	}
	return f.readCSV(ctx, in)
}

// fault notes what is wrong in the file; column 0 is the line as a whole.
func (f *file) fault(line, column int, heading, found, why string) {
	f.report.add(Fault{File: f.name, Line: line, Column: column, Heading: heading, Found: found, Why: why})
}

// once says whether a natural key is met for the first time in the file, and the line where it was met before.
func (f *file) once(key string, line int) (before int, first bool) {
	if before, met := f.seen[key]; met {
		return before, false
	}
	f.seen[key] = line
	return 0, true
}

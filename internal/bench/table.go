package bench

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// Table is the result of a run, as the README shows it.
type Table struct {
	begun time.Time
	lines []string
}

// Start notes when the run began.
func (t *Table) Start() { t.begun = time.Now() }

func (t *Table) add(what, portal, reference, ratio, goal string, reached bool) {
	if !reached {
		goal += " **missed**"
	}
	t.lines = append(t.lines, fmt.Sprintf("| %s | %s | %s | %s | %s |", what, portal, reference, ratio, goal))
}

// Outcome is a comparison of two servers: figures of the medium round of each, the medium of the ratios of their answers per second,
// and the processor time of one answer.
type Outcome struct {
	Ours, Theirs       Load
	Ratio              float64
	OursCPU, TheirsCPU time.Duration
}

// Ratio adds a comparison of answers per second. A goal of 0 is none.
func (t *Table) Ratio(what string, o Outcome, reference string, goal float64) {
	text := "–"
	if goal > 0 {
		text = fmt.Sprintf("≥ %.1f", goal)
	}
	t.add(what, perSecond(o.Ours, o.OursCPU), reference+": "+perSecond(o.Theirs, o.TheirsCPU), fmt.Sprintf("%.2f", o.Ratio), text, o.Ratio >= goal)
}

func perSecond(l Load, cpu time.Duration) string {
	return fmt.Sprintf("%.0f/s, median %s, p99 %s, %s of processor each", l.PerSecond(), Duration(l.Quantile(0.5)), Duration(l.Quantile(0.99)), Duration(cpu))
}

// AtMost adds a figure that must not exceed its goal; the texts say it. ratio may be empty.
func (t *Table) AtMost(what, portal, reference, ratio, goal string, figure, limit float64) {
	t.add(what, portal, reference, ratio, "≤ "+goal, figure <= limit)
}

// AtLeast adds a figure that must reach its goal.
func (t *Table) AtLeast(what, portal, reference, ratio, goal string, figure, limit float64) {
	t.add(what, portal, reference, ratio, "≥ "+goal, figure >= limit)
}

// Note adds a figure without goal.
func (t *Table) Note(what, portal, reference, ratio string) {
	t.add(what, portal, reference, ratio, "–", true)
}

// Markdown is the table under a line that says where and when it was measured.
func (t *Table) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s in %.0f s: %s, %d processors, %s. %d connections (4 for people signed in); the load generator, the portal, the references and Postgres share the machine.\n\n",
		t.begun.Format("2 January 2006"), time.Since(t.begun).Seconds(), processor(), runtime.NumCPU(), runtime.Version(), 32)
	b.WriteString("| what | the portal | reference | ratio | goal |\n| --- | --- | --- | --- | --- |\n")
	for _, line := range t.lines {
		b.WriteString(line + "\n")
	}
	return b.String()
}

// processor is the model of the machine's processor.
func processor() string {
	content, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(content)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

// Duration is a duration with two or three digits.
func Duration(d time.Duration) string {
	switch {
	case d < 10*time.Microsecond:
		return fmt.Sprintf("%.1f µs", float64(d)/float64(time.Microsecond))
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// Size is a number of bytes.
func Size(bytes int) string { return fmt.Sprintf("%.1f kB", float64(bytes)/1000) }

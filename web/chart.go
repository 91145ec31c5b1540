package web

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"portail/web/typo"
)

// Bar is a territory's value in a bar chart.
type Bar struct {
	Label    string
	Value    float64
	Texte    string // the value as written; empty writes it with the chart's digits and unit
	Absent   bool   // no value: Texte says why ("non disponible", "n.c."); no bar is drawn
	Emphasis bool   // the territory the page is about: solid fill, others are hatched
}

// BarChartProps describes a bar chart. It must sit beside a table of the same values.
type BarChartProps struct {
	ID     string // unique in the page
	Titre  string // accessible name
	Desc   string // what the chart shows, in a sentence
	Unit   string // "%", "€"…
	Digits int
	Bars   []Bar
	Max    float64 // end of the scale; 0 takes the largest value (and 100 is natural for a share)
}

// Point is a value at a vintage.
type Point struct {
	X      string // vintage, e.g. "2021"
	Value  float64
	Texte  string // as written; empty writes it with the chart's digits and unit
	Absent bool
}

// Series is a line of a LineChart. Points of all series are placed by their X in the order of LineChartProps.X.
type Series struct {
	Label    string
	Points   []Point
	Emphasis bool
}

// Break is a break of boundary: values before and after X (excluded and included) do not cover the same area.
type Break struct {
	X     string
	Texte string
}

// LineChartProps describes an evolution. It must sit beside a table of the same values.
type LineChartProps struct {
	ID     string
	Titre  string
	Desc   string
	Unit   string
	Digits int
	X      []string // vintages, in order
	Series []Series
	Breaks []Break
}

// barWidth is the share of the chart's width that the longest bar takes, in percent: the rest is for its value.
const barWidth = 72

// labelWidth is the number of characters of a label that surely fit on a 320-pixel screen.
const labelWidth = 36

// barRow is a bar ready to draw; lengths in em from the top.
type barRow struct {
	Lines  []string // label, cut in lines
	LabelY []string // baseline of each line
	Y      string   // top of the bar
	TextY  string   // baseline of the value
	Width  string   // percent of the chart's width
	Texte  string
	Bar    Bar
}

// rows places the bars one under the other and returns them with the height of the chart in em.
func (p BarChartProps) rows(rowHeight float64) ([]barRow, string) {
	top := p.Max
	for _, b := range p.Bars {
		if !b.Absent && !math.IsNaN(b.Value) {
			top = math.Max(top, b.Value)
		}
	}
	var rows []barRow
	y := 0.0
	for _, b := range p.Bars {
		r := barRow{Bar: b, Lines: wrap(b.Label, labelWidth), Texte: valueText(b.Texte, b.Value, b.Absent, p.Digits, p.Unit)}
		for range r.Lines {
			y += 1.3
			r.LabelY = append(r.LabelY, em(y-0.2))
		}
		r.Y, r.TextY = em(y+0.1), em(y+0.1+rowHeight/2+0.35)
		r.Width = percent(share(b.Value, top, b.Absent) * barWidth)
		y += rowHeight + 0.6
		rows = append(rows, r)
	}
	return rows, em(math.Max(y, 1))
}

// share is v/top between 0 and 1; a missing or negative value has no length.
func share(v, top float64, absent bool) float64 {
	if absent || math.IsNaN(v) || v <= 0 || top <= 0 {
		return 0
	}
	return math.Min(1, v/top)
}

// Margins of a line chart, in percent of its box.
const (
	lineLeft, lineRight = 8.0, 92.0
	lineTop, lineBottom = 14.0, 82.0
)

// labelledVintages is the number of vintages up to which every point has its value written: beyond, values would cover
// each other on a small screen, and only the first, the last and those after a break are written. The table has them all.
const labelledVintages = 4

// Vintages that can be written under a chart 320 pixels wide: years, or longer ones such as quarters.
const (
	writtenYears    = 5
	writtenQuarters = 3
)

// step is how many vintages apart those written under the chart are.
func (p LineChartProps) step() int {
	written := writtenYears
	if len(p.X) > 0 && len(p.X[0]) > len("2026") {
		written = writtenQuarters
	}
	return (len(p.X) + written - 1) / written
}

// linePoint is a point ready to draw, in percent of the box.
type linePoint struct {
	X, Y, LabelY string
	Texte        string
	x, y         float64
}

// lineSegment joins two neighbouring points. It is left out over a missing vintage and over a break of boundary.
type lineSegment struct{ X1, Y1, X2, Y2 string }

// drawnSeries is a series ready to draw.
type drawnSeries struct {
	Series
	Points   []linePoint
	Segments []lineSegment
	Rank     int // place among the series: chooses the dash and the marker
}

// xOf is the place of a vintage, in percent of the width.
func (p LineChartProps) xOf(i int) float64 {
	if len(p.X) < 2 {
		return (lineLeft + lineRight) / 2
	}
	return lineLeft + (lineRight-lineLeft)*float64(i)/float64(len(p.X)-1)
}

// scale is the range of the values of the series.
func scale(series ...Series) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, s := range series {
		for _, pt := range s.Points {
			if !pt.Absent && !math.IsNaN(pt.Value) {
				lo, hi = math.Min(lo, pt.Value), math.Max(hi, pt.Value)
			}
		}
	}
	return lo, hi
}

// drawnOn scales every series on a common axis that leaves room above and below the values. Up to labelled vintages, each point has its
// value written.
func (p LineChartProps) drawnOn(lo, hi float64, labelled int) []drawnSeries {
	var out []drawnSeries
	for rank, s := range p.Series {
		d := drawnSeries{Series: s, Rank: rank}
		last := -1
		for i, x := range p.X {
			pt, ok := s.at(x)
			if !ok {
				continue
			}
			px, py := p.xOf(i), (lineTop+lineBottom)/2
			if hi > lo {
				py = lineBottom - (lineBottom-lineTop)*(pt.Value-lo)/(hi-lo)
			}
			if last == i-1 && last >= 0 && !p.brokenBefore(x) {
				prev := d.Points[len(d.Points)-1]
				d.Segments = append(d.Segments, lineSegment{percent(prev.x), percent(prev.y), percent(px), percent(py)})
			}
			labelY := py - 4
			if !s.Emphasis && rank > 0 {
				labelY = py + 9
			}
			point := linePoint{X: percent(px), Y: percent(py), LabelY: percent(labelY), x: px, y: py}
			if len(p.X) <= labelled || last < 0 || p.brokenBefore(x) {
				point.Texte = valueText(pt.Texte, pt.Value, false, p.Digits, p.Unit)
			}
			d.Points = append(d.Points, point)
			last = i
		}
		if n := len(d.Points); n > 0 {
			pt, _ := s.at(p.X[last])
			d.Points[n-1].Texte = valueText(pt.Texte, pt.Value, false, p.Digits, p.Unit)
		}
		out = append(out, d)
	}
	return out
}

// drawn scales the chart on its own values.
func (p LineChartProps) drawn() []drawnSeries {
	lo, hi := scale(p.Series...)
	return p.drawnOn(lo, hi, labelledVintages)
}

// brokenBefore tells whether the area changed just before vintage x.
func (p LineChartProps) brokenBefore(x string) bool {
	for _, b := range p.Breaks {
		if b.X == x {
			return true
		}
	}
	return false
}

// breakX is where the mark of a break stands: half-way before its vintage.
func (p LineChartProps) breakX(b Break) string {
	for i, x := range p.X {
		if x == b.X {
			if i == 0 {
				return percent(p.xOf(0) - 3)
			}
			return percent((p.xOf(i-1) + p.xOf(i)) / 2)
		}
	}
	return ""
}

// at is the series' value at a vintage.
func (s Series) at(x string) (Point, bool) {
	for _, pt := range s.Points {
		if pt.X == x && !pt.Absent && !math.IsNaN(pt.Value) {
			return pt, true
		}
	}
	return Point{}, false
}

// SmallLine is a place in small multiples.
type SmallLine struct {
	Label, Note string // name of the place, and what tells it from others
	Points      []Point
	Breaks      []Break
	Emphasis    bool
}

// SmallLinesProps describes small multiples: a line for each place, all on the same axes, so that they compare at a glance. It must sit
// beside a table of the same values.
type SmallLinesProps struct {
	Unit   string
	Digits int
	X      []string // vintages, in order
	Panels []SmallLine
}

// borne is a value at an end of a line.
type borne struct{ X, Texte string }

// smallPanel is a panel ready to draw.
type smallPanel struct {
	SmallLine
	Bornes []borne
	Drawn  drawnSeries
	Breaks []string // where they stand
}

// panels draws each place on the axes that all share.
func (p SmallLinesProps) panels() []smallPanel {
	all := make([]Series, len(p.Panels))
	for n, s := range p.Panels {
		all[n] = Series{Points: s.Points, Emphasis: true}
	}
	lo, hi := scale(all...)
	out := make([]smallPanel, len(p.Panels))
	for n, s := range p.Panels {
		chart := LineChartProps{Unit: p.Unit, Digits: p.Digits, X: p.X, Series: all[n : n+1], Breaks: s.Breaks}
		out[n] = smallPanel{SmallLine: s, Drawn: chart.drawnOn(lo, hi, 0)[0], Bornes: chart.bornes()}
		if !s.Emphasis {
			out[n].Drawn.Rank = 1
		}
		for _, b := range s.Breaks {
			out[n].Breaks = append(out[n].Breaks, chart.breakX(b))
		}
	}
	return out
}

// vide says why a panel has no line: its figures are masked, or there are none.
func (s SmallLine) vide() string {
	for _, pt := range s.Points {
		if pt.Texte != "" {
			return pt.Texte
		}
	}
	return typo.NonDisponible
}

// bornes are the first and the last known values of a series; only one when there are no others.
func (p LineChartProps) bornes() []borne {
	var known []borne
	for _, x := range p.X {
		if pt, ok := p.Series[0].at(x); ok {
			known = append(known, borne{pt.X, valueText(pt.Texte, pt.Value, false, p.Digits, p.Unit)})
		}
	}
	if len(known) > 1 {
		return []borne{known[0], known[len(known)-1]}
	}
	return known
}

// valueText is the value as written beside its mark.
func valueText(texte string, v float64, absent bool, digits int, unit string) string {
	switch {
	case texte != "":
		return texte
	case absent:
		return typo.NonDisponible
	}
	return typo.Unite(v, digits, unit)
}

// wrap cuts a label into lines of at most width characters, between words.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(s) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(w) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	return append(lines, line)
}

// em and percent write SVG lengths with two decimals at most.
func em(v float64) string      { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) + "em" }
func percent(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) + "%" }

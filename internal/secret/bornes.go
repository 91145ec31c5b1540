package secret

import "math"

// tolerance is what doubles may add to sums of counts.
const tolerance = 1e-6

// programme is what is known of the hidden cells: a linear programme in canonical form. Each row says that a basic unknown, plus a
// combination of the others, is a number; the solution where the others are 0 is possible.
type programme struct {
	of    map[int]int // cell → unknown
	rows  [][]float64 // one coefficient per unknown, then the number
	basic []int       // the basic unknown of each row
	n     int         // unknowns
}

// programme writes down the sums that hold hidden cells.
func (t Tableau) programme(hidden []bool) *programme {
	p := &programme{of: map[int]int{}}
	for i, h := range hidden {
		if h {
			p.of[i] = p.n
			p.n++
		}
	}
	for _, s := range t.Sommes {
		row, holds := make([]float64, p.n+1), false
		add := func(cell int, sign float64) {
			if u, unknown := p.of[cell]; unknown {
				row[u] += sign
				holds = true
			} else {
				row[p.n] -= sign * float64(t.Cellules[cell].Valeur)
			}
		}
		add(s.Total, -1)
		for _, part := range s.Parties {
			add(part, 1)
		}
		if holds {
			p.rows = append(p.rows, row)
		}
	}
	p.possible()
	return p
}

// possible finds a first solution, by artificial unknowns that are driven to 0 (first phase of the simplex method). Sums that say the
// same twice are left out.
func (p *programme) possible() {
	n, m := p.n, len(p.rows)
	wide := make([][]float64, m)
	p.basic = make([]int, m)
	goal := make([]float64, n+m+1)
	for i, row := range p.rows {
		sign := 1.0
		if row[n] < 0 {
			sign = -1
		}
		wide[i] = make([]float64, n+m+1)
		for j := range n {
			wide[i][j] = sign * row[j]
		}
		wide[i][n+i], wide[i][n+m] = 1, sign*row[n]
		p.basic[i] = n + i
		for j := range goal {
			if j < n || j == n+m {
				goal[j] += wide[i][j]
			}
		}
	}
	simplexe(wide, p.basic, goal)
	p.rows = p.rows[:0]
	var basic []int
	for i, b := range p.basic {
		if b >= n { // an artificial unknown, at 0: another takes its place, or the row says nothing
			j := premier(wide[i][:n])
			if j < 0 {
				continue
			}
			pivoter(wide, nil, i, j)
			p.basic[i] = j
		}
	}
	for i, b := range p.basic {
		if b < n {
			p.rows = append(p.rows, append(append([]float64(nil), wide[i][:n]...), wide[i][n+m]))
			basic = append(basic, b)
		}
	}
	p.basic = basic
}

// premier is the place of the first coefficient that is not 0.
func premier(row []float64) int {
	for j, v := range row {
		if math.Abs(v) > tolerance {
			return j
		}
	}
	return -1
}

// bornes are the least and the most that an unknown can be.
func (p *programme) bornes(cell int) (low, high float64) {
	u := p.of[cell]
	return -p.plus(u, -1), p.plus(u, 1)
}

// plus is the most that an unknown, times a sign, can be.
func (p *programme) plus(u int, sign float64) float64 {
	rows := make([][]float64, len(p.rows))
	for i, row := range p.rows {
		rows[i] = append([]float64(nil), row...)
	}
	basic := append([]int(nil), p.basic...)
	goal := make([]float64, p.n+1)
	goal[u] = sign
	for i, b := range basic { // in terms of the others
		if f := goal[b]; f != 0 {
			for j := range goal {
				goal[j] -= f * rows[i][j]
			}
		}
	}
	if !simplexe(rows, basic, goal) {
		return math.Inf(1)
	}
	return -goal[p.n]
}

// simplexe moves to the solution where goal is greatest; false when it has no greatest. Of the unknowns that would raise it the first
// is taken, so that it always ends (Bland).
func simplexe(rows [][]float64, basic []int, goal []float64) bool {
	last := len(goal) - 1
	for {
		in := -1
		for j := range last {
			if goal[j] > tolerance {
				in = j
				break
			}
		}
		if in < 0 {
			return true
		}
		out := -1
		least := math.Inf(1)
		for i, row := range rows {
			if row[in] <= tolerance {
				continue
			}
			ratio := row[last] / row[in]
			if ratio < least-tolerance || ratio < least+tolerance && (out < 0 || basic[i] < basic[out]) {
				least, out = ratio, i
			}
		}
		if out < 0 {
			return false
		}
		pivoter(rows, goal, out, in)
		basic[out] = in
	}
}

// pivoter makes an unknown the basic one of a row.
func pivoter(rows [][]float64, goal []float64, out, in int) {
	pivot := rows[out][in]
	for j := range rows[out] {
		rows[out][j] /= pivot
	}
	clear := func(row []float64) {
		if f := row[in]; f != 0 {
			for j := range row {
				row[j] -= f * rows[out][j]
			}
			row[in] = 0
		}
	}
	for i, row := range rows {
		if i != out {
			clear(row)
		}
	}
	if goal != nil {
		clear(goal)
	}
}

package secret_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"portail/internal/secret"
)

// liste is a table of one dimension with its total, which is the last cell.
func liste(seuil int64, values ...int64) secret.Tableau {
	t := secret.Tableau{Seuil: seuil}
	s := secret.Somme{Total: len(values)}
	var total int64
	for i, v := range values {
		t.Cellules = append(t.Cellules, secret.Cellule{Valeur: v})
		s.Parties = append(s.Parties, i)
		total += v
	}
	t.Cellules = append(t.Cellules, secret.Cellule{Valeur: total, Total: true})
	t.Sommes = []secret.Somme{s}
	return t
}

// grille adds a table of two dimensions with its margins to t, and gives the places of its cells, of the total of each row and of
// each column, and of the whole.
func grille(t *secret.Tableau, values [][]int64) (cells [][]int, rows, columns []int, whole int) {
	add := func(v int64, total bool) int {
		t.Cellules = append(t.Cellules, secret.Cellule{Valeur: v, Total: total})
		return len(t.Cellules) - 1
	}
	sums := make([]int64, len(values[0]))
	byColumn := make([][]int, len(values[0]))
	var all int64
	for _, line := range values {
		var sum int64
		var places []int
		for j, v := range line {
			at := add(v, false)
			places, byColumn[j] = append(places, at), append(byColumn[j], at)
			sum += v
			sums[j] += v
		}
		all += sum
		cells, rows = append(cells, places), append(rows, add(sum, true))
		t.Sommes = append(t.Sommes, secret.Somme{Total: rows[len(rows)-1], Parties: places})
	}
	for j, v := range sums {
		columns = append(columns, add(v, true))
		t.Sommes = append(t.Sommes, secret.Somme{Total: columns[j], Parties: byColumn[j]})
	}
	whole = add(all, true)
	t.Sommes = append(t.Sommes, secret.Somme{Total: whole, Parties: rows}, secret.Somme{Total: whole, Parties: columns})
	return cells, rows, columns, whole
}

func TestTablesOfOneDimension(t *testing.T) {
	for name, c := range map[string]struct {
		table secret.Tableau
		want  []bool
	}{
		"nothing to hide":                            {liste(5, 7, 8, 9), []bool{false, false, false, false}},
		"one is covered by the smallest":             {liste(5, 3, 20, 8), []bool{true, false, true, false}},
		"two that add up to enough cover each other": {liste(5, 3, 4, 20), []bool{true, true, false, false}},
		"two that add up to little need a third":     {liste(11, 3, 4, 20, 30), []bool{true, true, true, false, false}},
		"a zero is a count like others":              {liste(5, 0, 0, 9, 40), []bool{true, true, true, false, false}},
		"a total below the threshold":                {liste(11, 3, 4), []bool{true, true, true}},
		"only the total is left to hide":             {liste(11, 3), []bool{true, true}},
		"a single part is its total":                 {liste(11, 20), []bool{false, false}},
	} {
		if got := c.table.Masquer(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestATableOfTwoDimensionsIsCoveredByARectangle(t *testing.T) {
	table := secret.Tableau{Seuil: 5}
	cells, _, _, _ := grille(&table, [][]int64{{3, 20, 30}, {12, 15, 40}, {50, 60, 70}})
	hidden := table.Masquer()
	want := []int{cells[0][0], cells[0][1], cells[1][0], cells[1][1]}
	for i := range hidden {
		if hidden[i] != slices.Contains(want, i) {
			t.Fatalf("hidden: %v, want the cells %v", hidden, want)
		}
	}
}

// TestYearsPublishedTogether hides over the sum of years what each year would give away.
func TestYearsPublishedTogether(t *testing.T) {
	table := secret.Tableau{Seuil: 5, Cellules: []secret.Cellule{{Valeur: 3}, {Valeur: 9}, {Valeur: 12, Total: true}}, Sommes: []secret.Somme{{Total: 2, Parties: []int{0, 1}}}}
	if got := table.Masquer(); !slices.Equal(got, []bool{true, true, false}) {
		t.Errorf("%v", got)
	}
	// The same cell in a sum of its own territory too.
	table.Cellules = append(table.Cellules, secret.Cellule{Valeur: 40}, secret.Cellule{Valeur: 43, Total: true})
	table.Sommes = append(table.Sommes, secret.Somme{Total: 4, Parties: []int{0, 3}})
	if got := table.Masquer(); !slices.Equal(got, []bool{true, true, false, true, false}) {
		t.Errorf("%v", got)
	}
}

// alea draws a table: one or two dimensions, several years and their sum, counts that are often small.
func alea(r *rand.Rand, most int64) secret.Tableau {
	t := secret.Tableau{Seuil: 1 + r.Int64N(max(2, most/2))}
	rows, columns, years := 1+r.IntN(3), 1+r.IntN(4), 1+r.IntN(3)
	count := func() int64 {
		if r.IntN(3) == 0 {
			return r.Int64N(2)
		}
		return r.Int64N(most)
	}
	var byYear [][][]int
	for range years {
		values := make([][]int64, rows)
		for i := range values {
			for range columns {
				values[i] = append(values[i], count())
			}
		}
		cells, _, _, _ := grille(&t, values)
		byYear = append(byYear, cells)
	}
	if years > 1 {
		for i := range rows {
			for j := range columns {
				s := secret.Somme{Total: len(t.Cellules)}
				var sum int64
				for _, cells := range byYear {
					s.Parties = append(s.Parties, cells[i][j])
					sum += t.Cellules[cells[i][j]].Valeur
				}
				t.Cellules = append(t.Cellules, secret.Cellule{Valeur: sum, Total: true})
				t.Sommes = append(t.Sommes, s)
			}
		}
	}
	return t
}

// revele says which hidden cells a combination of what is shown gives exactly, by exact elimination: independent of the bounds.
func revele(t secret.Tableau, hidden []bool) (given []int) {
	var unknown []int
	for i, h := range hidden {
		if h {
			unknown = append(unknown, i)
		}
	}
	var rows [][]*big.Rat
	for _, s := range t.Sommes {
		row := make([]*big.Rat, len(unknown))
		for j, u := range unknown {
			row[j] = new(big.Rat)
			if u == s.Total {
				row[j].SetInt64(-1)
			}
			if slices.Contains(s.Parties, u) {
				row[j].SetInt64(1)
			}
		}
		rows = append(rows, row)
	}
	rank := 0
	for j := range unknown {
		pivot := -1
		for i := rank; i < len(rows); i++ {
			if rows[i][j].Sign() != 0 {
				pivot = i
				break
			}
		}
		if pivot < 0 {
			continue
		}
		rows[rank], rows[pivot] = rows[pivot], rows[rank]
		inverse := new(big.Rat).Inv(rows[rank][j])
		for k := range unknown {
			rows[rank][k] = new(big.Rat).Mul(rows[rank][k], inverse)
		}
		for i := range rows {
			if i != rank && rows[i][j].Sign() != 0 {
				f := new(big.Rat).Set(rows[i][j])
				for k := range unknown {
					rows[i][k] = new(big.Rat).Sub(rows[i][k], new(big.Rat).Mul(f, rows[rank][k]))
				}
			}
		}
		rank++
	}
	for _, row := range rows[:rank] {
		alone := -1
		for j := range unknown {
			if row[j].Sign() != 0 {
				if alone >= 0 {
					alone = -2
					break
				}
				alone = j
			}
		}
		if alone >= 0 {
			given = append(given, unknown[alone])
		}
	}
	return given
}

// checkMasked is the promise: nothing below the threshold is shown, worked out, or narrowed down to less than the threshold.
func checkMasked(t *testing.T, table secret.Tableau) {
	t.Helper()
	hidden := table.Masquer()
	if again := table.Masquer(); !slices.Equal(hidden, again) {
		t.Fatalf("two answers for %+v", table)
	}
	for i, c := range table.Cellules {
		if c.Valeur >= table.Seuil {
			continue
		}
		if !hidden[i] {
			t.Fatalf("cell %d is shown: %+v", i, table)
		}
		low, high := table.Bornes(hidden, i)
		if float64(c.Valeur) < low-1e-6 || float64(c.Valeur) > high+1e-6 {
			t.Fatalf("cell %d is %d and said to be between %v and %v: %+v", i, c.Valeur, low, high, table)
		}
		if high-low < float64(table.Seuil)-1e-6 {
			t.Fatalf("cell %d is narrowed down to %v–%v: %+v, hidden %v", i, low, high, table, hidden)
		}
	}
	for _, i := range revele(table, hidden) {
		if table.Cellules[i].Valeur < table.Seuil {
			t.Fatalf("cell %d is worked out of the others: %+v, hidden %v", i, table, hidden)
		}
	}
}

func TestNoCombinationRevealsAHiddenCell(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 1500 {
		checkMasked(t, alea(r, 40))
	}
}

// TestBoundsAreThoseOfEveryPossibleTable compares the bounds with a count of every table of whole numbers that shows the same.
func TestBoundsAreThoseOfEveryPossibleTable(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 150 {
		values := [][]int64{{r.Int64N(6), r.Int64N(6), r.Int64N(6)}, {r.Int64N(6), r.Int64N(6), r.Int64N(6)}}
		table := secret.Tableau{Seuil: 3}
		cells, rows, columns, _ := grille(&table, values)
		hidden := make([]bool, len(table.Cellules))
		for _, line := range cells {
			for _, c := range line {
				hidden[c] = r.IntN(3) > 0
			}
		}
		low, high := map[int]float64{}, map[int]float64{}
		var at [6]int64
		var try func(k int)
		flat := slices.Concat(cells...)
		try = func(k int) {
			if k == len(flat) {
				for i := range rows {
					if at[3*i]+at[3*i+1]+at[3*i+2] != table.Cellules[rows[i]].Valeur {
						return
					}
				}
				for j := range columns {
					if at[j]+at[3+j] != table.Cellules[columns[j]].Valeur {
						return
					}
				}
				for i, c := range flat {
					if _, met := low[c]; !met {
						low[c], high[c] = math.Inf(1), math.Inf(-1)
					}
					low[c], high[c] = min(low[c], float64(at[i])), max(high[c], float64(at[i]))
				}
				return
			}
			if !hidden[flat[k]] {
				at[k] = table.Cellules[flat[k]].Valeur
				try(k + 1)
				return
			}
			for v := range int64(11) {
				at[k] = v
				try(k + 1)
			}
		}
		try(0)
		for _, c := range flat {
			l, h := table.Bornes(hidden, c)
			if math.Abs(l-low[c]) > 1e-6 || math.Abs(h-high[c]) > 1e-6 {
				t.Fatalf("cell %d of %v, hidden %v: %v–%v, and every table says %v–%v", c, values, hidden, l, h, low[c], high[c])
			}
		}
	}
}

func FuzzMasquer(f *testing.F) {
	f.Add(uint64(1), uint64(2), int64(40))
	f.Add(uint64(7), uint64(9), int64(3))
	f.Fuzz(func(t *testing.T, a, b uint64, most int64) {
		if most < 2 || most > 1_000_000 {
			return
		}
		checkMasked(t, alea(rand.New(rand.NewPCG(a, b)), most))
	})
}

func BenchmarkMasquerGrille(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	tables := make([]secret.Tableau, 50)
	for i := range tables {
		tables[i] = alea(r, 40)
	}
	for i := 0; b.Loop(); i++ {
		tables[i%len(tables)].Masquer()
	}
}

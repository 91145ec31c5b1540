package dispositif_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/secret"
)

// compte is one published count: of a programme, in a year, for a code in each dimension ("" for all of it).
type compte struct{ programme, annee, sexe, age, duree, sortie string }

// publies are the counts that everybody may read: nil is masked.
type publies map[compte]*int64

// note adds what a view shows of a count; two views that disagree tell more than each.
func (p publies) note(t *testing.T, view string, c compte, text string) {
	t.Helper()
	var n *int64
	if text = strings.Join(strings.Fields(text), ""); text != "n.c." {
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			t.Fatalf("%s shows %q of %+v", view, text, c)
		}
		n = &v
	}
	if kept, seen := p[c]; seen && (kept == nil) != (n == nil) {
		t.Errorf("%s shows of %+v what another view masks, or the other way round", view, c)
	} else if seen && n != nil && *kept != *n {
		t.Errorf("%s shows %d of %+v, another view %d", view, *n, c, *kept)
	}
	p[c] = n
}

// codeDe is the code of a word of a dimension, "" for all of it.
func codeDe(t *testing.T, mots []lexique.Mot, word string) string {
	t.Helper()
	for _, m := range mots {
		if word == m.Code || word == m.Libelle {
			return m.Code
		}
	}
	if !strings.EqualFold(word, "ensemble") {
		t.Fatalf("%q is of no dimension", word)
	}
	return ""
}

// retourAleatoire draws the counts of a year, often small, as the form sends them; and gives them by rubrique, without their sums.
func retourAleatoire(r *rand.Rand) (url.Values, map[[4]string]int64) {
	form, counts, total := url.Values{"version": {"0"}, "publie": {"oui"}}, map[[4]string]int64{}, int64(0)
	draw := func() int64 { return []int64{r.Int64N(3), r.Int64N(14), r.Int64N(60)}[r.IntN(3)] }
	for _, s := range lexique.SexesPRE {
		for _, a := range lexique.AgesPRE {
			n := draw()
			total += n
			counts[[4]string{s.Code, a.Code, "", ""}] = n
			form.Set(s.Code+"-"+a.Code, fmt.Sprint(n))
		}
	}
	split := func(prefix string, mots []lexique.Mot, key func(code string) [4]string) {
		left := total
		for i, m := range mots {
			n := min(draw(), left)
			if i == len(mots)-1 {
				n = left
			}
			left -= n
			counts[key(m.Code)] = n
			form.Set(prefix+m.Code, fmt.Sprint(n))
		}
	}
	if r.IntN(4) > 0 {
		split("duree-", lexique.DureesPRE, func(code string) [4]string { return [4]string{"", "", code, ""} })
	}
	if r.IntN(4) > 0 {
		split("sortie-", lexique.SortiesPRE, func(code string) [4]string { return [4]string{"", "", "", code} })
	}
	return form, counts
}

// What everybody may read, put together, gives no masked count away: neither the public page, nor the open data in each format, nor the files
// and pages of the préfecture, nor any sum or difference of them. No sum over years, nor over programmes or territories, is published
// anywhere: that is asserted too (each published line is a cell of one year of one programme, and the pages of quarters and of the
// list stay the same whatever the counts), so that each year of each programme is a table by itself.
func TestNothingThatIsPublishedRevealsAMaskedCount(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := rand.New(rand.NewPCG(7, 11))
	type annuel struct {
		seuil  int64
		counts map[[4]string]int64
	}
	truth := map[[2]string]annuel{} // by programme and year
	var programmes []int64
	for i := range 8 {
		name := fmt.Sprintf("Programme %d", i)
		id := programmeEssai(t, s.Visitor, name, "Porteur "+name)
		programmes = append(programmes, id)
		s.Exec(`UPDATE pre SET seuil_secret = $2 WHERE id = $1`, id, []int{11, 5, 11, 20}[i%4])
		s.Exec(`INSERT INTO pre_qpv SELECT $1, id FROM qpv WHERE code = 'QN08801M'`, id)
	}
	elsewhere := []string{"/qpv/QN08801M", "/dispositifs", "/dispositifs?qpv=QN08801M", "/dispositifs?commune=88160", "/dispositifs/programme-de-reussite-educative", "/"}
	before := map[string]string{}
	for _, path := range elsewhere {
		before[path] = s.Get(path).Want(200).Text("main")
	}
	for i, id := range programmes {
		for year := annee - 3; year <= annee; year++ {
			form, counts := retourAleatoire(r)
			at := agregats(id, "/"+strconv.Itoa(year))
			s.Gestion.Post(at, form).Want(303)
			if r.IntN(3) == 0 { // corrected since: what is published is what is kept now
				form, counts = retourAleatoire(r)
				form.Set("version", "1")
				s.Gestion.Post(at, form).Want(303)
			}
			truth[[2]string{fmt.Sprintf("Programme %d", i), strconv.Itoa(year)}] = annuel{[]int64{11, 5, 11, 20}[i%4], counts}
		}
	}
	shown := publies{}
	s.readPublicPage(shown, programmes)
	s.readOpenData(shown)
	for _, id := range programmes {
		s.readFile(shown, id)
	}
	for _, path := range elsewhere {
		if after := s.Get(path).Want(200).Text("main"); after != before[path] {
			t.Errorf("%s changes with the counts", path)
		}
	}
	masked := 0
	for key, year := range truth {
		masked += checkAnnuel(t, shown, key, year.seuil, year.counts)
	}
	lines := 0
	for _, year := range truth {
		lines += len(year.counts) + len(lexique.SexesPRE) + len(lexique.AgesPRE) + 1
	}
	if len(shown) != lines {
		t.Errorf("%d counts are published, want %d: those of each year and their sums, and no other", len(shown), lines)
	}
	if masked < 100 {
		t.Errorf("only %d counts were masked: the draw proves little", masked)
	}
}

// readPublicPage notes what the public page shows.
func (s site) readPublicPage(shown publies, programmes []int64) {
	t := s.t.(*testing.T)
	page := s.Get(lien.PREChiffres).Want(200)
	for i, id := range programmes {
		for year := annee - 3; year <= annee; year++ {
			base := fmt.Sprintf("#p%d-%d", id, year)
			c := compte{programme: fmt.Sprintf("Programme %d", i), annee: strconv.Itoa(year)}
			for _, row := range page.Find(base + "-age tbody tr").EachIter() {
				c.sexe = codeDe(t, lexique.SexesPRE, clean(row.Find("th").Text()))
				for j, cell := range row.Find("td").EachIter() {
					c.age = ""
					if j < len(lexique.AgesPRE) {
						c.age = lexique.AgesPRE[j].Code
					}
					shown.note(t, "the public page", c, cell.Text())
				}
			}
			c.sexe, c.age = "", ""
			for _, row := range page.Find(base + "-duree tbody tr").EachIter() {
				c.duree = codeDe(t, lexique.DureesPRE, clean(row.Find("th").Text()))
				shown.note(t, "the public page", c, row.Find("td").Text())
			}
			c.duree = ""
			for _, row := range page.Find(base + "-sortie tbody tr").EachIter() {
				c.sortie = codeDe(t, lexique.SortiesPRE, clean(row.Find("th").Text()))
				shown.note(t, "the public page", c, row.Find("td").Text())
			}
		}
	}
}

// readOpenData notes what the open data hold, in each format.
func (s site) readOpenData(shown publies) {
	t := s.t.(*testing.T)
	rows, err := csv.NewReader(strings.NewReader(string(s.Get(lien.JeuFichier("reussite-educative", "csv")).Want(200).Body))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) int { return slices.Index(rows[0], name) }
	for _, row := range rows[1:] {
		shown.note(t, "the CSV", compte{row[at("programme")], row[at("annee")], codeDe(t, lexique.SexesPRE, row[at("sexe")]), codeDe(t, lexique.AgesPRE, row[at("age")]),
			codeDe(t, lexique.DureesPRE, row[at("duree")]), codeDe(t, lexique.SortiesPRE, row[at("sortie")])}, row[at("parcours")])
	}
	var lines []map[string]any
	if err := json.Unmarshal(s.Get(lien.JeuFichier("reussite-educative", "json")).Want(200).Body, &lines); err != nil {
		t.Fatal(err)
	}
	if len(lines) != len(rows)-1 {
		t.Errorf("%d lines of JSON, %d of CSV", len(lines), len(rows)-1)
	}
	for _, line := range lines {
		text := func(name string) string { return fmt.Sprint(line[name]) }
		shown.note(t, "the JSON", compte{text("programme"), text("annee"), codeDe(t, lexique.SexesPRE, text("sexe")), codeDe(t, lexique.AgesPRE, text("age")),
			codeDe(t, lexique.DureesPRE, text("duree")), codeDe(t, lexique.SortiesPRE, text("sortie"))}, text("parcours"))
	}
}

// readFile notes what the file of a programme holds for the direction, which produces nothing: the page is made of the same lines.
func (s site) readFile(shown publies, id int64) {
	t := s.t.(*testing.T)
	name := s.Value(`SELECT nom FROM pre WHERE id = $1`, id)
	rows, err := csv.NewReader(strings.NewReader(string(s.Direction.Get(agregats(id, "/fichier.csv")).Want(200).Body))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		shown.note(t, "the file of the direction", compte{name, row[0], codeDe(t, lexique.SexesPRE, row[1]), codeDe(t, lexique.AgesPRE, row[2]), codeDe(t, lexique.DureesPRE, row[3]), codeDe(t, lexique.SortiesPRE, row[4])}, row[5])
	}
}

// checkAnnuel holds what is shown of a year against what is true: a shown count is true, a small one is never shown, and whoever knows all
// that is shown, and that counts add up, is left with a range as wide as the threshold. It gives the number of masked counts.
func checkAnnuel(t *testing.T, shown publies, key [2]string, seuil int64, counts map[[4]string]int64) (masked int) {
	t.Helper()
	table, place := secret.Tableau{Seuil: seuil}, map[[4]string]int{}
	var hidden []bool
	cell := func(rubrique [4]string, n int64) {
		published, there := shown[compte{key[0], key[1], rubrique[0], rubrique[1], rubrique[2], rubrique[3]}]
		if !there {
			t.Errorf("%v of %v is nowhere", rubrique, key)
		} else if published != nil && (*published != n || n < seuil) {
			t.Errorf("%v of %v is %d and shown as %d, threshold %d", rubrique, key, n, *published, seuil)
		}
		place[rubrique] = len(table.Cellules)
		table.Cellules = append(table.Cellules, secret.Cellule{Valeur: n})
		hidden = append(hidden, published == nil)
	}
	sums := map[[4]string][][4]string{} // each sum that a reader knows, with its parts
	all := [4]string{}
	var bySex, byAge, byDuration, byExit [][4]string
	for rubrique, n := range counts {
		cell(rubrique, n)
		switch {
		case rubrique[2] != "":
			byDuration = append(byDuration, rubrique)
		case rubrique[3] != "":
			byExit = append(byExit, rubrique)
		default:
			sex, age := [4]string{rubrique[0]}, [4]string{"", rubrique[1]}
			sums[sex], sums[age] = append(sums[sex], rubrique), append(sums[age], rubrique)
		}
	}
	var whole int64
	for sum, parts := range sums {
		var n int64
		for _, p := range parts {
			n += counts[p]
		}
		cell(sum, n)
		if sum[0] != "" {
			bySex, whole = append(bySex, sum), whole+n
		} else {
			byAge = append(byAge, sum)
		}
	}
	cell(all, whole)
	add := func(total [4]string, parts [][4]string) {
		if len(parts) == 0 {
			return
		}
		s := secret.Somme{Total: place[total]}
		for _, p := range parts {
			s.Parties = append(s.Parties, place[p])
		}
		table.Sommes = append(table.Sommes, s)
	}
	for sum, parts := range sums {
		add(sum, parts)
	}
	for _, parts := range [][][4]string{bySex, byAge, byDuration, byExit} {
		add(all, parts)
	}
	for rubrique, at := range place {
		if !hidden[at] {
			continue
		}
		masked++
		if n := table.Cellules[at].Valeur; n < seuil {
			if low, high := table.Bornes(hidden, at); high-low < float64(seuil)-1e-6 || float64(n) < low-1e-6 || float64(n) > high+1e-6 {
				t.Errorf("%v of %v is %d; what is published narrows it down to %v–%v, threshold %d", rubrique, key, n, low, high, seuil)
			}
		}
	}
	return masked
}

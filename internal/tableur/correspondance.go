package tableur

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"portail/internal/fault"
	"portail/web/typo"
)

// Correspondance says where the columns of a Modele are in a file.
type Correspondance struct {
	Feuille  int            `json:"feuille"`  // which sheet
	Entete   int            `json:"entete"`   // which of its rows gives the headings
	Colonnes map[string]int `json:"colonnes"` // code of column → column of the file, from 0; absent: not read
}

// Normaliser folds a text for comparison: lower case, no accents, ligatures opened, everything but letters and digits one space.
func Normaliser(s string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFKD.String(ligatures.Replace(strings.ToLower(s))) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		default:
			space = true
		}
	}
	return b.String()
}

var ligatures = strings.NewReplacer("œ", "oe", "æ", "ae", "ß", "ss", "n°", "numero ", "nº", "numero ")

// maxEntete is how far down the headings may stand: people write a title above them.
const maxEntete = 20

// Proposer finds the sheet, the row of headings and the columns that look most like those of the Modele.
func (m Modele) Proposer(c Classeur) Correspondance {
	best, most := Correspondance{Colonnes: map[string]int{}}, -1
	for i, sheet := range c.Feuilles {
		for j, row := range sheet.Rangees[:min(len(sheet.Rangees), maxEntete)] {
			columns, score := m.proposer(row)
			if score > most {
				best, most = Correspondance{Feuille: i, Entete: j, Colonnes: columns}, score
			}
		}
	}
	return best
}

// ProposerDans proposes the columns of a given row of headings.
func (m Modele) ProposerDans(c Classeur, feuille, entete int) Correspondance {
	columns, _ := m.proposer(c.Feuilles[feuille].Rangees[entete])
	return Correspondance{Feuille: feuille, Entete: entete, Colonnes: columns}
}

// proposer gives each column of the Modele the heading most like it, the best likeness first; score adds the likenesses up.
func (m Modele) proposer(row Rangee) (columns map[string]int, score int) {
	type pair struct {
		code          string
		order, column int
		likeness      int
	}
	var pairs []pair
	for i, cell := range row.Cellules {
		if cell.Sorte != Texte {
			continue
		}
		heading := Normaliser(cell.Texte)
		for order, c := range m.Colonnes {
			if n := c.ressemble(heading); n > 0 {
				pairs = append(pairs, pair{c.Code, order, i, n})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.likeness, a.likeness), cmp.Compare(a.order, b.order), cmp.Compare(a.column, b.column))
	})
	columns = map[string]int{}
	taken := map[int]bool{}
	for _, p := range pairs {
		if _, found := columns[p.code]; !found && !taken[p.column] {
			columns[p.code], taken[p.column] = p.column, true
			score += p.likeness
		}
	}
	return columns, score
}

// Likenesses of a heading: the same words are sure, the words of a name within a longer heading nearly so.
const (
	memeTexte = 1000
	contenu   = 500
)

// ressemble says how much a heading looks like the column; 0: not at all.
func (c Colonne) ressemble(heading string) int {
	if heading == "" {
		return 0
	}
	best := 0
	for _, name := range append([]string{c.Titre, c.Code}, c.Synonymes...) {
		name = Normaliser(name)
		switch {
		case heading == name:
			return memeTexte
		case len(name) >= 4 && strings.Contains(" "+heading+" ", " "+name+" "):
			best = max(best, contenu+min(len(name), 100)) // the longer the name, the surer
		}
	}
	return best
}

// check refuses a correspondence that the file or the Modele does not allow, by name of field.
func (m Modele) check(c Classeur, k Correspondance) error {
	f := fault.Fields{}
	if k.Feuille < 0 || k.Feuille >= len(c.Feuilles) || k.Entete < 0 || k.Entete >= len(c.Feuilles[k.Feuille].Rangees) {
		return fault.Malformed
	}
	by := map[int]string{}
	for _, column := range m.Colonnes {
		place, read := k.Colonnes[column.Code]
		switch {
		case !read && column.Obligatoire:
			f.Add(champColonne(column.Code), "Dites quelle colonne du fichier donne "+typo.Guillemets(column.Titre)+typo.NBSP+": elle est obligatoire.")
		case !read:
		case place < 0 || place >= maxColonnes:
			return fault.Malformed
		case by[place] != "":
			f.Add(champColonne(column.Code), "La colonne"+typo.NBSP+Lettre(place)+" du fichier est déjà prise pour "+typo.Guillemets(by[place])+".")
		default:
			by[place] = column.Titre
		}
	}
	for i, cell := range c.Feuilles[k.Feuille].Rangees[k.Entete].Cellules {
		if m.interdit(cell.Texte) {
			f.Add("", "Ligne"+typo.NBSP+strconv.Itoa(c.Feuilles[k.Feuille].Rangees[k.Entete].Numero)+", colonne"+typo.NBSP+Lettre(i)+typo.NBSP+": "+typo.Guillemets(court(cell.Texte, 60))+
				" annonce des données sur des personnes (un nom de personne, une naissance, une adresse). Retirez cette colonne du fichier"+typo.NBSP+": seuls des effectifs s’importent.")
		}
	}
	keyed := slices.ContainsFunc(m.Cles, func(key []string) bool {
		return !slices.ContainsFunc(key, func(code string) bool { _, read := k.Colonnes[code]; return !read })
	})
	if f.Err() == nil && !keyed {
		f.Add("", "Il manque de quoi reconnaître chaque ligne"+typo.NBSP+": "+m.clesEnMots()+".")
	}
	return f.Err()
}

// interdit says whether a heading holds one of the forbidden words.
func (m Modele) interdit(heading string) bool {
	folded := " " + Normaliser(heading) + " "
	return slices.ContainsFunc(m.Interdits, func(word string) bool { return strings.Contains(folded, " "+word+" ") })
}

// clesEnMots tells which columns name a row: "« SIRET », ou « Nom »".
func (m Modele) clesEnMots() string {
	var keys []string
	for _, key := range m.Cles {
		var names []string
		for _, code := range key {
			c, _ := m.colonne(code)
			names = append(names, typo.Guillemets(c.Titre))
		}
		keys = append(keys, typo.Liste(names))
	}
	return strings.Join(keys, ", ou ")
}

// champColonne is the field of a form that gives the place of a column.
func champColonne(code string) string { return "colonne-" + code }

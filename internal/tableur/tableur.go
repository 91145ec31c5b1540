// Package tableur takes in the spreadsheets that préfectures keep: ODS, XLSX or CSV in, rows of the portal out. An area describes
// what it imports by one value, a Modele; the flow is the same for all: the file is read, its columns are matched to those of the
// Modele, a dry run says of each cell what is wrong and of each row what would change, and all of it is applied in one transaction
// or none. The file is not kept: the rows read from it are, for a day and for their author only, until they are applied.
package tableur

import (
	"strconv"
	"strings"

	"portail/web/typo"
)

// Bounds of a file, told on its page. They are checked while it is read, never after.
const (
	MaxOctets   = 25 << 20
	maxDeballe  = 50 << 20 // bytes of a workbook once unpacked
	maxEntrees  = 2_000    // files inside a workbook
	maxLignes   = 50_000   // rows that hold something, all sheets together
	maxColonnes = 200
	maxCellules = 1_000_000
	maxTexte    = 5_000 // characters of a cell
	maxFeuilles = 50
)

// Sorte is what a cell of a file holds.
type Sorte byte

// The kinds of cells. A CSV file holds nothing but texts.
const (
	Vide     Sorte = 0
	Texte    Sorte = 't'
	Nombre   Sorte = 'n' // decimal point, no spaces
	Fraction Sorte = 'p' // shown as a percentage: 0.384 for 38,4 %
	Jour     Sorte = 'd' // 2026-11-22
	Logique  Sorte = 'b' // true or false
	Formule  Sorte = 'f' // its text: what it would compute is not taken
	Erreur   Sorte = 'e' // #N/A, #REF!…
)

// Cellule is one cell as the file holds it.
type Cellule struct {
	Sorte Sorte
	Texte string
}

// MarshalText writes a cell for the draft: its kind, then its text.
func (c Cellule) MarshalText() ([]byte, error) {
	if c.Sorte == Vide {
		return []byte{}, nil
	}
	return append([]byte{byte(c.Sorte)}, c.Texte...), nil
}

// UnmarshalText reads what MarshalText wrote.
func (c *Cellule) UnmarshalText(text []byte) error {
	*c = Cellule{}
	if len(text) > 0 {
		*c = Cellule{Sorte(text[0]), string(text[1:])}
	}
	return nil
}

// Rangee is a row of a sheet that holds something.
type Rangee struct {
	Numero   int       `json:"n"` // as the spreadsheet counts, from 1
	Cellules []Cellule `json:"c"` // up to the last that holds something
}

// at is a cell of the row, empty beyond its end.
func (r Rangee) at(colonne int) Cellule {
	if colonne < 0 || colonne >= len(r.Cellules) {
		return Cellule{}
	}
	return r.Cellules[colonne]
}

// Feuille is a sheet; a CSV file is one sheet without a name.
type Feuille struct {
	Nom     string   `json:"nom"`
	Rangees []Rangee `json:"rangees"`
}

// Classeur is what was read of a file.
type Classeur struct {
	Format   string    `json:"format"` // as people say it: "ODS", "CSV, encodage Windows-1252"
	Feuilles []Feuille `json:"feuilles"`
}

// Lettre is the name of a column in a spreadsheet: 0 is A, 26 is AA.
func Lettre(colonne int) string {
	letters := ""
	for n := colonne + 1; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return letters
}

// Refus is why a file as a whole cannot be read. Its error text holds nothing of the file; the sentence is for its author.
type Refus struct {
	Phrase        string // in French
	Ligne, Lettre string // where, when a place can be named
	TropGrand     bool   // its size is the reason
}

func (*Refus) Error() string { return "spreadsheet refused" }

// Dire is the sentence with its place.
func (r *Refus) Dire() string {
	var place []string
	if r.Ligne != "" {
		place = append(place, "ligne"+typo.NBSP+r.Ligne)
	}
	if r.Lettre != "" {
		place = append(place, "colonne"+typo.NBSP+r.Lettre)
	}
	if len(place) == 0 {
		return r.Phrase
	}
	s := strings.Join(place, ", ") + typo.NBSP + ": "
	return strings.ToUpper(s[:1]) + s[1:] + strings.ToLower(r.Phrase[:1]) + r.Phrase[1:]
}

func refuse(phrase string) error { return &Refus{Phrase: phrase} }

// refuseAt refuses a file for what stands at a row (from 1) and a column (from 0; -1 is the whole row).
func refuseAt(ligne, colonne int, phrase string) error {
	r := &Refus{Phrase: phrase, Ligne: strconv.Itoa(ligne)}
	if colonne >= 0 {
		r.Lettre = Lettre(colonne)
	}
	return r
}

// collecte gathers the rows of a file within the bounds.
type collecte struct {
	classeur         Classeur
	lignes, cellules int
}

func (c *collecte) feuille(nom string) error {
	if len(c.classeur.Feuilles) >= maxFeuilles {
		return refuse("Ce classeur a plus de " + typo.Nombre(maxFeuilles) + " feuilles" + typo.NBSP + ": n’y laissez que celle à importer.")
	}
	c.classeur.Feuilles = append(c.classeur.Feuilles, Feuille{Nom: nom})
	return nil
}

// rangee adds a row to the last sheet; an empty one only counts for the numbers of those that follow.
func (c *collecte) rangee(numero int, cells []Cellule) error {
	end := len(cells)
	for end > 0 && cells[end-1].Sorte == Vide {
		end--
	}
	if end == 0 {
		return nil
	}
	if end > maxColonnes {
		return refuseAt(numero, maxColonnes, "Cette ligne a plus de "+typo.Nombre(maxColonnes)+" colonnes"+typo.NBSP+": n’envoyez que le tableau à importer.")
	}
	for i, cell := range cells[:end] {
		if len(cell.Texte) > maxTexte && len([]rune(cell.Texte)) > maxTexte {
			return refuseAt(numero, i, "Cette cellule contient plus de "+typo.Nombre(maxTexte)+" caractères.")
		}
	}
	if c.lignes++; c.lignes > maxLignes {
		return &Refus{Phrase: "Il y a plus de " + typo.Nombre(maxLignes) + " lignes" + typo.NBSP + ": coupez le fichier en plusieurs.", TropGrand: true}
	}
	if c.cellules += end; c.cellules > maxCellules {
		return &Refus{Phrase: "Il y a plus de " + typo.Nombre(maxCellules) + " cellules" + typo.NBSP + ": coupez le fichier en plusieurs.", TropGrand: true}
	}
	last := &c.classeur.Feuilles[len(c.classeur.Feuilles)-1]
	last.Rangees = append(last.Rangees, Rangee{numero, append([]Cellule(nil), cells[:end]...)})
	return nil
}

// fin is what was gathered: sheets that hold nothing are left out.
func (c *collecte) fin() (Classeur, error) {
	kept := c.classeur.Feuilles[:0]
	for _, f := range c.classeur.Feuilles {
		if len(f.Rangees) > 0 {
			kept = append(kept, f)
		}
	}
	if c.classeur.Feuilles = kept; len(kept) == 0 {
		return c.classeur, refuse("Ce fichier est vide" + typo.NBSP + ": il ne contient aucune ligne.")
	}
	return c.classeur, nil
}

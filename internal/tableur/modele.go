package tableur

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/web"
)

// Modele is an import that an area offers.
type Modele struct {
	Code      string // of the drafts; never changed
	Titre     string // of its pages: "Importer des organismes"
	Intro     string // what it is for, a sentence
	Base      string // address of its pages
	Droit     droits.Droit
	Retour    web.Lien   // the list that it fills
	Objets    [2]string  // what a row is: "organisme", "organismes"
	Feminin   bool       // of what a row is
	Colonnes  []Colonne  // in the order of the pages
	Cles      [][]string // columns that name a row, by turns: the first whose cells are filled in and known decides
	Libelle   []string   // columns that tell a row to people
	Interdits []string   // words of headings that a file may not have: it would hold data about people
	Disparus  string     // what becomes of what the portal holds and the file does not, a sentence
	Exemple   [][]string // rows of the file that shows the columns; may be none
	Ouvrir    OuvrirFunc // reads what the portal holds
	Ecrire    EcrireFunc // writes the changes
}

// OuvrirFunc reads what an import is compared with, as par may see it.
type OuvrirFunc func(ctx context.Context, tx pgx.Tx, par droits.Compte) (Source, error)

// EcrireFunc writes the changes of an import, journal lines included, within its transaction. Faults of a row (Fautes) refuse the whole.
type EcrireFunc func(ctx context.Context, tx pgx.Tx, par droits.Compte, changes []Ecart) error

// Source is what an import is compared with.
type Source struct {
	Lignes []Ligne // what the portal holds
	// Lire reads the cells that refer to something else, by code of their column: it gives the canonical text, or why not.
	Lire map[string]func(texte string) (canonique, faute string)
	// Montre writes canonical texts for people, by code of their column; the column's own way where there is none.
	Montre map[string]func(canonique string) string
	// Juger refuses rows that break a rule between columns, by code of the column; "" is the whole row. avant is the row that
	// it changes; nil for one that it adds. May be nil.
	Juger func(apres Ligne, avant *Ligne) fault.Fields
}

// Ligne is a row in the words of a Modele: canonical texts by code of column. What is empty is absent.
type Ligne struct {
	ID      int64 // of what the portal holds; 0 for a row of the file that is new
	Numero  int   // in the file; 0 for what the portal holds
	Valeurs map[string]string
}

// Val is the canonical text of a column, empty when unknown.
func (l Ligne) Val(code string) string { return l.Valeurs[code] }

// Kinds of differences between a file and the portal.
const (
	SorteFaute      = "faute"
	SorteAjout      = "ajout"
	SorteChangement = "changement"
	SorteDisparu    = "disparu"
)

// Ecart is a row that the file adds or changes, or that it no longer holds.
type Ecart struct {
	Sorte   string
	Libelle string
	Avant   *Ligne // nil for a row that is added
	Apres   Ligne  // whole: what the file leaves out is as it was
	Champs  []Champ
}

// Champ is what becomes of a column, in words.
type Champ struct {
	Code  string `json:"code"`
	Titre string `json:"titre"`
	Avant string `json:"avant"`
	Apres string `json:"apres"`
}

// Faute is why a cell or a row is refused.
type Faute struct {
	Ligne   int    `json:"ligne"`   // in the file, from 1
	Colonne string `json:"colonne"` // letter; empty for the whole row
	Titre   string `json:"titre"`   // of the column of the Modele
	Trouve  string `json:"trouve"`  // what the cell holds, shortened
	Phrase  string `json:"phrase"`
}

// Fautes are what an area refuses while it writes: rows of the file by number, with a sentence each.
type Fautes map[int]string

func (Fautes) Error() string { return "rows of the spreadsheet refused" }

// colonne is the column of a code.
func (m Modele) colonne(code string) (Colonne, bool) {
	for _, c := range m.Colonnes {
		if c.Code == code {
			return c, true
		}
	}
	return Colonne{}, false
}

package tableur

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"portail/web/typo"
)

// odsLecteur reads the sheets of an OpenDocument spreadsheet as they come, repeated rows and cells written out within the bounds.
type odsLecteur struct {
	c          *collecte
	dans       int // depth of tables: 1 in a sheet, more in a table drawn inside a cell
	saute      int // depth inside what is no part of the sheet: annotations, drawings, tracked changes
	numero     int
	repete     int // of the row
	cells      []Cellule
	cell       Cellule
	cellRepete int
	dansCell   bool
	dansTexte  int
	texte      strings.Builder
	paragraphe int
}

// horsFeuille are elements whose text is not that of the cell around them.
var horsFeuille = map[string]bool{"annotation": true, "frame": true, "tracked-changes": true, "custom-shape": true, "forms": true, "shapes": true, "named-expressions": true, "dde-links": true}

func lireODS(a *archive, c *collecte) error {
	l := &odsLecteur{c: c}
	classeur := false
	err := a.each("content.xml", func(name string, attrs attributs) error {
		if name == "spreadsheet" {
			classeur = true
		}
		return l.start(name, attrs)
	}, l.text, l.end)
	if err == nil && !classeur {
		return refuse("Ce document OpenDocument n’est pas un classeur" + typo.NBSP + ": un fichier ODS, XLSX ou CSV est attendu.")
	}
	return err
}

func (l *odsLecteur) start(name string, attrs attributs) error {
	if l.saute > 0 || horsFeuille[name] {
		l.saute++
		return nil
	}
	switch name {
	case "table":
		if l.dans++; l.dans > 1 {
			return refuseAt(l.numero+1, len(l.cells), "Cette cellule contient elle-même un tableau, ce qui ne s’importe pas.")
		}
		l.numero = 0
		return l.c.feuille(attrs.get("name"))
	case "table-row":
		l.cells = l.cells[:0]
		l.repete = fois(attrs.get("number-rows-repeated"))
	case "table-cell", "covered-table-cell":
		l.dansCell, l.paragraphe = true, 0
		l.texte.Reset()
		l.cellRepete = fois(attrs.get("number-columns-repeated"))
		l.cell = odsValeur(attrs)
	case "p", "h":
		if l.dansCell {
			if l.paragraphe++; l.paragraphe > 1 {
				l.ecrire(" ")
			}
			l.dansTexte++
		}
	case "s":
		if l.dansTexte > 0 {
			l.ecrire(" ") // however many: white space is folded when the cell is read
		}
	case "tab", "line-break":
		if l.dansTexte > 0 {
			l.ecrire(" ")
		}
	}
	return nil
}

func (l *odsLecteur) text(b []byte) {
	if l.saute == 0 && l.dansTexte > 0 {
		l.ecrire(string(b))
	}
}

// ecrire adds to the text of the cell, no more than what is needed to see that it is too long.
func (l *odsLecteur) ecrire(s string) {
	if l.texte.Len() <= maxTexte*utf8.UTFMax {
		l.texte.WriteString(s)
	}
}

func (l *odsLecteur) end(name string) error {
	if l.saute > 0 {
		l.saute--
		return nil
	}
	switch name {
	case "table":
		l.dans--
	case "p", "h":
		if l.dansCell {
			l.dansTexte--
		}
	case "table-cell", "covered-table-cell":
		return l.endCell()
	case "table-row":
		return l.endRow()
	}
	return nil
}

// endCell writes a cell out as often as it is repeated; what is empty costs nothing until something follows it.
func (l *odsLecteur) endCell() error {
	l.dansCell = false
	cell := l.cell
	if cell.Sorte == Texte && cell.Texte == "" {
		cell.Texte = l.texte.String()
	}
	if cell.Sorte == Vide && replier(l.texte.String()) != "" {
		cell = Cellule{Texte, l.texte.String()}
	}
	if cell.Sorte == Texte && replier(cell.Texte) == "" {
		cell = Cellule{}
	}
	n := l.cellRepete
	if len(l.cells)+n > maxColonnes {
		if cell.Sorte != Vide {
			return refuseAt(l.numero+1, min(len(l.cells), maxColonnes), "Cette ligne a plus de "+typo.Nombre(maxColonnes)+" colonnes"+typo.NBSP+": n’envoyez que le tableau à importer.")
		}
		n = max(0, maxColonnes+1-len(l.cells)) // one more than allowed: a cell beyond it is refused
	}
	for range n {
		l.cells = append(l.cells, cell)
	}
	return nil
}

func (l *odsLecteur) endRow() error {
	empty := true
	for _, c := range l.cells {
		if c.Sorte != Vide {
			empty = false
			break
		}
	}
	if empty {
		l.numero += l.repete
		return nil
	}
	if l.repete > maxLignes {
		return refuseAt(l.numero+1, -1, "Cette ligne est répétée "+typo.Nombre(int64(l.repete))+" fois"+typo.NBSP+": supprimez les lignes qui ne servent pas.")
	}
	for range l.repete {
		l.numero++
		if err := l.c.rangee(l.numero, l.cells); err != nil {
			return err
		}
	}
	return nil
}

// maxFois bounds a repetition beyond what any spreadsheet holds.
const maxFois = 1 << 24

// fois reads a repetition; none, or one that means nothing, is once.
func fois(s string) int {
	n, err := strconv.Atoi(s)
	switch {
	case err != nil && len(s) > 7 && strings.Trim(s, "0123456789") == "":
		return maxFois
	case err != nil || n < 1:
		return 1
	}
	return min(n, maxFois)
}

// odsValeur is the typed value of a cell; a text may follow as paragraphs.
func odsValeur(attrs attributs) Cellule {
	if f := attrs.get("formula"); f != "" {
		_, plain, found := strings.Cut(f, ":=") // "of:=[.A1]*2"
		if !found {
			plain = strings.TrimPrefix(f, "=")
		}
		return Cellule{Formule, "=" + plain}
	}
	for _, attr := range attrs {
		if attr.Name.Local == "value-type" && attr.Value == "error" { // beside the value-type "string" of the standard
			return Cellule{Erreur, "#ERREUR"}
		}
	}
	switch attrs.get("value-type") {
	case "float", "currency":
		return Cellule{Nombre, attrs.get("value")}
	case "percentage":
		return Cellule{Fraction, attrs.get("value")}
	case "date":
		day, _, _ := strings.Cut(attrs.get("date-value"), "T")
		return Cellule{Jour, day}
	case "boolean":
		return Cellule{Logique, attrs.get("boolean-value")}
	case "string":
		return Cellule{Texte, attrs.get("string-value")}
	}
	return Cellule{}
}

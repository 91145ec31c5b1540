package tableur

import (
	"errors"
	"math"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"portail/web/typo"
)

// xlsxClasseur is what the cells of an Office Open XML workbook refer to.
type xlsxClasseur struct {
	a        *archive
	c        *collecte
	date1904 bool
	textes   []string   // shared strings
	formats  []xlsxDate // of each cell style
}

// xlsxDate is what the format of a style makes of a number.
type xlsxDate int

const (
	xlsxNombre xlsxDate = iota
	xlsxJour
	xlsxPourcent
)

// lireXLSX reads the visible sheets of a workbook as they come, with their formulas and date formats: what the usual library only
// gives with the whole sheet in memory.
func lireXLSX(a *archive, c *collecte) error {
	x := &xlsxClasseur{a: a, c: c}
	targets, err := x.relations()
	if err != nil {
		return err
	}
	type sheet struct{ nom, id string }
	var sheets []sheet
	err = a.each("xl/workbook.xml", func(name string, attrs attributs) error {
		switch name {
		case "workbookPr":
			x.date1904 = attrs.get("date1904") == "1" || attrs.get("date1904") == "true"
		case "sheet":
			if attrs.get("state") == "" || attrs.get("state") == "visible" {
				sheets = append(sheets, sheet{attrs.get("name"), attrs.get("id")})
			}
		}
		return nil
	}, func([]byte) {}, func(string) error { return nil })
	if err != nil {
		return err
	}
	if err := x.lireTextes(); err != nil {
		return err
	}
	if err := x.lireFormats(); err != nil {
		return err
	}
	for _, s := range sheets {
		target := targets[s.id]
		if !strings.Contains(target, "worksheets/") {
			continue // a chart sheet
		}
		if err := c.feuille(s.nom); err != nil {
			return err
		}
		if err := x.lireFeuille(target); err != nil {
			return err
		}
	}
	return nil
}

// relations are the parts that the workbook names, by their identifier.
func (x *xlsxClasseur) relations() (map[string]string, error) {
	targets := map[string]string{}
	err := x.a.each("xl/_rels/workbook.xml.rels", func(name string, attrs attributs) error {
		if name == "Relationship" && attrs.get("TargetMode") != "External" {
			target := attrs.get("Target")
			if strings.HasPrefix(target, "/") {
				target = strings.TrimPrefix(target, "/")
			} else {
				target = path.Join("xl", target)
			}
			targets[attrs.get("Id")] = target
		}
		return nil
	}, func([]byte) {}, func(string) error { return nil })
	return targets, err
}

// lireTextes reads the shared strings. Phonetic readings are left out.
func (x *xlsxClasseur) lireTextes() error {
	if !x.a.has("xl/sharedStrings.xml") {
		return nil
	}
	var b strings.Builder
	inText, phonetic := false, 0
	return x.a.each("xl/sharedStrings.xml", func(name string, _ attributs) error {
		switch name {
		case "si":
			b.Reset()
		case "rPh":
			phonetic++
		case "t":
			inText = phonetic == 0
		}
		return nil
	}, func(text []byte) {
		if inText && b.Len() <= maxTexte*utf8.UTFMax {
			b.Write(text)
		}
	}, func(name string) error {
		switch name {
		case "t":
			inText = false
		case "rPh":
			phonetic--
		case "si":
			if len(x.textes) >= maxCellules {
				return errDeballe
			}
			x.textes = append(x.textes, xlsxTexte(b.String()))
		}
		return nil
	})
}

// lireFormats says of each style whether it shows a number as a date or a percentage.
func (x *xlsxClasseur) lireFormats() error {
	if !x.a.has("xl/styles.xml") {
		return nil
	}
	own := map[string]string{}
	inCells := false
	return x.a.each("xl/styles.xml", func(name string, attrs attributs) error {
		switch name {
		case "numFmt":
			own[attrs.get("numFmtId")] = attrs.get("formatCode")
		case "cellXfs":
			inCells = true
		case "xf":
			if inCells {
				x.formats = append(x.formats, xlsxFormat(attrs.get("numFmtId"), own))
			}
		}
		return nil
	}, func([]byte) {}, func(name string) error {
		if name == "cellXfs" {
			inCells = false
		}
		return nil
	})
}

// xlsxFormat sorts a number format: built in (ECMA-376, 18.8.30) or the workbook's own.
func xlsxFormat(id string, own map[string]string) xlsxDate {
	code, named := own[id]
	if !named {
		n, err := strconv.Atoi(id)
		switch {
		case err != nil:
			return xlsxNombre
		case n == 9 || n == 10:
			return xlsxPourcent
		case n >= 14 && n <= 22, n >= 27 && n <= 36, n >= 45 && n <= 47, n >= 50 && n <= 58:
			return xlsxJour
		}
		return xlsxNombre
	}
	quoted, bracket := false, false
	found := xlsxNombre
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++ // the character that follows stands for itself
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case bracket: // a colour, a language or a currency
		case c == '%':
			return xlsxPourcent
		case strings.IndexByte("dDyYaAjJ", c) >= 0: // j and a: French day and year, in files of old converters
			found = xlsxJour
		case strings.IndexByte("mMhHsS", c) >= 0 && found == xlsxNombre:
			found = xlsxJour
		case strings.HasPrefix(code[i:], "General"):
			i += len("General") - 1
		}
	}
	return found
}

// lireFeuille reads the rows of a sheet.
func (x *xlsxClasseur) lireFeuille(part string) error {
	var (
		b                    strings.Builder
		cells                []Cellule
		row, column          int
		kind                 string
		style                int
		inValue, inText, inF bool
		value, formula       string
		hasFormula           bool
		phonetic             int
	)
	return x.a.each(part, func(name string, attrs attributs) error {
		switch name {
		case "row":
			row++
			if n, err := strconv.Atoi(attrs.get("r")); err == nil {
				if n < row || n > maxFois {
					return errors.New("rows out of order")
				}
				row = n
			}
			cells, column = cells[:0], -1
		case "c":
			column++
			if r := attrs.get("r"); r != "" {
				n := xlsxColonne(r)
				if n < column {
					return errors.New("cells out of order")
				}
				column = n
			}
			kind, value, formula, hasFormula = attrs.get("t"), "", "", false
			style, _ = strconv.Atoi(attrs.get("s")) // none is the first style
		case "v":
			inValue = true
			b.Reset()
		case "f":
			inF, hasFormula = true, true
			b.Reset()
		case "is":
			b.Reset()
		case "rPh":
			phonetic++
		case "t":
			inText = phonetic == 0
		}
		return nil
	}, func(text []byte) {
		if (inValue || inText || inF) && b.Len() <= maxTexte*utf8.UTFMax {
			b.Write(text)
		}
	}, func(name string) error {
		switch name {
		case "v":
			inValue = false
			value = b.String()
		case "f":
			inF = false
			formula = b.String()
		case "t":
			inText = false
		case "rPh":
			phonetic--
		case "is":
			value = xlsxTexte(b.String())
		case "c":
			cell := Cellule{Formule, "=" + formula}
			if !hasFormula {
				var err error
				if cell, err = x.cellule(kind, value, style, row, column); err != nil {
					return err
				}
			}
			if cell.Sorte == Vide {
				return nil
			}
			if column >= maxColonnes {
				return refuseAt(row, column, "Cette ligne a plus de "+typo.Nombre(maxColonnes)+" colonnes"+typo.NBSP+": n’envoyez que le tableau à importer.")
			}
			for len(cells) < column {
				cells = append(cells, Cellule{})
			}
			cells = append(cells, cell)
		case "row":
			return x.c.rangee(row, cells)
		}
		return nil
	})
}

// cellule is the value of a cell by its type and style.
func (x *xlsxClasseur) cellule(kind, value string, style, row, column int) (Cellule, error) {
	if kind == "s" {
		i, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || i < 0 || i >= len(x.textes) {
			return Cellule{}, refuseAt(row, max(column, 0), "Cette cellule renvoie à un texte que le classeur ne contient pas.")
		}
		value = x.textes[i]
	}
	switch kind {
	case "s", "str", "inlineStr":
		if replier(value) == "" {
			return Cellule{}, nil
		}
		return Cellule{Texte, value}, nil
	case "b":
		return Cellule{Logique, strconv.FormatBool(value == "1" || value == "true")}, nil
	case "e":
		return Cellule{Erreur, value}, nil
	case "d":
		day, _, _ := strings.Cut(value, "T")
		return Cellule{Jour, day}, nil
	}
	if value == "" {
		return Cellule{}, nil
	}
	number, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(number, 0) || math.IsNaN(number) {
		return Cellule{Texte, value}, nil
	}
	format := xlsxNombre
	if style >= 0 && style < len(x.formats) {
		format = x.formats[style]
	}
	switch format {
	case xlsxJour:
		if day, is := jourDeSerie(number, x.date1904); is {
			return Cellule{Jour, day}, nil
		}
	case xlsxPourcent:
		return Cellule{Fraction, strconv.FormatFloat(number, 'f', -1, 64)}, nil
	}
	return Cellule{Nombre, strconv.FormatFloat(number, 'f', -1, 64)}, nil
}

// jourDeSerie is the day of a date that spreadsheets keep as a number: days since the end of 1899, with a 29 February 1900 that never
// was; or since 1904. Below one it is an hour.
func jourDeSerie(n float64, date1904 bool) (string, bool) {
	const last = 2_958_465 // 31 December 9999
	if n < 1 || n > last {
		return "", false
	}
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case n < 60:
		start = start.AddDate(0, 0, 1)
	}
	return start.AddDate(0, 0, int(n)).Format(time.DateOnly), true
}

// xlsxColonne is the column of an address: B12 is 1; -1 when it is none.
func xlsxColonne(address string) int {
	n := 0
	for i := 0; i < len(address) && i < 4 && address[i] >= 'A' && address[i] <= 'Z'; i++ {
		n = n*26 + int(address[i]-'A') + 1
	}
	return n - 1
}

// xlsxTexte writes out the characters that the format escapes: _x000D_.
func xlsxTexte(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.HasPrefix(s[i:], "_x") && i+7 <= len(s) && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				if n >= ' ' || n == '\t' || n == '\n' || n == '\r' {
					b.WriteRune(rune(n))
				}
				i += 6
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

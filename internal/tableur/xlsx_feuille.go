package tableur

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"portail/web/typo"
)

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
		return Cellule{Texte, value}, nil //nolint:nilerr // what is no number is a text, and the column judges it
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

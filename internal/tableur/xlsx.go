package tableur

import (
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
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

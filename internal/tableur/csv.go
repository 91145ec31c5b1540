package tableur

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"portail/web/typo"
)

// lireCSV reads a text of cells: its encoding and its separator are found, never asked for.
func lireCSV(content []byte) (Classeur, error) {
	text, encodage, err := decoder(content)
	if err != nil {
		return Classeur{}, err
	}
	c := &collecte{classeur: Classeur{Format: "CSV, encodage " + encodage}}
	if err := c.feuille(""); err != nil {
		return Classeur{}, err
	}
	lines, separator := 0, separateur(text)
	if first, rest, found := bytes.Cut(text, []byte("\n")); found && bytes.HasPrefix(first, []byte("sep=")) && len(bytes.TrimSpace(first)) == 5 {
		separator, text, lines = rune(first[4]), rest, 1 // spreadsheets write the separator so
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator, -1, true
	var cells []Cellule
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var told *csv.ParseError
			if errors.As(err, &told) {
				return Classeur{}, refuseAt(told.StartLine+lines, -1, "Les guillemets sont mal placés ou mal fermés"+typo.NBSP+": un guillemet dans une cellule se double, et la cellule s’entoure de guillemets.")
			}
			return Classeur{}, refuse("Ce fichier ne se lit pas comme un tableau.")
		}
		cells = cells[:0]
		for _, field := range record {
			cell := Cellule{}
			if replier(field) != "" {
				cell = Cellule{Texte, field}
			}
			cells = append(cells, cell)
		}
		line, _ := r.FieldPos(0)
		if err := c.rangee(line+lines, cells); err != nil {
			return Classeur{}, err
		}
	}
	return c.fin()
}

// separateur is the one among ; tab and , that cuts the most of the first lines into the same number of columns.
func separateur(text []byte) rune {
	const looked = 20
	lines := strings.SplitN(string(text[:min(len(text), 64<<10)]), "\n", looked+1)
	if len(lines) > looked {
		lines = lines[:looked]
	}
	best, most := ';', 0
	for _, c := range []rune{';', '\t', ','} {
		counts := map[int]int{}
		for _, line := range lines {
			counts[separateurs(line, c)]++
		}
		for n, times := range counts {
			if score := times*maxColonnes + min(n, maxColonnes-1); n > 0 && score > most {
				best, most = c, score
			}
		}
	}
	return best
}

// separateurs counts those of a line that no quotes enclose.
func separateurs(line string, separator rune) (n int) {
	quoted := false
	for _, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted:
			n++
		}
	}
	return n
}

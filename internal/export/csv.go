package export

import (
	"bufio"
	"encoding/csv"
	"io"
	"strings"
)

// CSV writes open data: UTF-8, comma, LF, machine names as headings, ISO
// dates, decimal point. Hidden figures are "n.c.", unknown ones empty; both
// are declared as missing values by TableSchema.
func CSV(w io.Writer, t Table) error {
	out := csv.NewWriter(w)
	heads := make([]string, len(t.Colonnes))
	for i, c := range t.Colonnes {
		heads[i] = neutral(clean(c.Nom))
	}
	return writeCSV(out, t, heads, func(c Colonne, v cell) string {
		if c.Type == Texte || c.Type == Lien {
			return neutral(v.text)
		}
		return c.plain(v)
	})
}

// CSVTableur writes what a spreadsheet in French opens by a double click:
// UTF-8 announced by a byte order mark, semicolon, CRLF, French headings, decimal
// comma, 22/11/2026, oui and non.
func CSVTableur(w io.Writer, t Table) error {
	buffered := bufio.NewWriter(w)
	_, _ = buffered.WriteString("\uFEFF") // an error stays in the writer and comes back at Flush
	out := csv.NewWriter(buffered)
	out.Comma = ';'
	out.UseCRLF = true
	heads := make([]string, len(t.Colonnes))
	for i, c := range t.Colonnes {
		heads[i] = neutral(clean(c.Titre))
	}
	err := writeCSV(out, t, heads, func(c Colonne, v cell) string {
		switch c.Type {
		case Texte, Lien:
			return neutral(v.text)
		case Decimal, Pourcent:
			return strings.Replace(c.plain(v), ".", ",", 1)
		case Date:
			return v.day.Format("02/01/2006")
		case Booleen:
			return ouiNon(v.yes)
		}
		return c.plain(v)
	})
	if err != nil {
		return err
	}
	return buffered.Flush()
}

func ouiNon(yes bool) string {
	if yes {
		return "oui"
	}
	return "non"
}

func writeCSV(out *csv.Writer, t Table, heads []string, format func(Colonne, cell) string) error {
	if err := out.Write(heads); err != nil {
		return err
	}
	record := make([]string, len(t.Colonnes))
	err := t.rows(func(cells []cell) error {
		for i, v := range cells {
			switch v.state {
			case unknown:
				record[i] = ""
			case hidden:
				record[i] = secret
			default:
				record[i] = format(t.Colonnes[i], v)
			}
		}
		return out.Write(record)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

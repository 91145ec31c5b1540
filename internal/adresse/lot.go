package adresse

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"portail/internal/adressage"
	"portail/web/typo"
)

// Limits of a file of addresses, told on its page.
const (
	lotOctets    = 10 << 20
	lotLignes    = 50_000
	lotEnveloppe = 64 << 10 // what a form adds around a file
)

// lot is a file of addresses that can be answered.
type lot struct {
	texte     []byte // UTF-8 without byte order mark
	separator rune
	bom       bool // the answer opens with a byte order mark, as the file did
	converti  bool // the file was in Windows-1252
	entetes   []string
	colonnes  colonnes
	lignes    int
}

// colonnes are the places of the columns that are read; -1: absent.
type colonnes struct{ adresse, codePostal, commune, lon, lat int } // lon and lat go together

// refusLot is why a file cannot be answered, in French; tropGrand when its size is the only reason.
type refusLot struct {
	quoi      string
	tropGrand bool
}

func (r *refusLot) Error() string { return "file of addresses refused" } // never what the file holds

func refuse(quoi string) error { return &refusLot{quoi: quoi} }

// lireLot finds how a file is written and checks every line, so that an answer once begun goes to its end.
func lireLot(content []byte) (*lot, error) {
	l := &lot{}
	if err := l.decode(content); err != nil {
		return nil, err
	}
	l.separator = separatorOf(l.texte)
	r := l.reader()
	entetes, err := r.Read()
	if err != nil {
		return nil, l.fault(err)
	}
	l.entetes = entetes
	if l.colonnes = findColonnes(entetes); l.colonnes.adresse < 0 && l.colonnes.lon < 0 {
		return nil, refuse("La première ligne doit donner les intitulés des colonnes" + typo.NBSP + ": adresse (avec code_postal et commune s’ils sont à part), ou bien lon et lat.")
	}
	r.ReuseRecord = true
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, l.fault(err)
		}
		if len(record) > len(l.entetes) {
			line, _ := r.FieldPos(0)
			return nil, refuse(fmt.Sprintf("Ligne %d\u00a0: %d colonnes au lieu de %d.", line, len(record), len(l.entetes)))
		}
		if l.lignes++; l.lignes > lotLignes {
			return nil, &refusLot{"Il y a plus de " + typo.Nombre(lotLignes) + " lignes" + typo.NBSP + ": coupez le fichier en plusieurs.", true}
		}
	}
	if l.lignes == 0 {
		return nil, refuse("Il n’y a aucune ligne sous les intitulés.")
	}
	return l, nil
}

// decode brings the content to UTF-8, or says what it is instead.
func (l *lot) decode(content []byte) error {
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return refuse("Il n’y a rien à lire.")
	case bytes.HasPrefix(content, []byte("PK\x03\x04")), bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")):
		return refuse("C’est un classeur de tableur et non un fichier CSV" + typo.NBSP + ": enregistrez-le au format CSV.")
	case bytes.HasPrefix(content, []byte("\xff\xfe")), bytes.HasPrefix(content, []byte("\xfe\xff")):
		return refuse("Le fichier est en UTF-16" + typo.NBSP + ": enregistrez-le en UTF-8.")
	case bytes.ContainsFunc(content, func(c rune) bool { return c < ' ' && c != '\t' && c != '\n' && c != '\r' }):
		return refuse("Ce n’est pas un fichier de texte" + typo.NBSP + ": un fichier CSV est attendu.")
	}
	l.texte, l.bom = bytes.CutPrefix(content, []byte("\xef\xbb\xbf"))
	if utf8.Valid(l.texte) {
		return nil
	}
	return l.convert()
}

// convert reads Windows-1252, which old spreadsheets write; five bytes mean nothing there.
func (l *lot) convert() error {
	for _, c := range l.texte {
		switch c {
		case 0x81, 0x8d, 0x8f, 0x90, 0x9d, 0x7f:
			return refuse("L’encodage du fichier n’est pas reconnu" + typo.NBSP + ": enregistrez-le en UTF-8.")
		}
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(l.texte)
	if err != nil {
		return refuse("L’encodage du fichier n’est pas reconnu" + typo.NBSP + ": enregistrez-le en UTF-8.")
	}
	l.texte, l.converti, l.bom = text, true, true
	return nil
}

// reader reads the file from its beginning.
func (l *lot) reader() *csv.Reader {
	r := csv.NewReader(bytes.NewReader(l.texte))
	r.Comma = l.separator
	r.FieldsPerRecord = -1 // told in words by lireLot
	return r
}

// fault says in French what the CSV reader refused.
func (l *lot) fault(err error) error {
	var told *csv.ParseError
	if !errors.As(err, &told) {
		return refuse("Il n’y a rien à lire.")
	}
	return refuse(fmt.Sprintf("Ligne %d\u00a0: les guillemets sont mal placés ou mal fermés.", told.Line))
}

// separatorOf is the separator that the headings use most. A file of one column has none; there a comma belongs to addresses.
func separatorOf(text []byte) rune {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	best, most := ';', 0
	for _, c := range []rune{';', '\t', ','} {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// intitules are the headings that are recognised, as adressage.Normaliser writes them.
var intitules = map[string]func(*colonnes) *int{
	"adresse": func(c *colonnes) *int { return &c.adresse }, "code postal": func(c *colonnes) *int { return &c.codePostal },
	"commune": func(c *colonnes) *int { return &c.commune },
	"lon":     func(c *colonnes) *int { return &c.lon }, "longitude": func(c *colonnes) *int { return &c.lon },
	"lat": func(c *colonnes) *int { return &c.lat }, "latitude": func(c *colonnes) *int { return &c.lat },
}

// enMetresSouvent are headings that are read only where no other gives the coordinates: the BAN itself writes metres there.
var enMetresSouvent = map[string]func(*colonnes) *int{
	"x": func(c *colonnes) *int { return &c.lon }, "y": func(c *colonnes) *int { return &c.lat },
}

func findColonnes(entetes []string) colonnes {
	c := colonnes{-1, -1, -1, -1, -1}
	for _, known := range []map[string]func(*colonnes) *int{intitules, enMetresSouvent} {
		for i, heading := range entetes {
			if place, found := known[adressage.Normaliser(heading)]; found && *place(&c) < 0 {
				*place(&c) = i
			}
		}
	}
	if c.lon < 0 || c.lat < 0 {
		c.lon, c.lat = -1, -1
	}
	return c
}

// at is the cell of a column, empty where the line is too short or the column absent.
func at(record []string, column int) string {
	if column < 0 || column >= len(record) {
		return ""
	}
	return strings.TrimSpace(record[column])
}

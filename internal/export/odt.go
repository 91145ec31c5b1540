package export

import (
	"bufio"
	"fmt"
	"io"
	"time"
)

// TypeODT is the MIME type of text documents.
const TypeODT = "application/vnd.oasis.opendocument.text"

// Document is a text to read and to print: a contract, minutes, a letter.
type Document struct {
	Titre  string    // also shown at the top of each page but the first
	Sujet  string    // of the file's properties; may be empty
	Fait   time.Time // when the file was made
	Entete string    // on each page, right of the title; may be empty
	Pied   string    // on each page, left of its number; may be empty
	Blocs  []Bloc
}

// Bloc is a part of a Document: Titre, Paragraphe, Liste, Tableau, Citation or SautDePage.
type Bloc interface {
	odt(b []byte, in place) []byte
}

// Segment is a piece of text of one look.
type Segment struct {
	Texte          string
	Gras, Italique bool
	Lien           string // an address; only those of the web and of mail are made links
}

// Segments are a line of text.
type Segments []Segment

// Brut is a text of one look. Its line ends are kept.
func Brut(s string) Segments { return Segments{{Texte: s}} }

// Gras is a text in bold.
func Gras(s string) Segments { return Segments{{Texte: s, Gras: true}} }

// Titre is a heading of level 1 (of the whole document) to 6.
type Titre struct {
	Niveau int
	Texte  string
}

// Allure is the look of a paragraph.
type Allure string

// The looks of a paragraph.
const (
	Normal        Allure = "Corps"
	Note          Allure = "Note"          // small: a source, a date
	Avertissement Allure = "Avertissement" // framed: what must be known before reading on
	Champ         Allure = "Champ"         // space to write by hand: a signature
)

// Paragraphe is a paragraph; the zero Allure is Normal.
type Paragraphe struct {
	Texte  Segments
	Allure Allure
}

// Liste is a list of items, each of blocks.
type Liste struct {
	Numerotee bool
	Elements  [][]Bloc
}

// Puces is a list of plain texts.
func Puces(textes ...string) Liste {
	l := Liste{}
	for _, t := range textes {
		l.Elements = append(l.Elements, []Bloc{Paragraphe{Texte: Brut(t)}})
	}
	return l
}

// Citation is a quotation, set apart.
type Citation struct{ Blocs []Bloc }

// SautDePage begins a new page.
type SautDePage struct{}

// ColonneTableau is a column of a Tableau.
type ColonneTableau struct {
	Titre   string
	Largeur float64 // share of the width, beside the others; 0 counts as 1
	Droite  bool    // of numbers
}

// Tableau is a table whose headings come again on each page.
type Tableau struct {
	Legende  string // above it; may be empty
	Colonnes []ColonneTableau
	Lignes   [][]Segments
}

// ODT writes a text document (OpenDocument 1.3) in French, A4, that LibreOffice and Word open. Headings are true headings, so that the
// reader's navigator and table of contents have them.
func ODT(w io.Writer, d Document) error {
	z, err := newPackage(w, TypeODT)
	if err != nil {
		return fmt.Errorf("write ODT: %w", err)
	}
	entry, err := addParts(z, []part{{"META-INF/manifest.xml", odtManifest}, {"meta.xml", odtMeta(d)}, {"styles.xml", odtStyles(d)}})
	if err != nil {
		return fmt.Errorf("write ODT: %w", err)
	}
	out := bufio.NewWriterSize(entry, 1<<16)
	_, _ = out.WriteString(odtContentStart) // an error stays in the writer and comes back at Flush
	var b []byte
	for _, bloc := range d.Blocs {
		b = bloc.odt(b[:0], inText)
		_, _ = out.Write(b)
	}
	_, _ = out.WriteString("</office:text></office:body></office:document-content>\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write ODT: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write ODT: %w", err)
	}
	return nil
}

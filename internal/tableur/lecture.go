package tableur

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"portail/web/typo"
)

// Lire reads a file by what it holds, whatever its name says. What it refuses is a *Refus.
func Lire(content []byte) (Classeur, error) {
	switch {
	case len(content) > MaxOctets:
		return Classeur{}, &Refus{Phrase: "Ce fichier dépasse " + typo.Octets(MaxOctets) + ".", TropGrand: true}
	case len(bytes.TrimSpace(content)) == 0:
		return Classeur{}, refuse("Ce fichier est vide.")
	case bytes.HasPrefix(content, []byte("PK")):
		return lireArchive(content)
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")):
		return Classeur{}, refuse("C’est un classeur d’un ancien format (XLS) ou protégé par un mot de passe" + typo.NBSP + ": enregistrez-le en ODS ou en XLSX, sans mot de passe.")
	case bytes.HasPrefix(content, []byte("%PDF")):
		return Classeur{}, refuse("C’est un document PDF" + typo.NBSP + ": un fichier ODS, XLSX ou CSV est attendu.")
	}
	return lireCSV(content)
}

// errDeballe stops the unpacking of a workbook that holds more than it should.
var errDeballe = errors.New("unpacked beyond the bound")

// archive is a workbook: files inside a zip, of which no more is unpacked than the bound, whatever their headers declare.
type archive struct {
	files map[string]*zip.File
	left  int64
}

func lireArchive(content []byte) (Classeur, error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return Classeur{}, refuse("Ce classeur est abîmé ou incomplet" + typo.NBSP + ": rouvrez-le dans le tableur et enregistrez-le de nouveau.")
	}
	if len(z.File) > maxEntrees {
		return Classeur{}, bombe()
	}
	a := &archive{files: map[string]*zip.File{}, left: maxDeballe}
	for _, f := range z.File {
		if _, twice := a.files[f.Name]; twice {
			return Classeur{}, refuse("Ce classeur contient deux fois la même partie" + typo.NBSP + ": rouvrez-le dans le tableur et enregistrez-le de nouveau.")
		}
		a.files[f.Name] = f
	}
	c := &collecte{}
	switch {
	case a.has("content.xml"):
		c.classeur.Format = "ODS"
		err = lireODS(a, c)
	case a.has("xl/workbook.xml"):
		c.classeur.Format = "XLSX"
		err = lireXLSX(a, c)
	case a.has("[Content_Types].xml"), a.has("mimetype"):
		err = refuse("Ce document n’est pas un classeur" + typo.NBSP + ": un fichier ODS, XLSX ou CSV est attendu.")
	default:
		err = refuse("C’est une archive et non un classeur" + typo.NBSP + ": un fichier ODS, XLSX ou CSV est attendu.")
	}
	if err != nil {
		return Classeur{}, illisible(err)
	}
	return c.fin()
}

// bombe refuses what would unpack into far more than a spreadsheet.
func bombe() error {
	return &Refus{Phrase: "Ce classeur occupe une fois ouvert plus de " + typo.Octets(maxDeballe) + " ou contient plus de " + typo.Nombre(maxEntrees) +
		" fichiers" + typo.NBSP + ": n’y laissez que la feuille à importer.", TropGrand: true}
}

// illisible turns what the unpacking and the XML reader refuse into a sentence.
func illisible(err error) error {
	var told *Refus
	switch {
	case errors.As(err, &told):
		return told
	case errors.Is(err, errDeballe):
		return bombe()
	}
	return refuse("Ce classeur est abîmé" + typo.NBSP + ": rouvrez-le dans le tableur et enregistrez-le de nouveau.")
}

func (a *archive) has(name string) bool { return a.files[name] != nil }

// open reads a part of the workbook, counted while it is unpacked.
func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.files[name]
	if f == nil {
		return nil, refuse("Il manque une partie à ce classeur" + typo.NBSP + ": rouvrez-le dans le tableur et enregistrez-le de nouveau.")
	}
	if f.UncompressedSize64 > uint64(a.left) { // what it declares; what it holds is counted below
		return nil, errDeballe
	}
	part, err := f.Open()
	if err != nil {
		return nil, err
	}
	return &counted{part, a}, nil
}

type counted struct {
	io.ReadCloser
	a *archive
}

func (c *counted) Read(p []byte) (int, error) {
	if c.a.left <= 0 {
		return 0, errDeballe
	}
	if int64(len(p)) > c.a.left {
		p = p[:c.a.left]
	}
	n, err := c.ReadCloser.Read(p)
	c.a.left -= int64(n)
	return n, err
}

// maxProfondeur is far deeper than any element of a spreadsheet.
const maxProfondeur = 200

// each reads the XML of a part as it comes: start, text and end of each element, by local names. A document type declaration,
// the door of entities, is refused.
func (a *archive) each(name string, start func(name string, attrs attributs) error, text func([]byte), end func(name string) error) error {
	part, err := a.open(name)
	if err != nil {
		return err
	}
	defer part.Close()
	d := xml.NewDecoder(part)
	depth := 0
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if depth != 0 {
				return io.ErrUnexpectedEOF
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxProfondeur {
				return errDeballe
			}
			err = start(token.Name.Local, token.Attr)
		case xml.EndElement:
			depth--
			err = end(token.Name.Local)
		case xml.CharData:
			text(token)
		case xml.Directive:
			err = refuse("Ce classeur contient une déclaration de type de document, qu’aucun tableur n’écrit" + typo.NBSP + ": il est refusé.")
		}
		if err != nil {
			return err
		}
	}
}

// attributs are those of an element, found by their local name.
type attributs []xml.Attr

func (a attributs) get(local string) string {
	for _, attr := range a {
		if attr.Name.Local == local {
			return attr.Value
		}
	}
	return ""
}

// replier folds a text of a cell: no-break and control characters are spaces, ends are trimmed, line ends kept as one space.
func replier(s string) string { return strings.Join(strings.Fields(s), " ") }

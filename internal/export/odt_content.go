package export

import (
	"strconv"
	"strings"
	"time"
)

// place is where a block stands: it decides the style of its paragraphs.
type place int

const (
	inText place = iota
	inList
	inQuote
)

// maxTitre is the deepest heading that the styles describe.
const maxTitre = 6

func (t Titre) odt(b []byte, _ place) []byte {
	level := strconv.Itoa(max(1, min(maxTitre, t.Niveau)))
	b = append(b, `<text:h text:style-name="Heading_20_`+level+`" text:outline-level="`+level+`">`...)
	return append(appendInline(b, clean(t.Texte)), "</text:h>\n"...)
}

func (p Paragraphe) odt(b []byte, in place) []byte {
	style := p.Allure
	switch {
	case style != "":
	case in == inList:
		style = "Element"
	case in == inQuote:
		style = "Citation"
	default:
		style = Normal
	}
	return appendParagraph(b, string(style), p.Texte)
}

func (l Liste) odt(b []byte, _ place) []byte {
	style := "Puces"
	if l.Numerotee {
		style = "Numeros"
	}
	b = append(b, `<text:list text:style-name="`+style+`">`...)
	for _, item := range l.Elements {
		b = append(b, "<text:list-item>"...)
		for _, bloc := range item {
			if t, heading := bloc.(Titre); heading { // a list item holds no heading
				bloc = Paragraphe{Texte: Gras(t.Texte)}
			}
			if t, table := bloc.(Tableau); table { // nor a table
				bloc = t.enListe()
			}
			b = bloc.odt(b, inList)
		}
		b = append(b, "</text:list-item>"...)
	}
	return append(b, "</text:list>\n"...)
}

func (c Citation) odt(b []byte, _ place) []byte {
	for _, bloc := range c.Blocs {
		b = bloc.odt(b, inQuote)
	}
	return b
}

func (SautDePage) odt(b []byte, _ place) []byte {
	return append(b, `<text:p text:style-name="Saut"/>`+"\n"...)
}

// enListe is a table that stands where none may: a line each, its cells after one another.
func (t Tableau) enListe() Liste {
	l := Liste{}
	for _, row := range t.Lignes {
		var line Segments
		for i, cell := range row {
			if i > 0 {
				line = append(line, Segment{Texte: " – "})
			}
			line = append(line, cell...)
		}
		l.Elements = append(l.Elements, []Bloc{Paragraphe{Texte: line}})
	}
	return l
}

// largeurTexte is the width between the margins of the page, in centimetres.
const largeurTexte = 17.0

func (t Tableau) odt(b []byte, _ place) []byte {
	if len(t.Colonnes) == 0 {
		return b
	}
	if t.Legende != "" {
		b = appendParagraph(b, "Legende", Brut(t.Legende))
	}
	b = append(b, `<table:table table:style-name="Tableau">`...)
	total := 0.0
	for _, c := range t.Colonnes {
		total += c.share()
	}
	for _, c := range t.Colonnes {
		b = append(b, `<table:table-column table:style-name="`+columnStyle(largeurTexte*c.share()/total)+`"/>`...)
	}
	b = append(b, "<table:table-header-rows><table:table-row>"...)
	for _, c := range t.Colonnes {
		b = appendTextCell(b, "Entete", c.style("EnteteTexte"), Brut(c.Titre))
	}
	b = append(b, "</table:table-row></table:table-header-rows>\n"...)
	for _, row := range t.Lignes {
		b = append(b, "<table:table-row>"...)
		for i, c := range t.Colonnes {
			var cell Segments
			if i < len(row) {
				cell = row[i]
			}
			b = appendTextCell(b, "Cellule", c.style("CelluleTexte"), cell)
		}
		b = append(b, "</table:table-row>\n"...)
	}
	return append(b, "</table:table>\n"...)
}

func (c ColonneTableau) share() float64 {
	if c.Largeur <= 0 {
		return 1
	}
	return c.Largeur
}

func (c ColonneTableau) style(base string) string {
	if c.Droite {
		return base + "Droite"
	}
	return base
}

func appendTextCell(b []byte, cell, paragraph string, t Segments) []byte {
	b = append(b, `<table:table-cell table:style-name="`+cell+`" office:value-type="string">`...)
	return append(appendParagraph(b, paragraph, t), "</table:table-cell>"...)
}

// appendParagraph writes a line of text; a line end inside begins a new line, not a new paragraph.
func appendParagraph(b []byte, style string, t Segments) []byte {
	b = append(b, `<text:p text:style-name="`+style+`">`...)
	for _, s := range t {
		b = s.odt(b)
	}
	return append(b, "</text:p>\n"...)
}

func (s Segment) odt(b []byte) []byte {
	style := ""
	switch {
	case s.Gras && s.Italique:
		style = "GrasItalique"
	case s.Gras:
		style = "Gras"
	case s.Italique:
		style = "Italique"
	}
	linked := webAddress(s.Lien)
	if linked {
		b = append(b, `<text:a xlink:type="simple" xlink:href="`...)
		b = append(appendEscaped(b, clean(s.Lien)), `">`...)
	}
	if style != "" {
		b = append(b, `<text:span text:style-name="`+style+`">`...)
	}
	b = appendInline(b, clean(s.Texte))
	if style != "" {
		b = append(b, "</text:span>"...)
	}
	if linked {
		b = append(b, "</text:a>"...)
	}
	return b
}

// appendInline writes a clean text whose line ends stay, inside a paragraph.
func appendInline(b []byte, s string) []byte {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b = append(b, "<text:line-break/>"...)
		}
		b = appendSpaced(b, line)
	}
	return b
}

// odtMeta tells the title and the date of the document.
func odtMeta(d Document) string {
	b := []byte(xmlHead + `<office:document-meta ` + namespaces + ` office:version="1.3"><office:meta><dc:title>`)
	b = append(appendEscaped(b, clean(d.Titre)), `</dc:title>`...)
	if d.Sujet != "" {
		b = append(b, `<dc:subject>`...)
		b = append(appendEscaped(b, clean(d.Sujet)), `</dc:subject>`...)
	}
	b = append(b, `<dc:language>fr-FR</dc:language>`...)
	if !d.Fait.IsZero() {
		b = append(b, `<meta:creation-date>`...)
		b = append(d.Fait.UTC().AppendFormat(b, time.RFC3339), `</meta:creation-date>`...)
	}
	return string(append(b, "</office:meta></office:document-meta>\n"...))
}

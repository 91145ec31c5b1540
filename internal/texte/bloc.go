package texte

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	extension "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"portail/internal/export"
)

// Blocs is a text as parts of a document to print: what Render shows, headings moved in the same way so that the highest is of the
// given level.
func Blocs(source string, level int) []export.Bloc {
	if strings.TrimSpace(source) == "" {
		return nil
	}
	in := []byte(source)
	doc := markdown.Parser().Parse(text.NewReader(in))
	if shiftHeadings(doc, level) > maxDepth {
		return []export.Bloc{export.Paragraphe{Texte: export.Brut(source)}}
	}
	return blocs(doc, in)
}

// blocs are the blocks under a node.
func blocs(parent ast.Node, in []byte) []export.Bloc {
	var all []export.Bloc
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			all = append(all, export.Titre{Niveau: n.Level, Texte: plain(segments(n, in, export.Segment{}))})
		case *ast.List:
			l := export.Liste{Numerotee: n.IsOrdered()}
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				l.Elements = append(l.Elements, blocs(item, in))
			}
			all = append(all, l)
		case *ast.Blockquote:
			all = append(all, export.Citation{Blocs: blocs(n, in)})
		case *extension.Table:
			all = append(all, tableau(n, in))
		case *ast.HTMLBlock, *ast.ThematicBreak: // HTML is left out, as on the page
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			all = append(all, export.Paragraphe{Texte: export.Brut(strings.TrimRight(string(n.Lines().Value(in)), "\n"))})
		default:
			if s := segments(n, in, export.Segment{}); len(s) > 0 {
				all = append(all, export.Paragraphe{Texte: s})
			}
		}
	}
	return all
}

func tableau(n *extension.Table, in []byte) export.Tableau {
	var t export.Tableau
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []export.Segments
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			s := segments(cell, in, export.Segment{})
			cells = append(cells, s)
			if c, ok := cell.(*extension.TableCell); ok && row == n.FirstChild() {
				t.Colonnes = append(t.Colonnes, export.ColonneTableau{Titre: plain(s), Droite: c.Alignment == extension.AlignRight})
			}
		}
		if row != n.FirstChild() {
			t.Lignes = append(t.Lignes, cells)
		}
	}
	return t
}

// segments are the pieces of text under a node, in the look of what is around them.
func segments(parent ast.Node, in []byte, look export.Segment) export.Segments {
	var all export.Segments
	add := func(s string) {
		look.Texte = s
		all = append(all, look)
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			s := string(n.Value(in))
			switch {
			case n.HardLineBreak():
				s += "\n"
			case n.SoftLineBreak():
				s += " "
			}
			add(s)
		case *ast.String:
			add(string(n.Value))
		case *ast.Emphasis:
			within := look
			if n.Level > 1 {
				within.Gras = true
			} else {
				within.Italique = true
			}
			all = append(all, segments(n, in, within)...)
		case *ast.Link:
			within := look
			within.Lien = string(n.Destination)
			all = append(all, segments(n, in, within)...)
		case *ast.AutoLink:
			within := look
			within.Texte, within.Lien = string(n.Label(in)), string(n.URL(in))
			all = append(all, within)
		case *ast.RawHTML, *ast.Image: // left out, as on the page
		default:
			all = append(all, segments(n, in, look)...)
		}
	}
	return all
}

func plain(s export.Segments) string {
	var b strings.Builder
	for _, piece := range s {
		b.WriteString(piece.Texte)
	}
	return b.String()
}

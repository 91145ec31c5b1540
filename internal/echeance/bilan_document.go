package echeance

import (
	"time"

	"portail/internal/export"
	"portail/web"
	"portail/web/typo"
)

// document is the page as a text to print and to hand out.
func (v bilan) document(le time.Time) export.Document {
	d := export.Document{Titre: v.titre(), Sujet: "Politique de la ville", Fait: le, Entete: v.code(), Pied: "Document de travail des services"}
	d.Blocs = append(d.Blocs, export.Titre{Niveau: 1, Texte: v.titre()}, export.Paragraphe{Texte: export.Brut(v.chapeau()), Allure: export.Note})
	for _, f := range v.chiffres() {
		d.Blocs = append(d.Blocs, export.Paragraphe{Texte: append(export.Gras(f.Valeur+" "), export.Segment{Texte: typo.Minuscule(f.Libelle)})})
	}
	for _, p := range v.parties() {
		d.Blocs = append(d.Blocs, export.Titre{Niveau: 2, Texte: p.Titre})
		if p.Texte != "" {
			d.Blocs = append(d.Blocs, export.Paragraphe{Texte: export.Brut(p.Texte)})
		}
		if len(p.Tableau.Rows) == 0 {
			d.Blocs = append(d.Blocs, export.Paragraphe{Texte: export.Brut(p.Tableau.Vide)})
			continue
		}
		d.Blocs = append(d.Blocs, tableauDocument(p.Tableau))
	}
	return d
}

// tableauDocument is a table of a page as one of a document.
func tableauDocument(p web.TableProps) export.Tableau {
	t := export.Tableau{}
	for i, c := range p.Columns {
		column := export.ColonneTableau{Titre: c.Titre, Droite: c.Numeric}
		if i == 0 {
			column.Largeur = 2.5
		}
		t.Colonnes = append(t.Colonnes, column)
	}
	for _, row := range p.Rows {
		var cells []export.Segments
		for _, c := range row {
			text := c.Texte
			if c.Note != "" {
				text += "\n" + c.Note
			}
			cells = append(cells, export.Brut(text))
		}
		t.Lignes = append(t.Lignes, cells)
	}
	return t
}

package donnees

import (
	"strconv"
	"strings"
	"time"

	"portail/internal/export"
	"portail/web"
	"portail/web/typo"
)

// vue is the page of a set.
type vue struct {
	Jeu
	contenu
	Tailles map[string]int64 // bytes of each file, by format
}

// lignesApercu is how many rows the page of a set shows.
const lignesApercu = 10

// fichiers are the downloads, each with its weight.
func (v vue) fichiers() []web.Download {
	files := []web.Download{}
	for _, f := range v.formats() {
		files = append(files, web.Download{Href: v.href(f), Format: f.Nom, Taille: typo.Octets(v.Tailles[f.Code])})
	}
	return files
}

// colonnesTable describes the columns.
func (v vue) colonnesTable() web.TableProps {
	p := web.TableProps{ID: "colonnes", Caption: "Colonnes du fichier", CaptionHidden: true, Small: true,
		Columns: []web.Column{{Titre: "Nom"}, {Titre: "Contenu"}, {Titre: "Type"}, {Titre: "Toujours rempli"}}}
	for _, c := range v.Champs {
		always := "non"
		if c.Obligatoire {
			always = "oui"
		}
		p.Rows = append(p.Rows, []web.Cell{web.TextCell(c.Nom), {Texte: c.Titre, Note: c.note()}, web.TextCell(types[c.Type]), web.TextCell(always)})
	}
	return p
}

// note is the meaning of a column with the values it may hold.
func (c Champ) note() string {
	note := c.Description
	if c.Valeurs != nil {
		note = strings.TrimSpace(note + " Valeurs possibles" + typo.NBSP + ": " + strings.Join(c.Valeurs, ", ") + ".")
	}
	return note
}

// types are the words for what a column holds.
var types = map[export.Type]string{
	export.Texte: "texte", export.Entier: "nombre entier", export.Annee: "année", export.Decimal: "nombre décimal", export.Date: "date",
}

// apercu shows the first rows as a reader writes them.
func (v vue) apercu() web.TableProps {
	p := web.TableProps{ID: "apercu", Small: true, Vide: "Ce jeu de données est encore vide."}
	if n := int64(len(v.Lignes)); n <= lignesApercu {
		p.Caption = typo.NPluriel(n, "ligne", "lignes")
	} else {
		p.Caption = "Les " + typo.NPluriel(lignesApercu, "première ligne", "premières lignes") + " sur " + typo.Nombre(n)
	}
	for _, c := range v.Champs {
		p.Columns = append(p.Columns, web.Column{Titre: c.Titre, Numeric: c.Type == export.Entier || c.Type == export.Decimal})
	}
	for _, l := range v.Lignes[:min(lignesApercu, len(v.Lignes))] {
		row := make([]web.Cell, len(v.Champs))
		for i, c := range v.Champs {
			row[i] = web.TextCell(c.texte(l.Cellules[i]))
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// texte is a cell for people.
func (c Champ) texte(cell any) string {
	switch v := cell.(type) {
	case export.Secret:
		return nonCommunique
	case string:
		return strings.ReplaceAll(v, "|", ", ")
	case int64:
		if c.Type == export.Annee {
			return strconv.FormatInt(v, 10)
		}
		return typo.Nombre(v)
	case float64:
		return typo.Auto(v, c.Decimales)
	case time.Time:
		return typo.DateCourte(v)
	}
	return ""
}

// importsTable tells each file taken in, with the sum that proves which it was.
func (v vue) importsTable() web.TableProps {
	p := web.TableProps{ID: "imports", Caption: "Fichiers dont ce jeu est tiré", Small: true, Vide: "Aucun fichier n’a encore été importé.",
		Columns: []web.Column{{Titre: "Fichier"}, {Titre: "Importé le"}, {Titre: "Lignes", Numeric: true}, {Titre: "Empreinte SHA-256"}}}
	for _, i := range v.Imports {
		p.Rows = append(p.Rows, []web.Cell{web.TextCell(i.Fichier), web.TextCell(typo.Date(i.FaiteLe)), web.TextCell(typo.Nombre(int64(i.Lignes))),
			web.ComponentCell(empreinte(i.SHA256))})
	}
	return p
}

// resume says how much a set holds and of when it is.
func (e etat) resume() string {
	text := typo.NPluriel(e.Lignes, "ligne", "lignes")
	if e.MajLe != nil {
		text += ", mis à jour le " + typo.Date(*e.MajLe)
	}
	return text + "."
}

package export

import (
	"strconv"
	"strings"
	"time"
)

// aboutLines are the lines of the sheet "À propos" for one table.
func aboutLines(t Table, rows int) [][]any {
	var lines [][]any
	add := func(rubrique, contenu string) {
		if contenu != "" {
			lines = append(lines, []any{rubrique, contenu})
		}
	}
	a := t.Apropos
	add("Liste", t.Titre)
	add("Nombre de lignes", strconv.Itoa(rows))
	if !a.Extrait.IsZero() {
		add("Extrait le", a.Extrait.Format("02/01/2006"))
	}
	add("Source", a.Source)
	add("Licence", a.Licence)
	add("Adresse de la liste", a.Permalien)
	if len(a.Filtres) == 0 {
		add("Filtre", "aucun\u00a0: liste entière")
	}
	for _, f := range a.Filtres {
		add("Filtre", f)
	}
	for _, r := range a.Reserves {
		add("Réserve", r)
	}
	add("Cellule vide", "valeur non disponible\u00a0: ne pas la lire comme zéro")
	add("«\u00a0n.c.\u00a0»", "valeur non communiquée (secret statistique)")
	for _, c := range t.Colonnes {
		add("Colonne «\u00a0"+c.Titre+"\u00a0»", strings.TrimSuffix(c.Nom+" – "+c.Description, " – "))
	}
	return append(lines, []any{nil, nil})
}

// odsMeta tells the title and the date of the document.
func odsMeta(title string, tables []Table) string {
	b := []byte(xmlHead + `<office:document-meta ` + namespaces + ` office:version="1.3"><office:meta><dc:title>`)
	b = appendEscaped(b, clean(title))
	b = append(b, `</dc:title><dc:language>fr-FR</dc:language>`...)
	for _, t := range tables {
		if !t.Apropos.Extrait.IsZero() {
			b = append(b, `<meta:creation-date>`...)
			b = t.Apropos.Extrait.UTC().AppendFormat(b, time.RFC3339)
			b = append(b, `</meta:creation-date>`...)
			break
		}
	}
	return string(append(b, "</office:meta></office:document-meta>\n"...))
}

// odsSettings freezes the heading row of every sheet.
func odsSettings(names []string) string {
	b := []byte(xmlHead + `<office:document-settings ` + namespaces + ` xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0" xmlns:ooo="http://openoffice.org/2004/office" office:version="1.3"><office:settings>` +
		`<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>` +
		`<config:config-item config:name="ViewId" config:type="string">view1</config:config-item><config:config-item-map-named config:name="Tables">`)
	for _, name := range names {
		b = append(b, `<config:config-item-map-entry config:name="`...)
		b = append(appendEscaped(b, name), `"><config:config-item config:name="VerticalSplitMode" config:type="short">2</config:config-item>`+
			`<config:config-item config:name="VerticalSplitPosition" config:type="int">1</config:config-item>`+
			`<config:config-item config:name="ActiveSplitRange" config:type="short">2</config:config-item>`+
			`<config:config-item config:name="PositionBottom" config:type="int">1</config:config-item></config:config-item-map-entry>`...)
	}
	return string(append(b, "</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set></office:settings></office:document-settings>\n"...))
}

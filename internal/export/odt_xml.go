package export

import (
	"fmt"
	"math"
	"strings"
)

// The fixed parts of an OpenDocument text (ISO/IEC 26300, version 1.3).

const odtManifest = xmlHead +
	`<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">` +
	`<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="` + TypeODT + `"/>` +
	`<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>` +
	`<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>` +
	`<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>` +
	"</manifest:manifest>\n"

// titres are the size of each level of heading in points, and the space above it in centimetres.
var titres = [maxTitre]struct {
	points int
	above  float64
}{{20, 0}, {15, 0.7}, {13, 0.5}, {12, 0.4}, {11, 0.3}, {11, 0.3}}

// odtStyles: French, A4 portrait, the title above each page and its number below.
func odtStyles(d Document) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<office:document-styles ` + namespaces + ` xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.3">` +
		`<office:font-face-decls><style:font-face style:name="Liberation Sans" svg:font-family="&apos;Liberation Sans&apos;" style:font-family-generic="swiss"/></office:font-face-decls><office:styles>` +
		`<style:default-style style:family="paragraph"><style:paragraph-properties fo:hyphenation-ladder-count="no-limit" style:tab-stop-distance="1.25cm"/><style:text-properties style:font-name="Liberation Sans" fo:font-size="10.5pt" fo:language="fr" fo:country="FR"/></style:default-style>` +
		`<style:style style:name="Standard" style:family="paragraph" style:class="text"/>`)
	b.WriteString(paragraphStyle("Corps", `fo:margin-bottom="0.22cm" fo:line-height="125%" fo:orphans="2" fo:widows="2"`, ""))
	b.WriteString(paragraphStyle("Element", `fo:margin-bottom="0.1cm" fo:line-height="125%"`, ""))
	b.WriteString(paragraphStyle("Citation", `fo:margin-left="0.8cm" fo:margin-bottom="0.22cm" fo:padding-left="0.3cm" fo:border-left="2pt solid #929292"`, ""))
	b.WriteString(paragraphStyle("Note", `fo:margin-bottom="0.15cm"`, `fo:font-size="9pt" fo:color="#3a3a3a"`))
	b.WriteString(paragraphStyle("Avertissement", `fo:margin-top="0.2cm" fo:margin-bottom="0.4cm" fo:padding="0.2cm" fo:border="0.75pt solid #3a3a3a"`, `fo:font-weight="bold"`))
	b.WriteString(paragraphStyle("Champ", `fo:margin-top="0.3cm" fo:margin-bottom="1.6cm"`, ""))
	b.WriteString(paragraphStyle("Legende", `fo:margin-top="0.3cm" fo:margin-bottom="0.1cm" fo:keep-with-next="always"`, `fo:font-weight="bold"`))
	b.WriteString(paragraphStyle("Saut", `fo:break-before="page"`, `fo:font-size="2pt"`))
	b.WriteString(paragraphStyle("Bandeau", `fo:border-bottom="0.5pt solid #929292" fo:padding-bottom="0.1cm"`, `fo:font-size="8.5pt" fo:color="#3a3a3a"`))
	b.WriteString(paragraphStyle("Pied", `fo:text-align="end"`, `fo:font-size="8.5pt" fo:color="#3a3a3a"`))
	for _, name := range []string{"EnteteTexte", "CelluleTexte"} {
		bold := ""
		if name == "EnteteTexte" {
			bold = ` fo:font-weight="bold"`
		}
		b.WriteString(paragraphStyle(name, ``, `fo:font-size="9.5pt"`+bold))
		b.WriteString(paragraphStyle(name+"Droite", `fo:text-align="end"`, `fo:font-size="9.5pt"`+bold))
	}
	for i, t := range titres {
		fmt.Fprintf(&b, `<style:style style:name="Heading_20_%d" style:display-name="Heading %d" style:family="paragraph" style:parent-style-name="Standard" style:next-style-name="Corps" style:default-outline-level="%d" style:class="text"><style:paragraph-properties fo:margin-top="%.1fcm" fo:margin-bottom="0.2cm" fo:keep-with-next="always"/><style:text-properties fo:font-size="%dpt" fo:font-weight="bold"/></style:style>`,
			i+1, i+1, i+1, t.above, t.points)
	}
	b.WriteString(`<style:style style:name="Gras" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>` +
		`<style:style style:name="Italique" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>` +
		`<style:style style:name="GrasItalique" style:family="text"><style:text-properties fo:font-weight="bold" fo:font-style="italic"/></style:style>`)
	b.WriteString(listStyle("Puces", false) + listStyle("Numeros", true))
	b.WriteString(`</office:styles><office:automatic-styles><style:page-layout style:name="page"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" style:print-orientation="portrait" fo:margin-top="1.5cm" fo:margin-bottom="1.5cm" fo:margin-left="2cm" fo:margin-right="2cm"/>` +
		`<style:header-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-bottom="0.4cm"/></style:header-style><style:footer-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-top="0.3cm"/></style:footer-style></style:page-layout></office:automatic-styles>` +
		`<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="page"><style:header>`)
	head := d.Titre
	if d.Entete != "" {
		head += " – " + d.Entete
	}
	b.Write(appendParagraph(nil, "Bandeau", Brut(head)))
	b.WriteString(`</style:header><style:footer><text:p text:style-name="Pied">`)
	if d.Pied != "" {
		b.Write(appendInline(nil, clean(d.Pied)))
		b.WriteString(" – ")
	}
	b.WriteString(`page <text:page-number text:select-page="current">1</text:page-number> sur <text:page-count>1</text:page-count></text:p></style:footer></style:master-page></office:master-styles></office:document-styles>` + "\n")
	return b.String()
}

func paragraphStyle(name, paragraph, text string) string {
	s := `<style:style style:name="` + name + `" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties ` + paragraph + `/>`
	if text != "" {
		s += `<style:text-properties ` + text + `/>`
	}
	return s + `</style:style>`
}

// niveauxListe is how deep lists may be nested.
const niveauxListe = 6

func listStyle(name string, numbered bool) string {
	var b strings.Builder
	b.WriteString(`<text:list-style style:name="` + name + `">`)
	for i := range niveauxListe {
		kind, mark := "bullet", `text:bullet-char="•"`
		if numbered {
			kind, mark = "number", `style:num-format="1" style:num-suffix="."`
		}
		fmt.Fprintf(&b, `<text:list-level-style-%s text:level="%d" %s><style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.5cm" fo:margin-left="%.1fcm"/></style:list-level-properties></text:list-level-style-%s>`,
			kind, i+1, mark, 0.8*float64(i+1), kind)
	}
	return b.String() + `</text:list-style>`
}

// columnStyle names the style of a column of that many centimetres, in millimetres: those of every width are declared.
func columnStyle(cm float64) string { return fmt.Sprintf("co%d", int(math.Round(cm*10))) }

// odtContentStart declares the styles of tables, a column style for every width of whole millimetres.
var odtContentStart = func() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<office:document-content ` + namespaces + ` office:version="1.3"><office:automatic-styles>` +
		`<style:style style:name="Tableau" style:family="table"><style:table-properties style:width="17cm" table:align="left" fo:margin-bottom="0.4cm"/></style:style>` +
		`<style:style style:name="Entete" style:family="table-cell"><style:table-cell-properties fo:padding="0.1cm" fo:border="0.5pt solid #929292" fo:background-color="#eeeeee"/></style:style>` +
		`<style:style style:name="Cellule" style:family="table-cell"><style:table-cell-properties fo:padding="0.1cm" fo:border="0.5pt solid #929292"/></style:style>`)
	for mm := range int(largeurTexte*10) + 1 {
		fmt.Fprintf(&b, `<style:style style:name="co%d" style:family="table-column"><style:table-column-properties style:column-width="%.1fcm"/></style:style>`, mm, float64(mm)/10)
	}
	return b.String() + `</office:automatic-styles><office:body><office:text>` + "\n"
}()

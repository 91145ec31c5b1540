package export

// The fixed parts of an OpenDocument spreadsheet (ISO/IEC 26300, version 1.3).

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

const namespaces = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" ` +
	`xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" ` +
	`xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" ` +
	`xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" ` +
	`xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" ` +
	`xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" ` +
	`xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" ` +
	`xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
	`xmlns:xlink="http://www.w3.org/1999/xlink"`

const odsManifest = xmlHead +
	`<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">` +
	`<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="` + TypeODS + `"/>` +
	`<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>` +
	`<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>` +
	`<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>` +
	`<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/>` +
	"</manifest:manifest>\n"

// odsStyles: French by default; A4 landscape, as wide as one page, with the
// name of the sheet above and the page number below.
const odsStyles = xmlHead + `<office:document-styles ` + namespaces + ` office:version="1.3">` +
	`<office:font-face-decls><style:font-face style:name="Liberation Sans" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" svg:font-family="&apos;Liberation Sans&apos;" style:font-family-generic="swiss"/></office:font-face-decls>` +
	`<office:styles><style:default-style style:family="table-cell"><style:text-properties style:font-name="Liberation Sans" fo:font-size="10pt" fo:language="fr" fo:country="FR"/></style:default-style>` +
	`<style:style style:name="Default" style:family="table-cell"><style:table-cell-properties style:vertical-align="top" fo:padding="0.06cm"/></style:style></office:styles>` +
	`<office:automatic-styles><style:page-layout style:name="page"><style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" fo:margin-top="1.2cm" fo:margin-bottom="1.2cm" fo:margin-left="1.2cm" fo:margin-right="1.2cm" style:scale-to-X="1" style:scale-to-Y="0"/>` +
	`<style:header-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-bottom="0.2cm"/></style:header-style><style:footer-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-top="0.2cm"/></style:footer-style></style:page-layout></office:automatic-styles>` +
	`<office:master-styles><style:master-page style:name="Paysage" style:page-layout-name="page">` +
	`<style:header><text:p><text:sheet-name>Feuille</text:sheet-name></text:p></style:header>` +
	`<style:footer><text:p>Page <text:page-number>1</text:page-number> / <text:page-count>1</text:page-count></text:p></style:footer>` +
	`</style:master-page></office:master-styles></office:document-styles>` + "\n"

// odsContentStart opens the automatic styles, which content.styles completes.
const odsContentStart = xmlHead + `<office:document-content ` + namespaces + ` office:version="1.3"><office:automatic-styles>` + "\n" +
	`<style:style style:name="feuille" style:family="table" style:master-page-name="Paysage"><style:table-properties table:display="true"/></style:style>` +
	`<style:style style:name="ligne" style:family="table-row"><style:table-row-properties style:use-optimal-row-height="true"/></style:style>` +
	`<number:number-style style:name="Nentier" number:language="fr" number:country="FR"><number:number number:decimal-places="0" number:min-integer-digits="1" number:grouping="true"/></number:number-style>` +
	`<number:number-style style:name="Nannee" number:language="fr" number:country="FR"><number:number number:decimal-places="0" number:min-integer-digits="1"/></number:number-style>` +
	`<number:date-style style:name="Ndate" number:language="fr" number:country="FR"><number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>` + "\n" +
	`<style:style style:name="entete" style:family="table-cell" style:parent-style-name="Default"><style:table-cell-properties fo:wrap-option="wrap" fo:background-color="#eeeeee" fo:border-bottom="0.75pt solid #3a3a3a" style:vertical-align="middle"/><style:text-properties fo:font-weight="bold"/></style:style>` +
	`<style:style style:name="entete-droite" style:family="table-cell" style:parent-style-name="Default"><style:table-cell-properties fo:wrap-option="wrap" fo:background-color="#eeeeee" fo:border-bottom="0.75pt solid #3a3a3a" style:vertical-align="middle" style:text-align-source="fix"/><style:text-properties fo:font-weight="bold"/><style:paragraph-properties fo:text-align="end"/></style:style>` +
	`<style:style style:name="texte" style:family="table-cell" style:parent-style-name="Default"><style:table-cell-properties fo:wrap-option="wrap"/></style:style>` +
	`<style:style style:name="lien" style:family="table-cell" style:parent-style-name="Default"><style:table-cell-properties fo:wrap-option="wrap"/></style:style>` +
	`<style:style style:name="entier" style:family="table-cell" style:parent-style-name="Default" style:data-style-name="Nentier"/>` +
	`<style:style style:name="annee" style:family="table-cell" style:parent-style-name="Default" style:data-style-name="Nannee"/>` +
	`<style:style style:name="date" style:family="table-cell" style:parent-style-name="Default" style:data-style-name="Ndate"/>` +
	`<style:style style:name="secret" style:family="table-cell" style:parent-style-name="Default"><style:table-cell-properties style:text-align-source="fix"/><style:paragraph-properties fo:text-align="end"/></style:style>` + "\n"

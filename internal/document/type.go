package document

import (
	"path"
	"strings"

	"portail/web/typo"
)

// typeFichier is a kind of file that is accepted.
type typeFichier struct {
	code       string
	nom        string // for people
	mime       string
	extensions []string // lower case, without dot; the first is that of the files sent
	// examine says what is wrong with the content, as a sentence; empty: nothing.
	examine func(contenu []byte) string
}

// types is the allow-list (C26): what offices exchange, and nothing that a browser would run.
var types = []typeFichier{
	{"pdf", "PDF", "application/pdf", []string{"pdf"}, examinePDF},
	{"odt", "ODT", "application/vnd.oasis.opendocument.text", []string{"odt"}, opendocument("application/vnd.oasis.opendocument.text")},
	{"docx", "DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{"docx"}, openxml("word/document.xml")},
	{"ods", "ODS", "application/vnd.oasis.opendocument.spreadsheet", []string{"ods"}, opendocument("application/vnd.oasis.opendocument.spreadsheet")},
	{"xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{"xlsx"}, openxml("xl/workbook.xml")},
	{"png", "PNG", "image/png", []string{"png"}, examinePNG},
	{"jpeg", "JPEG", "image/jpeg", []string{"jpg", "jpeg"}, examineJPEG},
}

// sorte is the kind of a code; the zero kind, sent as bytes, when there is none.
func sorte(code string) typeFichier {
	for _, t := range types {
		if t.code == code {
			return t
		}
	}
	return typeFichier{code: code, nom: code, mime: "application/octet-stream", extensions: []string{"bin"}}
}

func parExtension(nom string) (typeFichier, bool) {
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(nom), "."))
	for _, t := range types {
		for _, e := range t.extensions {
			if e == ext && len(nom) > len(ext)+1 {
				return t, true
			}
		}
	}
	return typeFichier{}, false
}

// Acceptes are the kinds accepted, in words.
func Acceptes() string {
	var noms []string
	for _, t := range types {
		noms = append(noms, t.nom)
	}
	return typo.Liste(noms)
}

// Accept is the list for the accept attribute of a file field.
func Accept() string {
	var all []string
	for _, t := range types {
		for _, e := range t.extensions {
			all = append(all, "."+e)
		}
	}
	return strings.Join(all, ",")
}

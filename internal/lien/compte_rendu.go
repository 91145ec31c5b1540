package lien

import "strconv"

// Minutes, and the extracts of them that the public reads.
const (
	ComptesRendus = "/comptes-rendus"
	Extraits      = "/comptes-rendus-publics"
)

// Pages under minutes, for CompteRenduActe.
const (
	ActeRelire     = "relire"       // to the attendees for review (POST)
	ActeRedaction  = "redaction"    // back to being written (POST)
	ActeValider    = "valider"      // (POST)
	ActeRectifier  = "rectifier"    // begins a rectificatif (POST)
	ActeCommenter  = "commentaires" // an attendee's comment (POST)
	ActeExtrait    = "extrait"      // chooses what the public reads
	ActeODT        = "compte-rendu.odt"
	ActeRecomposer = "recomposer" // from what was written down, again (POST)
	acteSections   = "sections"
	ActeRetirer    = "retirer"   // takes a part out
	ActeMonter     = "monter"    // of a part (POST)
	ActeDescendre  = "descendre" // of a part (POST)
)

// CompteRendu is the page of minutes.
func CompteRendu(id int64) string { return ComptesRendus + "/" + strconv.FormatInt(id, 10) }

// CompteRenduActe is a page under minutes.
func CompteRenduActe(id int64, acte string) string { return CompteRendu(id) + "/" + acte }

// CompteRenduSection is the page that changes a section of minutes.
func CompteRenduSection(id, section int64) string {
	return CompteRenduActe(id, acteSections) + "/" + strconv.FormatInt(section, 10)
}

// CompteRenduSectionActe is a deed on a section of minutes.
func CompteRenduSectionActe(id, section int64, acte string) string {
	return CompteRenduSection(id, section) + "/" + acte
}

// CompteRenduNouvelleSection is the page that adds a section to minutes.
func CompteRenduNouvelleSection(id int64) string {
	return CompteRenduActe(id, acteSections) + "/nouvelle"
}

// CompteRenduCommentaire answers a comment on minutes (POST).
func CompteRenduCommentaire(id, commentaire int64) string {
	return CompteRenduActe(id, ActeCommenter) + "/" + strconv.FormatInt(commentaire, 10)
}

// Extrait is a published extract of minutes.
func Extrait(id int64) string { return Extraits + "/" + strconv.FormatInt(id, 10) }

// ExtraitRetirer takes an extract off the public pages (POST).
func ExtraitRetirer(id int64) string { return Extrait(id) + "/" + ActeRetirer }

package lien

import (
	"net/url"
	"strconv"
)

// Pages where contrats de ville are written, signed and followed up.
const (
	ContratsAgents      = "/agents/contrats"
	ContratNouveau      = ContratsAgents + "/nouveau"
	ContratsSignatures  = ContratsAgents + "/signatures"  // who has signed what
	ContratsEngagements = ContratsAgents + "/engagements" // those of one's organisation
)

// ContratAgents is a contract in the workspace: its text being written, else the one in force.
func ContratAgents(id int64) string { return ContratsAgents + "/" + nombre(id) }

// ContratVersion is a text of a contract: 1 is the contract itself, each later one an avenant.
func ContratVersion(id int64, numero int) string {
	return ContratAgents(id) + "/versions/" + strconv.Itoa(numero)
}

// ContratActe is the page of a change of a text, or of a deed on it: one of the names below, or an act of its state machine.
func ContratActe(id int64, numero int, acte string) string {
	return ContratVersion(id, numero) + "/" + acte
}

// Pages under a text, for ContratActe.
const (
	ActeContratCadre       = "cadre" // title, dates, places
	ActeContratComparaison = "comparaison"
	ActeContratTexte       = "texte.txt" // as it is frozen to be signed
	ActeNouvellePartie     = "parties/nouvelle"
	ActeNouvelAxe          = "axes/nouveau"
	ActeNouvelObjectif     = "objectifs/nouveau"
	ActeNouvelEngagement   = "engagements/nouveau"
)

// ContratObjet is the page of a part of a text: sorte is parties, signataires, axes, objectifs, engagements or sections. acte may be empty.
func ContratObjet(id int64, numero int, sorte string, objet int64, acte string) string {
	p := ContratVersion(id, numero) + "/" + sorte + "/" + nombre(objet)
	if acte != "" {
		p += "/" + acte
	}
	return p
}

// ContratSous is the page that adds something under a part of a text: an objectif under an axe, an engagement under an objectif.
func ContratSous(id int64, numero int, acte string, parent int64) string {
	return avec(ContratActe(id, numero, acte), url.Values{"sous": {nombre(parent)}})
}

// ContratRevisions compares two revisions of a section.
func ContratRevisions(id int64, numero int, section int64, de, a int) string {
	return avec(ContratObjet(id, numero, "sections", section, "comparaison"), url.Values{"de": {strconv.Itoa(de)}, "a": {strconv.Itoa(a)}})
}

// ContratsSignaturesFichier is the board of signatures as a spreadsheet, of the same query string as the page.
func ContratsSignaturesFichier(filtres url.Values) string {
	return avec(ContratsSignatures+"/fichier.ods", filtres)
}

// ContratSuivi is the follow-up of an engagement, whatever the version: lignee is what its clones share.
func ContratSuivi(id, lignee int64) string {
	return ContratAgents(id) + "/engagements/" + nombre(lignee)
}

// ContratDocument is a file of a contract, or the scan of a signature.
func ContratDocument(id, document int64) string {
	return ContratAgents(id) + "/documents/" + nombre(document)
}

// ContratDocuments adds a file to a contract.
func ContratDocuments(id int64) string { return ContratAgents(id) + "/documents/nouveau" }

func nombre(n int64) string { return strconv.FormatInt(n, 10) }

package lien

import (
	"net/url"
	"strconv"
)

// Contrats are the published contrats de ville, for everybody.
const Contrats = "/contrats"

// ContratPublic is a published contract, as its text in force says.
func ContratPublic(id int64) string { return Contrats + "/" + strconv.FormatInt(id, 10) }

// ContratPublicFiltre is a published contract whose engagements are filtered.
func ContratPublicFiltre(id int64, filtres url.Values) string {
	return avec(ContratPublic(id), filtres)
}

// ContratPublicVersion is a published text of a contract, former ones included: 1 is the contract as it was signed.
func ContratPublicVersion(id int64, numero int) string {
	return ContratPublic(id) + "/versions/" + strconv.Itoa(numero)
}

// ContratPublicFichier is a published contract as a file: contrat.odt, engagements.ods, engagements.csv…
func ContratPublicFichier(id int64, nom string, filtres url.Values) string {
	return avec(ContratPublic(id)+"/"+nom, filtres)
}

// ContratPublicDocument is a file attached to a published contract.
func ContratPublicDocument(id, document int64) string {
	return ContratPublic(id) + "/documents/" + strconv.FormatInt(document, 10)
}

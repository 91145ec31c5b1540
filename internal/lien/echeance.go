package lien

import (
	"net/url"
	"strconv"
)

// Échéances, and the dashboard of people with an account.
const (
	TableauDeBord = "/tableau-de-bord"
	Echeances     = "/echeances"
	Bilans        = "/bilans"           // what was done in a quarter of the year
	EcheancesFlux = "/echeances/agenda" // its calendar feed: made, taken back
	flux          = "/flux/"            // followed by a secret
)

// EcheancesFichier is the list of échéances as a spreadsheet, filtered by the same query string as the page.
func EcheancesFichier(filtres url.Values) string { return avec(Echeances+"/fichier.ods", filtres) }

// EcheancesFiltre is the list of échéances with that filter.
func EcheancesFiltre(filtres url.Values) string { return avec(Echeances, filtres) }

// Bilan is the page of a quarter of the year, as 2026-T3.
func Bilan(trimestre string) string { return Bilans + "/" + url.PathEscape(trimestre) }

// BilanFichier is the same as a text document.
func BilanFichier(trimestre string) string { return Bilan(trimestre) + "/bilan.odt" }

// FluxEcheances is the calendar of échéances that a secret opens.
func FluxEcheances(jeton string) string { return flux + url.PathEscape(jeton) + "/echeances.ics" }

// FluxReunions is the calendar of meetings that the same secret opens.
func FluxReunions(jeton string) string { return flux + url.PathEscape(jeton) + "/reunions.ics" }

// Objet is the page, for people with an account, of what an échéance bears on: objet is the kind of thing, as the view echeance names
// it. Empty for a kind without pages.
func Objet(objet string, id int64) string {
	page, known := objets[objet]
	if !known {
		return ""
	}
	return page + strconv.FormatInt(id, 10)
}

// objets are the pages of each kind of thing, which the number of one follows.
var objets = map[string]string{
	"decision":           Decisions + "/",
	"organisme":          Organismes + "/",
	"remontee":           Remontees + "/",
	"intervention":       Interventions + "/",
	"constat":            Constats + "/",
	"contrat":            "/agents/contrats/",
	"contrat_engagement": "/agents/contrats/engagements/",
	"comite":             Comites + "/",
	"seance":             Seances + "/",
	"compte_rendu":       ComptesRendus + "/",
	"adulte_relais":      AdultesRelais + "/",
	"pre":                ReussiteEducative + "/",
	"realisation":        SuiviRealisations + "/",
}

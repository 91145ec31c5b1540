package lien

import (
	"net/url"
	"strconv"
)

// Dispositifs is the public list; the pages of suivi are for people with an account.
const (
	Dispositifs         = "/dispositifs"
	SuiviDispositifs    = "/suivi/dispositifs"
	DispositifNouveau   = SuiviDispositifs + "/nouveau"
	SuiviRealisations   = "/suivi/realisations"
	AdultesRelais       = "/suivi/adultes-relais"
	AdulteRelaisNouveau = AdultesRelais + "/nouveau"
	AdultesRelaisCarte  = AdultesRelais + "/carte"
	AdultesRelaisFins   = AdultesRelais + "/fins"
	AdultesRelaisTotaux = AdultesRelais + "/totaux"
	AdultesRelaisBareme = AdultesRelais + "/bareme"
	AdultesRelaisImport = AdultesRelais + "/import"
	ReussiteEducative   = "/suivi/reussite-educative"
	PRENouveau          = ReussiteEducative + "/nouveau"
	PREAgregatsImport   = ReussiteEducative + "/import"
	PREChiffres         = Dispositifs + "/reussite-educative/chiffres"
)

// Acts on a convention of adulte-relais, for AdulteRelaisActe.
const (
	ActeAviser     = "aviser"
	ActeAccorder   = "accorder"
	ActeRefuser    = "refuser"
	ActeSigner     = "signer"
	ActePourvoir   = "pourvoir"
	ActeDepart     = "depart"
	ActeDeroger    = "deroger"
	ActeResilier   = "resilier"
	ActeTerminer   = "terminer"
	ActeRenouveler = "renouveler"
	ActeReference  = "reference"
	ActePieces     = "pieces"
)

// Acts on a programme de réussite éducative and on a generic record, for PREActe and RealisationActe.
const (
	ActeBudget   = "budget"
	ActeReunions = "reunions"
	ActeMontants = "montants"
	ActeAgregats = "agregats"
)

// Dispositif is the public page of a dispositif.
func Dispositif(code string) string { return Dispositifs + "/" + url.PathEscape(code) }

// DispositifsFiltre is the public list of one commune or of one quarter.
func DispositifsFiltre(filtres url.Values) string { return avec(Dispositifs, filtres) }

// SuiviDispositif is the record of a dispositif.
func SuiviDispositif(id int64) string { return SuiviDispositifs + "/" + strconv.FormatInt(id, 10) }

// DispositifActe is the page of a change to a dispositif: modifier, or realisations/nouvelle.
func DispositifActe(id int64, acte string) string { return SuiviDispositif(id) + "/" + acte }

// Realisation is the record of a dispositif that has none of its own.
func Realisation(id int64) string { return SuiviRealisations + "/" + strconv.FormatInt(id, 10) }

// RealisationActe is the page of a change to such a record: modifier, montants or agregats.
func RealisationActe(id int64, acte string) string { return Realisation(id) + "/" + acte }

// AdulteRelais is the record of a convention.
func AdulteRelais(id int64) string { return AdultesRelais + "/" + strconv.FormatInt(id, 10) }

// AdulteRelaisActe is the page of a change to a convention.
func AdulteRelaisActe(id int64, acte string) string { return AdulteRelais(id) + "/" + acte }

// AdultesRelaisListe is the list of conventions, filtered.
func AdultesRelaisListe(filtres url.Values) string { return avec(AdultesRelais, filtres) }

// AdultesRelaisFichier is the list of conventions as a file, of the same query string as the page.
func AdultesRelaisFichier(format string, filtres url.Values) string {
	return avec(AdultesRelais+"/"+fichier(format), filtres)
}

// PRE is the record of a programme de réussite éducative.
func PRE(id int64) string { return ReussiteEducative + "/" + strconv.FormatInt(id, 10) }

// PREActe is the page of a change to a programme: modifier, budget or reunions.
func PREActe(id int64, acte string) string { return PRE(id) + "/" + acte }

// PREAgregats are the yearly counts of a programme.
func PREAgregats(id int64) string { return PRE(id) + "/agregats" }

// PREAgregatsAnnee is the form of the counts of a year.
func PREAgregatsAnnee(id int64, annee int) string {
	return PREAgregats(id) + "/" + strconv.Itoa(annee)
}

// PREAgregatsFichier are the counts of a programme as a file: csv, csv-tableur or ods.
func PREAgregatsFichier(id int64, format string) string {
	return PREAgregats(id) + "/" + fichier(format)
}

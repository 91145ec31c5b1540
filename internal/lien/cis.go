package lien

import (
	"net/url"
	"strconv"
)

// Committees and their meetings.
const (
	Comites       = "/comites"
	ComiteNouveau = "/comites/nouveau"
	Seances       = "/seances"
)

// Pages under a committee, for ComiteActe; ActeModifier, ActeFermer and ActeRouvrir serve too.
const (
	ActeNouveauMembre  = "membres/nouveau"
	ActeNouvelleSeance = "seances/nouvelle"
)

// Pages under a meeting, for SeanceActe; ActeModifier serves too.
const (
	ActeOrdreDuJour  = "ordre-du-jour"
	ActeNouveauPoint = "ordre-du-jour/points/nouveau"
	ActePoints       = "ordre-du-jour/points"
	ActeSuggestion   = "ordre-du-jour/suggestions" // keeps or drops what the portal proposes (POST)
	ActeProposer     = "proposer"                  // a member proposes a point
	ActeConvoquer    = "convoquer"
	ActePrevenir     = "prevenir" // tells the members of a change
	ActeReporter     = "reporter"
	ActeAnnuler      = "annuler"
	ActeTenue        = "tenue"        // notes that the meeting took place
	ActeDeroule      = "deroule"      // timed run, to print
	ActeEmargement   = "emargement"   // attendance sheet, to print
	ActeReponse      = "reponse"      // the answer of one's organisation
	ActeCalendrier   = "seance.ics"   // the meeting for one's calendar
	ActeDocuments    = "documents"    // papers of the meeting
	ActeRelancer     = "sans-reponse" // writes again to those who did not answer (POST)
)

// Comite is the page of a committee: its members, its year.
func Comite(id int64) string { return Comites + "/" + strconv.FormatInt(id, 10) }

// ComiteAnnee is the page of a committee in a given year.
func ComiteAnnee(id int64, annee int) string { return Comite(id) + "?annee=" + strconv.Itoa(annee) }

// ComiteActe is the page of a change to a committee.
func ComiteActe(id int64, acte string) string { return Comite(id) + "/" + acte }

// ComiteMembre is the page that changes a member of a committee.
func ComiteMembre(id, membre int64) string {
	return Comite(id) + "/membres/" + strconv.FormatInt(membre, 10)
}

// Seance is the page of a meeting.
func Seance(id int64) string { return Seances + "/" + strconv.FormatInt(id, 10) }

// SeanceActe is a page under a meeting.
func SeanceActe(id int64, acte string) string { return Seance(id) + "/" + acte }

// SeancePoint is the page that changes a point of an agenda.
func SeancePoint(id, point int64) string {
	return SeanceActe(id, ActePoints) + "/" + strconv.FormatInt(point, 10)
}

// SeancePointActe is a deed on a point of an agenda (POST): monter, descendre, retenir, ecarter.
func SeancePointActe(id, point int64, acte string) string { return SeancePoint(id, point) + "/" + acte }

// SeanceConvocation is a deed on one convocation (POST): renvoyer, reponse.
func SeanceConvocation(id, convocation int64, acte string) string {
	return Seance(id) + "/convocations/" + strconv.FormatInt(convocation, 10) + "/" + acte
}

// convocation is where the personal links of convocations lead: whoever reads one may answer.
const convocation = "/convocation/"

// ConvocationPattern is the address of a personal link, as a pattern.
const ConvocationPattern = convocation + "{jeton}"

// Convocation is the personal link by which somebody answers without signing in; reponse is the answer chosen in the mail, or none.
func Convocation(jeton, reponse string) string {
	if reponse == "" {
		return convocation + jeton
	}
	return convocation + jeton + "?reponse=" + reponse
}

// SeanceNouvelle is the form of a new meeting of a committee, with its day (2026-11-25) and hour (14:00) filled in.
func SeanceNouvelle(comite int64, jour, de string) string {
	return avec(ComiteActe(comite, ActeNouvelleSeance), url.Values{"jour": {jour}, "de": {de}})
}

// SeanceDocument is a paper of a meeting.
func SeanceDocument(id, doc int64) string {
	return SeanceActe(id, ActeDocuments) + "/" + strconv.FormatInt(doc, 10)
}

// SeanceDocumentRetirer takes a paper away from a meeting (POST).
func SeanceDocumentRetirer(id, doc int64) string { return SeanceDocument(id, doc) + "/retirer" }

// SeanceDocumentNouveau is the form that attaches a paper to a meeting.
func SeanceDocumentNouveau(id int64) string { return SeanceActe(id, ActeDocuments) + "/nouveau" }

package lien

import (
	"net/url"
	"strconv"
)

// Pages of the decisions of committees.
const (
	Decisions     = "/decisions"
	DecisionsVues = "/decisions/vues" // views of the register that somebody saved
)

// Pages under a decision, for DecisionActe.
const (
	ActeSuivi     = "suivi"     // its owner says how far it is (POST)
	ActeReprendre = "reprendre" // is reopened (POST)
	ActeRelances  = "relances"  // is recalled no more, or again (POST)
)

// reponse is where the signed links of reminders lead: whoever reads one may answer.
const reponse = "/decisions/reponse/"

// Decision is the page of a decision.
func Decision(id int64) string { return Decisions + "/" + strconv.FormatInt(id, 10) }

// DecisionActe is the page of a change to a decision.
func DecisionActe(id int64, acte string) string { return Decision(id) + "/" + acte }

// DecisionReponse is the signed link by which the owner of a decision answers from a mail; etat is the answer chosen there, or none.
func DecisionReponse(jeton, etat string) string {
	v := url.Values{}
	if etat != "" {
		v.Set("etat", etat)
	}
	return avec(reponse+url.PathEscape(jeton), v)
}

// DecisionsListe is the register, filtered.
func DecisionsListe(filtres url.Values) string { return avec(Decisions, filtres) }

// DecisionsFichier is the register as a file, of the same query string as the page: format is ods, csv or csv-tableur.
func DecisionsFichier(format string, filtres url.Values) string {
	return avec(Decisions+"/"+fichier(format), filtres)
}

// DecisionsVueSupprimer removes a saved view (POST).
func DecisionsVueSupprimer(id int64) string {
	return DecisionsVues + "/" + strconv.FormatInt(id, 10) + "/supprimer"
}

// Pages under a meeting that is or was held, for SeanceActe.
const (
	ActeEnSeance    = "en-seance"    // to keep open while it is held
	ActeCompteRendu = "compte-rendu" // its minutes: to make them (POST), or where they are
)

// Parts of that page that are sent by themselves (POST), for SeancePartie.
const (
	PartiePresences = "presences"
	PartieInvites   = "invites"
)

// SeancePartie is a part of the page of a meeting being held.
func SeancePartie(id int64, partie string) string { return SeanceActe(id, ActeEnSeance) + "/" + partie }

// SeancePointTenu is a point of a meeting being held; 0: the meeting as a whole.
func SeancePointTenu(id, point int64) string {
	return SeancePartie(id, "points/"+strconv.FormatInt(point, 10))
}

package cis

import (
	"slices"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/lexique"
)

// Etat is the state of a meeting (lexique.EtatsSeance).
type Etat string

// The states of a meeting.
const (
	Planifiee     Etat = "planifiee" // with or without a date
	Convoquee     Etat = "convoquee"
	Tenue         Etat = "tenue" // minutes are being written
	CREnRelecture Etat = "cr_en_relecture"
	CRValide      Etat = "cr_valide" // nothing changes any more
	Reportee      Etat = "reportee"  // put off: waits for a new date
	Annulee       Etat = "annulee"
)

// transition is a move that a meeting may make, and who may make it.
type transition struct {
	De, Vers Etat
	Droit    droits.Droit
	Verbe    string // of the journal
	Motif    bool   // asks for a written reason
}

// transitions are all of them: what is not here is refused.
var transitions = []transition{
	{Planifiee, Convoquee, droits.CisModifier, "séance convoquée", false},
	{Planifiee, Reportee, droits.CisModifier, "séance reportée", true},
	{Planifiee, Annulee, droits.CisModifier, "séance annulée", true},
	{Planifiee, Tenue, droits.CisModifier, "séance tenue sans convocation par le portail", true}, // called by other means
	{Convoquee, Tenue, droits.CisModifier, "séance tenue", false},
	{Convoquee, Reportee, droits.CisModifier, "séance reportée", true},
	{Convoquee, Annulee, droits.CisModifier, "séance annulée", true},
	{Reportee, Planifiee, droits.CisModifier, "nouvelle date fixée", false},
	{Reportee, Annulee, droits.CisModifier, "séance annulée", true},
	{Tenue, CREnRelecture, droits.CisModifier, "compte rendu envoyé en relecture", false},
	{CREnRelecture, Tenue, droits.CisModifier, "compte rendu repris", false},
	{CREnRelecture, CRValide, droits.CisValider, "compte rendu validé", false},
}

// transitionVers finds the move from a state to another.
func transitionVers(de, vers Etat) (transition, bool) {
	i := slices.IndexFunc(transitions, func(t transition) bool { return t.De == de && t.Vers == vers })
	if i < 0 {
		return transition{}, false
	}
	return transitions[i], true
}

// checkTransition says whether a meeting may move on: fault.Forbidden when another role does that, a fault of the form when nobody may.
func checkTransition(par droits.Compte, de, vers Etat) (transition, error) {
	t, found := transitionVers(de, vers)
	if !found {
		return t, fault.Fields{"": "La séance est à l’état «\u00a0" + de.Libelle() + "\u00a0»\u00a0: elle ne peut pas passer à «\u00a0" + vers.Libelle() + "\u00a0»."}
	}
	if !par.Peut(t.Droit) {
		return t, fault.Forbidden
	}
	return t, nil
}

// peutPasser says whether whoever asks may move a meeting on: buttons show by it.
func peutPasser(par droits.Compte, de, vers Etat) bool {
	_, err := checkTransition(par, de, vers)
	return err == nil
}

// Libelle is the state in words.
func (e Etat) Libelle() string { return lexique.Libelle(lexique.EtatsSeance, string(e)) }

// Ouverte says whether the agenda may still change.
func (e Etat) Ouverte() bool { return e == Planifiee || e == Convoquee || e == Reportee }

// ATenir says whether the meeting is still to come: it keeps its place in the year.
func (e Etat) ATenir() bool { return e == Planifiee || e == Convoquee }

// aEuLieu says whether the meeting took place.
func (e Etat) aEuLieu() bool { return e == Tenue || e == CREnRelecture || e == CRValide }

package contrat

import (
	"slices"

	"portail/internal/droits"
)

// Etat is where a text stands (R-CV-5), or a contract through its text in force. Codes of lexique.EtatsContrat.
type Etat string

// The first five are kept, one for each version; the others are what dates and later versions make of a signed text.
const (
	Projet      Etat = "projet"
	Negociation Etat = "negociation"
	ASigner     Etat = "a_signer"
	Signe       Etat = "signe"
	Abandonne   Etat = "abandonne" // an avenant given up before it was signed
	EnVigueur   Etat = "en_vigueur"
	Remplace    Etat = "remplace" // by a later avenant in force
	Echu        Etat = "echu"
	Denonce     Etat = "denonce"
)

// Etats are all of them.
var Etats = []Etat{Projet, Negociation, ASigner, Signe, EnVigueur, Remplace, Echu, Denonce, Abandonne}

// Modifiable says whether the text may be written: once to be signed it is frozen.
func (e Etat) Modifiable() bool { return e == Projet || e == Negociation }

// Ouvert says whether the text is still on its way to be signed.
func (e Etat) Ouvert() bool { return e.Modifiable() || e == ASigner }

// Acte is a deed that moves a text or a contract from a state to another. It is also the last part of its address.
type Acte string

// The acts.
const (
	Negocier             Acte = "negocier"
	MettreALaSignature   Acte = "mettre-a-la-signature"
	ReprendreNegociation Acte = "reprendre-la-negociation" // voids the signatures
	ConstaterSignature   Acte = "constater-la-signature"
	Abandonner           Acte = "abandonner"
	ValiderReprise       Acte = "valider-la-reprise"
	OuvrirAvenant        Acte = "ouvrir-un-avenant"
	Denoncer             Acte = "denoncer"
	Publier              Acte = "publier"
	Retirer              Acte = "retirer"
	Supprimer            Acte = "supprimer"
)

// transition is one line of the state machine.
type transition struct {
	Acte Acte
	De   []Etat
	Vers Etat // what it becomes; empty: the act leaves the state as it is
	// Droit is the right that the act asks for.
	Droit droits.Droit
	// Pour bounds the act to some texts.
	Pour func(v Version) bool
	// Libelle is the button, Fait the verb of the journal.
	Libelle, Fait string
}

func contratMeme(v Version) bool { return v.Avenant == 0 }
func avenant(v Version) bool     { return v.Avenant > 0 }

// machine is the whole state machine: an act that is not here from a state does not exist from it.
var machine = []transition{
	{Negocier, []Etat{Projet}, Negociation, droits.ContratModifier, func(v Version) bool { return !v.Reprise }, "Ouvrir la négociation", "négociation ouverte"},
	{MettreALaSignature, []Etat{Negociation}, ASigner, droits.ContratArreter, nil, "Mettre à la signature", "texte mis à la signature"},
	{ReprendreNegociation, []Etat{ASigner}, Negociation, droits.ContratArreter, nil, "Reprendre la négociation", "négociation reprise"},
	{ConstaterSignature, []Etat{ASigner}, Signe, droits.ContratArreter, nil, "Constater la signature", "signature constatée"},
	{ValiderReprise, []Etat{Projet}, Signe, droits.ContratArreter, func(v Version) bool { return v.Reprise }, "Valider la reprise", "reprise validée"},
	{Abandonner, []Etat{Projet, Negociation, ASigner}, Abandonne, droits.ContratArreter, avenant, "Abandonner cet avenant", "avenant abandonné"},
	{Supprimer, []Etat{Projet}, "", droits.ContratModifier, contratMeme, "Supprimer ce projet", "projet supprimé"},
	{OuvrirAvenant, []Etat{Signe, EnVigueur}, "", droits.ContratModifier, func(v Version) bool { return v.Derniere }, "Ouvrir un avenant", "avenant ouvert"},
	{Denoncer, []Etat{Signe, EnVigueur}, Denonce, droits.ContratArreter, func(v Version) bool { return v.Derniere }, "Dénoncer le contrat", "contrat dénoncé"},
	{Publier, []Etat{Signe, EnVigueur, Remplace, Echu, Denonce}, "", droits.ContratPublier, func(v Version) bool { return !v.Publiee() }, "Publier cette version", "version publiée"},
	{Retirer, []Etat{Signe, EnVigueur, Remplace, Echu, Denonce}, "", droits.ContratPublier, Version.Publiee, "Retirer de la publication", "version retirée de la publication"},
}

// find is the line of the machine for an act.
func (a Acte) find() (transition, bool) {
	i := slices.IndexFunc(machine, func(t transition) bool { return t.Acte == a })
	if i < 0 {
		return transition{}, false
	}
	return machine[i], true
}

// possible says whether the state and the kind of the text allow the act, whoever asks.
func (t transition) possible(v Version) bool {
	return slices.Contains(t.De, v.Etat) && (t.Pour == nil || t.Pour(v))
}

// Actes are the acts that the state of the text and the role of who asks allow.
func (v Version) Actes(par droits.Compte) []Acte {
	var all []Acte
	for _, t := range machine {
		if t.possible(v) && par.Peut(t.Droit) {
			all = append(all, t.Acte)
		}
	}
	return all
}

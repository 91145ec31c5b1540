// Package droits says who may do what: the only authorisation policy of the portal. Each route names one of these rights,
// and internal/httpx offers no way to declare a route without one. Whether a given row lies within somebody's perimeter is
// another question, asked in the WHERE of the read and again by Postgres itself.
package droits

import (
	"context"
	"slices"
)

// Role is what a fonction allows (§1 of the domain). It is held in an organisation, for a time.
type Role string

// The roles, préfecture first.
const (
	Administrateur Role = "administrateur" // accounts, organisations, settings, journal, imports
	Gestionnaire   Role = "gestionnaire"   // chargé·e de mission: edits, prepares, publishes
	Delegue        Role = "delegue"        // délégué·e du préfet, whose scope is a list of quarters (R-T-2)
	Direction      Role = "direction"      // reads everything, validates, signs off, grants derogations
	Referent       Role = "referent"       // answers for a partner organisation
	Lecteur        Role = "lecteur"        // reads what is addressed to a partner organisation
)

// Roles are all of them, in the order that pages show.
var Roles = []Role{Administrateur, Gestionnaire, Delegue, Direction, Referent, Lecteur}

// Prefecture says whether the role is one of the préfecture's own people, who prepare what is not published yet.
func (r Role) Prefecture() bool {
	return r == Administrateur || r == Gestionnaire || r == Delegue || r == Direction
}

// Droit is the right to one kind of deed.
type Droit string

// Rights that no role carries: they are everybody's, or a matter of having an account.
const (
	// Public is what anybody may read without an account; the session is not even looked at.
	Public Droit = "public"
	// Sonde is what the machines around the portal ask: health, readiness, version. It shows nothing of the data.
	Sonde Droit = "sonde"
	// Atelier is what exists outside production only: the page of components.
	Atelier Droit = "atelier"
	// Visiteur is the way in: sign-in, invitation, forgotten password. Open to all, but it knows the session.
	Visiteur Droit = "visiteur"
	// Connecte is what every account may do: its own data, its own sessions, choosing its fonction.
	Connecte Droit = "connecte"
)

// Rights that roles carry.
const (
	OrganismeVoir     Droit = "organisme.voir"
	OrganismeModifier Droit = "organisme.modifier"
	CompteVoir        Droit = "compte.voir"        // the list of accounts, within one's perimeter
	CompteInviter     Droit = "compte.inviter"     // a référent: lecteurs of their own organisation only
	CompteAdministrer Droit = "compte.administrer" // disable, reset a second factor, hand over a post
	CompteExporter    Droit = "compte.exporter"
	DroitsVoir        Droit = "droits.voir" // the matrix itself
	JournalVoir       Droit = "journal.voir"
	JournalExporter   Droit = "journal.exporter"
	RegistreVoir      Droit = "registre.voir" // register sheet of the processing (RGPD)
	CisVoir           Droit = "cis.voir"      // committees and their meetings, within one's perimeter: those that one's organisation sits in
	CisModifier       Droit = "cis.modifier"
	CisProposer       Droit = "cis.proposer"    // a point for the agenda
	CisRepondre       Droit = "cis.repondre"    // to a convocation: one's own, or those of the organisation that one answers for
	CisValider        Droit = "cis.valider"     // minutes
	CisCommenter      Droit = "cis.commenter"   // minutes under review, for one's organisation
	DecisionVoir      Droit = "decision.voir"   // within one's perimeter: the committees that one's organisation sits in, and its own
	DecisionSuivre    Droit = "decision.suivre" // those of one's organisation; the préfecture for all
	EcheanceVoir      Droit = "echeance.voir"   // dashboard, échéances within one's perimeter, own calendar feed
)

// Rights on contrats de ville. A partner's are bounded to the contracts that their organisation is a party to.
const (
	ContratVoir      Droit = "contrat.voir"
	ContratModifier  Droit = "contrat.modifier"  // texts, tree, parties, avenants
	ContratCommenter Droit = "contrat.commenter" // threads on a section
	ContratSuivre    Droit = "contrat.suivre"    // how far an engagement is
	ContratSigner    Droit = "contrat.signer"    // signatories, signatures and their scans
	ContratArreter   Droit = "contrat.arreter"   // to sign, signed, denounced; waivers (R-CV-1)
	ContratPublier   Droit = "contrat.publier"

	DispositifVoir     Droit = "dispositif.voir" // records of dispositifs; a partner: those that it holds
	BaremeVoir         Droit = "bareme.voir"     // amounts and numbers of posts of the adultes-relais: how many are free is the préfecture's
	DispositifModifier Droit = "dispositif.modifier"
	PREAgregatSaisir   Droit = "pre.agregat" // yearly counts; a référent: those of the programmes of their organisation

	AdulteRelaisDemander Droit = "adulte_relais.demander" // a post; a référent: for their organisation
	AdulteRelaisAviser   Droit = "adulte_relais.aviser"
	AdulteRelaisDecider  Droit = "adulte_relais.decider" // grant or refuse a post
	AdulteRelaisDeroger  Droit = "adulte_relais.deroger" // what the préfet may waive
)

// Rights on the shared diagnostics. A partner's are bounded to the returns of their organisation, and to what it wrote.
const (
	IndicateurVoir       Droit = "indicateur.voir"
	IndicateurModifier   Droit = "indicateur.modifier"
	RemonteeVoir         Droit = "remontee.voir"
	RemonteeSaisir       Droit = "remontee.saisir"  // type, say ready, certify, correct: for one's own organisation
	RemonteePublier      Droit = "remontee.publier" // open, send back, publish
	DiagnosticVoir       Droit = "diagnostic.voir"
	DiagnosticContribuer Droit = "diagnostic.contribuer" // findings, opinions, comments, under the name of one's organisation
)

// Ligne is one line of the matrix: a right, its meaning in the users' words, and the roles that carry it.
type Ligne struct {
	Droit   Droit
	Libelle string
	Roles   []Role
}

// Matrice is the whole policy. Administrators read it as a page, tests as a golden file.
var Matrice = []Ligne{
	{OrganismeVoir, "Consulter les organismes", Roles},
	{OrganismeModifier, "Créer et modifier les organismes", []Role{Administrateur, Gestionnaire}},
	{CompteVoir, "Consulter les comptes", []Role{Administrateur, Referent}},
	{CompteInviter, "Inviter une personne", []Role{Administrateur, Referent}},
	{CompteAdministrer, "Désactiver un compte, réinitialiser son second facteur, transmettre un poste", []Role{Administrateur}},
	{CompteExporter, "Exporter la liste des comptes", []Role{Administrateur}},
	{DroitsVoir, "Consulter la matrice des droits", []Role{Administrateur}},
	{JournalVoir, "Consulter le journal", []Role{Administrateur}},
	{JournalExporter, "Exporter le journal", []Role{Administrateur}},
	{RegistreVoir, "Consulter la fiche de registre du traitement", []Role{Administrateur, Direction}},
	{DispositifVoir, "Consulter le suivi des dispositifs (un partenaire\u00a0: les siens)", Roles},
	{BaremeVoir, "Consulter le barème et le nombre de postes d’adultes-relais", []Role{Administrateur, Gestionnaire, Delegue, Direction}},
	{DispositifModifier, "Tenir les dispositifs, les conventions d’adultes-relais et les programmes de réussite éducative", []Role{Administrateur, Gestionnaire}},
	{PREAgregatSaisir, "Saisir les agrégats annuels de réussite éducative (un référent\u00a0: ceux de ses programmes)", []Role{Administrateur, Gestionnaire, Referent}},
	{AdulteRelaisDemander, "Demander un poste d’adulte-relais (un référent\u00a0: pour son organisme)", []Role{Administrateur, Gestionnaire, Referent}},
	{AdulteRelaisAviser, "Donner l’avis du délégué du préfet sur un poste d’adulte-relais", []Role{Delegue}},
	{AdulteRelaisDecider, "Accorder ou refuser un poste d’adulte-relais", []Role{Gestionnaire, Direction}},
	{AdulteRelaisDeroger, "Accorder une dérogation pour un poste d’adulte-relais", []Role{Direction}},
	{EcheanceVoir, "Consulter le tableau de bord et les échéances", Roles},
	{ContratVoir, "Consulter l’espace des contrats de ville", Roles},
	{ContratModifier, "Rédiger les contrats de ville et leurs avenants", []Role{Gestionnaire}},
	{ContratCommenter, "Commenter un contrat de ville en cours de rédaction", []Role{Gestionnaire, Delegue, Direction, Referent}},
	{ContratSuivre, "Noter l’avancement des engagements d’un contrat de ville", []Role{Gestionnaire, Delegue, Referent}},
	{ContratSigner, "Enregistrer et confirmer les signatures d’un contrat de ville", []Role{Gestionnaire, Direction, Referent}},
	{ContratArreter, "Mettre un contrat de ville à la signature, constater sa signature, dispenser une partie, le dénoncer", []Role{Gestionnaire, Direction}},
	{ContratPublier, "Publier un contrat de ville", []Role{Gestionnaire, Direction}},
	{CisVoir, "Consulter les comités, leurs séances et leurs ordres du jour", Roles},
	{CisModifier, "Tenir les comités : membres, séances, ordres du jour, convocations", []Role{Administrateur, Gestionnaire}},
	{CisProposer, "Proposer un point à l’ordre du jour d’une séance", []Role{Delegue, Direction, Referent}},
	{CisRepondre, "Répondre à une convocation", Roles},
	{CisValider, "Valider un compte rendu", []Role{Direction}},
	{CisCommenter, "Commenter un compte rendu en relecture", []Role{Delegue, Direction, Referent}},
	{DecisionVoir, "Consulter le registre des décisions", Roles},
	{DecisionSuivre, "Dire où en est une décision de son organisme", []Role{Administrateur, Gestionnaire, Delegue, Referent}},
	{IndicateurVoir, "Consulter le catalogue des indicateurs", Roles},
	{IndicateurModifier, "Tenir le catalogue des indicateurs", []Role{Administrateur, Gestionnaire}},
	{RemonteeVoir, "Consulter les remontées de chiffres (un partenaire\u00a0: les siennes)", Roles},
	{RemonteeSaisir, "Saisir et certifier les chiffres de son organisme", []Role{Referent}},
	{RemonteePublier, "Ouvrir, renvoyer et publier les remontées de chiffres", []Role{Administrateur, Gestionnaire}},
	{DiagnosticVoir, "Consulter les diagnostics partagés des quartiers", Roles},
	{DiagnosticContribuer, "Écrire des constats, des enjeux et des leviers, donner un avis, commenter (un délégué\u00a0: sur ses quartiers)", []Role{Gestionnaire, Delegue, Direction, Referent}},
}

// Compte is who asks: an account acting in one fonction. The zero value is a visitor.
type Compte struct {
	ID         int64
	Nom        string
	Courriel   string
	FonctionID int64
	Role       Role
	Organisme  int64
	// OrganismeNom is the name of the organisation today.
	OrganismeNom string
	// QPV is the scope of a délégué: ids of quarters. Empty for the other roles, whom it does not bound.
	QPV []int32
	// Requete and Adresse are those of the request being answered, for the journal: its number, and the visitor's address
	// cut to its network.
	Requete, Adresse string
}

// Tache is the portal itself at work in the background, known as such to the journal and to row-level security. It is no
// account and holds no right.
var Tache = Compte{Role: "tache"}

// Connecte says whether somebody is signed in.
func (c Compte) Connecte() bool { return c.ID != 0 }

// Peut says whether the fonction carries the right.
func (c Compte) Peut(d Droit) bool {
	switch d {
	case Public, Sonde, Atelier, Visiteur:
		return true
	case Connecte:
		return c.Connecte()
	}
	if !c.Connecte() {
		return false
	}
	i := slices.IndexFunc(Matrice, func(l Ligne) bool { return l.Droit == d })
	return i >= 0 && slices.Contains(Matrice[i].Roles, c.Role)
}

// Invitables are the roles that the fonction may grant: a référent only lecteurs of their own organisation, an
// administrateur any. Nobody grants a role above their own.
func (c Compte) Invitables() []Role {
	switch c.Role {
	case Administrateur:
		return Roles
	case Referent:
		return []Role{Lecteur}
	}
	return nil
}

type compteKey struct{}

// With puts who asks into the context of their request.
func With(ctx context.Context, c Compte) context.Context {
	return context.WithValue(ctx, compteKey{}, c)
}

// Of is who asks; a visitor when nobody signed in.
func Of(ctx context.Context) Compte {
	c, _ := ctx.Value(compteKey{}).(Compte)
	return c
}

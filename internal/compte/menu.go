package compte

import (
	"portail/internal/droits"
	"portail/internal/lien"
	"portail/web"
)

// Groups of the agents' menu, each a drop-down list of the main navigation.
const (
	menuTravail        = "Espace agents"  // what people come to do
	menuAdministration = "Administration" // who may come, and what they did
)

// groupes are the groups in the order of the navigation.
var groupes = []string{menuTravail, menuAdministration}

// entrees are the entries in the order of their group, each with the right that opens it. An area adds its line here: under menuTravail,
// before Organismes; one line for its list, none for pages that the list leads to.
var entrees = []struct {
	groupe string
	droit  droits.Droit
	entree web.MenuEntry
}{
	{menuTravail, droits.EcheanceVoir, web.MenuEntry{Texte: "Tableau de bord", Href: lien.TableauDeBord}},
	{menuTravail, droits.EcheanceVoir, web.MenuEntry{Texte: "Échéances", Href: lien.Echeances}},
	{menuTravail, droits.ContratVoir, web.MenuEntry{Texte: "Contrats de ville", Href: lien.ContratsAgents}},
	{menuTravail, droits.DispositifVoir, web.MenuEntry{Texte: "Adultes-relais", Href: lien.AdultesRelais}},
	{menuTravail, droits.DispositifVoir, web.MenuEntry{Texte: "Réussite éducative", Href: lien.ReussiteEducative}},
	{menuTravail, droits.DispositifVoir, web.MenuEntry{Texte: "Autres dispositifs", Href: lien.SuiviDispositifs}},
	{menuTravail, droits.CisVoir, web.MenuEntry{Texte: "Comités", Href: lien.Comites}},
	{menuTravail, droits.DecisionVoir, web.MenuEntry{Texte: "Décisions", Href: lien.Decisions}},
	{menuTravail, droits.DiagnosticVoir, web.MenuEntry{Texte: "Diagnostics partagés", Href: lien.Diagnostics}},
	{menuTravail, droits.InterventionVoir, web.MenuEntry{Texte: "Action des services", Href: lien.Interventions}},
	{menuTravail, droits.RemonteeVoir, web.MenuEntry{Texte: "Remontées de chiffres", Href: lien.Remontees}},
	{menuTravail, droits.IndicateurVoir, web.MenuEntry{Texte: "Indicateurs", Href: lien.Indicateurs}},
	{menuTravail, droits.OrganismeVoir, web.MenuEntry{Texte: "Organismes", Href: lien.Organismes}},
	{menuTravail, droits.Connecte, web.MenuEntry{Texte: "Mon compte", Href: lien.MonCompte}},
	{menuAdministration, droits.CompteVoir, web.MenuEntry{Texte: "Comptes", Href: lien.Comptes}},
	{menuAdministration, droits.CompteInviter, web.MenuEntry{Texte: "Invitations", Href: lien.Invitations}},
	{menuAdministration, droits.DroitsVoir, web.MenuEntry{Texte: "Matrice des droits", Href: lien.MatriceDroits}},
	{menuAdministration, droits.JournalVoir, web.MenuEntry{Texte: "Journal", Href: lien.Journal}},
	{menuAdministration, droits.CompteAdministrer, web.MenuEntry{Texte: "Courriels non expédiés", Href: lien.Courriels}},
	{menuAdministration, droits.RegistreVoir, web.MenuEntry{Texte: "Registre du traitement", Href: lien.Registre}},
}

// Menu is what a person's fonction adds to the main navigation: only what they may open.
func Menu(c droits.Compte) []web.MenuEntry {
	if !c.Connecte() {
		return nil
	}
	var menu []web.MenuEntry
	for _, groupe := range groupes {
		own := web.MenuEntry{Texte: groupe}
		for _, e := range entrees {
			if e.groupe == groupe && c.Peut(e.droit) {
				own.Enfants = append(own.Enfants, e.entree)
			}
		}
		if len(own.Enfants) > 0 {
			menu = append(menu, own)
		}
	}
	return menu
}

package compte

import (
	"portail/internal/droits"
	"portail/internal/lien"
	"portail/web"
)

// Menu is what a person's fonction adds to the main navigation: only what they may open.
func Menu(c droits.Compte) []web.MenuEntry {
	if !c.Connecte() {
		return nil
	}
	entries := []struct {
		droit droits.Droit
		entry web.MenuEntry
	}{
		{droits.CisVoir, web.MenuEntry{Texte: "Comités", Href: lien.Comites}},
		{droits.DecisionVoir, web.MenuEntry{Texte: "Décisions", Href: lien.Decisions}},
		{droits.OrganismeVoir, web.MenuEntry{Texte: "Organismes", Href: lien.Organismes}},
		{droits.CompteVoir, web.MenuEntry{Texte: "Comptes", Href: lien.Comptes}},
		{droits.CompteInviter, web.MenuEntry{Texte: "Invitations", Href: lien.Invitations}},
		{droits.DroitsVoir, web.MenuEntry{Texte: "Matrice des droits", Href: lien.MatriceDroits}},
		{droits.JournalVoir, web.MenuEntry{Texte: "Journal", Href: lien.Journal}},
		{droits.CompteAdministrer, web.MenuEntry{Texte: "Courriels non expédiés", Href: lien.Courriels}},
		{droits.RegistreVoir, web.MenuEntry{Texte: "Registre du traitement", Href: lien.Registre}},
	}
	own := web.MenuEntry{Texte: "Espace agents", Enfants: []web.MenuEntry{{Texte: "Mon compte", Href: lien.MonCompte}}}
	for _, e := range entries {
		if c.Peut(e.droit) {
			own.Enfants = append(own.Enfants, e.entry)
		}
	}
	return []web.MenuEntry{own}
}

package contrat

import (
	"portail/internal/export"
	"portail/internal/lexique"
	"portail/internal/lien"
)

// filtreRetard is the filter of the board, in words.
const filtreRetard = "En retard de plus de 30\u00a0jours"

// fichier describes the board as a spreadsheet.
func (t tableau) fichier(base string) export.Table {
	out := export.Table{Nom: "signatures", Titre: "Signatures des contrats de ville", Colonnes: []export.Colonne{
		{Titre: "Contrat", Nom: "contrat", Largeur: 8}, {Titre: "Texte", Nom: "texte", Largeur: 4}, {Titre: "État du texte", Nom: "etat_texte", Largeur: 4},
		{Titre: "Partie", Nom: "partie", Largeur: 7}, {Titre: "Nature", Nom: "nature", Largeur: 6}, {Titre: "Obligation", Nom: "obligation", Largeur: 4},
		{Titre: "Signature", Nom: "signature", Largeur: 7}, {Titre: "Demandée le", Nom: "demandee_le", Type: export.Date}, {Titre: "Signé le", Nom: "signe_le", Type: export.Date},
		{Titre: "Jours d’attente", Nom: "jours_attente", Type: export.Entier, Description: "Depuis la mise à la signature\u00a0; vide quand rien n’est attendu."},
		{Titre: "Signataires", Nom: "signataires", Type: export.Entier}, {Titre: "Signatures confirmées", Nom: "confirmees", Type: export.Entier}, {Titre: "Scans", Nom: "scans", Type: export.Entier},
		{Titre: "Démonstration", Nom: "demonstration", Type: export.Booleen}, {Titre: "Page", Nom: "page", Type: export.Lien, Largeur: 8},
	}, Apropos: export.Apropos{Source: "Portail, tableau des signatures des contrats de ville", Extrait: t.Maintenant, Permalien: base + t.url().Page(1)}}
	if t.Retard {
		out.Apropos.Filtres = []string{filtreRetard}
	}
	out.Lignes = export.Lignes(t.Etapes, func(e etape) []any {
		return []any{e.Titre, Version{Avenant: e.Avenant}.Nom(), lexique.Libelle(lexique.EtatsContrat, string(e.EtatTexte)), e.OrganismeNom,
			lexique.Libelle(lexique.NaturesPartie, e.Nature), lexique.Libelle(lexique.Obligations, e.Obligation), e.signature(t.Maintenant), e.ASignerLe, e.SigneLe,
			e.attente(t.Maintenant), e.Signataires, e.Confirmees, e.Scans, e.Demonstration, base + lien.ContratVersion(e.ContratID, e.Numero)}
	})
	return out
}

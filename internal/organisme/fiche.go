package organisme

import (
	"strings"

	"portail/internal/droits"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// fiche is what the record of an organisation shows.
type fiche struct {
	identiteFiche
	Rattachements []rattachement
	Parties       []partie
	Historique    []journal.Ligne
	Par           droits.Compte
}

func (v fiche) of(sorte string) []rattachement {
	var all []rattachement
	for _, r := range v.Rattachements {
		if r.Sorte == sorte {
			all = append(all, r)
		}
	}
	return all
}

func (v fiche) modifier() bool { return v.Par.Peut(droits.OrganismeModifier) }

// voitComptes says whether the number of accounts is for whoever asks: an administrateur, or those of the organisation itself who
// look after its accounts.
func (v fiche) voitComptes() bool {
	return v.Par.Peut(droits.CompteVoir) && (v.Par.Role == droits.Administrateur || v.Par.Organisme == v.ID)
}

// proprietes are what is known of the organisation itself.
func (v fiche) proprietes() []web.Description {
	siret := web.Cell{Texte: "non renseigné"}
	if v.Siret != "" {
		siret = web.Cell{Texte: siretGroupe(v.Siret)}
	}
	all := []web.Description{
		{Terme: "Nom", Cell: web.TextCell(v.Nom)},
	}
	if v.Sigle != "" {
		all = append(all, web.Description{Terme: "Sigle", Cell: web.TextCell(v.Sigle)})
	}
	all = append(all, web.Description{Terme: "Nature", Cell: web.TextCell(v.nature())}, web.Description{Terme: "SIRET", Cell: siret})
	if v.Ferme() {
		all = append(all, web.Description{Terme: "Fermé le", Cell: web.TextCell(typo.Date(*v.FermeLe))})
	}
	if v.SuccesseurID != nil {
		all = append(all, web.Description{Terme: "Repris par", Cell: web.LinkCell(v.SuccesseurNom, lien.Organisme(*v.SuccesseurID))})
	}
	if v.voitComptes() {
		text := typo.NPluriel(int64(v.Comptes), "compte actif", "comptes actifs")
		if v.Comptes == 0 {
			text = "aucun compte actif"
		}
		all = append(all, web.Description{Terme: "Comptes", Cell: web.LinkCell(text, lien.Comptes)})
	}
	return all
}

// actes are the changes that the record allows now.
func (v fiche) actes() []web.ButtonProps {
	button := func(texte, acte, icon string) web.ButtonProps {
		return web.ButtonProps{Texte: texte, Href: lien.OrganismeActe(v.ID, acte), Icon: icon, Kind: web.ButtonSecondary}
	}
	all := []web.ButtonProps{button("Corriger", lien.ActeModifier, "fr-icon-edit-line")}
	if !v.Ferme() {
		all = append(all, button("Renommer", lien.ActeRenommer, "fr-icon-refresh-line"))
	}
	if v.SuccesseurID == nil {
		all = append(all, button("Fusionner", lien.ActeFusionner, "fr-icon-group-line"))
	}
	if v.Ferme() {
		return append(all, button("Rouvrir", lien.ActeRouvrir, "fr-icon-time-line"))
	}
	return append(all, button("Fermer", lien.ActeFermer, "fr-icon-lock-line"))
}

// contacts is the table of how to reach the posts of the organisation.
func (v fiche) contacts() web.TableProps {
	t := web.TableProps{ID: "contacts", Caption: "Contacts par fonction", CaptionHidden: true,
		Columns: []web.Column{{Titre: "Fonction"}, {Titre: "Courriel"}, {Titre: "Téléphone"}}}
	if v.modifier() {
		t.Columns = append(t.Columns, web.Column{Titre: "Modifier"})
	}
	for _, c := range v.of(lienContact) {
		row := []web.Cell{web.TextCell(c.Nom), {Texte: c.Detail}, {Texte: typo.Telephone(c.Complement)}}
		if c.Detail != "" {
			row[1].Href = "mailto:" + c.Detail
		}
		if c.Complement != "" {
			row[2].Href = "tel:" + typo.TelephoneChiffres(c.Complement)
		}
		if v.modifier() {
			row = append(row, web.LinkCell("Modifier "+typo.Guillemets(c.Nom), lien.OrganismeContact(v.ID, c.ID)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// comites is the table of the committees that whoever asks may know of.
func (v fiche) comites() web.TableProps {
	t := web.TableProps{ID: "comites", Caption: "Comités", CaptionHidden: true, Columns: []web.Column{{Titre: "Comité"}}}
	for _, c := range v.of(lienComite) {
		t.Rows = append(t.Rows, []web.Cell{web.LinkCell(c.Nom, lien.Comite(c.ID))})
	}
	return t
}

// anciensNoms is the table of the names that the organisation had, the latest first.
func (v fiche) anciensNoms() web.TableProps {
	t := web.TableProps{ID: "anciens-noms", Caption: "Anciens noms", CaptionHidden: true, Columns: []web.Column{{Titre: "Nom"}, {Titre: "Jusqu’au"}}}
	for _, n := range v.of(lienNom) {
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(titre(n.Nom, n.Detail)), web.TextCell(typo.Date(*n.Le))})
	}
	return t
}

func (v fiche) predecesseurs() web.TableProps {
	t := web.TableProps{ID: "predecesseurs", Caption: "Organismes repris", CaptionHidden: true, Columns: []web.Column{{Titre: "Organisme"}, {Titre: "Fermé le"}}}
	for _, p := range v.of(lienPredecesseur) {
		t.Rows = append(t.Rows, []web.Cell{web.LinkCell(titre(p.Nom, p.Detail), lien.Organisme(p.ID)), web.TextCell(typo.Date(*p.Le))})
	}
	return t
}

func (v fiche) contrats() web.TableProps {
	t := web.TableProps{ID: "contrats", Caption: "Contrats de ville", CaptionHidden: true,
		Columns: []web.Column{{Titre: "Contrat de ville"}, {Titre: "Génération"}, {Titre: "Quartiers"}}}
	for _, c := range v.of(lienContrat) {
		generation := "2015-2023"
		if strings.HasPrefix(c.Detail, "CN") {
			generation = "2024-2030"
		}
		t.Rows = append(t.Rows, []web.Cell{{Texte: c.Nom, Note: c.Detail}, web.TextCell(generation),
			web.LinkCell("Voir les quartiers", lien.QPVParEPCI(c.Complement))})
	}
	return t
}

func (v fiche) historique() journal.HistoriqueProps {
	return journal.HistoriqueProps{ID: "historique", Level: 2, Lignes: v.Historique, Noms: v.Par.Role.Prefecture()}
}

package dispositif

import (
	"portail/internal/droits"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// ficheRealisation is what a record shows.
type ficheRealisation struct {
	Realisation
	Montants   []montantAnnuel
	Agregats   []agregat
	Historique []journal.Ligne
	Par        droits.Compte
}

func (v ficheRealisation) modifier() bool { return v.Par.Peut(droits.DispositifModifier) }

// voitNu says whether bare counts are for whoever asks: the producer, and those who type them in.
func (v ficheRealisation) voitNu() bool { return v.modifier() || v.Par.Organisme == v.PorteurID }

func (v ficheRealisation) boutons() []web.ButtonProps {
	return []web.ButtonProps{
		{Texte: "Modifier", Href: lien.RealisationActe(v.ID, lien.ActeModifier), Kind: web.ButtonSecondary, Icon: "fr-icon-edit-line"},
		{Texte: "Saisir les montants d’une année", Href: lien.RealisationActe(v.ID, lien.ActeMontants), Kind: web.ButtonSecondary},
		{Texte: "Saisir les agrégats d’une année", Href: lien.RealisationActe(v.ID, lien.ActeAgregats), Kind: web.ButtonSecondary},
	}
}

func (r Realisation) periode() string {
	if r.Fin == nil {
		return "depuis le " + typo.Date(r.Debut)
	}
	return "du " + typo.Date(r.Debut) + " au " + typo.Date(*r.Fin)
}

func (v ficheRealisation) proprietes() []web.Description {
	return []web.Description{
		{Terme: "Dispositif", Cell: web.LinkCell(v.Dispositif, lien.SuiviDispositif(v.DispositifID))},
		{Terme: "Porteur", Cell: web.LinkCell(v.Porteur, lien.Organisme(v.PorteurID))},
		{Terme: "Quartiers", Cell: web.ComponentCell(quartiersLiens(v.QPVCodes, v.QPVNoms))},
		{Terme: "Période", Cell: web.TextCell(v.periode())},
		{Terme: "État", Cell: web.TextCell(lexique.Libelle(lexique.EtatsRealisation, v.Etat))},
		{Terme: "Page publique", Cell: web.TextCell(map[bool]string{true: "publiée", false: "non publiée"}[v.Publie])},
	}
}

func (v ficheRealisation) montants() web.TableProps {
	t := web.TableProps{ID: "montants", Caption: "Montants par année et par financeur", CaptionHidden: true, Vide: "Aucun montant enregistré.",
		Columns: []web.Column{{Titre: "Année"}, {Titre: "Financeur"}, {Titre: "Montant", Numeric: true}}}
	for _, m := range v.Montants {
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(anneeTexte(m.Annee)), web.TextCell(m.Financeur), web.TextCell(typo.Euros(float64(m.Centimes)/100, 2))})
	}
	return t
}

func (v ficheRealisation) agregats() web.TableProps {
	t := web.TableProps{ID: "agregats", Caption: "Agrégats par année", CaptionHidden: true, Vide: "Aucun agrégat enregistré.",
		Columns: []web.Column{{Titre: "Année"}, {Titre: "Agrégat"}, {Titre: "Valeur", Numeric: true}}}
	masked := masques(v.Agregats)
	for _, a := range v.Agregats {
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(anneeTexte(a.Annee)), web.TextCell(a.Libelle), web.TextCell(a.montre(masked[a.Annee] && !v.voitNu()))})
	}
	return t
}

func (v ficheRealisation) historique() journal.HistoriqueProps {
	return journal.HistoriqueProps{ID: "historique", Level: 2, Lignes: v.Historique, Champs: champsRealisation, Noms: v.Par.Role.Prefecture()}
}

// tableauCatalogue is the catalogue as a table.
func (v catalogue) tableau() web.TableProps {
	t := web.TableProps{ID: "dispositifs", Caption: "Dispositifs", CaptionHidden: true, Columns: []web.Column{{Titre: "Dispositif"}, {Titre: "Fiches"}, {Titre: "Public"}, {Titre: "Site public"}}}
	for _, d := range v.Dispositifs {
		name := web.LinkCell(d.titre(), lien.SuiviDispositif(d.ID))
		if d.FermeLe != nil {
			name.Note = "n’est plus en vigueur depuis le " + typo.DateCourte(*d.FermeLe)
		}
		records := web.LinkCell(typo.NPluriel(d.Fiches, "fiche", "fiches"), d.fiches())
		t.Rows = append(t.Rows, []web.Cell{name, records, web.TextCell(d.PublicVise), web.TextCell(map[bool]string{true: "publié", false: "non publié"}[d.Publie])})
	}
	return t
}

// fiches is where the records of a dispositif are.
func (d Dispositif) fiches() string {
	switch d.Nature {
	case "adultes_relais":
		return lien.AdultesRelais
	case "pre":
		return lien.ReussiteEducative
	}
	return lien.SuiviDispositif(d.ID) + "#fiches"
}

func (v ficheDispositif) modifier() bool { return v.Par.Peut(droits.DispositifModifier) }

func (v ficheDispositif) proprietes() []web.Description {
	text := func(terme, texte string) web.Description {
		if texte == "" {
			texte = "non renseigné"
		}
		return web.Description{Terme: terme, Cell: web.TextCell(texte)}
	}
	all := []web.Description{text("Pour qui", v.PublicVise), text("Base légale", v.BaseLegale), text("À contacter", v.contact()), text("Courriel", v.ContactCourriel),
		text("Téléphone", typo.Telephone(v.ContactTelephone)), {Terme: "Quartiers concernés", Cell: web.ComponentCell(quartiersLiens(v.QPVCodes, v.QPVNoms))}, text("Fiches", v.nature())}
	if v.Publie {
		all = append(all, web.Description{Terme: "Site public", Cell: web.LinkCell("Voir la page publique", lien.Dispositif(v.Code))})
	} else {
		all = append(all, text("Site public", "non publié"))
	}
	return all
}

// contact is whom to ask: an organisation and a post.
func (d Dispositif) contact() string {
	switch {
	case d.ContactFonction == "":
		return d.ContactOrganisme
	case d.ContactOrganisme == "":
		return d.ContactFonction
	}
	return d.ContactOrganisme + ", " + d.ContactFonction
}

func (v ficheDispositif) realisations() web.TableProps {
	t := web.TableProps{ID: "realisations", Caption: "Fiches", CaptionHidden: true, Vide: "Aucune fiche.",
		Columns: []web.Column{{Titre: "Intitulé"}, {Titre: "Porteur"}, {Titre: "Quartiers"}, {Titre: "Période"}, {Titre: "État"}, {Titre: "Montants", Numeric: true}}}
	for _, r := range v.Realisations {
		name := web.LinkCell(r.Intitule, lien.Realisation(r.ID))
		if r.Demonstration {
			name.Note = "démonstration"
		}
		t.Rows = append(t.Rows, []web.Cell{name, web.TextCell(r.Porteur), web.TextCell(typo.Liste(r.QPVNoms)), web.TextCell(r.periode()),
			web.TextCell(lexique.Libelle(lexique.EtatsRealisation, r.Etat)), web.TextCell(typo.Euros(float64(r.Centimes)/100, 0))})
	}
	return t
}

package organisme

import (
	"net/url"
	"slices"
	"strconv"

	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

// champSuccesseur is the hidden field of a merger.
const champSuccesseur = "successeur"

// fil is the way to the list of organisations.
var fil = []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Organismes", Href: lien.Organismes}}

// filOrganisme is the way to an organisation.
func filOrganisme(o Organisme) []web.Lien {
	return append(slices.Clone(fil), web.Lien{Texte: o.Titre(), Href: lien.Organisme(o.ID)})
}

// filActe is the way to the page of a change of an organisation.
func filActe(o Organisme, acte string) []web.Lien {
	return append(filOrganisme(o), web.Lien{Texte: acte})
}

// formActe is the form of a change of an organisation.
func formActe(o Organisme, acte, titre, bouton string, champs ...formulaire.Champ) formulaire.Page {
	return formulaire.Page{Titre: titre, Bouton: bouton, Objet: o.Titre(), Fil: filOrganisme(o), Retour: lien.Organisme(o.ID),
		Action: lien.OrganismeActe(o.ID, acte), Champs: champs, Caches: []string{httpx.ChampVersion},
		Form: httpx.NewForm(url.Values{httpx.ChampVersion: {strconv.Itoa(o.Version)}})}
}

func valeursIdentite(o Organisme) url.Values {
	return url.Values{"nom": {o.Nom}, "sigle": {o.Sigle}, "nature": {o.Nature}, "siret": {o.Siret}, httpx.ChampVersion: {strconv.Itoa(o.Version)}}
}

func lireIdentite(f httpx.Form) Identite {
	return Identite{Nom: f.Texte("nom"), Sigle: f.Texte("sigle"), Nature: f.Texte("nature"), Siret: f.Texte("siret")}
}

var (
	champSigle   = formulaire.Champ{Nom: "sigle", Libelle: "Sigle", Max: maxSigle, Facultatif: true}
	champsEdites = []formulaire.Champ{
		{Nom: "nom", Libelle: "Nom", Max: maxNom, Autocomplete: "organization"}, champSigle,
		{Nom: "nature", Libelle: "Nature", Options: httpx.Options(lexique.NaturesOrganisme), Vide: "Choisir une nature"},
		{Nom: "siret", Libelle: "SIRET", Aide: "14" + typo.NBSP + "chiffres, avec ou sans espaces. Laissez vide s’il n’est pas connu.", Max: maxSigle, Facultatif: true,
			Montre: func(s string) string { return siretGroupe(saisie.Chiffres(s)) }},
	}
)

func formCreation(f httpx.Form) formulaire.Page {
	return formulaire.Page{Titre: "Ajouter un organisme", Bouton: "Enregistrer l’organisme", Fil: fil, Retour: lien.Organismes,
		Action: lien.OrganismeNouveau, Champs: champsEdites, Caches: []string{httpx.ChampCle}, Form: f}
}

func formCorrection(o Organisme) formulaire.Page {
	f := formActe(o, lien.ActeModifier, "Corriger", "Enregistrer les corrections", slices.Clone(champsEdites)...)
	f.Form = httpx.NewForm(valeursIdentite(o))
	f.Champs[0].Aide = "Pour corriger une faute seulement. Si l’organisme change de nom, utilisez " + typo.Guillemets("Renommer") + ", qui garde l’ancien."
	return f
}

func formRenommage(o Organisme) formulaire.Page {
	f := formActe(o, lien.ActeRenommer, "Renommer", "Renommer l’organisme",
		formulaire.Champ{Nom: "nom", Libelle: "Nouveau nom", Max: maxNom, Autocomplete: "organization",
			Aide: "Le nom actuel reste dans l’historique, et sur les documents qui le portent."},
		champSigle,
		formulaire.Champ{Nom: "le", Libelle: "Date du nouveau nom", Type: "date", Aide: "Premier jour où l’organisme porte ce nom.", Montre: formulaire.MontreJour})
	f.Form.Valeurs.Set("nom", o.Nom)
	f.Form.Valeurs.Set("sigle", o.Sigle)
	return f
}

func formFermeture(o Organisme) formulaire.Page {
	f := formActe(o, lien.ActeFermer, "Fermer", "Fermer l’organisme", champLe("Date de fermeture"))
	f.Apercu = fermetureApercu(o)
	f.Form.Valeurs.Set("le", o.fermeture())
	return f
}

func formReouverture(o Organisme) formulaire.Page {
	f := formActe(o, lien.ActeRouvrir, "Rouvrir", "Rouvrir l’organisme")
	f.Apercu = reouvertureApercu(o)
	return f
}

// champLe is the day of a change, of an organisation that may be closed already.
func champLe(libelle string) formulaire.Champ {
	return formulaire.Champ{Nom: "le", Libelle: libelle, Type: "date", Montre: formulaire.MontreJour}
}

// fermeture is the day that an organisation closed, as a field holds it.
func (o Organisme) fermeture() string {
	if !o.Ferme() {
		return ""
	}
	return typo.DateISO(*o.FermeLe)
}

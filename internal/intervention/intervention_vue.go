package intervention

import (
	"net/url"
	"strconv"
	"strings"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

// titre is the name of the pages of the area.
const titre = "L’action des services dans les quartiers"

func fil() []web.Lien {
	return []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Action des services", Href: lien.Interventions}}
}

// fiche is what the page of a declared line shows.
type fiche struct {
	Intervention
	Par        droits.Compte
	Historique []journal.Ligne
}

// titre tells a line from the others.
func (i Intervention) titre() string {
	return typo.Majuscule(extrait(i.Description, maxTitre)) + " (" + i.QPVNom + ", " + strconv.Itoa(i.Annee) + ")"
}

// maxTitre is how much of a description stands in the title of its page.
const maxTitre = 80

// suite is the description by paragraphs, where the title does not hold it whole.
func (i Intervention) suite() []string {
	if extrait(i.Description, maxTitre) == i.Description {
		return nil
	}
	return paragraphes(i.Description)
}

// extrait is the beginning of a text, on one line.
func extrait(texte string, most int) string {
	texte = saisie.Ligne(texte)
	if r := []rune(texte); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return texte
}

// valeurs are the fields of the form.
func (i Intervention) valeurs() url.Values {
	v := i.declaration().valeurs()
	v.Set(httpx.ChampVersion, strconv.Itoa(i.Version))
	return v
}

func (d Declaration) valeurs() url.Values {
	v := url.Values{"qpv": {d.QPV}, "thematique": {d.Thematique}, "credits": {d.Credits}, "description": {d.Description}, "source": {d.Source}}
	if d.Annee != 0 {
		v.Set("annee", strconv.Itoa(d.Annee))
	}
	if d.Montant != nil {
		v.Set("montant", typo.Decimal(float64(*d.Montant)/100, 2))
	}
	if d.Etp != nil {
		v.Set("etp", typo.Auto(*d.Etp, 2))
	}
	if d.Places != nil {
		v.Set("places", typo.Nombre(*d.Places))
	}
	return v
}

// lu is a field as people read it.
func (i Intervention) lu(champ, valeur string) string {
	switch champ {
	case "qpv":
		return i.QPVNom
	case "thematique":
		return lexique.Libelle(lexique.Thematiques, valeur)
	case "credits":
		return lexique.Libelle(lexique.Credits, valeur)
	}
	return valeur
}

// lire reads the form; the faults of what cannot be read come with it.
func lire(f httpx.Form) (d Declaration, faults fault.Fields) {
	faults = fault.Fields{}
	d = Declaration{QPV: f.Texte("qpv"), Thematique: f.Texte("thematique"), Credits: f.Texte("credits"), Description: f.Brut("description"), Source: f.Brut("source")}
	d.Annee = int(saisie.Entier(faults, "annee", f.Texte("annee"), premiereAnnee, derniereAnnee))
	if told := faults["annee"]; told != "" {
		faults["annee"] = "Indiquez une année entre " + strconv.Itoa(premiereAnnee) + " et " + strconv.Itoa(derniereAnnee) + "."
	}
	if t := f.Texte("montant"); t != "" {
		d.Montant = new(saisie.Centimes(faults, "montant", t))
	}
	if t := f.Texte("etp"); t != "" {
		d.Etp = new(saisie.Decimal(faults, "etp", t, 0, maxEtp))
		if _, decimals, _ := strings.Cut(strings.ReplaceAll(t, ",", "."), "."); len(strings.TrimSpace(decimals)) > 2 {
			faults.Add("etp", "Deux chiffres au plus après la virgule.")
		}
	}
	if t := f.Texte("places"); t != "" {
		d.Places = new(saisie.Entier(faults, "places", t, 0, maxPlaces))
	}
	return d, faults
}

// formulaireDe is the page that declares a line, or changes one.
func formulaireDe(f httpx.Form, quartiers []choix) formulaire.Page {
	options := make([]web.Option, len(quartiers))
	for i, q := range quartiers {
		options[i] = web.Option{Value: q.Valeur, Label: q.Nom}
	}
	return formulaire.Page{Titre: "Déclarer une action", Bouton: "Déclarer cette action", Fil: fil(), Retour: lien.Interventions, Action: lien.InterventionNouvelle,
		Caches: []string{httpx.ChampCle}, Form: f, Champs: []formulaire.Champ{
			{Nom: "annee", Libelle: "Année", Mode: "numeric", Max: 4},
			{Nom: "qpv", Libelle: "Quartier", Options: options, Vide: "Choisir", Aide: "Une action menée dans plusieurs quartiers se déclare une fois par quartier, avec les moyens de chacun."},
			{Nom: "thematique", Libelle: "Thématique", Options: httpx.Options(lexique.Thematiques), Vide: "Choisir"},
			{Nom: "credits", Libelle: "Crédits", Type: formulaire.Choix, Options: httpx.Options(lexique.Credits), Aide: "Droit commun : les moyens ordinaires de votre organisme. Crédits spécifiques : ceux de la politique de la ville."},
			{Nom: "description", Libelle: "Ce que fait votre organisme", Type: "textarea", Lignes: 5, Max: maxDescription, Aide: "Signé du nom de votre organisme. N’écrivez le nom d’aucune personne."},
			{Nom: "montant", Libelle: "Euros", Aide: "Par exemple 12 500,50", Mode: "decimal", Max: 20, Facultatif: true, Groupe: moyens},
			{Nom: "etp", Libelle: "Équivalents temps plein", Aide: "Par exemple 0,5", Mode: "decimal", Max: 12, Facultatif: true, Groupe: moyens},
			{Nom: "places", Libelle: "Places", Aide: "Ou bénéficiaires prévus", Mode: "numeric", Max: 12, Facultatif: true, Groupe: moyens},
			{Nom: "source", Libelle: "Source", Max: maxSource, Facultatif: true, Aide: "D’où viennent ces chiffres : budget, rapport d’activité…"},
		}}
}

// moyens is the legend of the means of a line.
const moyens = "Moyens de l’année, dans ce quartier"

// formulaireActuel is the page that changes a line.
func formulaireActuel(i Intervention, quartiers []choix) formulaire.Page {
	p := formulaireDe(httpx.NewForm(i.valeurs()), quartiers)
	p.Titre, p.Objet, p.Bouton, p.Retour = "Modifier l’action", i.titre(), "Enregistrer", lien.Intervention(i.ID)
	p.Fil = append(fil(), web.Lien{Texte: extrait(i.Description, 60), Href: lien.Intervention(i.ID)})
	p.Action, p.Caches = lien.InterventionActe(i.ID, lien.ActeModifier), []string{httpx.ChampVersion}
	return p
}

// description is the record of a line.
func (i Intervention) description() []web.Description {
	d := func(terme, texte string) web.Description {
		return web.Description{Terme: terme, Cell: web.TextCell(texte)}
	}
	all := []web.Description{d("Service", i.Organisme), {Terme: "Quartier", Cell: web.LinkCell(i.QPVNom, lien.Diagnostic(i.QPV))},
		d("Thématique", lexique.Libelle(lexique.Thematiques, i.Thematique)), d("Année", strconv.Itoa(i.Annee)), d("Crédits", lexique.Libelle(lexique.Credits, i.Credits)),
		d("Moyens", moyensEnMots(euros(i.Montant), i.Etp, i.Places))}
	if i.Source != "" {
		all = append(all, d("Source", i.Source))
	}
	return append(all, d("Déclarée le", typo.Date(i.CreeLe)))
}

func euros(cents *int64) *float64 {
	if cents == nil {
		return nil
	}
	return new(float64(*cents) / 100)
}

// nonChiffree is said of an action without means.
const nonChiffree = "non chiffrée"

// moyensEnMots writes means in words.
func moyensEnMots(montant, etp *float64, places *int64) string {
	var all []string
	if montant != nil {
		all = append(all, enEuros(*montant))
	}
	if etp != nil {
		all = append(all, typo.Auto(*etp, 2)+typo.NBSP+"ETP")
	}
	if places != nil {
		all = append(all, typo.NPluriel(*places, "place", "places"))
	}
	if len(all) == 0 {
		return nonChiffree
	}
	return strings.Join(all, ", ")
}

// enEuros writes an amount without useless cents.
func enEuros(v float64) string {
	if v == float64(int64(v)) {
		return typo.Euros(v, 0)
	}
	return typo.Euros(v, 2)
}

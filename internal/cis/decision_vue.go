package cis

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"portail/internal/droits"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/relance"
	"portail/web"
	"portail/web/typo"
)

// champsDecision are the labels of the fields of journal lines about a decision.
var champsDecision = map[string]string{
	"texte": "Décision", "organisme": "Organisme", "responsable": "Responsable", "echeance": "Échéance", "qpv": "Quartier", "contrat": "Contrat",
	"restreinte": "Réservée aux services de l’État", "etat": "État", "suivi": "Suivi", "séance": "Séance", "par": "Réponse par",
}

// ficheDecision is what the page of a decision shows.
type ficheDecision struct {
	Decision
	Suivis     []suiviLigne
	Envois     []relance.Envoi
	Historique []journal.Ligne
	Par        droits.Compte
	Form       httpx.Form // of the follow-up
}

func filDecision(d Decision, suite ...web.Lien) []web.Lien {
	return append([]web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Décisions", Href: lien.Decisions}, {Texte: d.Titre(), Href: lien.Decision(d.ID)}}, suite...)
}

func (v ficheDecision) modifier() bool { return v.Par.Peut(droits.CisModifier) }

// voitRappels says whether the reminders are for whoever asks: the préfecture, and the owner who gets them.
func (v ficheDecision) voitRappels() bool {
	return v.Par.Role.Prefecture() || v.Par.Organisme == v.OrganismeID
}

// proprietes are what is known of the decision.
func (v ficheDecision) proprietes() []web.Description {
	owner := web.LinkCell(v.OrganismeNom, lien.Organisme(v.OrganismeID))
	date, note := delai(v.Etat, v.Echeance)
	all := []web.Description{{Terme: "À mener par", Cell: owner}}
	add := func(term string, cell web.Cell) { all = append(all, web.Description{Terme: term, Cell: cell}) }
	if v.Responsable != "" {
		add("Responsable", web.TextCell(v.Responsable))
	}
	add("Échéance", web.Cell{Texte: date, Note: note})
	if v.Motif != "" {
		add("Motif", web.TextCell(v.Motif))
	}
	if v.ClosLe != nil {
		add("Close le", web.TextCell(typo.Date(*v.ClosLe)))
	}
	if v.QPVNom != "" {
		add("Quartier", web.LinkCell(v.QPVNom, lien.Fiche(v.QPVCode)))
	}
	if v.ContratTitre != "" {
		add("Contrat de ville", v.lienContrat(v.ContratTitre, lien.ContratAgents(*v.ContratID)))
	}
	if v.Decision.Engagement != "" {
		add("Engagement du contrat", v.lienContrat(v.Decision.Engagement, lien.ContratSuivi(*v.ContratID, *v.EngagementLignee)))
	}
	if v.SeanceDebut != nil {
		add("Prise", web.LinkCell(v.ComiteNom+", séance du "+typo.Date(*v.SeanceDebut), lien.Seance(v.SeanceID)))
	}
	if v.PointTitre != "" {
		add("Point de l’ordre du jour", web.TextCell(v.PointTitre))
	}
	if v.Restreinte {
		add("Diffusion", web.TextCell("Réservée aux services de l’État et à l’organisme qui la mène"))
	}
	return all
}

// lienContrat leads to a page of a contract whoever may open it.
func (v ficheDecision) lienContrat(text, href string) web.Cell {
	if !v.Par.Peut(droits.ContratVoir) {
		return web.TextCell(text)
	}
	return web.LinkCell(text, href)
}

// contratEnMots is the contract, and the engagement if one is cited.
func (d Decision) contratEnMots() string {
	if d.Engagement == "" {
		return d.ContratTitre
	}
	return d.ContratTitre + " – " + debutDe(d.Engagement)
}

// texte is what is cited as a list of a form holds it: 12, or 12-34 for an engagement; empty for nothing.
func (c ContratCite) texte() string {
	switch {
	case c.ContratID == nil:
		return ""
	case c.EngagementLignee == nil:
		return strconv.FormatInt(*c.ContratID, 10)
	}
	return strconv.FormatInt(*c.ContratID, 10) + "-" + strconv.FormatInt(*c.EngagementLignee, 10)
}

// etats are the answers that the form of the follow-up offers.
func (v ficheDecision) etats() []web.Option {
	return optionsEtat(v.suites(v.Par), v.Form.Texte("etat"))
}

// optionsEtat are the given states as radio buttons.
func optionsEtat(etats []string, chosen string) []web.Option {
	hints := map[string]string{Bloquee: "Dites ce qui bloque dans le texte ci-dessous.", Abandonnee: "Dites pourquoi dans le texte ci-dessous."}
	var all []web.Option
	for _, m := range lexique.EtatsDecision {
		if slices.Contains(etats, m.Code) {
			all = append(all, web.Option{Value: m.Code, Label: m.Libelle, Hint: hints[m.Code], Selected: m.Code == chosen})
		}
	}
	return all
}

// suivis are the follow-ups as a table, the latest first.
func (v ficheDecision) suivis() web.TableProps {
	t := web.TableProps{ID: "suivis", Caption: "Suivis", CaptionHidden: true, NoRowHeader: true,
		Columns: []web.Column{{Titre: "Date"}, {Titre: "État"}, {Titre: "Suivi"}, {Titre: "Par"}}}
	for _, s := range v.Suivis {
		by := web.TextCell(s.OrganismeNom)
		if s.Par == "lien" {
			by.Note = "par le lien du rappel"
		}
		texte := s.Texte
		if texte == "" {
			texte = "–"
		}
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(typo.DateHeure(s.Le)), web.ComponentCell(web.Badge(etatDecision(s.Etat), tonDecision(s.Etat))), web.TextCell(texte), by})
	}
	return t
}

// rappels are the last reminder and the next.
func (v ficheDecision) rappels() []web.Description {
	next := ""
	switch {
	case v.Close():
		next = "aucun, la décision est close"
	case v.NePlusRelancer:
		next = "aucun, la préfecture a arrêté les relances"
	default:
		next = relance.Prochain(v.Envois, v.Echeance, typo.Aujourdhui())
	}
	return []web.Description{{Terme: "Dernier rappel", Cell: web.TextCell(relance.Dernier(v.Envois))}, {Terme: "Prochain rappel", Cell: web.TextCell(next)}}
}

func (v ficheDecision) historique() journal.HistoriqueProps {
	return journal.HistoriqueProps{ID: "historique", Level: 2, Lignes: v.Historique, Champs: champsDecision, Noms: v.Par.Role.Prefecture()}
}

// valeursDecision is a decision as its form shows it.
func valeursDecision(d Decision) url.Values {
	v := url.Values{"texte": {d.Texte}, "organisme": {strconv.FormatInt(d.OrganismeID, 10)}, "responsable": {d.Responsable}, httpx.ChampVersion: {strconv.Itoa(d.Version)}}
	if d.Echeance != nil {
		v.Set("echeance", typo.DateISO(*d.Echeance))
	}
	if d.QPVID != nil {
		v.Set("qpv", strconv.Itoa(int(*d.QPVID)))
	}
	v.Set("contrat", d.ContratCite.texte())
	if d.Restreinte {
		v.Set("restreinte", "oui")
	}
	return v
}

// optionsChoix are the choices of one kind for a list; the kept one is offered even if it is no longer there.
func optionsChoix(choix []choixDecision, kind, kept, keptName string) []web.Option {
	var all []web.Option
	found := kept == ""
	for _, c := range choix {
		if c.Kind == kind {
			all = append(all, web.Option{Value: c.Valeur, Label: c.Nom})
			found = found || c.Valeur == kept
		}
	}
	if !found {
		all = append(all, web.Option{Value: kept, Label: keptName})
	}
	return all
}

// champsCommande are the fields of what is decided.
func champsCommande(d Decision, choix []choixDecision) []formulaire.Champ {
	return []formulaire.Champ{
		{Nom: "texte", Libelle: "Ce qui est décidé", Type: "textarea", Max: maxDecision, Lignes: 3},
		{Nom: "organisme", Libelle: "À mener par", Options: optionsChoix(choix, "organisme", numeroTexte(d.OrganismeID), d.OrganismeNom), Vide: "Choisir un organisme"},
		{Nom: "responsable", Libelle: "Responsable", Max: maxResponsable, Facultatif: true,
			Aide: "Fonction ou nom d’un agent de cet organisme. S’il a un compte sous ce nom, c’est lui qui est relancé."},
		{Nom: "echeance", Libelle: "Échéance", Type: "date", Facultatif: true, Montre: formulaire.MontreJour},
		{Nom: "qpv", Libelle: "Quartier", Options: optionsChoix(choix, "qpv", texteChoix(d.QPVID), d.QPVNom), Vide: "Aucun en particulier", Facultatif: true},
		{Nom: "contrat", Libelle: "Contrat de ville ou engagement", Options: optionsChoix(choix, "contrat", d.ContratCite.texte(), d.contratEnMots()), Vide: "Aucun", Facultatif: true},
		{Nom: "restreinte", Libelle: "Diffusion", Type: formulaire.Cases, Facultatif: true,
			Options: []web.Option{{Value: "oui", Label: "Réserver aux services de l’État", Hint: "Les autres membres du comité ne la verront pas, sauf l’organisme qui la mène."}}},
	}
}

func formDecision(d Decision, choix []choixDecision) formulaire.Page {
	return formulaire.Page{Titre: "Corriger", Bouton: "Enregistrer les corrections", Objet: d.Titre(), Fil: filDecision(d), Retour: lien.Decision(d.ID),
		Action: lien.DecisionActe(d.ID, lien.ActeModifier), Champs: champsCommande(d, choix), Caches: []string{httpx.ChampVersion}, Form: httpx.NewForm(valeursDecision(d))}
}

// badges are the state of the decision and what else must be seen at once.
func (v ficheDecision) badges() []templ.Component {
	all := []templ.Component{web.Badge(etatDecision(v.Etat), tonDecision(v.Etat))}
	if v.EnRetard() {
		all = append(all, web.Badge("En retard", web.ToneError))
	}
	if v.NePlusRelancer && !v.Close() {
		all = append(all, web.Badge("Plus relancée", web.ToneNeutral))
	}
	if v.Demonstration {
		all = append(all, web.Badge("Donnée de démonstration", web.ToneNew))
	}
	return all
}

// facultatif is a control that may stay empty, with its hint.
func facultatif(c web.Control, hint string) web.Control {
	c.Required, c.Hint = false, hint
	c.Label += " (facultatif)"
	return c
}

// titreErreur is the title of a window: it says at once that something was refused.
func titreErreur(f httpx.Form, titre string) string {
	if len(f.Fautes) > 0 {
		return "Erreur" + typo.NBSP + ": " + titre
	}
	return titre
}

package cis

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/texte"
	"portail/web"
	"portail/web/typo"
)

// aComposer is a meeting that has no minutes yet.
type aComposer struct{ Seance Seance }

// compteRenduVue is what the page of minutes shows.
type compteRenduVue struct {
	CompteRendu
	Seance       Seance
	Sections     []Section // those that whoever reads may see
	Commentaires []Commentaire
	Autres       []CompteRendu // what it corrects, and what corrects it
	Extraits     []extraitLigne
	Historique   []journal.Ligne
	Par          droits.Compte
	Form         httpx.Form // of the act that was refused, or of a comment
}

func filCompteRendu(c CompteRendu) []web.Lien {
	return []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Comités", Href: lien.Comites}, {Texte: "Séance", Href: lien.Seance(c.SeanceID)},
		{Texte: c.Titre(), Href: lien.CompteRendu(c.ID)}}
}

// fil is the way to the minutes.
func (v compteRenduVue) fil() []web.Lien {
	return append(filSeance(v.Seance), web.Lien{Texte: v.CompteRendu.Titre()})
}

func (v compteRenduVue) modifier() bool {
	return v.Par.Peut(droits.CisModifier) && !v.Valide()
}

// peutCommenter says whether the form of a comment is shown; whether the organisation attended is judged when it is sent.
func (v compteRenduVue) peutCommenter() bool {
	return v.Par.Peut(droits.CisCommenter) && v.relectureOuverte(typo.Aujourdhui()) && v.Par.Role != droits.Direction
}

// peutValider says whether the form of the validation is shown.
func (v compteRenduVue) peutValider() bool {
	return v.Par.Peut(droits.CisValider) && !v.Valide() && (v.CompteRendu.Etat == crRelecture || v.RectifieID != nil)
}

// tot says whether the review still runs.
func (v compteRenduVue) tot() bool { return v.relectureOuverte(typo.Aujourdhui()) }

func (v compteRenduVue) badges() []templ.Component {
	tone := web.ToneInfo
	if v.Valide() {
		tone = web.ToneSuccess
	}
	all := []templ.Component{web.Badge(lexique.Libelle(lexique.EtatsCompteRendu, v.CompteRendu.Etat), tone)}
	if v.CompteRendu.Demonstration {
		all = append(all, web.Badge("Donnée de démonstration", web.ToneNew))
	}
	return all
}

// proprietes are what is known of the minutes.
func (v compteRenduVue) proprietes() []web.Description {
	all := []web.Description{{Terme: "Comité", Cell: web.LinkCell(v.Seance.ComiteNom, lien.Comite(v.Seance.ComiteID))},
		{Terme: "Séance", Cell: web.LinkCell(v.Seance.Titre(), lien.Seance(v.SeanceID))}}
	add := func(term string, cell web.Cell) { all = append(all, web.Description{Terme: term, Cell: cell}) }
	if v.RelectureLe != nil && v.CompteRendu.Etat == crRelecture {
		add("Commentaires jusqu’au", web.TextCell(typo.Date(*v.RelectureLe)+" inclus"))
	}
	if v.ValideLe != nil {
		add("Numéro", web.TextCell(v.Numero))
		add("Validé", web.Cell{Texte: "le " + typo.DateHeure(*v.ValideLe), Note: v.ValideFonction})
		add("Empreinte SHA-256 du texte", web.ComponentCell(empreinteVue(v.sha256())))
	}
	for _, c := range v.Autres {
		term := "Rectifié par"
		if v.RectifieID != nil && c.ID == *v.RectifieID {
			term = "Rectifie"
		}
		add(term, web.LinkCell(c.Titre(), lien.CompteRendu(c.ID)))
	}
	return all
}

func (v compteRenduVue) historique() journal.HistoriqueProps {
	return journal.HistoriqueProps{ID: "historique", Level: 2, Lignes: v.Historique, Noms: v.Par.Role.Prefecture(), Champs: map[string]string{
		"etat": "État", "partie": "Partie", "titre": "Titre", "caractères": "Caractères", "jusqu’au": "Jusqu’au", "destinataires": "Destinataires", "numero": "Numéro",
		"empreinte": "Empreinte", "motif": "Motif", "commentaire de": "Commentaire de", "suite": "Suite", "séance": "Séance", "format": "Format", "parties": "Parties", "restreint": "Réservé aux services de l’État", "rang": "Rang"}}
}

// controlReponse is the field of the answer to a comment.
func (v compteRenduVue) controlReponse(k Commentaire) web.Control {
	c := v.Form.Control(champReponse(k.ID), "Réponse")
	c.Required, c.Hint = false, "Obligatoire quand le commentaire n’est pas retenu."
	return c
}

// typed is what was typed of the answer to a comment, or what is kept.
func (v compteRenduVue) typed(k Commentaire, champ, kept string) string {
	if v.Form.Valeurs.Has(champReponse(k.ID)) {
		return v.Form.Brut(champ)
	}
	return kept
}

// sectionsChoix are the sections that a comment may be about.
func (v compteRenduVue) sectionsChoix() []web.Option {
	var all []web.Option
	for _, p := range v.Sections {
		all = append(all, web.Option{Value: strconv.FormatInt(p.ID, 10), Label: p.Titre, Selected: v.Form.Texte("section") == strconv.FormatInt(p.ID, 10)})
	}
	return all
}

// publiable says whether an extract may be made.
func (v compteRenduVue) publiable() bool { return v.Valide() && v.Par.Peut(droits.CisModifier) }

// document is the minutes as a text document, of the sections that whoever asks may read.
func (v compteRenduVue) document(site string, now time.Time) export.Document {
	d := export.Document{Titre: v.CompteRendu.Titre(), Sujet: v.Seance.ComiteNom, Fait: now, Entete: v.Seance.Comite(), Pied: site}
	d.Blocs = []export.Bloc{export.Titre{Niveau: 1, Texte: v.CompteRendu.Titre()},
		export.Paragraphe{Texte: export.Gras(v.Seance.ComiteNom)}, export.Paragraphe{Texte: export.Brut(v.Seance.Titre())}}
	if !v.Valide() {
		d.Blocs = append(d.Blocs, export.Paragraphe{Texte: export.Brut("Projet, non validé."), Allure: export.Avertissement})
	}
	if v.CompteRendu.Demonstration {
		d.Blocs = append(d.Blocs, export.Paragraphe{Texte: export.Brut("Donnée de démonstration, inventée."), Allure: export.Avertissement})
	}
	for _, p := range v.Sections {
		d.Blocs = append(d.Blocs, export.Titre{Niveau: 2, Texte: p.Titre})
		if p.Restreint {
			d.Blocs = append(d.Blocs, export.Paragraphe{Texte: export.Brut("Réservé aux services de l’État."), Allure: export.Note})
		}
		d.Blocs = append(d.Blocs, texte.Blocs(p.Texte, 3)...)
	}
	if v.Valide() {
		d.Blocs = append(d.Blocs, export.Paragraphe{Texte: export.Brut("Validé le " + typo.Date(*v.ValideLe) + ", " + v.ValideFonction + ". Empreinte SHA-256 du texte\u00a0: " + v.sha256() + "."), Allure: export.Note})
	}
	return d
}

// hintControl is a control with its help.
func hintControl(c web.Control, hint string) web.Control {
	c.Hint = hint
	return c
}

package cis

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// registre is what the page of the register shows.
type registre struct {
	filtresDecision
	Lignes []ligneDecision
	Choix  []choixRegistre
	Charge []chargeDecisions
	Vues   []vueDecisions
	Par    droits.Compte
	Form   httpx.Form // of the view being saved
}

// total is the number of decisions that the filters keep.
func (r registre) total() int {
	if len(r.Lignes) == 0 {
		return 0
	}
	return r.Lignes[0].Total
}

// check refuses a page beyond the last.
func (r registre) check() error {
	if r.Page > 1 && len(r.Lignes) == 0 {
		return fault.NotFound
	}
	return nil
}

// compte says how many decisions there are, and which page is shown.
func (r registre) compte() string {
	n := r.total()
	s := typo.NPluriel(int64(n), "décision", "décisions")
	if n == 0 {
		s = "Aucune décision"
	}
	switch {
	case !r.vide():
		s += typo.Pluriel(n, " correspond", " correspondent") + " à votre demande"
	case n > 0:
		s += typo.Pluriel(n, " ouverte", " ouvertes")
	default:
		s += " ouverte"
	}
	return s + web.PageSur(r.Page, n, parPage) + "."
}

// titre tells filtered registers apart in the window's title.
func (r registre) titre() string {
	title := "Décisions"
	if r.Page > 1 {
		title += ", page" + typo.NBSP + strconv.Itoa(r.Page)
	}
	return titreErreur(r.Form, title)
}

// selects are the drop-down lists of the form.
func (r registre) selects() []web.SelectProps {
	all := []web.SelectProps{{Control: web.Control{Name: paramEtat, Label: "État"}, Options: httpx.Options(ensembles, r.Etat)}}
	for _, s := range []struct{ param, label, none, chosen string }{
		{paramOrganisme, "À mener par", "Tous", numeroTexte(r.Organisme)}, {paramQuartier, "Quartier", "Tous", r.QPV},
		{paramContrat, "Contrat de ville", "Tous", numeroTexte(r.Contrat)},
		{paramComite, "Comité", "Tous", numeroTexte(r.Comite)}, {paramSeance, "Séance", "Toutes", numeroTexte(r.Seance)},
	} {
		var options []web.Option
		known := s.chosen == ""
		for _, c := range r.Choix {
			if c.Sorte == s.param {
				options = append(options, web.Option{Value: c.Valeur, Label: c.Nom, Selected: c.Valeur == s.chosen})
				known = known || c.Valeur == s.chosen
			}
		}
		if !known {
			options = append(options, web.Option{Value: s.chosen, Label: s.chosen, Selected: true})
		}
		if len(options) > 1 || s.chosen != "" {
			all = append(all, web.SelectProps{Control: web.Control{Name: s.param, Label: s.label}, Options: options, Vide: s.none})
		}
	}
	return all
}

// numeroTexte is a number as an address holds it; empty for 0.
func numeroTexte(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// tags are the filters in force; each leads to the register without it.
func (r registre) tags() []web.Lien { return r.phrases(r.Choix).Tags(r.url()) }

// raccourcis are the views saved by whoever reads, and that of their own organisation.
func (r registre) raccourcis() []web.Lien {
	all := []web.Lien{{Texte: "Celles de mon organisme", Href: lien.DecisionsListe(url.Values{paramOrganisme: {numeroTexte(r.Par.Organisme)}})}}
	for _, v := range r.Vues {
		q, _ := url.ParseQuery(v.Requete) // was written by checkVue
		all = append(all, web.Lien{Texte: v.Nom, Href: lien.DecisionsListe(q)})
	}
	return all
}

// chiffres are the counts by age of all that whoever reads may see; each leads to the decisions counted.
func (r registre) chiffres() []web.Lien {
	var sum chargeDecisions
	for _, c := range r.Charge {
		sum.ATemps += c.ATemps
		sum.EnRetard += c.EnRetard
		sum.SansReponse += c.SansReponse
	}
	return []web.Lien{
		{Texte: typo.NPluriel(int64(sum.ATemps), "ouverte à temps", "ouvertes à temps"), Href: lien.Decisions},
		{Texte: typo.NPluriel(int64(sum.EnRetard+sum.SansReponse), "en retard", "en retard"), Href: lien.DecisionsListe(url.Values{paramEtat: {decisionsEnRetard}})},
		{Texte: "dont " + typo.Nombre(int64(sum.SansReponse)) + " sans réponse", Href: lien.DecisionsListe(url.Values{paramEtat: {decisionsSansReponse}})},
	}
}

// tableau is the register as a table.
func (r registre) tableau() web.TableProps {
	u := r.url()
	if r.Tri == trisDecision[0] && !r.Descendant {
		u.Values.Set(web.ParamTri, r.Tri) // so that the heading shows the sort that is there by default
	}
	p := web.TableProps{ID: "decisions", Caption: "Décisions", CaptionHidden: true, Columns: []web.Column{
		u.Column("Décision", "numero", false), u.Column("À mener par", "organisme", false), u.Column("Échéance", "echeance", false),
		u.Column("État", "etat", false), u.Column("Prise le", "seance", false),
	}}
	for _, d := range r.Lignes {
		date, late := delai(d.Etat, d.Echeance)
		due := web.Cell{Texte: date, Note: late}
		taken := web.TextCell("–")
		if d.SeanceDebut != nil {
			taken = web.Cell{Texte: typo.DateCourte(*d.SeanceDebut), Href: lien.Seance(d.SeanceID), Note: d.ComiteNom}
		}
		p.Rows = append(p.Rows, []web.Cell{web.ComponentCell(decisionCellule(d)), {Texte: d.OrganismeNom, Note: d.Responsable}, due,
			web.ComponentCell(etatCellule(d)), taken})
	}
	return p
}

// note is the small line under a decision: the quarter, the contract, and that it is invented.
func (d ligneDecision) note() string {
	var parts []string
	for _, s := range []string{d.QPVNom, d.ContratTitre} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if d.Demo {
		parts = append(parts, "donnée de démonstration")
	}
	return strings.Join(parts, " – ")
}

// charge is the table of what each organisation has to do.
func tableauCharge(id string, charge []chargeDecisions) web.TableProps {
	t := web.TableProps{ID: id, Caption: "Décisions ouvertes par organisme", CaptionHidden: true, Vide: "Aucune décision ouverte.",
		Columns: []web.Column{{Titre: "Organisme"}, {Titre: "À temps", Numeric: true}, {Titre: "En retard", Numeric: true}, {Titre: "Sans réponse", Numeric: true}, {Titre: "Total", Numeric: true}}}
	for _, c := range charge {
		owner := url.Values{paramOrganisme: {numeroTexte(c.OrganismeID)}}
		count := func(n int, etat string) web.Cell {
			if n == 0 || etat == "" {
				return web.TextCell(typo.Nombre(int64(n)))
			}
			return web.LinkCell(typo.Nombre(int64(n)), lien.DecisionsListe(url.Values{paramOrganisme: owner[paramOrganisme], paramEtat: {etat}}))
		}
		t.Rows = append(t.Rows, []web.Cell{web.LinkCell(c.OrganismeNom, lien.DecisionsListe(owner)), count(c.ATemps, ""), count(c.EnRetard, ""),
			count(c.SansReponse, decisionsSansReponse), web.TextCell(typo.Nombre(int64(c.total())))})
	}
	return t
}

// fichier describes the register as a file.
func (r registre) fichier(base string, le time.Time) export.Table {
	t := export.Table{Nom: "decisions", Titre: "Registre des décisions", Colonnes: []export.Colonne{
		{Titre: "N°", Nom: "numero", Type: export.Entier, Largeur: 1.4}, {Titre: "Décision", Nom: "texte", Largeur: 12}, {Titre: "À mener par", Nom: "organisme", Largeur: 6},
		{Titre: "Responsable", Nom: "responsable", Largeur: 4}, {Titre: "Échéance", Nom: "echeance", Type: export.Date}, {Titre: "État", Nom: "etat", Largeur: 2.6},
		{Titre: "En retard", Nom: "en_retard", Type: export.Booleen}, {Titre: "Motif", Nom: "motif", Largeur: 6}, {Titre: "Quartier", Nom: "quartier", Largeur: 4},
		{Titre: "Contrat de ville", Nom: "contrat", Largeur: 6}, {Titre: "Engagement", Nom: "engagement", Largeur: 8},
		{Titre: "Comité", Nom: "comite", Largeur: 5}, {Titre: "Séance", Nom: "seance", Type: export.Date}, {Titre: "Point", Nom: "point", Largeur: 5},
		{Titre: "Dernier suivi de l’organisme", Nom: "suivi", Largeur: 8}, {Titre: "Suivi le", Nom: "suivi_le", Type: export.Date},
		{Titre: "Close le", Nom: "close_le", Type: export.Date}, {Titre: "Fiche", Nom: "fiche", Type: export.Lien, Largeur: 8},
	}, Apropos: export.Apropos{Source: "Portail, registre des décisions", Extrait: le, Permalien: base + web.ListURL{Path: lien.Decisions, Values: r.filtres()}.Page(1)}}
	t.Apropos.Filtres = r.phrases(r.Choix).Phrases()
	for _, d := range r.Lignes {
		if d.Demo {
			t.Apropos.Reserves = append(t.Apropos.Reserves, "Ce fichier contient des données de démonstration, inventées.")
			break
		}
	}
	t.Lignes = export.Lignes(r.Lignes, func(d ligneDecision) []any {
		return []any{d.Numero, d.Texte, d.OrganismeNom, d.Responsable, d.Echeance, etatDecision(d.Etat), enRetard(d.Etat, d.Echeance), d.Motif, d.QPVNom, d.ContratTitre, d.Engagement,
			d.ComiteNom, d.SeanceDebut, d.PointTitre, d.SuiviTexte, d.SuiviLe, d.ClosLe, base + lien.Decision(d.ID)}
	})
	return t
}

// controlVue is the field of the name of a view.
func controlVue(r registre) web.Control {
	c := r.Form.Control("nom", "Nom de la vue")
	c.Hint = "Garde la recherche, les filtres et le tri ci-dessus, pour vous seul·e. Le même nom remplace la vue."
	return c
}

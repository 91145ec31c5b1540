package echeance

import (
	"net/url"
	"strconv"
	"time"

	"portail/internal/droits"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

// blocBilan is the part of the dashboard that sums the quarter up and leads to its page and to the former one.
func (s *Service) blocBilan(b *pg.Batch, par droits.Compte) func() *web.Bloc {
	if !par.Peut(droits.BilanVoir) {
		return nil
	}
	today := typo.Aujourdhui()
	t := trimestreDu(today)
	var row resumeBilan
	addResumeBilan(b, &row, t, today)
	return func() *web.Bloc {
		last := t.avant(1)
		return &web.Bloc{ID: "bloc-bilan", Titre: "Le " + t.nom(), Contenu: web.KeyFigures(row.chiffres()...), Liens: []web.Lien{
			{Texte: "Le bilan de ce trimestre", Href: lien.Bilan(t.code())}, {Texte: "Celui du " + last.nom(), Href: lien.Bilan(last.code())}}}
	}
}

func (r resumeBilan) chiffres() []web.Figure {
	n := func(v int) string { return typo.Nombre(int64(v)) }
	return []web.Figure{{Libelle: "Décisions prises", Valeur: n(r.Prises)}, {Libelle: "Décisions faites", Valeur: n(r.Faites)}, {Libelle: "Décisions en retard", Valeur: n(r.Retards), Note: "au dernier jour, ou aujourd’hui"},
		{Libelle: "Remontées publiées", Valeur: n(r.Publiees)}}
}

func (v bilan) titre() string { return "Bilan du " + v.nom() }

// enCours says whether the quarter is not over.
func (v bilan) enCours() bool { return v.fin().After(v.Aujourdhui) }

// jour is the day of the states.
func (v bilan) jour() time.Time { return v.au(v.Aujourdhui) }

// chapeau says what is told, and on which day.
func (v bilan) chapeau() string {
	text := "Ce qui a été fait du " + typo.Date(v.debut()) + " au " + typo.Date(v.fin().AddDate(0, 0, -1)) + "."
	if v.enCours() {
		return text + " Le trimestre est en cours" + typo.NBSP + ": états au " + typo.Date(v.jour()) + "."
	}
	return text + " États au dernier jour."
}

// autres lead to the quarters around.
func (v bilan) autres() []web.Lien {
	var all []web.Lien
	if next := v.avant(-1); !next.debut().After(v.Aujourdhui) {
		all = append(all, web.Lien{Texte: "Trimestre suivant", Href: lien.Bilan(next.code())})
	}
	for n := 1; n <= 4; n++ {
		if t := v.avant(n); t.Annee >= premierBilan {
			all = append(all, web.Lien{Texte: typo.Majuscule(t.nom()), Href: lien.Bilan(t.code())})
		}
	}
	return all
}

// sommaire leads to each part.
func (v bilan) sommaire() []web.Lien {
	var all []web.Lien
	for _, p := range v.parties() {
		all = append(all, web.Lien{Texte: p.Titre, Href: "#" + p.ID})
	}
	return all
}

// partie is a part of the page and of its document.
type partie struct {
	ID, Titre string
	Texte     string // what its table says, in a sentence; may be empty
	Tableau   web.TableProps
	Liens     []web.Lien
}

// parties are the parts in the order that they are read.
func (v bilan) parties() []partie {
	return []partie{
		{ID: "decisions", Titre: "Décisions", Texte: v.phraseDecisions(), Tableau: v.decisions(), Liens: []web.Lien{
			{Texte: "Toutes les décisions", Href: lien.DecisionsListe(url.Values{"etat": {"toutes"}})}, {Texte: "Celles qui sont en retard aujourd’hui", Href: lien.DecisionsListe(url.Values{"etat": {"en_retard"}})}}},
		{ID: "seances", Titre: "Séances des comités", Tableau: v.seances(), Liens: []web.Lien{{Texte: "Tous les comités", Href: lien.Comites}}},
		{ID: "chiffres", Titre: "Chiffres publiés", Tableau: v.chiffresPublies(), Liens: []web.Lien{{Texte: "Remontées de chiffres", Href: lien.Remontees}}},
		{ID: "montants", Titre: "Argent engagé", Texte: v.phraseMontants(), Tableau: v.montants(), Liens: []web.Lien{{Texte: "L’action des services en " + strconv.Itoa(v.Annee), Href: lien.InterventionsFiltre(url.Values{"annee": {strconv.Itoa(v.Annee)}})}}},
		{ID: "dispositifs", Titre: "État des dispositifs", Tableau: v.dispositifs()},
		{ID: "contrats", Titre: "État des contrats de ville", Tableau: v.contrats(), Liens: []web.Lien{{Texte: "Espace des contrats de ville", Href: lien.ContratsAgents}}},
	}
}

func (v bilan) comptes() (prises, faites, abandons, retards int) {
	if len(v.Decisions) == 0 {
		return 0, 0, 0, 0
	}
	d := v.Decisions[0]
	return d.NbPrises, d.NbFaites, d.NbAbandons, d.NbRetards
}

func (v bilan) phraseDecisions() string {
	taken, done, dropped, late := v.comptes()
	text := typo.NPluriel(int64(taken), "décision prise", "décisions prises") + ", " + typo.NPluriel(int64(done), "faite", "faites") + ", " + typo.NPluriel(int64(late), "en retard", "en retard")
	if dropped > 0 {
		text += ", " + typo.NPluriel(int64(dropped), "abandonnée", "abandonnées")
	}
	return text + "."
}

// chiffres are the key figures; each leads to its part.
func (v bilan) chiffres() []web.Figure {
	taken, done, _, late := v.comptes()
	published := 0
	for _, c := range v.Chiffres {
		if c.ID != nil {
			published++
		}
	}
	return resumeBilan{taken, done, late, published}.chiffres()
}

func (v bilan) decisions() web.TableProps {
	t := web.TableProps{ID: "table-decisions", Caption: "Décisions prises, faites ou en retard", CaptionHidden: true, Small: true, Vide: "Aucune décision prise, faite ni en retard.",
		Columns: []web.Column{{Titre: "Décision"}, {Titre: "À mener par"}, {Titre: "Échéance"}, {Titre: "Dans le trimestre"}}}
	for _, d := range v.Decisions {
		note := d.Comite + ", n°" + typo.NBSP + strconv.Itoa(d.Numero)
		if d.Demonstration {
			note += " – donnée de démonstration"
		}
		due := "sans échéance"
		if d.Echeance != nil {
			due = typo.DateCourte(*d.Echeance)
		}
		t.Rows = append(t.Rows, []web.Cell{{Texte: couper(d.Texte, 160), Href: lien.Decision(d.ID), Note: note}, web.TextCell(d.Organisme), web.TextCell(due), web.TextCell(d.sort())})
	}
	return t
}

// sort says what became of a decision in the quarter.
func (d decisionBilan) sort() string {
	text := ""
	add := func(is bool, word string) {
		if is && text != "" {
			text += ", " + word
		} else if is {
			text = typo.Majuscule(word)
		}
	}
	add(d.Prise, "prise")
	add(d.Faite, "faite")
	add(d.Abandonnee, "abandonnée")
	add(d.Retard, "en retard")
	return text
}

func (v bilan) seances() web.TableProps {
	t := web.TableProps{ID: "table-seances", Caption: "Séances du trimestre", CaptionHidden: true, Small: true, Vide: "Aucune séance.", Columns: []web.Column{{Titre: "Comité"}, {Titre: "Séance"}, {Titre: "État"}, {Titre: "Décisions", Numeric: true}}}
	for _, s := range v.Seances {
		if s.ID == nil {
			t.Rows = append(t.Rows, []web.Cell{web.LinkCell(s.Comite, lien.Comite(s.ComiteID)), web.TextCell("aucune"), web.TextCell("à signaler"), web.TextCell("0")})
			continue
		}
		t.Rows = append(t.Rows, []web.Cell{web.LinkCell(s.Comite, lien.Comite(s.ComiteID)), web.LinkCell(typo.Date(*s.Debut), lien.Seance(*s.ID)),
			web.TextCell(lexique.Libelle(lexique.EtatsSeance, s.Etat)), web.TextCell(typo.Nombre(int64(s.Decisions)))})
	}
	return t
}

func (v bilan) chiffresPublies() web.TableProps {
	t := web.TableProps{ID: "table-chiffres", Caption: "Chiffres publiés dans le trimestre", CaptionHidden: true, Small: true, Vide: "Aucun chiffre publié.", Columns: []web.Column{{Titre: "Producteur"}, {Titre: "Chiffres"}, {Titre: "Publiés le"}, {Titre: "Nombre", Numeric: true}}}
	for _, c := range v.Chiffres {
		what := web.Cell{Texte: c.Periode}
		if c.ID != nil {
			what.Href = lien.Remontee(*c.ID)
		}
		if c.Correctif {
			what.Note = "correction"
		}
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(c.Organisme), what, web.TextCell(typo.DateCourte(c.Le)), web.TextCell(typo.Nombre(int64(c.Lignes)))})
	}
	return t
}

// sortesMontant name the kinds of money, and lead to the lists of what is counted.
var sortesMontant = []struct{ code, libelle, href string }{
	{"adulte_relais", "Conventions d’adultes-relais signées (aide de l’État, pour toute leur durée)", lien.AdultesRelais},
	{"contrat_droit_commun", "Nouveaux engagements des contrats et avenants signés, droit commun", lien.ContratsAgents},
	{"contrat_specifiques", "Nouveaux engagements des contrats et avenants signés, crédits spécifiques", lien.ContratsAgents},
	{"realisation", "Autres dispositifs commencés", lien.SuiviDispositifs},
}

func (v bilan) montants() web.TableProps {
	t := web.TableProps{ID: "table-montants", Caption: "Argent engagé dans le trimestre", CaptionHidden: true, Small: true, Columns: []web.Column{{Titre: "Objet"}, {Titre: "Nombre", Numeric: true}, {Titre: "Montant", Numeric: true}}}
	for _, s := range sortesMontant {
		for _, m := range v.Montants {
			if m.Sorte == s.code {
				t.Rows = append(t.Rows, []web.Cell{web.LinkCell(s.libelle, s.href), web.TextCell(typo.Nombre(int64(m.Nombre))), m.cell()})
			}
		}
	}
	return t
}

// cell is an amount, with how many of its kind have none.
func (m montantBilan) cell() web.Cell {
	amount := web.TextCell("–")
	if m.Euros != nil {
		amount = web.TextCell(typo.Euros(*m.Euros, 0))
	}
	if m.NonChiffres > 0 {
		amount.Note = "dont " + typo.NPluriel(int64(m.NonChiffres), "non chiffré", "non chiffrés")
	}
	return amount
}

func (v bilan) phraseMontants() string {
	text := "Pour l’année " + strconv.Itoa(v.Annee) + ", " + typo.NPluriel(int64(v.Action.Services), "service", "services") + " et " + typo.NPluriel(int64(v.Action.Actions), "action", "actions") + " dans les quartiers"
	if v.Action.Montant != nil {
		text += ", pour " + typo.Euros(*v.Action.Montant, 0)
	}
	return text + ". Une action déclarée l’est pour une année entière" + typo.NBSP + ": ne figure ci-dessous que ce qui porte une date."
}

// sortesDispositif name the dispositifs, and lead to their lists.
var sortesDispositif = []struct{ code, libelle, href string }{
	{"adulte_relais", "Postes d’adultes-relais", lien.AdultesRelais}, {"pre", "Programmes de réussite éducative", lien.ReussiteEducative}, {"realisation", "Autres dispositifs", lien.SuiviDispositifs},
}

func (v bilan) dispositifs() web.TableProps {
	t := web.TableProps{ID: "table-dispositifs", Caption: "État des dispositifs", CaptionHidden: true, Small: true, Columns: []web.Column{{Titre: "Dispositif"}, {Titre: "En cours", Numeric: true}, {Titre: "Commencés", Numeric: true}, {Titre: "Terminés", Numeric: true}}}
	for _, s := range sortesDispositif {
		for _, d := range v.Dispositifs {
			if d.Sorte != s.code {
				continue
			}
			n := web.TextCell(typo.Nombre(int64(d.Nombre)))
			if d.Sorte == "adulte_relais" {
				n.Note = "dont " + typo.NPluriel(int64(d.Pourvus), "pourvu", "pourvus")
			}
			t.Rows = append(t.Rows, []web.Cell{web.LinkCell(s.libelle, s.href), n, web.TextCell(typo.Nombre(int64(d.Commences))), web.TextCell(typo.Nombre(int64(d.Finis)))})
		}
	}
	return t
}

func (v bilan) contrats() web.TableProps {
	t := web.TableProps{ID: "table-contrats", Caption: "État des contrats de ville", CaptionHidden: true, Small: true, Vide: "Aucun contrat de ville.", Columns: []web.Column{{Titre: "Contrat"}, {Titre: "État"}, {Titre: "Signatures du trimestre", Numeric: true}, {Titre: "Engagements atteints", Numeric: true}}}
	for _, c := range v.Contrats {
		name := web.Cell{Texte: c.Titre, Href: lien.ContratAgents(c.ID), Note: "jusqu’au " + typo.Date(c.Fin)}
		if c.Demonstration {
			name.Note += " – donnée de démonstration"
		}
		state := web.TextCell(lexique.Libelle(lexique.EtatsContrat, c.Etat))
		if c.SigneLe != nil {
			state.Note = "texte signé le " + typo.DateCourte(*c.SigneLe)
		}
		t.Rows = append(t.Rows, []web.Cell{name, state, web.TextCell(typo.Nombre(int64(c.Signatures))), web.TextCell(typo.Nombre(int64(c.Atteints)) + " sur" + typo.NBSP + typo.Nombre(int64(c.Engagements)))})
	}
	return t
}

// couper is the beginning of a text.
func couper(texte string, most int) string {
	if r := []rune(texte); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return texte
}

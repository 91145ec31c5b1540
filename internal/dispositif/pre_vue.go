package dispositif

import (
	"maps"
	"slices"
	"strconv"

	"portail/internal/droits"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// seuilsPRE is what the rules of a programme are judged by.
type seuilsPRE struct {
	Conseil *int64  // meetings of the conseil consultatif a year
	Annees  []int64 // years whose return was given
}

// fichePRE is what the record of a programme shows.
type fichePRE struct {
	PRE
	Budgets    []montantAnnuel
	Reunions   []reunion
	seuils     seuilsPRE
	Historique []journal.Ligne
	Par        droits.Compte
}

// saisirAgregats says whether the person may type yearly counts in.
func (v fichePRE) saisirAgregats() bool {
	return v.Par.Peut(droits.PREAgregatSaisir) && (v.Par.Role != droits.Referent || v.Par.Organisme == v.PorteurID)
}

func (v fichePRE) modifier() bool { return v.Par.Peut(droits.DispositifModifier) }

func (v fichePRE) boutons() []web.ButtonProps {
	return []web.ButtonProps{
		{Texte: "Modifier", Href: lien.PREActe(v.ID, lien.ActeModifier), Kind: web.ButtonSecondary, Icon: "fr-icon-edit-line"},
		{Texte: "Saisir le budget d’une année", Href: lien.PREActe(v.ID, lien.ActeBudget), Kind: web.ButtonSecondary},
		{Texte: "Enregistrer une réunion", Href: lien.PREActe(v.ID, lien.ActeReunions), Kind: web.ButtonSecondary},
	}
}

// alertes are what somebody must do about the programme.
func (v fichePRE) alertes() []string {
	var all []string
	least := 0
	if v.seuils.Conseil != nil {
		least = int(*v.seuils.Conseil)
	}
	var years []string
	for _, y := range v.conseilsManquants(v.Reunions, least, typo.Aujourdhui()) {
		years = append(years, strconv.Itoa(y))
	}
	if len(years) > 0 {
		all = append(all, "Le conseil consultatif s’est réuni moins de "+strconv.Itoa(least)+" fois en "+typo.Liste(years)+
			typo.NBSP+": une caisse des écoles doit le réunir au moins "+strconv.Itoa(least)+" fois par an (décret n°"+typo.NBSP+"2005-637 du 30"+typo.NBSP+"mai"+typo.NBSP+"2005, "+referenceAVerifier+").")
	}
	last := typo.Aujourdhui().Year() - 1
	if v.Debut.Year() <= last && (v.Fin == nil || v.Fin.Year() >= last) && !slices.Contains(v.seuils.Annees, int64(last)) {
		all = append(all, "Aucun agrégat n’est enregistré pour "+strconv.Itoa(last)+".")
	}
	return all
}

func (v fichePRE) proprietes() []web.Description {
	text := func(terme, texte string) web.Description {
		if texte == "" {
			texte = "non renseigné"
		}
		return web.Description{Terme: terme, Cell: web.TextCell(texte)}
	}
	period := "depuis le " + typo.Date(v.Debut)
	if v.Fin != nil {
		period = "du " + typo.Date(v.Debut) + " au " + typo.Date(*v.Fin)
	}
	return []web.Description{
		{Terme: "Porteur", Cell: web.Cell{Texte: v.Porteur, Href: lien.Organisme(v.PorteurID), Note: lexique.Libelle(lexique.PorteursPRE, v.PorteurNature)}},
		text("Communes", typo.Liste(v.CommunesNoms)), {Terme: "Quartiers", Cell: web.ComponentCell(quartiersLiens(v.QPVCodes, v.QPVNoms))},
		text("Période", period), text("Domaines", typo.Liste(v.domaines())), text("Coordination", v.CoordinationFonction),
		text("Courriel", v.ContactCourriel), text("Téléphone", typo.Telephone(v.ContactTelephone)),
		text("Page publique", map[bool]string{true: "publiée", false: "non publiée"}[v.Publie]),
	}
}

// budgets is the table of who pays, year by year.
func (v fichePRE) budgets() web.TableProps {
	t := web.TableProps{ID: "budget", Caption: "Budget par financeur et par année", CaptionHidden: true, Columns: []web.Column{{Titre: "Année"}}}
	var years []int16
	amounts := map[int16]map[string]int64{}
	used := map[string]bool{}
	for _, b := range v.Budgets {
		if amounts[b.Annee] == nil {
			amounts[b.Annee] = map[string]int64{}
			years = append(years, b.Annee)
		}
		amounts[b.Annee][b.Financeur] += b.Centimes
		used[b.Financeur] = true
	}
	var funders []lexique.Mot
	for _, m := range lexique.FinanceursPRE {
		if used[m.Code] {
			funders = append(funders, m)
			t.Columns = append(t.Columns, web.Column{Titre: m.Libelle, Numeric: true})
		}
	}
	t.Columns = append(t.Columns, web.Column{Titre: "Total", Numeric: true})
	for _, y := range years {
		row, total := []web.Cell{web.TextCell(anneeTexte(y))}, int64(0)
		for _, m := range funders {
			cents, given := amounts[y][m.Code]
			total += cents
			if !given {
				row = append(row, web.TextCell("–"))
				continue
			}
			row = append(row, web.TextCell(typo.Euros(float64(cents)/100, 2)))
		}
		t.Rows = append(t.Rows, append(row, web.TextCell(typo.Euros(float64(total)/100, 2))))
	}
	return t
}

// reunions is how often each body met, year by year.
func (v fichePRE) reunions() web.TableProps {
	t := web.TableProps{ID: "reunions", Caption: "Dates des réunions", Columns: []web.Column{{Titre: "Date"}, {Titre: "Instance"}}, Vide: "Aucune réunion enregistrée."}
	if v.modifier() {
		t.Columns = append(t.Columns, web.Column{Titre: "Retirer"})
	}
	for _, r := range v.Reunions {
		row := []web.Cell{web.TextCell(typo.Date(r.Le)), web.TextCell(lexique.Libelle(lexique.ReunionsPRE, r.Sorte))}
		if v.modifier() {
			row = append(row, web.ComponentCell(reunionRetrait(v.PRE, r)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// decompte is how often each body met, year by year, the latest first.
func (v fichePRE) decompte() web.TableProps {
	t := web.TableProps{ID: "decompte", Caption: "Réunions par année", Columns: []web.Column{{Titre: "Année"}}}
	met := map[int]map[string]int64{}
	for _, m := range lexique.ReunionsPRE {
		t.Columns = append(t.Columns, web.Column{Titre: m.Libelle, Numeric: true})
	}
	for _, r := range v.Reunions {
		if met[r.Le.Year()] == nil {
			met[r.Le.Year()] = map[string]int64{}
		}
		met[r.Le.Year()][r.Sorte]++
	}
	for _, year := range slices.Backward(slices.Sorted(maps.Keys(met))) {
		row := []web.Cell{web.TextCell(anneeTexte(year))}
		for _, m := range lexique.ReunionsPRE {
			row = append(row, web.TextCell(typo.Nombre(met[year][m.Code])))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (v fichePRE) historique() journal.HistoriqueProps {
	return journal.HistoriqueProps{ID: "historique", Level: 2, Lignes: v.Historique, Champs: champsPRE, Noms: v.Par.Role.Prefecture()}
}

// listePRE is the page of all programmes of the perimeter.
type listePRE struct {
	Programmes []PRE
	Modifier   bool
}

func (l listePRE) tableau() web.TableProps {
	t := web.TableProps{ID: "programmes", Caption: "Programmes de réussite éducative", CaptionHidden: true, Vide: "Aucun programme.",
		Columns: []web.Column{{Titre: "Programme"}, {Titre: "Porteur"}, {Titre: "Communes"}, {Titre: "Domaines"}, {Titre: "Fin"}}}
	for _, p := range l.Programmes {
		name := web.LinkCell(p.Nom, lien.PRE(p.ID))
		if p.Demonstration {
			name.Note = "démonstration"
		}
		end := "sans terme"
		if p.Fin != nil {
			end = typo.DateCourte(*p.Fin)
		}
		t.Rows = append(t.Rows, []web.Cell{name, {Texte: p.Porteur, Note: lexique.Libelle(lexique.PorteursPRE, p.PorteurNature)}, web.TextCell(typo.Liste(p.CommunesNoms)),
			web.TextCell(typo.Liste(p.domaines())), web.TextCell(end)})
	}
	return t
}

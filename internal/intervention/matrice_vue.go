package intervention

import (
	"net/url"
	"slices"
	"strconv"

	"portail/internal/droits"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// demonstration says whether an invented line counts.
func (m matrice) demonstration() bool {
	s, _ := m.somme("", "")
	return s.Demonstration
}

// titrePage tells the years and the ways of reading apart.
func (m matrice) titrePage() string {
	return titre + ", " + strconv.Itoa(m.Annee) + typo.NBSP + ": " + typo.Minuscule(lexique.Libelle(vues, m.Vue))
}

// declarer says whether whoever asks may declare an action in a quarter; "" is any.
func (m matrice) declarer(code string) bool {
	if code == "" {
		return m.Par.Peut(droits.InterventionDeclarer)
	}
	return slices.ContainsFunc(m.Quartiers, func(q quartier) bool { return q.Code == code && m.Par.PeutSur(droits.InterventionDeclarer, q.ID) })
}

func (m matrice) boutons() []web.ButtonProps {
	if !m.declarer("") {
		return nil
	}
	return []web.ButtonProps{
		{Texte: "Déclarer une action", Href: lien.InterventionNouvelleSur(url.Values{paramAnnee: {strconv.Itoa(m.Annee)}}), Icon: "fr-icon-add-line"},
		{Texte: "Reprendre celles d’une autre année", Href: lien.InterventionsReprendre + "?" + url.Values{paramAnnee: {strconv.Itoa(m.Annee)}}.Encode(), Kind: web.ButtonSecondary},
		{Texte: "Importer un tableau", Href: lien.InterventionsImport, Kind: web.ButtonSecondary},
	}
}

// chiffres are the totals of the matrix.
func (m matrice) chiffres() []web.Figure {
	s, _ := m.somme("", "")
	empty, all := m.vides()
	amount := web.Figure{Libelle: "Montants de l’année", Valeur: typo.NonDisponible, Absent: true}
	if s.Montant != nil {
		amount = web.Figure{Libelle: amount.Libelle, Valeur: typo.Euros(*s.Montant, 0), Note: s.part()}
	}
	figures := []web.Figure{{Libelle: "Actions", Valeur: typo.Nombre(int64(s.Actions)), Note: "dont " + typo.NPluriel(int64(s.NonChiffrees), "non chiffrée", "non chiffrées")}, amount}
	if s.Pluriannuel != nil {
		figures = append(figures, web.Figure{Libelle: "Sur plusieurs années", Valeur: typo.Euros(*s.Pluriannuel, 0), Note: "non compté dans l’année"})
	}
	if s.Etp != nil {
		figures = append(figures, web.Figure{Libelle: "Équivalents temps plein", Valeur: typo.Auto(*s.Etp, 2)})
	}
	if s.Places != nil {
		figures = append(figures, web.Figure{Libelle: "Places", Valeur: typo.Nombre(*s.Places)})
	}
	return append(figures, web.Figure{Libelle: "Leviers", Valeur: typo.Nombre(int64(empty)), Note: typo.Pluriel(empty, "case", "cases") + " sans action sur" + typo.NBSP + typo.Nombre(int64(all))})
}

// tableau is the matrix itself.
func (m matrice) tableau() web.TableProps {
	first := "Service"
	if m.Vue == vueQuartiers {
		first = "Quartier"
	}
	p := web.TableProps{ID: "matrice", Caption: lexique.Libelle(vues, m.Vue) + ", " + strconv.Itoa(m.Annee), Small: true, Vide: "Aucun service n’a encore déclaré d’action.", Columns: []web.Column{{Titre: first}}}
	columns := m.colonnes()
	for _, c := range columns {
		p.Columns = append(p.Columns, web.Column{Titre: c.Nom})
	}
	p.Columns = append(p.Columns, web.Column{Titre: "Total"})
	if m.Vue == vueQuartiers {
		p.Columns = append(p.Columns, web.Column{Titre: "Par habitant", Numeric: true})
	}
	for _, l := range m.lignes() {
		row := []web.Cell{{Texte: l.Nom, Note: l.Note}}
		for _, c := range columns {
			row = append(row, m.cell(l, c))
		}
		p.Rows = append(p.Rows, m.fin(row, l))
	}
	if len(p.Rows) > 0 {
		row := []web.Cell{web.TextCell("Total")}
		for _, c := range columns {
			row = append(row, m.cellTotal("", c.Cle))
		}
		p.Rows = append(p.Rows, m.fin(row, entete{}))
	}
	return p
}

// fin ends a row with its total, and what it is worth for each inhabitant.
func (m matrice) fin(row []web.Cell, l entete) []web.Cell {
	row = append(row, m.cellTotal(l.Cle, ""))
	if m.Vue != vueQuartiers {
		return row
	}
	s, _ := m.somme(l.Cle, "")
	if s.Montant == nil || l.Population == nil || *l.Population == 0 {
		return append(row, web.TextCell("–"))
	}
	return append(row, web.TextCell(typo.Euros(*s.Montant / *l.Population, 2)))
}

// cell is a cell of the matrix: its actions, who does them and with which means; or that there is none, which is a lever.
func (m matrice) cell(l, c entete) web.Cell {
	s, found := m.somme(l.Cle, c.Cle)
	if !found {
		return web.ComponentCell(m.vide(l, c))
	}
	if m.Vue != vueQuartiers {
		return web.Cell{Texte: actions(s.Actions), Href: m.href(l.Cle, c.Cle), Note: s.moyens()}
	}
	return web.ComponentCell(pleine(s, m.href(l.Cle, c.Cle)))
}

func (m matrice) cellTotal(ligne, colonne string) web.Cell {
	s, found := m.somme(ligne, colonne)
	if !found {
		return web.TextCell("0")
	}
	note := s.moyens()
	if part := s.part(); part != "" {
		note += ", " + part
	}
	return web.Cell{Texte: actions(s.Actions), Href: m.href(ligne, colonne), Note: note}
}

func (m matrice) href(ligne, colonne string) string {
	return lien.InterventionsLignesFiltre(m.cellule(ligne, colonne).lignes())
}

func actions(n int) string { return typo.NPluriel(int64(n), "action", "actions") }

// aDeclarer is where whoever asks declares an action for an empty cell; empty where they may not.
func (m matrice) aDeclarer(l, c entete) string {
	f := m.cellule(l.Cle, c.Cle)
	if f.QPV == plusieurs || f.Thematique == plusieurs || f.Service != 0 && f.Service != m.Par.Organisme || !m.declarer(f.QPV) {
		return ""
	}
	v := f.filtres()
	v.Del(paramService)
	return lien.InterventionNouvelleSur(v)
}

// parService is the table of the totals of each service.
func (m matrice) parService() web.TableProps {
	p := web.TableProps{ID: "services", Caption: "Totaux par service, " + strconv.Itoa(m.Annee), Small: true, Vide: "Aucun service n’a encore déclaré d’action.", Columns: []web.Column{
		{Titre: "Service"}, {Titre: "Actions", Numeric: true}, {Titre: "Quartiers", Numeric: true}, {Titre: "Montants", Numeric: true}, {Titre: "ETP", Numeric: true}, {Titre: "Places", Numeric: true}}}
	for _, s := range m.Services {
		if m.Service != 0 && m.Service != s.ID {
			continue
		}
		amount := web.TextCell(montantOu(s.Montant))
		amount.Note = somme{Montant: s.Montant, DroitCommun: s.DroitCommun}.part()
		count := web.Cell{Texte: typo.Nombre(int64(s.Actions)), Href: lien.InterventionsLignesFiltre(m.avec(paramService, strconv.FormatInt(s.ID, 10)))}
		if s.Actions == 0 {
			count = web.TextCell("aucune")
		} else if s.NonChiffrees > 0 {
			count.Note = "dont " + typo.NPluriel(int64(s.NonChiffrees), "non chiffrée", "non chiffrées")
		}
		p.Rows = append(p.Rows, []web.Cell{web.LinkCell(s.Nom, lien.Organisme(s.ID)), count, web.TextCell(typo.Nombre(int64(s.Quartiers))), amount,
			web.TextCell(decimalOu(s.Etp)), web.TextCell(nombreOu(s.Places))})
	}
	return p
}

// parAnnee is the table of the totals of each year.
func (m matrice) parAnnee() web.TableProps {
	p := web.TableProps{ID: "annees", Caption: "Totaux par année", Small: true, Vide: "Aucune action, aucune année.", Columns: []web.Column{
		{Titre: "Année"}, {Titre: "Actions", Numeric: true}, {Titre: "Montants", Numeric: true}, {Titre: "Droit commun", Numeric: true}, {Titre: "Crédits spécifiques", Numeric: true},
		{Titre: "ETP", Numeric: true}, {Titre: "Places", Numeric: true}}}
	for _, a := range m.Annees {
		name := web.TextCell("Sur plusieurs années")
		name.Note = "montants qui ne sont comptés dans aucune"
		if a.Annee != 0 {
			other := m.Filtres
			other.Annee = a.Annee
			name = web.LinkCell(strconv.Itoa(a.Annee), lien.InterventionsFiltre(other.matrice()))
		}
		p.Rows = append(p.Rows, []web.Cell{name, web.TextCell(typo.Nombre(int64(a.Actions))), {Texte: montantOu(a.Montant), Note: somme{Montant: a.Montant, DroitCommun: a.DroitCommun}.part()},
			web.TextCell(montantOu(a.DroitCommun)), web.TextCell(montantOu(a.Specifiques)), web.TextCell(decimalOu(a.Etp)), web.TextCell(nombreOu(a.Places))})
	}
	return p
}

// rien is a total of which nothing is told.
const rien = "–"

func montantOu(v *float64) string {
	if v == nil {
		return rien
	}
	return enEuros(*v)
}

func decimalOu(v *float64) string {
	if v == nil {
		return rien
	}
	return typo.Auto(*v, 2)
}

func nombreOu(v *int64) string {
	if v == nil {
		return rien
	}
	return typo.Nombre(*v)
}

// lecture are the rules by which the matrix is made, in words.
func (m matrice) lecture() []string {
	rules := []string{
		"Chaque montant est compté une seule fois. Une action menée dans plusieurs quartiers, ou qui relève de plusieurs thématiques, est présente dans chacune de leurs cases, mais son montant n’est réparti entre elles par personne" +
			typo.NBSP + ": il figure à part, dans la ligne ou la colonne " + typo.Guillemets("plusieurs") + ".",
		"Un engagement pris pour plusieurs années est présent chaque année" + typo.NBSP + "; son montant, dont personne n’a dit la part de l’année, figure à part lui aussi et n’entre dans aucun total annuel.",
		"Une action dont les moyens ne sont pas dits est " + typo.Guillemets(nonChiffree) + typo.NBSP + ": ce n’est pas zéro. La moyenne par habitant divise les montants propres au quartier par sa population municipale, au millésime indiqué.",
		"Engagements des contrats de ville signés, postes d’adultes-relais et programmes de réussite éducative viennent d’eux-mêmes de leurs fiches. Pour ces programmes, la part de l’État relève des crédits spécifiques, celle des autres financeurs du droit commun.",
	}
	if !m.Par.Role.Prefecture() {
		rules = append(rules, "Vous voyez les actions déclarées par tous les services et, parmi les contrats, les postes et les programmes, ceux auxquels votre organisme a accès"+typo.NBSP+": les totaux de la préfecture peuvent être plus élevés.")
	}
	return rules
}

// correspondances is the table of how records without thématique are set.
func (m matrice) correspondances() web.TableProps {
	p := web.TableProps{ID: "correspondances", Caption: "D’où viennent les thématiques", CaptionHidden: true, Small: true, Columns: []web.Column{{Titre: "Fiche"}, {Titre: "Ce qui est lu"}, {Titre: "Thématique"}}}
	type key struct{ origine, thematique string }
	var order []key
	read := map[key][]string{}
	for _, c := range m.Correspondances {
		k := key{c.Origine, c.Thematique}
		if read[k] == nil {
			order = append(order, k)
		}
		word := typo.Guillemets(c.Code)
		switch c.Origine {
		case "adulte_relais":
			word = lexique.Libelle(lexique.MissionsAdulteRelais, c.Code)
		case "pre":
			word = lexique.Libelle(lexique.DomainesPRE, c.Code)
		}
		read[k] = append(read[k], word)
	}
	sources := map[string]string{"adulte_relais": "Missions d’un poste d’adulte-relais", "pre": "Domaines d’un programme de réussite éducative", "contrat": "Mots du titre de l’objectif, sinon de l’axe"}
	for _, k := range order {
		p.Rows = append(p.Rows, []web.Cell{web.TextCell(sources[k.origine]), web.TextCell(typo.Liste(read[k])), web.TextCell(lexique.Libelle(lexique.Thematiques, k.thematique))})
	}
	p.NoRowHeader = true
	return p
}

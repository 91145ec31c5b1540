package dispositif

import (
	"strconv"
	"time"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// nonCommunique stands for a count that secrecy hides.
const nonCommunique = "n.c."

// agregatsVue is the page of the yearly counts of a programme.
type agregatsVue struct {
	Par       droits.Compte
	Programme programme
	Retours   []retour
	Versions  []versionRow
	masques   []caseRow
	bruts     []caseRow
}

func (v agregatsVue) saisir() bool {
	return v.Par.Peut(droits.PREAgregatSaisir) && (v.Par.Role != droits.Referent || v.Programme.producteur(v.Par))
}

func filProgramme(p programme, pages ...web.Lien) []web.Lien {
	fil := []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Réussite éducative", Href: lien.ReussiteEducative}, {Texte: p.Nom, Href: lien.PRE(p.ID)}}
	return append(fil, pages...)
}

// manquantes are the years without a return.
func (v agregatsVue) manquantes() (all []int) {
	there := map[int]bool{}
	for _, r := range v.Retours {
		there[int(r.Annee)] = true
	}
	for _, y := range v.Programme.annees() {
		if !there[y] {
			all = append(all, y)
		}
	}
	return all
}

// chiffresAnnee are the counts of a year as they may be shown.
type chiffresAnnee struct {
	Annee   int16
	De      string // whose counts, where a page shows those of several programmes; else empty
	Reserve string
	cases   map[rubrique]*int64 // nil: hidden
	masques map[rubrique]bool   // hidden to all but the producer, who sees them
}

// annees are the returns with their counts, bare for the producer.
func (v agregatsVue) annees() []chiffresAnnee {
	all := make([]chiffresAnnee, len(v.Retours))
	for i, r := range v.Retours {
		c := chiffresAnnee{Annee: r.Annee, Reserve: r.Reserve, cases: map[rubrique]*int64{}, masques: map[rubrique]bool{}}
		for _, row := range v.masques {
			if row.Annee == r.Annee {
				c.cases[row.rubrique()] = row.Effectif
			}
		}
		for _, row := range v.bruts {
			if row.Annee == r.Annee {
				c.masques[row.rubrique()] = c.cases[row.rubrique()] == nil
				c.cases[row.rubrique()] = row.Effectif
			}
		}
		all[i] = c
	}
	return all
}

// cellule shows a count: a number, hidden, or unknown.
func (c chiffresAnnee) cellule(r rubrique) web.Cell {
	n, known := c.cases[r]
	switch {
	case !known:
		return web.TextCell(typo.NonDisponible)
	case n == nil:
		return web.TextCell(nonCommunique)
	case c.masques[r]:
		return web.Cell{Texte: typo.Nombre(*n), Note: "masqué aux autres"}
	}
	return web.TextCell(typo.Nombre(*n))
}

// de is the year in a caption, with whose counts they are where the page does not make that plain.
func (c chiffresAnnee) de() string {
	if c.De == "" {
		return strconv.Itoa(int(c.Annee))
	}
	return c.De + ", " + strconv.Itoa(int(c.Annee))
}

// tableaux are the counts of a year: by sex and age, then by duration and by exit where they are followed. id makes them unique in the page.
func (c chiffresAnnee) tableaux(id string) []web.TableProps {
	grid := web.TableProps{ID: id + "-age", Caption: "Parcours par sexe et par âge, " + c.de(), Columns: []web.Column{{Titre: "Sexe"}}}
	for _, a := range lexique.AgesPRE {
		grid.Columns = append(grid.Columns, web.Column{Titre: a.Libelle, Numeric: true})
	}
	grid.Columns = append(grid.Columns, web.Column{Titre: "Ensemble", Numeric: true})
	for _, s := range append(lexique.SexesPRE[:len(lexique.SexesPRE):len(lexique.SexesPRE)], lexique.Mot{Libelle: "Ensemble"}) {
		row := []web.Cell{web.TextCell(s.Libelle)}
		for _, a := range lexique.AgesPRE {
			row = append(row, c.cellule(rubrique{Sexe: s.Code, Age: a.Code}))
		}
		grid.Rows = append(grid.Rows, append(row, c.cellule(rubrique{Sexe: s.Code})))
	}
	all := []web.TableProps{grid}
	for _, d := range []struct {
		id, titre string
		mots      []lexique.Mot
		of        func(code string) rubrique
	}{
		{"-duree", groupeDuree, lexique.DureesPRE, func(code string) rubrique { return rubrique{Duree: code} }},
		{"-sortie", groupeSortie, lexique.SortiesPRE, func(code string) rubrique { return rubrique{Sortie: code} }},
	} {
		if _, followed := c.cases[d.of(d.mots[0].Code)]; !followed {
			continue
		}
		t := web.TableProps{ID: id + d.id, Caption: d.titre + ", " + c.de(), Columns: []web.Column{{Titre: d.titre}, {Titre: "Parcours", Numeric: true}}}
		for _, m := range d.mots {
			t.Rows = append(t.Rows, []web.Cell{web.TextCell(m.Libelle), c.cellule(d.of(m.Code))})
		}
		all = append(all, t)
	}
	return all
}

func (v agregatsVue) versions() web.TableProps {
	t := web.TableProps{ID: "versions", Caption: "Versions de vos retours", CaptionHidden: true, Small: true,
		Columns: []web.Column{{Titre: "Année"}, {Titre: "Version", Numeric: true}, {Titre: "Enregistrée le"}, {Titre: "Par"}, {Titre: "Parcours", Numeric: true}}}
	for _, r := range v.Versions {
		who := "le portail"
		if r.Role != "" {
			who = lexique.Libelle(lexique.Roles, r.Role)
		}
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(strconv.Itoa(int(r.Annee))), web.TextCell(strconv.Itoa(r.Version)), web.TextCell(typo.DateHeure(r.SaisiLe)), web.TextCell(who), web.TextCell(typo.Nombre(r.Total))})
	}
	return t
}

func (v agregatsVue) telechargements() []web.Download {
	return httpx.Downloads(func(format string) string { return lien.PREAgregatsFichier(v.Programme.ID, format) })
}

// fichier are the counts as a table to take away, masked as on the page.
func (v agregatsVue) fichier(base string, now time.Time) export.Table {
	type line struct {
		annee int16
		r     rubrique
		n     *int64
	}
	var lines []line
	for _, c := range v.annees() {
		known := effectifs{}
		for r := range c.cases {
			known[r] = 0
		}
		for _, r := range known.rubriques() {
			lines = append(lines, line{c.Annee, r, c.cases[r]})
		}
	}
	return export.Table{Nom: "reussite-educative-" + strconv.FormatInt(v.Programme.ID, 10), Titre: "Parcours, " + v.Programme.Nom,
		Colonnes: []export.Colonne{
			{Titre: "Année", Nom: "annee", Type: export.Annee}, {Titre: "Sexe", Nom: "sexe"}, {Titre: "Âge", Nom: "age"}, {Titre: "Durée", Nom: "duree"},
			{Titre: "Situation ou sortie", Nom: "sortie"}, {Titre: "Parcours", Nom: "parcours", Type: export.Entier, Description: "« n.c. » : couvert par le secret statistique."}},
		Lignes: export.Lignes(lines, func(l line) []any {
			var n any = export.Secret{}
			if l.n != nil {
				n = *l.n
			}
			return []any{l.annee, l.r.mot(lexique.SexesPRE, l.r.Sexe), l.r.mot(lexique.AgesPRE, l.r.Age), l.r.mot(lexique.DureesPRE, l.r.Duree), l.r.mot(lexique.SortiesPRE, l.r.Sortie), n}
		}),
		Apropos: export.Apropos{Source: v.Programme.Porteur, Extrait: now, Permalien: base + lien.PREAgregats(v.Programme.ID),
			Reserves: []string{"Un effectif inférieur à " + strconv.FormatInt(v.Programme.SeuilSecret, 10) + ", ou qui permettrait de le retrouver, n’est pas communiqué."}}}
}

// mot is a code of a dimension in words.
func (rubrique) mot(mots []lexique.Mot, code string) string {
	if code == "" {
		return "ensemble"
	}
	return lexique.Libelle(mots, code)
}

// programmePublic is a programme with the years that are published.
type programmePublic struct {
	ID            int64
	Nom           string
	Demonstration bool
	Annees        []chiffresAnnee
}

// volets are the years, the latest open.
func (p programmePublic) volets() (all []web.Panel) {
	for i, c := range p.Annees {
		id := "p" + strconv.FormatInt(p.ID, 10) + "-" + strconv.Itoa(int(c.Annee))
		all = append(all, web.Panel{ID: id, Titre: strconv.Itoa(int(c.Annee)), Open: i == 0, Contenu: chiffresVue(c, id)})
	}
	return all
}

// programmesPublics gathers the published counts.
func programmesPublics(rows []publicRow) (all []programmePublic) {
	for _, r := range rows {
		if len(all) == 0 || all[len(all)-1].ID != r.PreID {
			all = append(all, programmePublic{ID: r.PreID, Nom: r.Nom, Demonstration: r.Demonstration})
		}
		p := &all[len(all)-1]
		if len(p.Annees) == 0 || p.Annees[len(p.Annees)-1].Annee != r.Annee {
			p.Annees = append(p.Annees, chiffresAnnee{Annee: r.Annee, De: r.Nom, Reserve: r.Reserve, cases: map[rubrique]*int64{}})
		}
		p.Annees[len(p.Annees)-1].cases[rubrique{r.Sexe, r.Age, r.Duree, r.Sortie}] = r.Effectif
	}
	return all
}

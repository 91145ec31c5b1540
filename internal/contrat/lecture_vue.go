package contrat

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"portail/internal/export"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/texte"
	"portail/web"
	"portail/web/typo"
)

// Levels of the headings inside texts: below those of the page.
const (
	niveauSection  = 4
	niveauObjectif = 5
)

// rendre makes the texts ready to be shown; none holds markup of its own.
func (l *lecture) rendre() error {
	l.Textes = map[string]templ.Component{}
	add := func(cle, source string, level int) error {
		c, err := texte.Render(source, level)
		if err != nil {
			return fmt.Errorf("render %s: %w", cle, err)
		}
		if strings.TrimSpace(source) != "" {
			l.Textes[cle] = c
		}
		return nil
	}
	for _, s := range l.Sections {
		cle := s.Code
		if s.AxeID != nil {
			cle = cleAxe(*s.AxeID)
		}
		if err := add(cle, s.Texte, niveauSection); err != nil {
			return err
		}
	}
	for _, o := range l.Objectifs {
		if err := add(cleObjectif(o.ID), o.Texte, niveauObjectif); err != nil {
			return err
		}
	}
	return nil
}

// proprietes are what is known of the contract itself.
func (l lecture) proprietes() []web.Description {
	text := func(terme, texte string) web.Description {
		return web.Description{Terme: terme, Cell: web.TextCell(texte)}
	}
	all := []web.Description{text("Période", l.periode()), text("Génération", lexique.Libelle(lexique.GenerationsContrat, strconv.Itoa(l.Generation)))}
	if l.EpciNom != "" {
		all = append(all, text("Intercommunalité", l.EpciNom))
	}
	if q := l.of(annexeQPV); len(q) > 0 {
		all = append(all, web.Description{Terme: typo.Pluriel(len(q), "Quartier prioritaire", "Quartiers prioritaires"), Cell: web.ComponentCell(quartiersLus(q))})
	}
	if len(l.Qva) > 0 {
		all = append(all, text("Quartiers de veille active", strings.Join(l.Qva, ", ")))
	}
	if len(l.Poches) > 0 {
		all = append(all, text("Poches de pauvreté", strings.Join(l.Poches, ", ")))
	}
	if l.SigneLe != nil {
		all = append(all, text("Signé le", typo.Date(*l.SigneLe)))
	}
	if l.Avenant > 0 && l.EffetLe != nil {
		all = append(all, text("En vigueur depuis le", typo.Date(*l.EffetLe)))
	}
	if l.Revoyure != nil {
		all = append(all, text("Clause de revoyure", typo.Date(*l.Revoyure)))
	}
	if l.DenonceLe != nil {
		all = append(all, text("Dénoncé le", typo.Date(*l.DenonceLe)))
	}
	if l.EvaluationOrganismeNom != "" {
		all = append(all, text("Évaluation suivie par", l.EvaluationOrganismeNom))
	}
	return all
}

// sommaire leads to the parts of the page that there are.
func (l lecture) sommaire() []web.Lien {
	var all []web.Lien
	for _, p := range []struct {
		there bool
		lien  web.Lien
	}{
		{len(l.Axes) > 0, web.Lien{Texte: "Axes et objectifs", Href: "#axes"}}, {len(l.Engagements) > 0, web.Lien{Texte: "Avancement", Href: "#avancement"}},
		{len(l.Engagements) > 0, web.Lien{Texte: "Engagements", Href: "#engagements"}}, {len(l.Parties) > 0, web.Lien{Texte: "Parties et signatures", Href: "#parties"}},
		{len(l.panneauxTextes()) > 0, web.Lien{Texte: "Texte du contrat", Href: "#texte"}}, {true, web.Lien{Texte: "Documents et versions", Href: "#versions"}},
	} {
		if p.there {
			all = append(all, p.lien)
		}
	}
	return all
}

// panneauxAxes are the branches, each with its objectives.
func (l lecture) panneauxAxes() []web.Panel {
	var all []web.Panel
	for _, a := range l.Axes {
		all = append(all, web.Panel{ID: cleAxe(a.ID), Titre: lexique.Libelle(lexique.NaturesAxe, a.Nature) + typo.NBSP + ": " + a.Titre, Contenu: axeContenu(l, a)})
	}
	return all
}

// panneauxTextes are the texts, in the order that the contract is read.
func (l lecture) panneauxTextes() []web.Panel {
	var all []web.Panel
	for _, m := range lexique.SectionsContrat {
		if c := l.Textes[m.Code]; c != nil {
			all = append(all, web.Panel{ID: "section-" + m.Code, Titre: m.Libelle, Contenu: c})
		}
	}
	return all
}

// nombre is how many engagements a condition keeps, and how many of them are reached.
func (l lecture) nombre(keep func(Engagement) bool) (total, atteints int) {
	for _, e := range l.Engagements {
		if !keep(e) {
			continue
		}
		total++
		if e.Avancement == "atteint" {
			atteints++
		}
	}
	return total, atteints
}

// chiffres sum the contract up.
func (l lecture) chiffres() []web.Figure {
	total, atteints := l.nombre(func(Engagement) bool { return true })
	signed := 0
	for _, p := range l.Parties {
		if p.Signee {
			signed++
		}
	}
	return []web.Figure{
		{Libelle: "Engagements", Valeur: typo.Nombre(int64(total))}, {Libelle: "Engagements atteints", Valeur: typo.Nombre(int64(atteints))},
		{Libelle: "Parties signataires", Valeur: typo.Nombre(int64(signed)) + typo.NBSP + "sur" + typo.NBSP + typo.Nombre(int64(len(l.Parties)))},
	}
}

// groupe is a line of the tables of progress.
type groupe struct {
	nom    string
	filtre url.Values
	keep   func(Engagement) bool
}

// avancements are the tables of progress: by axe, by party, by quarter.
func (l lecture) avancements() []web.TableProps {
	var axes, parties, quartiers []groupe
	for _, a := range l.Axes {
		axes = append(axes, groupe{a.Titre, url.Values{paramAxe: {strconv.FormatInt(a.Lignee, 10)}}, func(e Engagement) bool { return l.axe(e).ID == a.ID }})
	}
	for _, p := range l.Parties {
		parties = append(parties, groupe{p.OrganismeNom, url.Values{paramPartie: {strconv.FormatInt(p.OrganismeID, 10)}}, func(e Engagement) bool { return e.PartieID == p.ID }})
	}
	of := func(e Engagement) string { code, _ := l.axe(e).quartier(); return code }
	for _, q := range l.of(annexeQPV) {
		quartiers = append(quartiers, groupe{q.Nom, url.Values{paramQPV: {q.Code}}, func(e Engagement) bool { return of(e) == q.Code }})
	}
	quartiers = append(quartiers, groupe{"Ensemble du territoire", nil, func(e Engagement) bool { return of(e) == "" }})
	return []web.TableProps{l.avancement("par-axe", "Par axe", "Axe", axes), l.avancement("par-partie", "Par partie", "Partie", parties), l.avancement("par-quartier", "Par quartier", "Quartier", quartiers)}
}

func (l lecture) avancement(id, caption, head string, groups []groupe) web.TableProps {
	p := web.TableProps{ID: id, Caption: caption, CaptionHidden: true, Columns: []web.Column{{Titre: head}, {Titre: "Engagements", Numeric: true}}}
	for _, m := range lexique.Avancements {
		p.Columns = append(p.Columns, web.Column{Titre: m.Libelle, Numeric: true})
	}
	for _, g := range groups {
		total, _ := l.nombre(g.keep)
		if total == 0 {
			continue
		}
		name := web.TextCell(g.nom)
		if g.filtre != nil {
			name = web.LinkCell(g.nom, (web.ListURL{Path: l.href(), Values: g.filtre}).Page(1)+"#engagements")
		}
		row := []web.Cell{name, web.TextCell(typo.Nombre(int64(total)))}
		for _, m := range lexique.Avancements {
			n, _ := l.nombre(func(e Engagement) bool { return e.etape() == m.Code && g.keep(e) })
			row = append(row, web.TextCell(typo.Nombre(int64(n))))
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// panneauxAvancement are the tables of progress, one under a title each.
func (l lecture) panneauxAvancement() []web.Panel {
	var all []web.Panel
	for i, t := range l.avancements() {
		if len(t.Rows) > 0 {
			all = append(all, web.Panel{ID: "onglet-" + t.ID, Titre: t.Caption, Open: i == 0, Contenu: web.DataTable(t)})
		}
	}
	return all
}

// tableParties is the table of who is bound.
func (l lecture) tableParties() web.TableProps {
	p := web.TableProps{ID: "table-parties", Caption: "Parties et signatures", CaptionHidden: true,
		Columns: []web.Column{{Titre: "Partie"}, {Titre: "Nature"}, {Titre: "Signature"}}}
	for _, x := range l.Parties {
		p.Rows = append(p.Rows, []web.Cell{{Texte: x.OrganismeNom, Note: strings.Join(l.qualites(x), ", ")}, web.TextCell(lexique.Libelle(lexique.NaturesPartie, x.Nature)), web.TextCell(x.signeLe())})
	}
	return p
}

// qualites are the capacities of the signatories of a party.
func (l lecture) qualites(p Partie) []string {
	var all []string
	for _, s := range l.of(annexeSignataire) {
		if s.ID == p.ID {
			all = append(all, s.Nom)
		}
	}
	return all
}

// signeLe says whether and when the party signed.
func (p Partie) signeLe() string {
	switch {
	case p.Signee && p.SigneLe != nil:
		return "Signé le " + typo.Date(*p.SigneLe)
	case p.DispenseLe != nil:
		return "Dispensée de signer"
	}
	return "Non signé"
}

// tableEngagements is the table of the engagements that the filters keep.
func (l lecture) tableEngagements() web.TableProps {
	p := web.TableProps{ID: "table-engagements", Caption: "Engagements", CaptionHidden: true, Columns: []web.Column{{Titre: "Engagement"}, {Titre: "Partie"}, {Titre: "Échéance"}, {Titre: "Avancement"}}}
	for _, e := range l.affiches() {
		due := web.TextCell("non fixée")
		if d := e.Du(); d != nil {
			due = web.TextCell(typo.Date(*d))
		}
		p.Rows = append(p.Rows, []web.Cell{web.ComponentCell(engagementContenu(l, e)), {Texte: e.OrganismeNom, Note: e.Moyens()}, due, web.ComponentCell(avancementContenu(e))})
	}
	return p
}

// tableVersions is the table of the texts of the contract, the latest first.
func (l lecture) tableVersions() web.TableProps {
	p := web.TableProps{ID: "table-versions", Caption: "Versions et avenants", Columns: []web.Column{{Titre: "Version"}, {Titre: "Objet"}, {Titre: "En vigueur depuis le"}}}
	for _, v := range l.of(annexeVersion) {
		avenant, _ := strconv.Atoi(v.Code) // a number of the schema
		name := web.LinkCell(nomVersion(avenant), lien.ContratPublicVersion(l.ContratID, int(v.Numero)))
		if int(v.Numero) == l.Numero {
			name = web.Cell{Texte: nomVersion(avenant), Note: "version affichée"}
		}
		var natures []string
		if v.Detail != "" {
			for _, n := range strings.Split(v.Detail, ",") {
				natures = append(natures, lexique.Libelle(lexique.NaturesAvenant, n))
			}
		}
		object := web.Cell{Texte: v.Nom, Note: strings.Join(natures, ", ")}
		if v.Nom == "" {
			object.Texte = "Contrat tel qu’il a été signé"
		}
		p.Rows = append(p.Rows, []web.Cell{name, object, web.TextCell(typo.Date(*v.Le))})
	}
	return p
}

// tableDocuments is the table of the files.
func (l lecture) tableDocuments() web.TableProps {
	p := web.TableProps{ID: "table-documents", Caption: "Documents", Columns: []web.Column{{Titre: "Document"}, {Titre: "Déposé le"}}}
	for _, d := range l.of(annexeDocument) {
		name := web.Cell{Texte: d.Nom + " (" + strings.ToUpper(d.Code) + ", " + typo.Octets(d.Numero) + ")", Href: lien.ContratPublicDocument(l.ContratID, d.ID), Note: "SHA-256" + typo.NBSP + ": " + d.Detail}
		p.Rows = append(p.Rows, []web.Cell{name, web.TextCell(typo.Date(*d.Le))})
	}
	return p
}

// publications tell the history of publication, the latest first.
func (l lecture) publications() web.TableProps {
	p := web.TableProps{ID: "table-publications", Caption: "Historique de publication", Columns: []web.Column{{Titre: "Date"}, {Titre: "Version"}, {Titre: "Acte"}}}
	for _, a := range l.of(annexePublication) {
		avenant, _ := strconv.Atoi(a.Detail) // a number of the schema
		acte := web.TextCell("Publiée")
		if a.Code == "retire" {
			acte = web.Cell{Texte: "Retirée de la publication", Note: a.Nom}
		}
		p.Rows = append(p.Rows, []web.Cell{web.TextCell(typo.DateHeure(*a.Le)), web.TextCell(nomVersion(avenant)), acte})
	}
	return p
}

// compte says in words how many engagements the filters keep.
func (l lecture) compte() string {
	n := len(l.trouves())
	if n == 0 {
		return "Aucun engagement"
	}
	s := typo.NPluriel(int64(n), "engagement", "engagements")
	if pages := web.PageCount(n, parLecture); pages > 1 {
		s += ", page" + typo.NBSP + strconv.Itoa(l.Filtres.Page) + " sur" + typo.NBSP + strconv.Itoa(pages)
	}
	return s
}

// tags are the filters in force; each leads to the contract without it.
func (l lecture) tags() []web.Lien {
	var all []web.Lien
	for _, f := range l.filtres() {
		all = append(all, web.Lien{Texte: f.texte, Href: l.url().With(f.param, "") + "#engagements"})
	}
	return all
}

// Files of a contract, as their addresses end.
const (
	fichierTexte       = "contrat.odt"
	fichierEngagements = "engagements"
)

var formatsEngagements = []lexique.Mot{{Code: export.FormatODS, Libelle: "ODS"}, {Code: export.FormatCSVTableur, Libelle: "CSV pour tableur"}, {Code: export.FormatCSV, Libelle: "CSV"}, {Code: export.FormatJSON, Libelle: "JSON"}}

// nomFichier ends the address of the engagements in a format.
func nomFichier(format string) string {
	if format == export.FormatCSVTableur {
		return fichierEngagements + "-tableur.csv"
	}
	return fichierEngagements + "." + format
}

// telechargements are the files of exactly the engagements that are filtered.
func (l lecture) telechargements() []web.Download {
	v := l.Filtres.valeurs()
	if !l.EnVigueur {
		v.Set(paramVersion, strconv.Itoa(l.Numero))
	}
	var all []web.Download
	for _, f := range formatsEngagements {
		all = append(all, web.Download{Format: f.Libelle, Href: lien.ContratPublicFichier(l.ContratID, nomFichier(f.Code), v)})
	}
	return all
}

// telechargement is the whole text as a file.
func (l lecture) telechargement() web.Download {
	v := url.Values{}
	if !l.EnVigueur {
		v.Set(paramVersion, strconv.Itoa(l.Numero))
	}
	return web.Download{Texte: "Texte entier", Format: "ODT", Href: lien.ContratPublicFichier(l.ContratID, fichierTexte, v)}
}

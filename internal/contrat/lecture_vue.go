package contrat

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"

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
	engagements := map[int64]int{} // by axe
	for _, e := range l.Engagements {
		engagements[l.axe(e).ID]++
	}
	for _, a := range l.Axes {
		all = append(all, web.Panel{ID: cleAxe(a.ID), Titre: lexique.Libelle(lexique.NaturesAxe, a.Nature) + typo.NBSP + ": " + a.Titre, Contenu: axeContenu(l, a, engagements[a.ID])})
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
	p := web.TableProps{ID: "table-documents", Caption: "Documents", Columns: []web.Column{{Titre: "Document"}, {Titre: "Déposé le"}, {Titre: "Empreinte SHA-256"}}}
	for _, d := range l.of(annexeDocument) {
		name := web.Cell{Texte: d.Nom + " (" + strings.ToUpper(d.Code) + ", " + typo.Octets(d.Numero) + ")", Href: lien.ContratPublicDocument(l.ContratID, d.ID)}
		p.Rows = append(p.Rows, []web.Cell{name, web.TextCell(typo.Date(*d.Le)), web.ComponentCell(sha(d.Detail))})
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
	n := len(l.Trouves)
	if n == 0 {
		return "Aucun engagement"
	}
	s := typo.NPluriel(int64(n), "engagement", "engagements")
	return s + web.PageSur(l.Filtres.Page, n, parLecture)
}

// tags are the filters in force; each leads to the contract without it.
func (l lecture) tags() []web.Lien {
	all := l.filtres().Tags(l.url())
	for i := range all {
		all[i].Href += "#engagements"
	}
	return all
}

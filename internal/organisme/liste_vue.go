package organisme

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// liste is what the page of the list shows.
type liste struct {
	Filtres
	Lignes   []ligne
	Comites  []string // those that the list can be filtered by
	Modifier bool     // whoever asks may create one
}

// Total is the number of organisations of the whole list, pages aside.
func (l liste) Total() int {
	if len(l.Lignes) == 0 {
		return 0
	}
	return l.Lignes[0].Total
}

// check refuses a page after the last one.
func (l liste) check() error {
	if len(l.Lignes) == 0 && l.Page > 1 {
		return fault.NotFound
	}
	return nil
}

// Proche says that no organisation is what was typed, and that those listed come near.
func (l liste) Proche() bool { return len(l.Lignes) > 0 && l.Lignes[0].Proche }

func (l liste) titre() string {
	t := "Organismes"
	if l.Q != "" {
		t += typo.NBSP + ": recherche " + typo.Guillemets(l.Q)
	}
	if l.Page > 1 {
		t += " (page" + typo.NBSP + strconv.Itoa(l.Page) + ")"
	}
	return t
}

// compte says in words how many organisations there are.
func (l liste) compte() string {
	n := l.Total()
	s := typo.NPluriel(int64(n), "organisme", "organismes")
	if n == 0 {
		s = "Aucun organisme"
	}
	switch {
	case l.Proche():
		s += typo.Pluriel(n, " ressemble", " ressemblent") + " à votre recherche"
	case !l.Vide():
		s += typo.Pluriel(n, " correspond", " correspondent") + " à votre demande"
	}
	return s + web.PageSur(l.Page, n, l.Par) + "."
}

func optionsTexte(texts []string, chosen string) []web.Option {
	var all []web.Option
	for _, t := range texts {
		all = append(all, web.Option{Value: t, Label: t, Selected: t == chosen})
	}
	return all
}

// selects are the drop-down lists of the form.
func (l liste) selects() []web.SelectProps {
	all := []web.SelectProps{
		{Control: web.Control{Name: paramNature, Label: "Nature"}, Options: httpx.Options(lexique.NaturesOrganisme, l.Nature), Vide: "Toutes"},
		{Control: web.Control{Name: paramEtat, Label: "État"}, Options: httpx.Options(etats, l.Etat)},
	}
	known := l.Comites
	if l.Comite != "" && !slices.Contains(known, l.Comite) {
		known = append([]string{l.Comite}, known...)
	}
	if len(known) > 0 {
		all = append(all, web.SelectProps{Control: web.Control{Name: paramComite, Label: "Membre du comité"}, Options: optionsTexte(known, l.Comite), Vide: "Tous"})
	}
	return all
}

// tags are the filters in force; each leads to the list without it.
func (l liste) tags() []web.Lien { return l.phrases().Tags(l.url()) }

// tailles are the numbers of organisations per page that can be asked for.
func (l liste) tailles() []web.Lien { return l.url().Sizes(paramPar, taillesPage, l.Par, parDefaut) }

// tableau is the list as a table.
func (l liste) tableau() web.TableProps {
	u := l.url()
	if l.Tri == "nom" && !l.Descendant {
		u.Values.Set(web.ParamTri, "nom") // so that the heading shows the sort that is there by default
	}
	p := web.TableProps{ID: "organismes", Caption: "Organismes", CaptionHidden: true, Columns: []web.Column{
		u.Column("Organisme", "nom", false), u.Column("Nature", "nature", false), u.Column("SIRET", "siret", false),
		{Titre: "Comités"}, u.Column("État", "etat", false),
	}}
	for _, o := range l.Lignes {
		name := web.Cell{Texte: titre(o.Nom, o.Sigle), Href: lien.Organisme(o.ID)}
		if len(o.AnciensNoms) > 0 {
			name.Note = "Anciennement " + strings.Join(o.AnciensNoms, ", ")
		}
		etat := web.TextCell(o.etat())
		if o.Successeur != nil {
			etat.Note = "Repris par " + *o.Successeur
		}
		siret := "non renseigné"
		if o.Siret != "" {
			siret = siretGroupe(o.Siret)
		}
		p.Rows = append(p.Rows, []web.Cell{name, web.TextCell(lexique.Libelle(lexique.NaturesOrganisme, o.Nature)),
			web.TextCell(siret), web.TextCell(strings.Join(o.Comites, ", ")), etat})
	}
	return p
}

// telechargements are the files of exactly what is filtered.
func (l liste) telechargements() []web.Download {
	return httpx.Downloads(func(format string) string { return lien.OrganismesFichier(format, l.filtres()) })
}

// fichier describes the list as a file.
func (l liste) fichier(base string, le time.Time) export.Table {
	t := export.Table{Nom: "organismes", Titre: "Organismes", Colonnes: []export.Colonne{
		{Titre: "Nom", Nom: "nom", Largeur: 8}, {Titre: "Sigle", Nom: "sigle", Largeur: 3}, {Titre: "Nature", Nom: "nature", Largeur: 4},
		{Titre: "SIRET", Nom: "siret", Largeur: 3.6, Description: "14\u00a0chiffres\u00a0; vide quand il n’est pas renseigné"},
		{Titre: "Comités", Nom: "comites", Largeur: 6}, {Titre: "Fermé le", Nom: "ferme_le", Type: export.Date},
		{Titre: "Repris par", Nom: "successeur", Largeur: 6}, {Titre: "Anciens noms", Nom: "anciens_noms", Largeur: 6},
		{Titre: "Fiche", Nom: "fiche", Type: export.Lien, Largeur: 8},
	}, Apropos: export.Apropos{Source: "Portail, liste des organismes", Extrait: le, Permalien: base + (web.ListURL{Path: lien.Organismes, Values: l.filtres()}).Page(1)}}
	t.Apropos.Filtres = l.phrases().Phrases()
	if l.Proche() {
		t.Apropos.Reserves = append(t.Apropos.Reserves, "Aucun organisme ne correspond exactement à la recherche\u00a0: ceux-ci ont les noms les plus proches.")
	}
	t.Lignes = export.Lignes(l.Lignes, func(o ligne) []any {
		return []any{o.Nom, o.Sigle, lexique.Libelle(lexique.NaturesOrganisme, o.Nature), o.Siret, strings.Join(o.Comites, ", "), o.FermeLe,
			o.Successeur, strings.Join(o.AnciensNoms, ", "), base + lien.Organisme(o.ID)}
	})
	return t
}

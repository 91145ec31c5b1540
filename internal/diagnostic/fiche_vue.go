package diagnostic

import (
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

func tableDiagnostics(lignes []ligneDiagnostic) web.TableProps {
	p := web.TableProps{ID: "diagnostics", Caption: "Quartiers", CaptionHidden: true, Vide: "Aucun quartier.", Columns: []web.Column{
		{Titre: "Quartier"}, {Titre: "Constats", Numeric: true}, {Titre: "Enjeux", Numeric: true}, {Titre: "Leviers", Numeric: true}, {Titre: "Dernier texte"}}}
	for _, l := range lignes {
		last := "aucun"
		if l.Dernier != nil {
			last = typo.DateCourte(*l.Dernier)
		}
		p.Rows = append(p.Rows, []web.Cell{{Texte: l.Nom, Href: lien.Diagnostic(l.Code), Note: l.Communes}, web.TextCell(typo.Nombre(int64(l.Constats))),
			web.TextCell(typo.Nombre(int64(l.Enjeux))), web.TextCell(typo.Nombre(int64(l.Leviers))), web.TextCell(last)})
	}
	return p
}

// maxCompares is how many quarters the link to the comparison proposes: those that one comparison holds.
const maxCompares = 20

// comparerTous sets the quarters of the list side by side.
func comparerTous(lignes []ligneDiagnostic) string {
	var codes []string
	for _, l := range lignes[:min(len(lignes), maxCompares)] {
		codes = append(codes, l.Code)
	}
	return lien.ComparaisonPartagee(codes)
}

// sommaire leads to each thématique.
func (f fiche) sommaire() []web.Lien {
	var all []web.Lien
	for _, b := range f.Blocs {
		all = append(all, web.Lien{Texte: b.Titre, Href: "#" + b.Code})
	}
	return append(all, web.Lien{Texte: "Décisions, engagements et dispositifs", Href: "#titre-liees"})
}

func (f fiche) telechargements() []web.Download {
	href := func(format string) string { return lien.DiagnosticFichier(f.Code, format) }
	return append([]web.Download{{Format: "ODT", Href: href("odt")}}, httpx.Downloads(href)...)
}

func (f fiche) boutons() []web.ButtonProps {
	all := []web.ButtonProps{{Texte: "Voir la page publique du quartier", Href: lien.Fiche(f.Code), Kind: web.ButtonTertiary}}
	if f.contribuer() {
		all = append([]web.ButtonProps{{Texte: "Contribuer au diagnostic", Href: lien.ConstatNouveau(f.Code, "", ""), Icon: "fr-icon-edit-line", Kind: web.ButtonSecondary}}, all...)
	}
	return all
}

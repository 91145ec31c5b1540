package contrat

import (
	"github.com/a-h/templ"

	"portail/internal/document"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

func filFiche(f fiche) []web.Lien {
	all := filVersion(f.Version)
	all[len(all)-1].Href = ""
	return all
}

func (f fiche) badges() []templ.Component {
	all := []templ.Component{etatBadge(f.Etat)}
	if f.Reprise {
		all = append(all, web.Badge("Reprise", web.ToneNeutral))
	}
	if f.Publiee() {
		all = append(all, web.Badge("Publié", web.ToneSuccess))
	}
	return all
}

func (f fiche) sommaire() []web.Lien {
	all := []web.Lien{{Texte: "Cadre", Href: "#cadre"}}
	if f.Etat.Ouvert() {
		all = append(all, web.Lien{Texte: "Contrôle avant signature", Href: "#avant-signature"})
	}
	return append(all, web.Lien{Texte: "Parties et signatures", Href: "#parties"}, web.Lien{Texte: "Textes", Href: "#textes"},
		web.Lien{Texte: "Axes, objectifs et engagements", Href: "#arbre"}, web.Lien{Texte: "Versions et avenants", Href: "#textes-du-contrat"}, web.Lien{Texte: "Documents", Href: "#pieces"}, web.Lien{Texte: "Historique", Href: "#historique"})
}

func (f fiche) tableauSections() web.TableProps {
	t := web.TableProps{ID: "sections", Caption: "Textes du contrat", CaptionHidden: true, Columns: []web.Column{{Titre: "Section"}, {Titre: "État"}, {Titre: "Discussions ouvertes", Numeric: true}}}
	for _, m := range lexique.SectionsContrat {
		s := f.Section(m.Code, 0)
		if s.ID == 0 {
			continue
		}
		state := "à écrire"
		if s.Texte != "" {
			state = typo.NPluriel(int64(len([]rune(s.Texte))), "caractère", "caractères")
		}
		t.Rows = append(t.Rows, []web.Cell{web.LinkCell(m.Libelle, f.hrefObjet("sections", s.ID, "")), web.TextCell(state), web.TextCell(typo.Nombre(int64(s.Commentaires)))})
	}
	return t
}

// minusculer is a label within a sentence.
func minusculer(s string) string {
	if s == "" || s == "État" {
		return s
	}
	return typo.Minuscule(s)
}

// pieces are the files of the contract, with what proves that they did not change.
func (f fiche) pieces() web.TableProps {
	t := web.TableProps{ID: "documents", Caption: "Documents du contrat", CaptionHidden: true, Vide: "Aucun document joint.",
		Columns: []web.Column{{Titre: "Document"}, {Titre: "Fichier"}, {Titre: "Lisible par"}, {Titre: "Empreinte SHA-256"}}}
	for _, p := range f.Pieces {
		who := "la préfecture et les parties"
		if p.Public {
			who = "tout le monde, une fois le contrat publié"
		}
		t.Rows = append(t.Rows, []web.Cell{{Texte: p.Titre, Href: lien.ContratDocument(f.ContratID, p.DocumentID), Note: "Joint le " + typo.Date(p.DeposeLe)},
			web.TextCell(document.Document{Type: p.Type, Taille: p.Taille}.Description()), web.TextCell(who), web.ComponentCell(sha(p.SHA256))})
	}
	return t
}

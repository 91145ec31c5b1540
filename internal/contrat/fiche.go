package contrat

import (
	"strconv"
	"strings"
	"time"

	"portail/internal/droits"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// fiche is the workspace of a text: what it says, what is missing, who signs, what was done to it.
type fiche struct {
	Contenu
	Signataires []Signataire
	Versions    []Version
	Pieces      []piece
	Historique  []journal.Ligne
	Par         droits.Compte
	Maintenant  time.Time
}

// modifier says whether whoever asks may write the text now.
func (f fiche) modifier() bool { return f.Par.Peut(droits.ContratModifier) && f.Etat.Modifiable() }

func (f fiche) href(acte string) string { return lien.ContratActe(f.ContratID, f.Numero, acte) }

func (f fiche) hrefObjet(sorte string, id int64, acte string) string {
	return lien.ContratObjet(f.ContratID, f.Numero, sorte, id, acte)
}

// titre is the title of the page.
func (f fiche) titre() string {
	if f.Avenant == 0 {
		return f.Titre
	}
	return f.Nom() + typo.NBSP + ": " + f.Titre
}

// proprietes are what the text says of itself.
func (f fiche) proprietes() []web.Description {
	all := []web.Description{}
	add := func(terme, value string) {
		if value != "" {
			all = append(all, web.Description{Terme: terme, Cell: web.TextCell(value)})
		}
	}
	jour := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return typo.Date(*t)
	}
	if f.Avenant > 0 {
		add("Objet", f.Objet)
		add("Changements", libelles(lexique.NaturesAvenant, f.Natures))
	}
	add("Génération", lexique.Libelle(lexique.GenerationsContrat, strconv.Itoa(f.Generation)))
	add("Intercommunalité", f.EpciNom)
	add("Durée", "du "+typo.Date(f.Debut)+" au "+typo.Date(f.Fin))
	add("Clause de revoyure", jour(f.Revoyure))
	add("Date d’effet", jour(f.EffetLe))
	add("Signé le", jour(f.SigneLe))
	add("Dénoncé le", jour(f.DenonceLe))
	add("Motif de la dénonciation", f.DenonceMotif)
	add("Quartiers prioritaires", strings.Join(f.QpvNoms, ", "))
	add("Quartiers de veille active", strings.Join(f.Qva, ", "))
	add("Poches de pauvreté", strings.Join(f.Poches, ", "))
	add("Responsable de l’évaluation", f.EvaluationOrganismeNom)
	if f.DocumentID != nil {
		all = append(all, web.Description{Terme: "Texte signé", Cell: web.LinkCell("Télécharger le scan", lien.ContratDocument(f.ContratID, *f.DocumentID))})
	}
	return all
}

// actes are the buttons of what may be done now; the first is what normally comes next.
func (f fiche) actes() []web.ButtonProps {
	var all []web.ButtonProps
	for _, a := range f.Actes(f.Par) {
		t, _ := a.find()
		kind := web.ButtonSecondary
		if len(all) == 0 && a != Supprimer && a != Denoncer {
			kind = web.ButtonPrimary
		}
		all = append(all, web.ButtonProps{Texte: t.Libelle, Href: f.href(string(a)), Kind: kind})
	}
	return all
}

// ligneControle is a line of the checklist: met, or missing with a link to where it is completed.
func (f fiche) tableauControle() web.TableProps {
	t := web.TableProps{ID: "controle", Caption: "Ce que le texte doit contenir avant d’être signé", CaptionHidden: true, Small: true,
		Columns: []web.Column{{Titre: "Point"}, {Titre: "État"}, {Titre: "Fondement"}}}
	for _, p := range f.controle() {
		state := web.ComponentCell(web.Badge("Fait", web.ToneSuccess))
		if !p.Fait {
			href := "#" + p.Ancre
			if p.Ancre == "cadre" && f.modifier() {
				href = f.href(lien.ActeContratCadre)
			}
			state = web.Cell{Composant: manqueVue(href, p.Libelle)}
		}
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(p.Libelle), state, web.TextCell(p.Source)})
	}
	return t
}

// resumeControle says how much of the checklist is met.
func (f fiche) resumeControle() string {
	all := f.controle()
	done := len(all) - len(f.manques())
	return typo.NPluriel(int64(done), "point rempli", "points remplis") + " sur " + typo.Nombre(int64(len(all))) + "."
}

// versions are the texts of the contract; each stays readable at its own address.
func (f fiche) versions() web.TableProps {
	t := web.TableProps{ID: "versions", Caption: "Versions du contrat", CaptionHidden: true,
		Columns: []web.Column{{Titre: "Texte"}, {Titre: "Objet"}, {Titre: "État"}, {Titre: "Signé le"}, {Titre: "Publication"}, {Titre: "Changements"}}}
	for _, v := range f.Versions {
		signe, publie, change := "", "non publié", web.TextCell("")
		if v.SigneLe != nil {
			signe = typo.Date(*v.SigneLe)
		}
		if v.PublieeLe != nil {
			publie = "publié le " + typo.Date(*v.PublieeLe)
		}
		if v.Avenant > 0 {
			change = web.LinkCell("Ce que change l’"+minuscule(v.Nom()), lien.ContratActe(v.ContratID, v.Numero, lien.ActeContratComparaison))
		}
		name := web.LinkCell(v.Nom(), lien.ContratVersion(v.ContratID, v.Numero))
		if v.Numero == f.Numero {
			name = web.Cell{Texte: v.Nom(), Note: "Version affichée"}
		}
		t.Rows = append(t.Rows, []web.Cell{name, web.TextCell(v.Objet), web.ComponentCell(etatBadge(v.Etat)), web.TextCell(signe), web.TextCell(publie), change})
	}
	return t
}

// minuscule is the name of an avenant within a sentence.
func minuscule(s string) string { return strings.Replace(s, "Avenant", "avenant", 1) }

func (f fiche) historique() journal.HistoriqueProps {
	return journal.HistoriqueProps{ID: "historique", Level: 2, Lignes: f.Historique, Champs: champsJournal, Noms: f.Par.Role.Prefecture()}
}

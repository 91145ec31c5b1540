package cis

import (
	"slices"

	"portail/internal/lexique"
	"portail/web"
	"portail/web/typo"
)

// comptesReponses says in words how many answered what.
func (v ficheSeance) comptesReponses() string {
	count := map[string]int{}
	for _, c := range v.Convocations {
		count[c.Reponse]++
	}
	var parts []string
	for _, m := range []struct{ code, one, many string }{{"present", "présent", "présents"}, {"represente", "représenté", "représentés"}, {"excuse", "excusé", "excusés"}, {"", "sans réponse", "sans réponse"}} {
		if n := count[m.code]; n > 0 {
			parts = append(parts, typo.NPluriel(int64(n), m.one, m.many))
		}
	}
	return typo.Liste(parts) + "."
}

// relancer says whether somebody has not answered yet.
func (v ficheSeance) relancer() bool {
	return v.modifier() && v.repondable() && slices.ContainsFunc(v.Convocations, func(c Convocation) bool { return c.Reponse == "" })
}

// convocations is the table of those called: what became of their mail, what they answered.
func (v ficheSeance) convocations() web.TableProps {
	t := web.TableProps{ID: "convocations", Caption: "Convocations", CaptionHidden: true,
		Columns: []web.Column{{Titre: "Membre"}, {Titre: "Adresse"}, {Titre: "Dernier courriel"}, {Titre: "Réponse"}}}
	acts := v.modifier() && v.repondable()
	if acts {
		t.Columns = append(t.Columns, web.Column{Titre: "Agir"})
	}
	for _, c := range v.Convocations {
		row := []web.Cell{{Texte: c.Organisme, Note: c.Fonction}, web.TextCell(c.Courriel), c.envoi(v.attente()), c.reponse()}
		if acts {
			row = append(row, web.ComponentCell(convocationActes(v, c)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// attente is why mails wait, when it is the same for all of them: it is then said once, above the lines.
func (v ficheSeance) attente() string {
	why := ""
	for _, c := range v.Convocations {
		if c.EnvoiMotif == nil || *c.EnvoiMotif == "" || *c.EnvoiEtat != "en_attente" {
			continue
		}
		if why != "" && why != *c.EnvoiMotif {
			return ""
		}
		why = *c.EnvoiMotif
	}
	return why
}

// envoi is what became of the last mail; said is what needs no telling again.
func (c Convocation) envoi(said string) web.Cell {
	if c.EnvoiEtat == nil {
		return web.TextCell("aucun")
	}
	note := lexique.Libelle(lexique.SortesEnvoi, *c.EnvoiSorte) + " du " + typo.DateHeure(*c.EnvoiLe)
	if c.ExpedieLe != nil {
		note = lexique.Libelle(lexique.SortesEnvoi, *c.EnvoiSorte) + ", le " + typo.DateHeure(*c.ExpedieLe)
	}
	if *c.EnvoiMotif != "" && *c.EnvoiMotif != said {
		note += ". " + *c.EnvoiMotif
	}
	return web.Cell{Composant: web.Badge(lexique.Libelle(lexique.EtatsCourriel, *c.EnvoiEtat), tonEnvoi(*c.EnvoiEtat)), Note: note}
}

// reponse is the answer given, how and when.
func (c Convocation) reponse() web.Cell {
	cell := web.TextCell(lexique.Libelle(lexique.ReponsesConvocation, c.Reponse))
	if c.ReponduLe == nil {
		return cell
	}
	how := map[string]string{parLien: "par le lien du courriel", parPortail: "dans le portail", parPrefecture: "notée par la préfecture"}
	if c.RepresentePar != "" {
		cell.Texte += " par " + c.RepresentePar
	}
	cell.Note = typo.DateHeure(*c.ReponduLe) + ", " + how[c.ReponduPar]
	if c.Mot != "" {
		cell.Note += ". " + typo.Guillemets(c.Mot)
	}
	return cell
}

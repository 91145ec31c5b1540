package qpv

import (
	"fmt"
	"net/url"

	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/texte"
	"portail/web"
	"portail/web/typo"
)

// aContrat says whether the contract of the quarter is published here.
func (r contratRow) aContrat() bool { return r.PublieID != nil }

// rendreProjet makes the text of the projet de quartier ready to be shown.
func (v *ficheVue) rendreProjet() error {
	if v.ProjetTexte == nil {
		return nil
	}
	c, err := texte.Render(*v.ProjetTexte, 4)
	if err != nil {
		return fmt.Errorf("render projet de quartier of %s: %w", v.Code, err)
	}
	v.Projet = c
	return nil
}

// hrefEngagements is the contract, with the engagements for this quarter.
func (v ficheVue) hrefEngagements() string {
	return lien.ContratPublicFiltre(*v.PublieID, url.Values{"qpv": {v.Code}}) + "#engagements"
}

// resumeContrat says how far the contract is.
func (r contratRow) resumeContrat() string {
	return typo.NPluriel(int64(r.PublieEngagements), "engagement", "engagements") + ", dont " + typo.Nombre(int64(r.PublieAtteints)) + typo.NBSP + typo.Pluriel(r.PublieAtteints, "atteint", "atteints")
}

// tableEngagements is the table of the first engagements.
func (r contratRow) tableEngagements() web.TableProps {
	p := web.TableProps{ID: "fiche-engagements", Caption: "Engagements pour ce quartier", Small: true, Columns: []web.Column{{Titre: "Engagement"}, {Titre: "Partie"}, {Titre: "Avancement"}}}
	if r.ProjetTitre == nil {
		p.Caption = "Premiers engagements du contrat"
	}
	for i, text := range r.Engagements {
		p.Rows = append(p.Rows, []web.Cell{web.TextCell(text), web.TextCell(r.EngagementsParties[i]), web.TextCell(lexique.Libelle(lexique.Avancements, r.EngagementsEtats[i]))})
	}
	return p
}

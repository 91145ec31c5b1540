package contrat

import (
	"context"
	"net/url"
	"slices"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lien"
)

func formObjectif(c Contenu, id, sous int64) (formulaire.Page, error) {
	o := Objectif{AxeID: sous}
	if id != 0 {
		i := slices.IndexFunc(c.Objectifs, func(o Objectif) bool { return o.ID == id })
		if i < 0 {
			return formulaire.Page{}, fault.NotFound
		}
		o = c.Objectifs[i]
	}
	p := formBranche(c, brancheObjectif, lien.ActeNouvelObjectif, "Modifier un objectif", id, o.Version,
		url.Values{"axe": {numero(o.AxeID)}, "titre": {o.Titre}, "texte": {o.Texte}})
	axes := make([]lieu, len(c.Axes))
	for i, a := range c.Axes {
		axes[i] = lieu{a.ID, a.Titre}
	}
	p.Champs = []formulaire.Champ{
		{Nom: "axe", Libelle: "Axe", Options: options(axes), Vide: "Choisir un axe"},
		{Nom: "titre", Libelle: "Titre", Max: maxObjectif},
		{Nom: "texte", Libelle: "Texte", Type: "textarea", Lignes: 6, Max: maxTexteCourt, Facultatif: true, Aide: aideTexte},
	}
	return p, nil
}

func (s *Service) saveObjectif(ctx context.Context, v Ref, id int64, f httpx.Form) error {
	o := Objectif{ID: id, AxeID: choix(f, "axe"), Titre: f.Texte("titre"), Texte: f.Brut("texte")}
	cle, err := cleOuVersion(f, id, &o.Version)
	if err != nil {
		return err
	}
	return s.SaveObjectif(ctx, droits.Of(ctx), v, o, cle)
}

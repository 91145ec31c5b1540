package contrat

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/web"
)

func formAxe(c Contenu, id, _ int64) (formulaire.Page, error) {
	a := Axe{Nature: naturesAxe(c.Generation)[0].Code}
	if id != 0 {
		i := slices.IndexFunc(c.Axes, func(a Axe) bool { return a.ID == id })
		if i < 0 {
			return formulaire.Page{}, fault.NotFound
		}
		a = c.Axes[i]
	}
	quartier := ""
	if a.QpvID != nil {
		quartier = strconv.Itoa(int(*a.QpvID))
	}
	p := formBranche(c, brancheAxe, lien.ActeNouvelAxe, "Modifier un axe", id, a.Version, url.Values{"nature": {a.Nature}, "titre": {a.Titre}, "qpv": {quartier}})
	var quartiers []web.Option
	for i, q := range c.QpvIDs {
		quartiers = append(quartiers, web.Option{Value: strconv.Itoa(int(q)), Label: c.QpvNoms[i]})
	}
	p.Champs = []formulaire.Champ{
		{Nom: "nature", Libelle: "Nature", Type: formulaire.Choix, Options: httpx.Options(naturesAxe(c.Generation))},
		{Nom: "titre", Libelle: "Titre", Max: maxTitre},
	}
	if c.Generation != 2015 && len(quartiers) > 0 {
		p.Champs = append(p.Champs, formulaire.Champ{Nom: "qpv", Libelle: "Quartier", Options: quartiers, Vide: "Aucun", Facultatif: true, Aide: "Pour un projet de quartier seulement."})
	}
	return p, nil
}

func (s *Service) saveAxe(ctx context.Context, v Ref, id int64, f httpx.Form) error {
	a := Axe{ID: id, Nature: f.Texte("nature"), Titre: f.Texte("titre")}
	if q := choix(f, "qpv"); q != 0 {
		n := int32(min(q, 1<<31-1))
		a.QpvID = &n
	}
	cle, err := cleOuVersion(f, id, &a.Version)
	if err != nil {
		return err
	}
	return s.SaveAxe(ctx, droits.Of(ctx), v, a, f.Fautes, cle)
}

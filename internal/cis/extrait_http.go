package cis

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
)

func (s *Service) extraitRoutes(r *httpx.Router) {
	r.Get(unCompteRendu+"/"+lien.ActeExtrait, droits.CisModifier, formulaire.Edition(s.nowExtrait))
	r.Post(unCompteRendu+"/"+lien.ActeExtrait, droits.CisModifier, s.createExtrait)
	r.Post(lien.Extraits+"/{id}/retirer", droits.CisModifier, s.retirerExtrait)
	r.Publier(lien.Extraits, s.listExtraits)
	r.Publier(lien.Extraits+"/{id}", s.showExtrait)
}

// formExtrait chooses what the public reads of minutes.
func formExtrait(v compteRenduVue) formulaire.Page {
	f := httpx.NewForm(url.Values{httpx.ChampCle: {httpx.NewCle()}, "titre": {v.Seance.Comite() + " – " + v.Seance.Titre()}})
	var parts []web.Option
	for _, p := range v.Sections {
		hint := ""
		if p.Restreint {
			hint = "Réservé aux services de l’État\u00a0: ne se publie pas."
		}
		parts = append(parts, web.Option{Value: strconv.FormatInt(p.ID, 10), Label: p.Titre, Hint: hint, Disabled: p.Restreint})
	}
	return formulaire.Page{Titre: "Publier un extrait", Bouton: "Publier cet extrait", Objet: v.CompteRendu.Titre(), Fil: filCompteRendu(v.CompteRendu),
		Retour: lien.CompteRendu(v.CompteRendu.ID), Action: lien.CompteRenduActe(v.CompteRendu.ID, lien.ActeExtrait), Apercu: extraitApercu(), Caches: []string{httpx.ChampCle}, Form: f,
		Champs: []formulaire.Champ{
			{Nom: "titre", Libelle: "Titre de la page publique", Max: maxTitreSection},
			{Nom: "parties", Libelle: "Parties publiées", Type: formulaire.Cases, Options: parts},
		}}
}

// nowExtrait makes the form of an extract of validated minutes.
func (s *Service) nowExtrait(id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		v, err := s.readCompteRendu(ctx, droits.Of(ctx), id)
		if err != nil {
			return formulaire.Page{}, err
		}
		if !v.Valide() {
			return formulaire.Page{}, fmt.Errorf("extract of minutes %d, which are not validated: %w", id, fault.NotFound)
		}
		return formExtrait(v), nil
	}
}

func (s *Service) createExtrait(w http.ResponseWriter, r *http.Request) error {
	id, f, cle, err := postedCle(r)
	if err != nil {
		return err
	}
	var chosen []int64
	for _, text := range f.Valeurs["parties"] {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("field parties: %w", fault.Malformed)
		}
		chosen = append(chosen, n)
	}
	err = s.Publier(r.Context(), droits.Of(r.Context()), id, f.Texte("titre"), chosen, cle)
	return formulaire.Suite{Annonce: s.annonce, Message: "L’extrait est publié.", Vers: lien.CompteRendu(id), Page: s.nowExtrait(id)}.Answer(w, r, f, err)
}

func (s *Service) retirerExtrait(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	of, err := s.RetirerExtrait(r.Context(), droits.Of(r.Context()), id)
	if err != nil {
		return err
	}
	return s.suite(w, r, "L’extrait n’est plus public.", lien.CompteRendu(of))
}

// listExtraits is what the public reads of committees.
func (s *Service) listExtraits(w http.ResponseWriter, r *http.Request) error {
	var all []Extrait
	var b pg.Batch
	addExtraitsPublics(&b, &all)
	if err := b.Run(r.Context(), s.db); err != nil {
		return fmt.Errorf("list extraits: %w", err)
	}
	return httpx.Render(w, r, http.StatusOK, extraitsPage(all))
}

func (s *Service) showExtrait(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	var e Extrait
	var sections []extraitSection
	var b pg.Batch
	addExtrait(&b, &e, id)
	addExtraitSections(&b, &sections, id)
	if err := b.Run(r.Context(), s.db); err != nil {
		return fmt.Errorf("read extrait %d: %w", id, err)
	}
	return httpx.Render(w, r, http.StatusOK, extraitPage(e, sections))
}

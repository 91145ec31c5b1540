package cis

import (
	"fmt"
	"net/http"
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
	r.Get(unCompteRendu+"/"+lien.ActeExtrait, droits.CisModifier, s.newExtrait)
	r.Post(unCompteRendu+"/"+lien.ActeExtrait, droits.CisModifier, s.createExtrait)
	r.Post(lien.Extraits+"/{id}/retirer", droits.CisModifier, s.retirerExtrait)
	r.Publier(lien.Extraits, s.listExtraits)
	r.Publier(lien.Extraits+"/{id}", s.showExtrait)
}

// formExtrait chooses what the public reads of minutes.
func formExtrait(v compteRenduVue, f httpx.Form) formulaire.Page {
	var parts []web.Option
	for _, p := range v.Sections {
		hint := ""
		if p.Restreint {
			hint = "Réservé aux services de l’État : ne se publie pas."
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

func (s *Service) newExtrait(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v, err := s.readCompteRendu(r.Context(), droits.Of(r.Context()), id)
	if err != nil {
		return err
	}
	if !v.Valide() {
		return fmt.Errorf("extract of minutes %d, which are not validated: %w", id, fault.NotFound)
	}
	f := httpx.NewForm(nil)
	f.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
	f.Valeurs.Set("titre", v.Seance.Comite()+" – "+v.Seance.Titre())
	return formExtrait(v, f).Show(w, r, http.StatusOK)
}

func (s *Service) createExtrait(w http.ResponseWriter, r *http.Request) error {
	id, f, err := posted(r)
	if err != nil {
		return err
	}
	cle, err := f.Cle()
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
	done := s.Publier(r.Context(), droits.Of(r.Context()), id, f.Texte("titre"), chosen, cle)
	refused, other := f.Refuse(done)
	if other != nil {
		return other
	}
	if refused {
		v, err := s.readCompteRendu(r.Context(), droits.Of(r.Context()), id)
		if err != nil {
			return err
		}
		return formExtrait(v, f).Show(w, r, http.StatusUnprocessableEntity)
	}
	s.annonce.Flash(r.Context(), "L’extrait est publié.", "")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.CompteRendu(id))
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
	s.annonce.Flash(r.Context(), "L’extrait n’est plus public.", "")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.CompteRendu(of))
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

package cis

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/web"
)

// uneSection is the address of a part of minutes, as a pattern.
const uneSection = unCompteRendu + "/sections/{section}"

func (s *Service) sectionRoutes(r *httpx.Router) {
	r.Get(unCompteRendu+"/sections/nouvelle", droits.CisModifier, s.newSection)
	r.Post(unCompteRendu+"/sections/nouvelle", droits.CisModifier, s.createSection)
	r.Get(uneSection, droits.CisModifier, s.editSection(formSection))
	r.Post(uneSection, droits.CisModifier, s.updateSection)
	for acte, by := range map[string]int{lien.ActeMonter: -1, lien.ActeDescendre: 1} {
		r.Post(uneSection+"/"+acte, droits.CisModifier, s.moveSection(by))
	}
	r.Get(uneSection+"/"+lien.ActeRetirer, droits.CisModifier, s.editSection(formRetrait))
	r.Post(uneSection+"/"+lien.ActeRetirer, droits.CisModifier, s.removeSection)
}

// champsSection are the fields of a part.
func champsSection() []formulaire.Champ {
	return []formulaire.Champ{
		{Nom: "titre", Libelle: "Titre", Max: maxTitreSection},
		{Nom: "texte", Libelle: "Texte", Type: "textarea", Lignes: 16, Max: maxTexteSection, Facultatif: true,
			Aide: "Une ligne vide sépare les paragraphes, un tiret commence une ligne de liste, **deux étoiles** mettent en gras."},
		{Nom: "restreint", Libelle: "Diffusion", Type: formulaire.Cases, Facultatif: true, Options: []web.Option{
			{Value: "oui", Label: "Réserver aux services de l’État", Hint: "Les autres membres du comité ne lisent pas cette partie, et elle ne se publie pas."}}},
	}
}

func lireSection(f httpx.Form) Section {
	return Section{Titre: f.Texte("titre"), Texte: f.Texte("texte"), Restreint: f.Texte("restreint") == "oui"}
}

// formPartie is a form about a part of minutes.
func formPartie(c CompteRendu, titre, bouton, action string, champs ...formulaire.Champ) formulaire.Page {
	return formulaire.Page{Titre: titre, Bouton: bouton, Objet: c.Titre(), Fil: filCompteRendu(c), Retour: lien.CompteRendu(c.ID), Action: action, Champs: champs, Form: httpx.NewForm(url.Values{})}
}

func formSection(c CompteRendu, p Section) formulaire.Page {
	f := formPartie(c, "Modifier", "Enregistrer cette partie", lien.CompteRenduSection(c.ID, p.ID), champsSection()...)
	f.Objet, f.Caches = p.Titre, []string{httpx.ChampVersion}
	f.Form = httpx.NewForm(url.Values{"titre": {p.Titre}, "texte": {p.Texte}, httpx.ChampVersion: {strconv.Itoa(p.Version)}})
	if p.Restreint {
		f.Form.Valeurs.Set("restreint", "oui")
	}
	return f
}

func formRetrait(c CompteRendu, p Section) formulaire.Page {
	f := formPartie(c, "Retirer une partie", "Retirer cette partie", lien.CompteRenduSectionActe(c.ID, p.ID, lien.ActeRetirer))
	f.Objet, f.Apercu = p.Titre, retraitApercu()
	return f
}

// nowSection makes a form about a part of minutes that may still change, as they are now; 0 is a part to come.
func (s *Service) nowSection(id, section int64, form func(CompteRendu, Section) formulaire.Page) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (p formulaire.Page, err error) {
		err = s.read(ctx, func(tx pgx.Tx) error {
			c, err := findCompteRendu(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := c.refuseFige(); err != nil {
				return fault.NotFound
			}
			var kept Section
			if section != 0 {
				if kept, err = findSection(ctx, tx, id, section); err != nil {
					return err
				}
			}
			p = form(c, kept)
			return nil
		})
		if err != nil {
			return p, fmt.Errorf("read section %d of compte rendu %d: %w", section, id, err)
		}
		return p, nil
	}
}

func formNouvelleSection(c CompteRendu, _ Section) formulaire.Page {
	f := formPartie(c, "Ajouter une partie", "Ajouter cette partie", lien.CompteRenduNouvelleSection(c.ID), champsSection()...)
	f.Caches = []string{httpx.ChampCle}
	f.Form.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
	return f
}

func (s *Service) newSection(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	return formulaire.Show(w, r, s.nowSection(id, 0, formNouvelleSection))
}

func (s *Service) createSection(w http.ResponseWriter, r *http.Request) error {
	id, f, cle, err := postedCle(r)
	if err != nil {
		return err
	}
	_, err = s.AddSection(r.Context(), droits.Of(r.Context()), id, lireSection(f), cle)
	return s.suiteSection(id, "La partie est ajoutée, à la fin.", s.nowSection(id, 0, formNouvelleSection)).Answer(w, r, f, err)
}

// suiteSection is what follows a form about a part of minutes.
func (s *Service) suiteSection(id int64, message string, page func(context.Context) (formulaire.Page, error)) formulaire.Suite {
	return formulaire.Suite{Annonce: s.annonce, Message: message, Vers: lien.CompteRendu(id), Page: page, Dernier: s.dernier(objetCompteRendu, id)}
}

// sectionParams are the minutes and the part of the address.
func sectionParams(r *http.Request) (id, section int64, err error) {
	if id, err = httpx.ID(r, "id"); err != nil {
		return id, 0, err
	}
	section, err = httpx.ID(r, "section")
	return id, section, err
}

func (s *Service) editSection(form func(CompteRendu, Section) formulaire.Page) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, section, err := sectionParams(r)
		if err != nil {
			return err
		}
		return formulaire.Show(w, r, s.nowSection(id, section, form))
	}
}

func (s *Service) updateSection(w http.ResponseWriter, r *http.Request) error {
	_, section, err := sectionParams(r)
	if err != nil {
		return err
	}
	id, f, version, err := postedVersion(r)
	if err != nil {
		return err
	}
	err = s.UpdateSection(r.Context(), droits.Of(r.Context()), id, section, version, lireSection(f))
	return s.suiteSection(id, "Cette partie est enregistrée.", s.nowSection(id, section, formSection)).Answer(w, r, f, err)
}

func (s *Service) moveSection(by int) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, section, err := sectionParams(r)
		if err != nil {
			return err
		}
		err = s.MoveSection(r.Context(), droits.Of(r.Context()), id, section, by)
		return s.answerCompteRendu(w, r, id, httpx.NewForm(nil), err, "La partie est déplacée.")
	}
}

func (s *Service) removeSection(w http.ResponseWriter, r *http.Request) error {
	id, section, err := sectionParams(r)
	if err != nil {
		return err
	}
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	err = s.RemoveSection(r.Context(), droits.Of(r.Context()), id, section)
	return s.suiteSection(id, "La partie est retirée.", s.nowSection(id, section, formRetrait)).Answer(w, r, f, err)
}

package diagnostic

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
)

const (
	unIndicateur = lien.Indicateurs + "/{code}"
	acteRetirer  = "retirer"
	acteRemettre = "remettre"
	maxCatalogue = 2000 // lines of a file
)

func (s *Service) indicateurRoutes(r *httpx.Router) {
	r.Get(lien.Indicateurs, droits.IndicateurVoir, s.showCatalogue)
	for _, f := range httpx.Formats {
		r.Get(lien.IndicateursFichier(f.Code, nil), droits.IndicateurVoir, s.sendCatalogue(f.Code))
	}
	r.Get(lien.IndicateurNouveau, droits.IndicateurModifier, s.newIndicateur)
	r.Post(lien.IndicateurNouveau, droits.IndicateurModifier, s.createIndicateur)
	r.Get(unIndicateur, droits.IndicateurVoir, s.showIndicateur)
	r.Get(unIndicateur+"/"+lien.ActeModifier, droits.IndicateurModifier, s.editIndicateur)
	r.Post(unIndicateur+"/"+lien.ActeModifier, droits.IndicateurModifier, s.updateIndicateur)
	r.Post(unIndicateur+"/"+acteRetirer, droits.IndicateurModifier, s.retireIndicateur(true))
	r.Post(unIndicateur+"/"+acteRemettre, droits.IndicateurModifier, s.retireIndicateur(false))
}

func (s *Service) readCatalogue(r *http.Request, limit int) (c catalogueVue, err error) {
	par := droits.Of(r.Context())
	if c.filtresCatalogue, err = parseFiltresCatalogue(r.URL.Query()); err != nil {
		return c, err
	}
	c.Modifier = par.Peut(droits.IndicateurModifier)
	var b pg.Batch
	addCatalogue(&b, &c.Lignes, c.filtresCatalogue, limit)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return c, fmt.Errorf("read the catalogue: %w", err)
	}
	if len(c.Lignes) == 0 && c.Page > 1 {
		return c, fault.NotFound
	}
	return c, nil
}

func (s *Service) showCatalogue(w http.ResponseWriter, r *http.Request) error {
	c, err := s.readCatalogue(r, parPage)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, cataloguePage(c))
}

func (s *Service) sendCatalogue(format string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := s.readCatalogue(r, maxCatalogue)
		if err != nil {
			return err
		}
		return httpx.Table(w, format, c.fichier(httpx.Base(r, s.cfg.URL), time.Now()))
	}
}

// readFormIndicateur reads the lists of the form, and the line itself unless it is new.
func (s *Service) readFormIndicateur(ctx context.Context, code string) (i Indicateur, organismes, totaux []choix, err error) {
	var b pg.Batch
	addOrganismes(&b, &organismes)
	addTotaux(&b, &totaux)
	if code != "" {
		addIndicateur(&b, &i, code)
	}
	if err := b.RunAs(ctx, s.db, droits.Of(ctx)); err != nil {
		return i, nil, nil, fmt.Errorf("read indicator %q: %w", code, err)
	}
	return i, organismes, totaux, nil
}

func (s *Service) nouveau(f httpx.Form) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		_, organismes, totaux, err := s.readFormIndicateur(ctx, "")
		return formIndicateur(f, "", "", organismes, totaux), err
	}
}

func (s *Service) actuel(code string) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		i, organismes, totaux, err := s.readFormIndicateur(ctx, code)
		return formIndicateur(httpx.NewForm(i.valeurs()), code, i.Libelle, organismes, totaux), err
	}
}

func (s *Service) newIndicateur(w http.ResponseWriter, r *http.Request) error {
	blank := Indicateur{Seuil: 11, Publique: true, DesQuartiers: true, Periodicite: "annee", Licence: "Licence Ouverte / Open Licence 2.0"}
	f := httpx.NewForm(blank.valeurs())
	f.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
	p, err := s.nouveau(f)(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, http.StatusOK)
}

func (s *Service) createIndicateur(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	cle, err := f.Cle()
	if err != nil {
		return err
	}
	in, done := lireIndicateur(f)
	if done == nil {
		done = s.CreateIndicateur(r.Context(), droits.Of(r.Context()), in, cle)
	}
	return formulaire.Suite{Annonce: s.annonce, Message: "L’indicateur est au catalogue.", Vers: lien.Indicateur(in.Code), Page: s.nouveau(f)}.Answer(w, r, f, done)
}

func (s *Service) editIndicateur(w http.ResponseWriter, r *http.Request) error {
	p, err := s.actuel(httpx.Param(r, "code"))(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, http.StatusOK)
}

func (s *Service) updateIndicateur(w http.ResponseWriter, r *http.Request) error {
	code := httpx.Param(r, "code")
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	on, err := f.Version()
	if err != nil {
		return err
	}
	in, done := lireIndicateur(f)
	in.Code = code
	if done == nil {
		done = s.UpdateIndicateur(r.Context(), droits.Of(r.Context()), on, in)
	}
	return formulaire.Suite{Annonce: s.annonce, Message: "L’indicateur est modifié.", Vers: lien.Indicateur(code), Page: s.actuel(code)}.Answer(w, r, f, done)
}

func (s *Service) retireIndicateur(retire bool) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		code := httpx.Param(r, "code")
		f, err := httpx.ReadForm(r)
		if err != nil {
			return err
		}
		on, err := f.Version()
		if err != nil {
			return err
		}
		if err := s.RetireIndicateur(r.Context(), droits.Of(r.Context()), code, on, retire); err != nil {
			return err
		}
		message := "L’indicateur est remis au catalogue."
		if retire {
			message = "L’indicateur est retiré : ses chiffres restent, il ne sera plus demandé."
		}
		s.annonce.Flash(r.Context(), message, "")
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.Indicateur(code))
	}
}

// indicateurVue is what the page of an indicator shows.
type indicateurVue struct {
	Indicateur
	Historique []journal.Ligne
	Modifier   bool
	Noms       bool
}

func (s *Service) showIndicateur(w http.ResponseWriter, r *http.Request) error {
	code, par := httpx.Param(r, "code"), droits.Of(r.Context())
	v := indicateurVue{Modifier: par.Peut(droits.IndicateurModifier), Noms: par.Role.Prefecture()}
	var b pg.Batch
	addIndicateur(&b, &v.Indicateur, code)
	journal.AddHistoriqueCode(&b, &v.Historique, objetIndicateur, code)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("read indicator %q: %w", code, err)
	}
	return httpx.Render(w, r, http.StatusOK, indicateurPage(v))
}

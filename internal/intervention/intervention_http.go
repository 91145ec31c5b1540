package intervention

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web/typo"
)

const (
	uneIntervention = lien.Interventions + "/{id}"
	acteRetirer     = "retirer"
)

// Routes declares the pages of the area.
func (s *Service) Routes(r *httpx.Router) {
	r.Get(lien.Interventions, droits.InterventionVoir, s.showMatrice)
	r.Get(lien.InterventionsLignes, droits.InterventionVoir, s.showLignes)
	for _, f := range httpx.Formats {
		r.Get(lien.InterventionsFichier(f.Code, nil), droits.InterventionVoir, s.sendLignes(f.Code))
	}
	r.Get(lien.InterventionNouvelle, droits.InterventionDeclarer, s.newIntervention)
	r.Post(lien.InterventionNouvelle, droits.InterventionDeclarer, s.createIntervention)
	r.Get(lien.InterventionsReprendre, droits.InterventionDeclarer, s.showReprise)
	r.Post(lien.InterventionsReprendre, droits.InterventionDeclarer, s.createReprise)
	r.Get(uneIntervention, droits.InterventionVoir, s.showIntervention)
	r.Get(uneIntervention+"/"+lien.ActeModifier, droits.InterventionDeclarer, formulaire.Edition(s.actuelle))
	r.Post(uneIntervention+"/"+lien.ActeModifier, droits.InterventionDeclarer, s.updateIntervention)
	r.Post(uneIntervention+"/"+acteRetirer, droits.InterventionDeclarer, s.retireIntervention)
}

func (s *Service) nouvelle(f httpx.Form) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		par := droits.Of(ctx)
		var quartiers []choix
		var b pg.Batch
		addQuartiers(&b, &quartiers, s.cfg.Departement, par)
		if err := b.RunAs(ctx, s.db, par); err != nil {
			return formulaire.Page{}, fmt.Errorf("list quarters: %w", err)
		}
		return formulaireDe(f, quartiers), nil
	}
}

// newIntervention starts from the cell of the matrix that was empty, when the address names one.
func (s *Service) newIntervention(w http.ResponseWriter, r *http.Request) error {
	f := httpx.NewForm(nil)
	f.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
	f.Valeurs.Set("annee", strconv.Itoa(typo.Aujourdhui().Year()))
	q := r.URL.Query()
	if year, err := strconv.Atoi(q.Get(paramAnnee)); err == nil && year >= premiereAnnee && year <= derniereAnnee {
		f.Valeurs.Set("annee", strconv.Itoa(year))
	}
	if v := q.Get(paramThematique); lexique.Connu(lexique.Thematiques, v) {
		f.Valeurs.Set("thematique", v)
	}
	if v := q.Get(paramCredits); lexique.Connu(lexique.Credits, v) {
		f.Valeurs.Set("credits", v)
	}
	f.Valeurs.Set("qpv", q.Get(paramQPV))
	p, err := s.nouvelle(f)(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, http.StatusOK)
}

func (s *Service) createIntervention(w http.ResponseWriter, r *http.Request) error {
	f, cle, err := httpx.PostedNew(r)
	if err != nil {
		return err
	}
	d, faults := lire(f)
	id, done := s.Create(r.Context(), droits.Of(r.Context()), d, faults, cle)
	return formulaire.Suite{Annonce: s.annonce, Message: "L’action est dans la matrice.", Vers: lien.Intervention(id), Page: s.nouvelle(f)}.Answer(w, r, f, done)
}

func (s *Service) showIntervention(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v := fiche{Par: droits.Of(r.Context())}
	var b pg.Batch
	addIntervention(&b, &v.Intervention, id)
	journal.AddHistorique(&b, &v.Historique, objet, id)
	if err := b.RunAs(r.Context(), s.db, v.Par); err != nil {
		return fmt.Errorf("read intervention %d: %w", id, err)
	}
	return httpx.Render(w, r, http.StatusOK, fichePage(v))
}

func (s *Service) actuelle(id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		par := droits.Of(ctx)
		var i Intervention
		var quartiers []choix
		var b pg.Batch
		addIntervention(&b, &i, id)
		addQuartiers(&b, &quartiers, s.cfg.Departement, par)
		err := b.RunAs(ctx, s.db, par)
		switch {
		case err != nil:
		case i.RetireeLe != nil && par.Organisme == i.OrganismeID:
			err = fault.Stale
		case !i.peutModifier(par):
			err = fault.Forbidden
		}
		if err != nil {
			return formulaire.Page{}, fmt.Errorf("read intervention %d: %w", id, err)
		}
		return formulaireActuel(i, quartiers), nil
	}
}

func (s *Service) updateIntervention(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	d, faults := lire(f)
	done := s.Update(r.Context(), droits.Of(r.Context()), id, on, d, faults)
	return formulaire.Suite{Annonce: s.annonce, Message: "L’action est modifiée.", Vers: lien.Intervention(id), Page: s.actuelle(id)}.Answer(w, r, f, done)
}

func (s *Service) retireIntervention(w http.ResponseWriter, r *http.Request) error {
	id, _, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	if err := s.Retire(r.Context(), droits.Of(r.Context()), id, on); err != nil {
		return err
	}
	s.annonce.Flash(r.Context(), "L’action est retirée de la matrice. Elle reste lisible à son adresse.", "")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.Intervention(id))
}

package contrat

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
)

func (s *Service) suiviRoutes(r *httpx.Router) {
	r.Get(lien.ContratsEngagements, droits.ContratVoir, s.showEngagements)
	r.Get(lien.ContratsEngagements+"/{engagement}", droits.ContratVoir, s.openEngagement)
	r.Get(un+"/engagements/{lignee}", droits.ContratVoir, s.showSuivi)
	r.Post(un+"/engagements/{lignee}", droits.ContratSuivre, s.createSuivi)
}

func (s *Service) showEngagements(w http.ResponseWriter, r *http.Request) error {
	par := droits.Of(r.Context())
	f, err := parseEngagements(r.URL.Query())
	if err != nil {
		return err
	}
	p := engagements{filtresEngagements: f, Tous: par.Role.Prefecture(), Maintenant: time.Now()}
	var b pg.Batch
	addEngagements(&b, &p.Lignes, f)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("list engagements: %w", err)
	}
	if len(p.Lignes) == 0 && f.Page > 1 {
		return fmt.Errorf("page %d of engagements: %w", f.Page, fault.NotFound)
	}
	return httpx.Render(w, r, http.StatusOK, engagementsVue(p))
}

// openEngagement leads from an engagement of any version to its follow-up, which is the same through them all.
func (s *Service) openEngagement(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "engagement")
	if err != nil {
		return err
	}
	var e engagementNomme
	err = s.read(r.Context(), func(tx pgx.Tx) error {
		e, err = nommeEngagement(r.Context(), tx, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("engagement %d: %w", id, err)
	}
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.ContratSuivi(e.Contrat, e.Lignee))
}

// suiviPage is the follow-up of an engagement.
type suiviPage struct {
	engagementSuivi
	Suivis     []Suivi
	Form       httpx.Form
	Par        droits.Compte
	Maintenant time.Time
}

// suivre says whether whoever asks may add a note.
func (p suiviPage) suivre() bool {
	return p.Par.Peut(droits.ContratSuivre) && (p.Par.Role.Prefecture() || p.Par.Organisme == p.OrganismeID) && !p.EtatTexte.Ouvert()
}

func (s *Service) readSuivi(ctx context.Context, contrat, lignee int64) (p suiviPage, err error) {
	p.Par, p.Maintenant, p.Form = droits.Of(ctx), time.Now(), httpx.NewForm(url.Values{httpx.ChampCle: {httpx.NewCle()}})
	err = s.read(ctx, func(tx pgx.Tx) error {
		if p.engagementSuivi, err = findEngagement(ctx, tx, contrat, lignee); err != nil {
			return err
		}
		p.Suivis, err = listSuivis(ctx, tx, lignee)
		return err
	})
	if err != nil {
		return p, fmt.Errorf("engagement %d of contrat %d: %w", lignee, contrat, err)
	}
	if p.Avancement != "" {
		p.Form.Valeurs.Set("avancement", p.Avancement)
	}
	return p, nil
}

func suiviVise(r *http.Request) (contrat, lignee int64, err error) {
	if contrat, err = httpx.ID(r, "id"); err != nil {
		return 0, 0, err
	}
	lignee, err = httpx.ID(r, "lignee")
	return contrat, lignee, err
}

func (s *Service) showSuivi(w http.ResponseWriter, r *http.Request) error {
	contrat, lignee, err := suiviVise(r)
	if err != nil {
		return err
	}
	p, err := s.readSuivi(r.Context(), contrat, lignee)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, suiviVue(p))
}

func (s *Service) createSuivi(w http.ResponseWriter, r *http.Request) error {
	contrat, lignee, err := suiviVise(r)
	if err != nil {
		return err
	}
	f, cle, err := httpx.PostedNew(r)
	if err != nil {
		return err
	}
	x := Suivi{Avancement: f.Texte("avancement"), Note: f.Brut("note"), Valeur: lireDecimal(f, "valeur", -maxValeur), ValeurLe: lireJour(f, "valeur_le")}
	if err = f.Fautes.Err(); err == nil {
		err = s.Suivre(r.Context(), droits.Of(r.Context()), contrat, lignee, x, cle)
	}
	refused, other := f.Refuse(err)
	if other != nil {
		return other
	}
	if !refused {
		s.annonce.Flash(r.Context(), "Le suivi est enregistré.", "")
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.ContratSuivi(contrat, lignee))
	}
	p, err := s.readSuivi(r.Context(), contrat, lignee)
	if err != nil {
		return err
	}
	p.Form = f
	return httpx.Render(w, r, http.StatusUnprocessableEntity, suiviVue(p))
}

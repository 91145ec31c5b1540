package intervention

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web/typo"
)

// formReprise is the form of the page.
type formReprise = httpx.Form

// annee reads a year of an address or of a form; the other is given when there is none.
func annee(text string, other int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < premiereAnnee || n > derniereAnnee {
		return other
	}
	return n
}

// readReprise reads what can be taken up; without a year to take from it is the latest before the other.
func (s *Service) readReprise(ctx context.Context, v *reprise) error {
	par := droits.Of(ctx)
	var years []struct{ Annee int }
	var b pg.Batch
	addReprise(&b, v, &years, par, s.cfg.Departement)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return fmt.Errorf("list the lines of %d: %w", v.De, err)
	}
	for _, y := range years {
		v.Annees = append(v.Annees, y.Annee)
	}
	return nil
}

func (s *Service) showReprise(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := reprise{Form: httpx.NewForm(nil)}
	v.Vers = annee(q.Get(paramAnnee), typo.Aujourdhui().Year())
	v.De = annee(q.Get("de"), v.Vers-1)
	v.Moyens = true
	if err := s.readReprise(r.Context(), &v); err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, reprisePage(v))
}

func (s *Service) createReprise(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	in := Reprise{De: annee(f.Texte("de"), 0), Vers: annee(f.Texte("vers"), 0), Moyens: f.Texte("moyens") == "oui"}
	for _, text := range f.Valeurs["ligne"] {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 {
			in.Choisies = append(in.Choisies, id)
		}
	}
	n, done := s.Reprendre(r.Context(), droits.Of(r.Context()), in)
	if done == nil {
		s.annonce.Flash(r.Context(), typo.NPluriel(int64(n), "action est reprise", "actions sont reprises")+" en "+strconv.Itoa(in.Vers)+".", "")
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.InterventionsLignesFiltre(url.Values{paramAnnee: {strconv.Itoa(in.Vers)}, paramService: {strconv.FormatInt(droits.Of(r.Context()).Organisme, 10)}}))
	}
	if refused, other := f.Refuse(done); !refused {
		return other
	}
	v := reprise{Reprise: in, Form: f, Touchees: true}
	if err := s.readReprise(r.Context(), &v); err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusUnprocessableEntity, reprisePage(v))
}

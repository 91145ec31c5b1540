package organisme

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
)

func (s *Service) fusionRoutes(r *httpx.Router) {
	r.Get(un+"/"+lien.ActeFusionner, droits.OrganismeModifier, s.newFusion)
	r.Post(un+"/"+lien.ActeFusionner, droits.OrganismeModifier, s.createFusion)
}

// lienFusion is the second step of a merger: its preview and its date.
func lienFusion(id, successeur int64) string {
	return lien.OrganismeActe(id, lien.ActeFusionner) + "?" + url.Values{champSuccesseur: {strconv.FormatInt(successeur, 10)}}.Encode()
}

// passage is what a merger hands over.
type passage struct {
	De, Vers                 Organisme
	Contacts, ContactsGardes []string // fonctions
	Comites, ComitesCommuns  []string
}

// readPassage says what merging an organisation into another hands over.
func readPassage(ctx context.Context, q pg.Q, de, vers int64) (p passage, err error) {
	if p.De, err = find(ctx, q, de); err != nil {
		return p, err
	}
	if p.Vers, err = find(ctx, q, vers); err != nil {
		return p, err
	}
	ours, err := listContacts(ctx, q, de)
	if err != nil {
		return p, err
	}
	theirs, err := listContacts(ctx, q, vers)
	if err != nil {
		return p, err
	}
	for _, c := range ours {
		if slices.ContainsFunc(theirs, func(t Contact) bool { return t.Fonction == c.Fonction }) {
			p.ContactsGardes = append(p.ContactsGardes, c.Fonction)
		} else {
			p.Contacts = append(p.Contacts, c.Fonction)
		}
	}
	left, err := listComites(ctx, q, de)
	if err != nil {
		return p, err
	}
	known, err := listComites(ctx, q, vers)
	for _, c := range left {
		if slices.Contains(known, c) {
			p.ComitesCommuns = append(p.ComitesCommuns, c)
		} else {
			p.Comites = append(p.Comites, c)
		}
	}
	return p, err
}

// newFusion is both steps of a merger: choosing the successor, then seeing what moves.
func (s *Service) newFusion(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	if text := r.URL.Query().Get(champSuccesseur); text != "" {
		p, err := s.formFusion(r.Context(), id, text)
		if err != nil {
			return err
		}
		return p.Show(w, r, http.StatusOK)
	}
	f, err := parseFiltres(url.Values{paramQ: {r.URL.Query().Get(paramQ)}})
	if err != nil {
		return err
	}
	var o Organisme
	var all []candidat
	err = s.read(r.Context(), func(tx pgx.Tx) (err error) {
		if o, err = find(r.Context(), tx, id); err == nil {
			all, err = listCandidats(r.Context(), tx, id, f.Q)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("successors of organisme %d: %w", id, err)
	}
	return httpx.Render(w, r, http.StatusOK, fusionChoix(o, f.Q, all))
}

// formFusion is the form of a merger into the successor of that id.
func (s *Service) formFusion(ctx context.Context, id int64, successeur string) (formulaire.Page, error) {
	n, err := strconv.ParseInt(successeur, 10, 64)
	if err != nil || n <= 0 {
		return formulaire.Page{}, fmt.Errorf("field %s: %w", champSuccesseur, fault.Malformed)
	}
	var p passage
	err = s.read(ctx, func(tx pgx.Tx) (err error) {
		p, err = readPassage(ctx, tx, id, n)
		return err
	})
	if err != nil {
		return formulaire.Page{}, fmt.Errorf("preview of merging organisme %d into %d: %w", id, n, err)
	}
	o := p.De
	f := formActe(o, lien.ActeFusionner, "Fusionner", "Fusionner les organismes", champLe("Date de la fusion"))
	f.Apercu = fusionApercu(p)
	f.Caches = append(f.Caches, champSuccesseur)
	f.Form.Valeurs.Set(champSuccesseur, successeur)
	f.Form.Valeurs.Set("le", o.fermeture())
	return f, nil
}

func (s *Service) createFusion(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	to, err := strconv.ParseInt(f.Texte(champSuccesseur), 10, 64)
	if err != nil || to <= 0 {
		return fmt.Errorf("field %s: %w", champSuccesseur, fault.Malformed)
	}
	err = s.Merge(r.Context(), droits.Of(r.Context()), id, on, to, f.Texte("le"))
	return s.answer(w, r, id, f, err, "L’organisme est fusionné avec son successeur.", func(ctx context.Context) (formulaire.Page, error) {
		return s.formFusion(ctx, id, f.Texte(champSuccesseur))
	})
}

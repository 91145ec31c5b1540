package diagnostic

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web/typo"
)

const (
	uneRemontee = lien.Remontees + "/{id}"
	acteColler  = "coller"
	// grilleCap is the most that a grid may send: a hundred quarters by fifty indicators fit well within.
	grilleCap = 4 << 20
)

func (s *Service) remonteeRoutes(r *httpx.Router) {
	r.Get(lien.Remontees, droits.RemonteeVoir, s.showRemontees)
	r.Get(lien.RemonteeNouvelle, droits.RemonteePublier, s.newRemontees)
	r.Post(lien.RemonteeNouvelle, droits.RemonteePublier, s.createRemontees)
	r.Get(uneRemontee, droits.RemonteeVoir, s.showRemontee)
	r.PostFile(uneRemontee, droits.RemonteeSaisir, grilleCap, s.updateGrille)
	r.Post(uneRemontee+"/"+acteColler, droits.RemonteeSaisir, s.pasteGrille)
	for _, acte := range actes {
		r.Post(uneRemontee+"/"+acte, passages[acte].Droit, s.moveRemontee(acte))
	}
}

func (s *Service) showRemontees(w http.ResponseWriter, r *http.Request) error {
	par := droits.Of(r.Context())
	f, err := parseFiltresRemontees(r.URL.Query())
	if err != nil {
		return err
	}
	v := remonteesVue{filtresRemontees: f, Ouvrir: par.Peut(droits.RemonteePublier), Saisir: par.Peut(droits.RemonteeSaisir)}
	var b pg.Batch
	addRemontees(&b, &v.Lignes, f)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("list returns: %w", err)
	}
	if len(v.Lignes) == 0 && f.Page > 1 {
		return fault.NotFound
	}
	return httpx.Render(w, r, http.StatusOK, remonteesPage(v))
}

func (s *Service) pageOuverture(f httpx.Form) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		var producteurs []choix
		var b pg.Batch
		addProducteurs(&b, &producteurs)
		if err := b.RunAs(ctx, s.db, droits.Of(ctx)); err != nil {
			return formulaire.Page{}, fmt.Errorf("list producers: %w", err)
		}
		return formOuverture(f, producteurs), nil
	}
}

func (s *Service) newRemontees(w http.ResponseWriter, r *http.Request) error {
	p, err := s.pageOuverture(httpx.NewForm(nil))(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, http.StatusOK)
}

func (s *Service) createRemontees(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	o := Ouverture{Periode: f.Texte("periode"), Echeance: f.Texte("echeance")}
	for _, t := range f.Valeurs["organismes"] {
		id, err := strconv.ParseInt(t, 10, 64)
		if err != nil {
			return fmt.Errorf("field organismes: %w", fault.Malformed)
		}
		o.Organismes = append(o.Organismes, id)
	}
	n, done := s.Ouvrir(r.Context(), droits.Of(r.Context()), o)
	message := typo.NPluriel(int64(n), "remontée est ouverte.", "remontées sont ouvertes.")
	if n < len(o.Organismes) {
		message += " Celles qui l’étaient déjà, ou qui n’ont aucun indicateur de cette périodicité, sont laissées telles quelles."
	}
	return formulaire.Suite{Annonce: s.annonce, Message: message, Vers: lien.Remontees, Page: s.pageOuverture(f)}.Answer(w, r, f, done)
}

// readRemontee reads the page of a return; outside one's perimeter there is none.
func (s *Service) readRemontee(ctx context.Context, id int64) (v remonteeVue, err error) {
	v.Par = droits.Of(ctx)
	var b pg.Batch
	addRemontee(&b, &v.Remontee, id)
	addEtapes(&b, &v.Etapes, id)
	if err := b.RunAs(ctx, s.db, v.Par); err != nil {
		return v, fmt.Errorf("read remontee %d: %w", id, err)
	}
	var rows grilleRows
	var g pg.Batch
	addGrille(&g, &rows, v.Remontee)
	if err := g.RunAs(ctx, s.db, v.Par); err != nil {
		return v, fmt.Errorf("read the grid of remontee %d: %w", id, err)
	}
	v.grille = rows.grille(v.Remontee)
	v.Reste, v.Form = v.reste(), httpx.NewForm(nil)
	v.filtrer()
	return v, nil
}

func (s *Service) showRemontee(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v, err := s.readRemontee(r.Context(), id)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, remonteePage(v))
}

// posted reads the form of a grid: which return, what was typed, and on which saving.
func (s *Service) posted(r *http.Request) (v remonteeVue, f httpx.Form, base int, err error) {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return v, f, 0, err
	}
	if f, err = httpx.ReadForm(r); err != nil {
		return v, f, 0, err
	}
	if base, err = strconv.Atoi(f.Texte(champBase)); err != nil {
		return v, f, 0, fmt.Errorf("field %s: %w", champBase, fault.Malformed)
	}
	v, err = s.readRemontee(r.Context(), id)
	return v, f, base, err
}

func (s *Service) updateGrille(w http.ResponseWriter, r *http.Request) error {
	v, f, base, err := s.posted(r)
	if err != nil {
		return err
	}
	return s.saveGrille(w, r, v, f, base, v.lire(f))
}

func (s *Service) pasteGrille(w http.ResponseWriter, r *http.Request) error {
	v, f, base, err := s.posted(r)
	if err != nil {
		return err
	}
	typed, refused := v.coller(f.Brut(champBloc), f.Texte(champLigne), f.Texte(champColonne))
	if refused != nil {
		if _, other := f.Refuse(refused); other != nil {
			return other
		}
		v.Form = f
		return httpx.Render(w, r, http.StatusUnprocessableEntity, remonteePage(v))
	}
	return s.saveGrille(w, r, v, f, base, typed)
}

// saveGrille saves what was typed; refused or met by somebody else's, the grid comes back as it was typed.
func (s *Service) saveGrille(w http.ResponseWriter, r *http.Request, v remonteeVue, f httpx.Form, base int, typed map[cle]textes) error {
	b, err := s.Enregistrer(r.Context(), v.Par, v.ID, base, typed)
	var both conflit
	switch {
	case err == nil:
		s.annonce.Flash(r.Context(), b.titre(), b.texte())
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.Remontee(v.ID))
	case errors.As(err, &both):
		if v, err = s.readRemontee(r.Context(), v.ID); err != nil {
			return err
		}
		v.Form, v.Tapees, v.Conflits = f, typed, both
		return httpx.Render(w, r, http.StatusConflict, remonteePage(v))
	}
	if refused, other := f.Refuse(err); !refused {
		return other
	}
	v.Form, v.Tapees = f, typed
	return httpx.Render(w, r, http.StatusUnprocessableEntity, remonteePage(v))
}

func (b Bilan) titre() string {
	if b.Ecrites == 0 {
		return "Aucune cellule n’a changé."
	}
	return typo.NPluriel(int64(b.Ecrites), "cellule est enregistrée.", "cellules sont enregistrées.")
}

// avisMontres is how many readings are told one by one.
const avisMontres = 10

func (b Bilan) texte() string {
	s := ""
	if b.Reprises > 0 {
		s = typo.NPluriel(int64(b.Reprises), "cellule changée", "cellules changées") + " entre-temps par une autre personne " + typo.Pluriel(b.Reprises, "est gardée. ", "sont gardées. ")
	}
	for _, a := range b.Avis[:min(len(b.Avis), avisMontres)] {
		s += a + ". "
	}
	if n := len(b.Avis) - avisMontres; n > 0 {
		s += "Et " + typo.NPluriel(int64(n), "autre.", "autres.")
	}
	return s
}

func (s *Service) moveRemontee(acte string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, f, on, err := httpx.Posted(r)
		if err != nil {
			return err
		}
		err = s.Passer(r.Context(), droits.Of(r.Context()), id, on, acte, f.Texte("motif"))
		if err == nil {
			s.annonce.Flash(r.Context(), passages[acte].Message, "")
			return httpx.Redirect(w, r, http.StatusSeeOther, lien.Remontee(id))
		}
		status := http.StatusUnprocessableEntity
		if errors.Is(err, fault.Stale) {
			status = http.StatusConflict
			f.Fautes.Add("", "Cette remontée a changé pendant que vous la lisiez"+typo.NBSP+": la voici telle qu’elle est maintenant.")
		} else if refused, other := f.Refuse(err); !refused {
			return other
		}
		v, err := s.readRemontee(r.Context(), id)
		if err != nil {
			return err
		}
		v.Form = f
		return httpx.Render(w, r, status, remonteePage(v))
	}
}

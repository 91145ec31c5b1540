package contrat

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/texte"
	"portail/web/typo"
)

func (s *Service) sectionRoutes(r *httpx.Router) {
	one := une + "/sections/{objet}"
	r.Get(one, droits.ContratVoir, s.showSection)
	r.Get(one+"/modifier", droits.ContratModifier, s.editSection)
	r.Post(one+"/modifier", droits.ContratModifier, s.updateSection)
	r.Get(one+"/comparaison", droits.ContratVoir, s.showRevisions)
}

// Fields of the editor.
const (
	champRevision = "revision" // that its author had before them
	champApercu   = "apercu"   // the button that shows and does not save
)

// sectionPage is what the page of a section shows.
type sectionPage struct {
	SectionVue
	Par       droits.Compte
	Rendu     templ.Component
	Revisions []Revision
	Fils      []fil1
	Form      httpx.Form // of a comment
	Participe bool       // whoever asks is of the préfecture or of a party
}

func (s *Service) readSection(ctx context.Context, r Ref, id int64) (p sectionPage, err error) {
	p.Par, p.Form = droits.Of(ctx), httpx.NewForm(url.Values{httpx.ChampCle: {httpx.NewCle()}})
	err = s.read(ctx, func(tx pgx.Tx) error {
		if p.SectionVue, err = findSection(ctx, tx, r, id); err != nil {
			return err
		}
		if p.Participe, err = estPartie(ctx, tx, r.Contrat); err != nil {
			return err
		}
		p.Participe = p.Participe || p.Par.Role.Prefecture()
		if p.Revisions, err = listRevisions(ctx, tx, id); err != nil {
			return err
		}
		all, err := listCommentaires(ctx, tx, id)
		p.Fils = fils(all)
		return err
	})
	if err != nil {
		return p, fmt.Errorf("section %d of contrat %d: %w", id, r.Contrat, err)
	}
	p.Rendu, err = texte.Render(p.Texte, 3)
	return p, err
}

func (s *Service) showSection(w http.ResponseWriter, r *http.Request) error {
	v, id, err := refObjet(r)
	if err != nil {
		return err
	}
	p, err := s.readSection(r.Context(), v, id)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, sectionVue(p))
}

// editeur is the page where a section is written.
type editeur struct {
	SectionVue
	Form   httpx.Form
	Apercu templ.Component // of what is typed; nil until it is asked for
	// Conflit is how what is kept differs from what was typed, when somebody saved meanwhile; Dernier is their save.
	Conflit []texte.Rangee
	Dernier *Revision
}

func (s *Service) findEditable(ctx context.Context, r Ref, id int64) (e editeur, err error) {
	err = s.read(ctx, func(tx pgx.Tx) error {
		if e.SectionVue, err = findSection(ctx, tx, r, id); err != nil {
			return err
		}
		return e.Version.checkModifiable()
	})
	if err != nil {
		return e, fmt.Errorf("edit section %d of contrat %d: %w", id, r.Contrat, err)
	}
	e.Form = httpx.NewForm(url.Values{"texte": {e.Texte}, champRevision: {strconv.Itoa(e.Revision)}})
	return e, nil
}

func (s *Service) editSection(w http.ResponseWriter, r *http.Request) error {
	v, id, err := refObjet(r)
	if err != nil {
		return err
	}
	e, err := s.findEditable(r.Context(), v, id)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, editeurVue(e))
}

// updateSection saves a section, or shows what it will look like. Whatever is refused, what was typed comes back.
func (s *Service) updateSection(w http.ResponseWriter, r *http.Request) error {
	v, id, err := refObjet(r)
	if err != nil {
		return err
	}
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	on, err := strconv.ParseInt(f.Texte(champRevision), 10, 32)
	if err != nil || on < 0 {
		return fmt.Errorf("field %s: %w", champRevision, fault.Malformed)
	}
	status := http.StatusOK
	if f.Valeurs.Has(champApercu) {
		status, err = http.StatusOK, nil
	} else if err = s.SaveSection(r.Context(), droits.Of(r.Context()), v, id, int(on), f.Brut("texte"), f.Texte("motif")); err == nil {
		s.annonce.Flash(r.Context(), "La section est enregistrée.", "")
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.ContratObjet(v.Contrat, v.Numero, "sections", id, ""))
	}
	stale := errors.Is(err, fault.Stale)
	refused, other := f.Refuse(err)
	if err != nil && !refused && !stale {
		return other
	}
	e, err := s.findEditable(r.Context(), v, id)
	var frozen fault.Fields
	if err != nil && !errors.As(err, &frozen) { // a text frozen meanwhile still gives back what was typed
		return err
	}
	e.Form = f
	switch {
	case refused:
		status = http.StatusUnprocessableEntity
	case stale:
		status = http.StatusConflict
		if err := s.conflit(r.Context(), &e); err != nil {
			return err
		}
	}
	if e.Apercu, err = texte.Render(f.Brut("texte"), 3); err != nil {
		return err
	}
	return httpx.Render(w, r, status, editeurVue(e))
}

// conflit sets what was typed beside what somebody else saved meanwhile; the next save is made on theirs.
func (s *Service) conflit(ctx context.Context, e *editeur) error {
	e.Conflit = texte.Comparer(e.Texte, e.Form.Brut("texte"))
	e.Form.Valeurs.Set(champRevision, strconv.Itoa(e.Revision))
	return s.read(ctx, func(tx pgx.Tx) error {
		last, _, err := findRevision(ctx, tx, e.ID, e.Revision)
		e.Dernier = &last
		return err
	})
}

func (s *Service) showRevisions(w http.ResponseWriter, r *http.Request) error {
	v, id, err := refObjet(r)
	if err != nil {
		return err
	}
	var asked [2]int
	for i, name := range []string{"de", "a"} {
		if q := r.URL.Query().Get(name); q != "" {
			n, err := strconv.ParseInt(q, 10, 32)
			if err != nil || n < 1 {
				return fmt.Errorf("parameter %s: %w", name, fault.Malformed)
			}
			asked[i] = int(n)
		}
	}
	c, err := s.readRevisions(r.Context(), droits.Of(r.Context()), v, id, asked[0], asked[1])
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, revisionsVue(c, texte.Comparer(c.TexteDe, c.TexteA)))
}

func (s *Service) commentaireRoutes(r *httpx.Router) {
	one := une + "/sections/{objet}"
	r.Post(one+"/commentaires", droits.ContratCommenter, s.createCommentaire)
	r.Post(one+"/resolution", droits.ContratCommenter, s.updateFil)
}

func (s *Service) createCommentaire(w http.ResponseWriter, r *http.Request) error {
	v, id, err := refObjet(r)
	if err != nil {
		return err
	}
	f, cle, err := httpx.PostedNew(r)
	if err != nil {
		return err
	}
	fil := choix(f, "fil")
	refused, other := f.Refuse(s.Commenter(r.Context(), droits.Of(r.Context()), v, id, fil, f.Brut("commentaire"), cle))
	if other != nil {
		return other
	}
	if !refused {
		s.annonce.Flash(r.Context(), "Le commentaire est enregistré.", "")
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.ContratObjet(v.Contrat, v.Numero, "sections", id, "")+"#discussion")
	}
	p, err := s.readSection(r.Context(), v, id)
	if err != nil {
		return err
	}
	p.Form = f
	return httpx.Render(w, r, http.StatusUnprocessableEntity, sectionVue(p))
}

func (s *Service) updateFil(w http.ResponseWriter, r *http.Request) error {
	v, id, err := refObjet(r)
	if err != nil {
		return err
	}
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	resolu := f.Texte("resolu") == "oui"
	if err := s.Resoudre(r.Context(), droits.Of(r.Context()), v, id, choix(f, "fil"), resolu); err != nil {
		return err
	}
	message := "La discussion est rouverte."
	if resolu {
		message = "La discussion est résolue."
	}
	s.annonce.Flash(r.Context(), message, "")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.ContratObjet(v.Contrat, v.Numero, "sections", id, "")+"#discussion")
}

// readRevisions reads two revisions of a section, and the list of them all; 0 is the last one, and the one before.
func (s *Service) readRevisions(ctx context.Context, par droits.Compte, r Ref, id int64, de, a int) (v comparaisonSection, err error) {
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if v.SectionVue, err = findSection(ctx, tx, r, id); err != nil {
			return err
		}
		if v.Revisions, err = listRevisions(ctx, tx, id); err != nil || len(v.Revisions) == 0 {
			return err
		}
		if a == 0 {
			a = v.Section.Revision
		}
		if de == 0 {
			de = max(1, a-1)
		}
		if v.De, v.TexteDe, err = findRevision(ctx, tx, id, de); err != nil {
			return err
		}
		v.A, v.TexteA, err = findRevision(ctx, tx, id, a)
		return err
	})
	if err != nil {
		return v, fmt.Errorf("revisions %d and %d of section %d: %w", de, a, id, err)
	}
	return v, nil
}

// comparaisonSection is two revisions of a section, and all that there are.
type comparaisonSection struct {
	SectionVue
	De, A           Revision
	TexteDe, TexteA string
	Revisions       []Revision
}

// nom tells a revision from the others.
func (r Revision) nom() string {
	s := "Révision" + typo.NBSP + strconv.Itoa(r.Numero) + ", " + typo.DateHeure(r.Le)
	if r.Motif != "" {
		s += ", " + r.Motif
	}
	return s
}

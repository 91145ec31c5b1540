package contrat

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/web/typo"
)

func (s *Service) arbreRoutes(r *httpx.Router) {
	for _, n := range []struct {
		branche
		nouveau string
		form    func(c Contenu, id, sous int64) (formulaire.Page, error)
		save    func(ctx context.Context, v Ref, id int64, f httpx.Form) error
	}{
		{brancheAxe, lien.ActeNouvelAxe, formAxe, s.saveAxe},
		{brancheObjectif, lien.ActeNouvelObjectif, formObjectif, s.saveObjectif},
		{brancheEngagement, lien.ActeNouvelEngagement, formEngagement, s.saveEngagement},
	} {
		one := une + "/" + n.code + "/{objet}"
		r.Get(une+"/"+n.nouveau, droits.ContratModifier, s.showNoeud(n.form))
		r.Post(une+"/"+n.nouveau, droits.ContratModifier, s.postNoeud(n.branche, n.form, n.save))
		r.Get(one, droits.ContratModifier, s.showNoeud(n.form))
		r.Post(one, droits.ContratModifier, s.postNoeud(n.branche, n.form, n.save))
		r.Post(one+"/ordre", droits.ContratModifier, s.moveNoeud(n.branche))
		r.Get(one+"/supprimer", droits.ContratModifier, s.showSuppression(n.branche))
		r.Post(one+"/supprimer", droits.ContratModifier, s.deleteNoeud(n.branche))
	}
}

// noeudVise is what the address of a form of the tree names: the part (0: a new one) and, for a new one, its parent.
func noeudVise(r *http.Request) (v Ref, id, sous int64, err error) {
	if httpx.Param(r, "objet") != "" {
		v, id, err = refObjet(r)
		return v, id, 0, err
	}
	sous, _ = strconv.ParseInt(r.URL.Query().Get("sous"), 10, 64) // a parent that does not exist is chosen anew
	v, err = ref(r)
	return v, 0, sous, err
}

// formNoeud reads the text and makes the form.
func (s *Service) formNoeud(v Ref, id, sous int64, form func(Contenu, int64, int64) (formulaire.Page, error)) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (p formulaire.Page, err error) {
		err = s.read(ctx, func(tx pgx.Tx) error {
			c, err := readContenu(ctx, tx, v)
			if err == nil {
				p, err = form(c, id, sous)
			}
			return err
		})
		return p, err
	}
}

func (s *Service) showNoeud(form func(Contenu, int64, int64) (formulaire.Page, error)) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, id, sous, err := noeudVise(r)
		if err != nil {
			return err
		}
		p, err := s.formNoeud(v, id, sous, form)(r.Context())
		if err != nil {
			return err
		}
		return p.Show(w, r, http.StatusOK)
	}
}

func (s *Service) postNoeud(b branche, form func(Contenu, int64, int64) (formulaire.Page, error), save func(context.Context, Ref, int64, httpx.Form) error) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, id, sous, err := noeudVise(r)
		if err != nil {
			return err
		}
		f, err := httpx.ReadForm(r)
		if err != nil {
			return err
		}
		ancre := "arbre"
		if id != 0 {
			ancre = b.code + "-" + strconv.FormatInt(id, 10)
		}
		return s.answer(w, r, v, f, save(r.Context(), v, id, f), "Enregistré"+typo.NBSP+": "+b.mot+".", ancre, s.formNoeud(v, id, sous, form))
	}
}

// formBranche is the form of a part of the tree: with its values when it is there, with those given when it is new.
func formBranche(c Contenu, b branche, nouveau, titre string, id int64, version int, values url.Values) formulaire.Page {
	if id == 0 {
		p := formNouveau(c.Version, nouveau, "Ajouter un "+b.mot, "Enregistrer")
		if b != brancheAxe {
			p.Action = lien.ContratActe(c.ContratID, c.Numero, nouveau)
		}
		for k, v := range values {
			p.Form.Valeurs[k] = v
		}
		return p
	}
	p := formActe(c.Version, "", titre, "Enregistrer")
	p.Action = lien.ContratObjet(c.ContratID, c.Numero, b.code, id, "")
	values.Set(httpx.ChampVersion, strconv.Itoa(version))
	p.Form = httpx.NewForm(values)
	return p
}

// cleOuVersion reads what a form carries: the key of a new thing, or the version of one that is there.
func cleOuVersion(f httpx.Form, id int64, version *int) (cle string, err error) {
	if id == 0 {
		return f.Cle()
	}
	*version, err = f.Version()
	return "", err
}

func (s *Service) moveNoeud(b branche) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, id, err := refObjet(r)
		if err != nil {
			return err
		}
		f, err := httpx.ReadForm(r)
		if err != nil {
			return err
		}
		sens, known := map[string]int{"monter": -1, "descendre": 1}[f.Texte("sens")]
		if !known {
			return fault.Malformed
		}
		err = s.Deplacer(r.Context(), droits.Of(r.Context()), v, b, id, sens)
		return s.follow(w, r, v, err, "L’ordre est enregistré.", b.code+"-"+strconv.FormatInt(id, 10))
	}
}

// formSuppression shows what would go, before it goes.
func (s *Service) formSuppression(v Ref, b branche, id int64) func(context.Context) (formulaire.Page, error) {
	return s.formNoeud(v, id, 0, func(c Contenu, id, _ int64) (formulaire.Page, error) {
		under, found := c.dessousDe(b, id)
		if !found {
			return formulaire.Page{}, fault.NotFound
		}
		p := formActe(c.Version, "", "Supprimer un "+b.mot, "Supprimer")
		p.Action = lien.ContratObjet(c.ContratID, c.Numero, b.code, id, "supprimer")
		p.Apercu = suppressionApercu(b, under)
		p.Caches, p.Form = []string{champDessous}, httpx.NewForm(url.Values{champDessous: {under.total()}})
		return p, nil
	})
}

// champDessous counts what a deletion was shown to take away.
const champDessous = "dessous"

func (s *Service) showSuppression(b branche) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, id, err := refObjet(r)
		if err != nil {
			return err
		}
		p, err := s.formSuppression(v, b, id)(r.Context())
		if err != nil {
			return err
		}
		return p.Show(w, r, http.StatusOK)
	}
}

func (s *Service) deleteNoeud(b branche) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, id, err := refObjet(r)
		if err != nil {
			return err
		}
		f, err := httpx.ReadForm(r)
		if err != nil {
			return err
		}
		err = s.Supprimer(r.Context(), droits.Of(r.Context()), v, b, id, f.Texte(champDessous))
		return s.answer(w, r, v, f, err, "Supprimé"+typo.NBSP+": "+b.mot+".", "arbre", func(ctx context.Context) (formulaire.Page, error) {
			p, err := s.formSuppression(v, b, id)(ctx)
			if err == nil {
				f.Valeurs.Set(champDessous, p.Form.Brut(champDessous)) // what is there now is before its author
			}
			return p, err
		})
	}
}

package tableur

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
)

// Limits of the sending of a file, beyond those of a page.
const (
	enveloppe = 64 << 10 // what a form adds around a file
	reception = 60 * time.Second
	parPage   = 50
	rafraichi = "3" // seconds between two looks at a step under way
)

// Routes declares the pages of the imports, each under its own address and right.
func (s *Service) Routes(r *httpx.Router) {
	for _, m := range s.modeles {
		one := m.Base + "/{brouillon}"
		r.Get(m.Base, m.Droit, s.with(m, s.newBrouillon))
		r.PostFile(m.Base, m.Droit, MaxOctets+enveloppe, s.with(m, s.createBrouillon))
		r.Get(m.Base+"/"+lien.ImportExemple, m.Droit, s.with(m, s.sendExemple))
		r.Get(one, m.Droit, s.with(m, s.showBrouillon))
		r.Get(one+"/"+lien.ImportErreursODS, m.Droit, s.with(m, s.sendErreurs))
		r.Get(one+"/"+lien.ImportErreursCSV, m.Droit, s.with(m, s.sendErreurs))
		r.Post(one+"/"+lien.ImportColonnes, m.Droit, s.with(m, s.updateColonnes))
		r.Post(one+"/"+lien.ImportControler, m.Droit, s.with(m, s.step(s.Recontroler, "")))
		r.Post(one+"/"+lien.ImportAppliquer, m.Droit, s.with(m, s.step(s.Appliquer, "L’import est appliqué.")))
		r.Post(one+"/"+lien.ImportAbandonner, m.Droit, s.with(m, s.deleteBrouillon))
	}
}

// handler answers a request about an import.
type handler func(w http.ResponseWriter, r *http.Request, m Modele) error

func (s *Service) with(m Modele, h handler) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return h(w, r, m) }
}

func (s *Service) newBrouillon(w http.ResponseWriter, r *http.Request, m Modele) error {
	return s.renderDepot(w, r, m, http.StatusOK, fault.Fields{})
}

// renderDepot is the page that takes a file, with what was refused of the last one.
func (s *Service) renderDepot(w http.ResponseWriter, r *http.Request, m Modele, status int, faults fault.Fields) error {
	v := depotVue{m: m, cle: httpx.NewCle(), fautes: faults}
	var b pg.Batch
	par := droits.Of(r.Context())
	addBrouillons(&b, &v.brouillons, par, m.Code)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("drafts of %s: %w", m.Code, err)
	}
	return httpx.Render(w, r, status, depotPage(v))
}

func (s *Service) createBrouillon(w http.ResponseWriter, r *http.Request, m Modele) error {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(reception)) // where there is no connection, that of pages stays
	// Neither the deadline of a page nor its end: a slow line may take longer to send the file.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), reception)
	defer cancel()
	name, content, cle, err := lireFormulaire(r)
	if err != nil {
		return err
	}
	if name == "" {
		return s.renderDepot(w, r, m, http.StatusUnprocessableEntity, fault.Fields{champFichier: "Choisissez le fichier à importer."})
	}
	id, err := s.Deposer(ctx, droits.Of(r.Context()), m, name, content, cle)
	var refused *Refus
	switch {
	case errors.As(err, &refused) && refused.TropGrand:
		return s.renderDepot(w, r, m, http.StatusRequestEntityTooLarge, fault.Fields{champFichier: refused.Dire()})
	case errors.As(err, &refused):
		return s.renderDepot(w, r, m, http.StatusUnprocessableEntity, fault.Fields{champFichier: refused.Dire()})
	case err != nil:
		return err
	}
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.ImportBrouillon(m.Base, id))
}

const champFichier = "fichier"

// lireFormulaire reads the form of a file in memory: its name, empty when none was chosen, what it holds, and the key of the form.
func lireFormulaire(r *http.Request) (name string, content []byte, cle string, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, "", httpx.BodyError(err)
	}
	values := url.Values{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", nil, "", httpx.BodyError(err)
		}
		switch part.FormName() {
		case champFichier:
			if content, err = io.ReadAll(io.LimitReader(part, MaxOctets+1)); err != nil {
				return "", nil, "", httpx.BodyError(err)
			}
			name = part.FileName()
		case httpx.ChampCle:
			text, err := io.ReadAll(io.LimitReader(part, enveloppe))
			if err != nil {
				return "", nil, "", httpx.BodyError(err)
			}
			values.Set(httpx.ChampCle, string(text))
		}
	}
	cle, err = httpx.NewForm(values).Cle()
	return name, content, cle, err
}

// asked is the draft of the address.
func asked(r *http.Request) (int64, error) { return httpx.ID(r, "brouillon") }

// show reads a draft and what its page shows of it.
func (s *Service) show(ctx context.Context, m Modele, id int64, query url.Values) (vue, error) {
	v := vue{m: m, form: httpx.NewForm(nil)}
	par := droits.Of(ctx)
	var b pg.Batch
	addBrouillon(&b, &v.b, par, m.Code, id)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return v, fmt.Errorf("draft %d: %w", id, err)
	}
	q := httpx.ReadQuery(query)
	v.page = q.Page()
	err := q.Err()
	if err != nil {
		return v, err
	}
	if v.voir, err = v.b.voir(query.Get(paramVoir)); err != nil {
		return v, err
	}
	if v.b.Etat == EtatColonnes || query.Get(paramEtape) == lien.ImportColonnes && len(v.b.Apercu) > 0 {
		v.choisir = true
		return v, v.proposer(query)
	}
	if v.voir == "" {
		return v, nil
	}
	var list pg.Batch
	var rows []detailRow
	addEcarts(&list, &rows, par, id, v.voir, parPage, (v.page-1)*parPage)
	if err := list.RunAs(ctx, s.db, par); err != nil {
		return v, fmt.Errorf("differences of draft %d: %w", id, err)
	}
	if len(rows) == 0 && v.page > 1 {
		return v, fmt.Errorf("page %d of draft %d: %w", v.page, id, fault.NotFound)
	}
	if v.voir == SorteFaute {
		v.fautes, err = decode[Faute](rows)
	} else {
		v.ecarts, err = decode[ecartRow](rows)
	}
	return v, err
}

func (s *Service) showBrouillon(w http.ResponseWriter, r *http.Request, m Modele) error {
	id, err := asked(r)
	if err != nil {
		return err
	}
	v, err := s.show(r.Context(), m, id, r.URL.Query())
	if err != nil {
		return err
	}
	if v.b.EnCours() {
		w.Header().Set("Refresh", rafraichi)
	}
	return httpx.Render(w, r, http.StatusOK, brouillonPage(v))
}

// step answers a change of a draft: on to its page, or that page with what was refused (422) or has changed meanwhile (409).
func (s *Service) step(do func(context.Context, droits.Compte, Modele, int64, int) error, message string) handler {
	return func(w http.ResponseWriter, r *http.Request, m Modele) error {
		id, err := asked(r)
		if err != nil {
			return err
		}
		f, err := httpx.ReadForm(r)
		if err != nil {
			return err
		}
		version, err := f.Version()
		if err != nil {
			return err
		}
		return s.answer(w, r, m, id, f, do(r.Context(), droits.Of(r.Context()), m, id, version), message)
	}
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, m Modele, id int64, f httpx.Form, done error, message string) error {
	status := http.StatusConflict
	if !errors.Is(done, fault.Stale) {
		refused, other := f.Refuse(done)
		if other != nil {
			return other
		}
		status = http.StatusUnprocessableEntity
		if !refused {
			v, err := s.show(r.Context(), m, id, nil)
			if err != nil {
				return err
			}
			if message != "" && v.b.Etat == EtatApplique {
				s.annonce.Flash(r.Context(), message, "")
			}
			return httpx.Redirect(w, r, http.StatusSeeOther, lien.ImportBrouillon(m.Base, id))
		}
	}
	query := url.Values{}
	if len(f.Valeurs[champFeuille]) > 0 { // the form of columns comes back as it was filled in
		query = f.Valeurs
		query.Set(paramEtape, lien.ImportColonnes)
	}
	v, err := s.show(r.Context(), m, id, query)
	if err != nil {
		return err
	}
	v.form, v.depasse = f, status == http.StatusConflict
	return httpx.Render(w, r, status, brouillonPage(v))
}

func (s *Service) updateColonnes(w http.ResponseWriter, r *http.Request, m Modele) error {
	return s.step(func(ctx context.Context, par droits.Compte, m Modele, id int64, version int) error {
		k, err := m.lireColonnes(r.PostForm)
		if err != nil {
			return err
		}
		return s.Associer(ctx, par, m, id, version, k)
	}, "")(w, r, m)
}

// lireColonnes reads the form that says where the columns are.
func (m Modele) lireColonnes(form url.Values) (Correspondance, error) {
	k := Correspondance{Colonnes: map[string]int{}}
	for name, into := range map[string]*int{champFeuille: &k.Feuille, champEntete: &k.Entete} {
		n, err := strconv.Atoi(form.Get(name))
		if err != nil {
			return k, fmt.Errorf("field %s: %w", name, fault.Malformed)
		}
		*into = n
	}
	for _, c := range m.Colonnes {
		text := strings.TrimSpace(form.Get(champColonne(c.Code)))
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return k, fmt.Errorf("field %s: %w", champColonne(c.Code), fault.Malformed)
		}
		k.Colonnes[c.Code] = n
	}
	return k, nil
}

func (s *Service) deleteBrouillon(w http.ResponseWriter, r *http.Request, m Modele) error {
	id, err := asked(r)
	if err != nil {
		return err
	}
	if _, err := httpx.ReadForm(r); err != nil {
		return err
	}
	if err := s.Abandonner(r.Context(), droits.Of(r.Context()), m, id); err != nil {
		return err
	}
	s.annonce.Flash(r.Context(), "L’import est abandonné.", "Rien n’a été enregistré.")
	return httpx.Redirect(w, r, http.StatusSeeOther, m.Base)
}

// lienVue keeps the address of a list of differences, for its pages.
func (v vue) url() web.ListURL {
	return web.ListURL{Path: lien.ImportBrouillon(v.m.Base, v.b.ID), Values: url.Values{paramVoir: {v.voir}}}
}

package contrat

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/web"
)

// Addresses of a contract and of one of its texts, as patterns.
const (
	un  = lien.ContratsAgents + "/{id}"
	une = un + "/versions/{numero}"
)

// Routes declares the pages of the area, an object after the other.
func (s *Service) Routes(r *httpx.Router) {
	s.listeRoutes(r)
	s.tableauRoutes(r)
	s.cadreRoutes(r)
	s.ficheRoutes(r)
	s.arbreRoutes(r)
	s.sectionRoutes(r)
	s.commentaireRoutes(r)
	s.partieRoutes(r)
	s.signatureRoutes(r)
	s.acteRoutes(r)
	s.suiviRoutes(r)
	s.pieceRoutes(r)
	s.lectureRoutes(r)
}

// fil is the way to the list of contracts.
var fil = []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Contrats de ville", Href: lien.ContratsAgents}}

// filVersion is the way to a text.
func filVersion(v Version) []web.Lien {
	all := append(slices.Clone(fil), web.Lien{Texte: v.Titre, Href: lien.ContratAgents(v.ContratID)})
	if v.Avenant > 0 {
		all = append(all, web.Lien{Texte: v.Nom(), Href: lien.ContratVersion(v.ContratID, v.Numero)})
	}
	return all
}

// formActe is the form of a change of a text.
func formActe(v Version, acte, titre, bouton string) formulaire.Page {
	return formulaire.Page{Titre: titre, Bouton: bouton, Objet: v.Titre, Fil: filVersion(v), Retour: lien.ContratVersion(v.ContratID, v.Numero),
		Action: lien.ContratActe(v.ContratID, v.Numero, acte), Caches: []string{httpx.ChampVersion},
		Form: httpx.NewForm(url.Values{httpx.ChampVersion: {strconv.Itoa(v.Version)}})}
}

// formNouveau is the form that adds something to a text.
func formNouveau(v Version, acte, titre, bouton string) formulaire.Page {
	p := formActe(v, acte, titre, bouton)
	p.Caches, p.Form = []string{httpx.ChampCle}, httpx.NewForm(url.Values{httpx.ChampCle: {httpx.NewCle()}})
	return p
}

// ref is the text that the address names.
func ref(r *http.Request) (Ref, error) {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return Ref{}, err
	}
	numero, err := httpx.ID(r, "numero")
	if err != nil || numero > 1<<20 {
		return Ref{}, fmt.Errorf("numero in the address: %w", fault.NotFound)
	}
	return Ref{id, int(numero)}, nil
}

// refObjet is the text that the address names, and the part of it that it names.
func refObjet(r *http.Request) (v Ref, id int64, err error) {
	if v, err = ref(r); err != nil {
		return v, 0, err
	}
	id, err = httpx.ID(r, "objet")
	return v, id, err
}

// sent reads what a form of a text sent.
func sent(r *http.Request) (v Ref, f httpx.Form, err error) {
	if v, err = ref(r); err != nil {
		return v, f, err
	}
	f, err = httpx.ReadForm(r)
	return v, f, err
}

// posted is sent for a form that changes what is there: it carries the version that it was written on.
func posted(r *http.Request) (v Ref, f httpx.Form, on int, err error) {
	if v, f, err = sent(r); err != nil {
		return v, f, 0, err
	}
	on, err = f.Version()
	return v, f, on, err
}

// page makes the form of a text as it is now.
type page func(ctx context.Context, r Ref) (formulaire.Page, error)

// show shows the form of the text that the address names.
func (s *Service) show(make page) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := ref(r)
		if err != nil {
			return err
		}
		p, err := make(r.Context(), v)
		if err != nil {
			return fmt.Errorf("form of version %d of contrat %d: %w", v.Numero, v.Contrat, err)
		}
		return p.Show(w, r, http.StatusOK)
	}
}

// form binds a form to a text.
func (s *Service) form(r Ref, make page) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) { return make(ctx, r) }
}

// answer follows a change of a text; ancre is where on its page the change shows, empty for the top.
func (s *Service) answer(w http.ResponseWriter, r *http.Request, v Ref, f httpx.Form, done error, message, ancre string, page func(context.Context) (formulaire.Page, error)) error {
	vers := lien.ContratVersion(v.Contrat, v.Numero)
	if ancre != "" {
		vers += "#" + ancre
	}
	return formulaire.Suite{Annonce: s.annonce, Message: message, Vers: vers, Page: page,
		Dernier: func(ctx context.Context) (*journal.Ligne, error) { return s.dernier(ctx, v.Contrat) }}.Answer(w, r, f, done)
}

// dernier is the last change of a contract; nil when none is known.
func (s *Service) dernier(ctx context.Context, id int64) (last *journal.Ligne, err error) {
	err = s.read(ctx, func(tx pgx.Tx) error {
		lignes, err := journal.Historique(ctx, tx, objet, id)
		if len(lignes) > 0 {
			last = &lignes[0]
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("history of contrat %d: %w", id, err)
	}
	return last, nil
}

// follow goes on after a change made by a button alone: back to the text with a message, or with what was refused.
func (s *Service) follow(w http.ResponseWriter, r *http.Request, v Ref, done error, message, ancre string) error {
	refused, other := httpx.NewForm(nil).Refuse(done)
	if other != nil {
		return other
	}
	vers := lien.ContratVersion(v.Contrat, v.Numero)
	if ancre != "" {
		vers += "#" + ancre
	}
	if refused {
		return done
	}
	s.annonce.Flash(r.Context(), message, "")
	return httpx.Redirect(w, r, http.StatusSeeOther, vers)
}

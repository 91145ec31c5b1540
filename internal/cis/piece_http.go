package cis

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/jackc/pgx/v5"

	"portail/internal/document"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
)

func (s *Service) pieceRoutes(r *httpx.Router) {
	at := uneSeancePattern + "/" + lien.ActeDocuments
	r.Get(at+"/nouveau", droits.CisModifier, s.newPiece)
	r.PostFile(at+"/nouveau", droits.CisModifier, s.documents.MaxCorps(), s.documents.Recevoir("fichier", s.createPiece))
	r.Get(at+"/{document}", droits.CisVoir, s.sendPiece)
	r.Post(at+"/{document}/retirer", droits.CisModifier, s.deletePiece)
}

// formPiece makes the form that attaches a paper.
func (s *Service) formPiece(id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		var v Seance
		var points []Point
		var b pg.Batch
		addSeance(&b, &v, id)
		addPoints(&b, &points, id)
		if err := b.RunAs(ctx, s.db, droits.Of(ctx)); err != nil {
			return formulaire.Page{}, fmt.Errorf("form of a paper of seance %d: %w", id, err)
		}
		var options []web.Option
		for _, p := range ordre(points) {
			options = append(options, web.Option{Value: strconv.FormatInt(p.ID, 10), Label: p.Titre})
		}
		p := formActe(v, lien.ActeDocuments+"/nouveau", "Joindre un document", "Joindre le document",
			formulaire.Champ{Nom: "fichier", Libelle: "Fichier", Type: formulaire.Fichier, Aide: document.Acceptes() + ", " + s.documents.Max() + " au plus.", Accepte: document.Accept()})
		if len(options) > 0 {
			p.Champs = append(p.Champs, formulaire.Champ{Nom: "point", Libelle: "Point concerné", Options: options, Vide: "La séance entière", Facultatif: true,
				Aide: "Un document joint à un point réservé n’est lu que des services de l’État."})
		}
		return p, nil
	}
}

func (s *Service) newPiece(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	return show(w, r, s.formPiece(id))
}

func (s *Service) createPiece(w http.ResponseWriter, r *http.Request, f httpx.Form, files []document.Fichier) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	point := lireID[int64](f.Fautes, f, "point", "Choisissez un point dans la liste.")
	var file document.Fichier
	if len(files) > 0 {
		file = files[0]
	}
	if err = f.Fautes.Err(); err == nil {
		err = s.Joindre(r.Context(), droits.Of(r.Context()), id, point, file)
	}
	return s.suiteSeance(id, "Le document est joint.", s.formPiece(id)).Answer(w, r, f, err)
}

// sendPiece sends a paper to whoever sees its meeting and its point.
func (s *Service) sendPiece(w http.ResponseWriter, r *http.Request) error {
	id, doc, err := pieceParams(r)
	if err != nil {
		return err
	}
	err = s.read(r.Context(), func(tx pgx.Tx) error {
		there, err := pieceDe(r.Context(), tx, id, doc)
		if err == nil && !there {
			err = fault.NotFound
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("document %d of seance %d: %w", doc, id, err)
	}
	return document.Servir(w, r, s.db, doc)
}

func pieceParams(r *http.Request) (id, doc int64, err error) {
	if id, err = httpx.ID(r, "id"); err != nil {
		return id, 0, err
	}
	doc, err = httpx.ID(r, "document")
	return id, doc, err
}

func (s *Service) deletePiece(w http.ResponseWriter, r *http.Request) error {
	id, doc, err := pieceParams(r)
	if err != nil {
		return err
	}
	return s.answerSeance(w, r, id, "Le document est retiré.", s.Detacher(r.Context(), droits.Of(r.Context()), id, doc))
}

package contrat

import (
	"context"
	"net/http"
	"net/url"

	"github.com/jackc/pgx/v5"

	"portail/internal/document"
	"portail/internal/droits"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

func (s *Service) pieceRoutes(r *httpx.Router) {
	r.Get(un+"/documents/nouveau", droits.ContratModifier, formulaire.Edition(s.formPiece))
	r.PostFile(un+"/documents/nouveau", droits.ContratModifier, s.documents.MaxCorps(), s.documents.Recevoir(document.ChampFichier, s.createPiece))
	r.Get(un+"/documents/{document}", droits.ContratVoir, document.Envoi(s.db, pieceDe))
}

func (s *Service) formPiece(id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (p formulaire.Page, err error) {
		err = s.read(ctx, func(tx pgx.Tx) error {
			v, err := findVersion(ctx, tx, Ref{id, 1})
			p = formNouveau(v, "", "Joindre un document", "Joindre le document")
			p.Action, p.Retour, p.Caches = lien.ContratDocuments(id), lien.ContratAgents(id), nil
			p.Champs = []formulaire.Champ{
				s.documents.Champ(),
				{Nom: "titre", Libelle: "Titre", Max: maxTitre, Facultatif: true, Aide: "Laissez vide pour garder le nom du fichier."},
				{Nom: "public", Libelle: "Qui peut le lire", Type: formulaire.Choix, Options: []web.Option{
					{Value: "non", Label: "La préfecture et les parties"}, {Value: "oui", Label: "Tout le monde, une fois le contrat publié"}}},
			}
			p.Form = httpx.NewForm(url.Values{"public": {"non"}})
			return err
		})
		return p, err
	}
}

func (s *Service) createPiece(w http.ResponseWriter, r *http.Request, f httpx.Form, files []document.Fichier) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	if err = f.Fautes.Err(); err == nil {
		err = s.Joindre(r.Context(), droits.Of(r.Context()), id, f.Texte("titre"), f.Texte("public") == "oui", document.Un(files))
	}
	return formulaire.Suite{Annonce: s.annonce, Message: "Le document est joint" + typo.NBSP + ": son empreinte SHA-256 est au journal.", Vers: lien.ContratAgents(id), Page: s.formPiece(id)}.Answer(w, r, f, err)
}

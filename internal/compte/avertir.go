package compte

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail/internal/courriel"
	"portail/internal/lien"
)

// avertir writes to the owner of an account, at once, that something its safety rests on has changed: if it was not them, they can
// still act. quoi is a clause without its full stop.
func (s *Service) avertir(ctx context.Context, tx pgx.Tx, id identifiant, quoi string) error {
	return courriel.Send(ctx, tx, courriel.Message{
		A: id.Courriel, Compte: id.ID, Sorte: "securite", Sujet: "Sécurité de votre compte",
		Texte: "Bonjour,\n\nSur « " + s.cfg.Nom + " », " + quoi + ".\n\n" +
			"Si vous n’y êtes pour rien, choisissez tout de suite un nouveau mot de passe :\n" + s.cfg.Absolu(lien.MotDePasseOublie) +
			"\nPuis prévenez l’administration du portail.\n",
	})
}

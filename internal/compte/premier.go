package compte

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
)

// InviterAdministrateur invites somebody as an administrator without anybody being signed in: the command line is the way in when no
// administrator is there yet. It returns the link, which nothing sends. organisme is a name or an acronym.
func (s *Service) InviterAdministrateur(ctx context.Context, courriel, nom, organisme string) (lienComplet string, err error) {
	in := saisieInvitation{Courriel: strings.ToLower(strings.TrimSpace(courriel)), Nom: strings.TrimSpace(nom), Cle: httpx.NewCle(), saisieFonction: saisieFonction{Role: string(droits.Administrateur)}}
	texte, print := newJeton()
	err = pg.As(ctx, s.db, droits.Tache, func(tx pgx.Tx) error {
		if in.Organisme, err = findOrganisme(ctx, tx, organisme); err != nil {
			return fmt.Errorf("organisation %q: %w", organisme, err)
		}
		o, err := readOrganismeOuvert(ctx, tx, in.Organisme)
		if err != nil {
			return err
		}
		if err := in.check(droits.Compte{ID: -1, Role: droits.Administrateur}, o.Nature); err != nil {
			return err
		}
		before, err := lockInvitations(ctx, tx, droits.Tache, in)
		if err != nil {
			return err
		}
		if before.Titulaire {
			return fmt.Errorf("%s is an administrator already", in.Courriel)
		}
		id, err := insertInvitation(ctx, tx, droits.Tache, in, print, invitationDuree)
		if err != nil {
			return err
		}
		return journal.Note(ctx, tx, droits.Tache, "invitation par la ligne de commande", "invitation", id,
			journal.Changement{"fonction": {nil, libelleFonction(in.Role, o.Nom)}})
	})
	if err != nil {
		return "", fmt.Errorf("invite an administrator: %w", err)
	}
	return s.cfg.Absolu(lien.Invitation(texte)), nil
}

package main

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/compte"
	"portail/internal/config"
)

type adminCmd struct {
	Invite adminInviteCmd `cmd:"" help:"Invite an administrator: prints a link that serves once, for seven days."`
}

type adminInviteCmd struct {
	Courriel  string `arg:"" help:"E-mail address of the person."`
	Nom       string `arg:"" help:"Name of the person."`
	Organisme string `help:"Name or acronym of their organisation, a State service; the préfecture of the settings when empty."`
}

// Run is the way in when no administrator is there yet, or none is left. It is journalled like any invitation.
func (c adminInviteCmd) Run(j *job) error {
	return j.withOwner(func(cfg config.Config, db *pgxpool.Pool) error {
		if c.Organisme == "" {
			c.Organisme = cfg.Prefecture
		}
		lien, err := compte.New(db, cfg).InviterAdministrateur(j.ctx, c.Courriel, c.Nom, c.Organisme)
		if err != nil {
			return err
		}
		fmt.Fprintf(j.stdout, "Lien à transmettre à %s, valable une fois, pendant sept jours :\n%s\n", c.Courriel, lien)
		return nil
	})
}

package main

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/journal"
)

type journalCmd struct {
	Verify journalVerifyCmd `cmd:"" help:"Say whether the chain of the journal holds, and where it breaks (exit code 1)."`
}

type journalVerifyCmd struct {
	Temoin string `placeholder:"N:SEAL" help:"Last line and seal that an earlier run printed: proves that nothing was cut off since."`
}

// Run reads the whole journal. Each broken line is told by its number, with what is wrong about it.
func (c journalVerifyCmd) Run(j *job) error {
	return j.withOwner(func(_ config.Config, db *pgxpool.Pool) error {
		e, err := journal.Verify(j.ctx, db, c.Temoin)
		if err != nil {
			return err
		}
		for _, r := range e.Ruptures {
			fmt.Fprintf(j.stdout, "ligne %d : %s\n", r.ID, r.Raison)
		}
		switch {
		case len(e.Ruptures) > 0:
			return fmt.Errorf("the journal does not hold: %d broken lines are told above, out of %d", len(e.Ruptures), e.Lignes)
		case e.Temoigne && !e.TemoinBon:
			return errors.New("the journal does not hold: the line " + c.Temoin + " is no longer there")
		}
		fmt.Fprintf(j.stdout, "Le journal tient : %d lignes, chacune scellée par la précédente.\nÀ noter hors du portail, pour --temoin : %d:%s\n", e.Lignes, e.Dernier, e.Sceau)
		return nil
	})
}

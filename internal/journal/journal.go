// Package journal writes who changed what, in the transaction of the change: both are kept, or neither. Lines are only ever
// added, and each carries the hash of the former one (see migration 00010). Technical logs are elsewhere and hold no
// personal data.
package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"portail/internal/droits"
	"portail/internal/pg"
)

// Changement is what became of each field: its value before and after, as people would read it. A deed without fields has none.
type Changement map[string][2]any

// Champ notes a field if it changed.
func (c Changement) Champ(nom string, avant, apres any) {
	if fmt.Sprint(avant) != fmt.Sprint(apres) {
		c[nom] = [2]any{avant, apres}
	}
}

// Note adds a line to the journal. verbe is the deed in the users' words ("compte désactivé"), objet the kind of thing
// ("compte") and id which one. Secrets never go into detail.
func Note(ctx context.Context, tx pg.Tx, par droits.Compte, verbe, objet string, id int64, detail Changement) error {
	text := ""
	if id != 0 {
		text = strconv.FormatInt(id, 10)
	}
	return note(ctx, tx, par, verbe, objet, text, detail)
}

func note(ctx context.Context, tx pg.Tx, par droits.Compte, verbe, objet, id string, detail Changement) error {
	if detail == nil {
		detail = Changement{}
	}
	fields, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("journal %q of %s %s: %w", verbe, objet, id, err)
	}
	auteur := ""
	switch {
	case par.Connecte():
		auteur = string(par.Role) + ", " + par.OrganismeNom
	case par.Role == droits.Tache.Role:
		auteur = "tâche automatique"
	}
	if err := insert(ctx, tx, par, auteur, verbe, objet, id, fields); err != nil {
		return fmt.Errorf("journal %q of %s %s: %w", verbe, objet, id, err)
	}
	return nil
}

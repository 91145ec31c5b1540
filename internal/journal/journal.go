// Package journal writes who changed what, in the transaction of the change: both are kept, or neither. Lines are only ever
// added, and each carries the hash of the former one (see migration 00010). Technical logs are elsewhere and hold no
// personal data.
package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
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

// NoteCode is Note for what is known by a code rather than by a number.
func NoteCode(ctx context.Context, tx pg.Tx, par droits.Compte, verbe, objet, code string, detail Changement) error {
	return note(ctx, tx, par, verbe, objet, code, detail)
}

// Entree is a line to add among many.
type Entree struct {
	Verbe  string
	ID     int64 // of the object
	Detail Changement
}

// entreesAtOnce keeps a statement of many lines, each of them sealed, well within the time of one.
const entreesAtOnce = 1000

// NoteAll is Note for many objects of a kind that one deed changes, as an import does.
func NoteAll(ctx context.Context, tx pg.Tx, par droits.Compte, objet string, all []Entree) error {
	for some := range slices.Chunk(all, entreesAtOnce) {
		verbs, ids, details := make([]string, len(some)), make([]string, len(some)), make([]string, len(some))
		for i, e := range some {
			if e.Detail == nil {
				e.Detail = Changement{}
			}
			fields, err := json.Marshal(e.Detail)
			if err != nil {
				return fmt.Errorf("journal %q of %s %d: %w", e.Verbe, objet, e.ID, err)
			}
			verbs[i], ids[i], details[i] = e.Verbe, strconv.FormatInt(e.ID, 10), string(fields)
		}
		if err := insertAll(ctx, tx, par, auteur(par), objet, verbs, ids, details); err != nil {
			return fmt.Errorf("journal %d lines of %s: %w", len(some), objet, err)
		}
	}
	return nil
}

func note(ctx context.Context, tx pg.Tx, par droits.Compte, verbe, objet, id string, detail Changement) error {
	if detail == nil {
		detail = Changement{}
	}
	fields, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("journal %q of %s %s: %w", verbe, objet, id, err)
	}
	if err := insert(ctx, tx, par, auteur(par), verbe, objet, id, fields); err != nil {
		return fmt.Errorf("journal %q of %s %s: %w", verbe, objet, id, err)
	}
	return nil
}

// auteur is who does it, as the journal keeps it: a role and an organisation, never a name.
func auteur(par droits.Compte) string {
	switch {
	case par.Connecte():
		return string(par.Role) + ", " + par.OrganismeNom
	case par.Role == droits.Tache.Role:
		return "tâche automatique"
	}
	return ""
}

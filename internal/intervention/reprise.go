package intervention

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
)

// maxReprise is the most lines that are taken up in one act.
const maxReprise = 1000

// Reprise takes up in a year the lines that an organisation declared for a former one, in one act.
type Reprise struct {
	De, Vers int
	Choisies []int64 // ids of the lines
	Moyens   bool    // with their means, as a first estimate; else they are to be told
}

// check refuses what is no year after another, and a choice of nothing.
func (r Reprise) check() error {
	f := fault.Fields{}
	for champ, year := range map[string]int{"de": r.De, "vers": r.Vers} {
		if year < premiereAnnee || year > derniereAnnee {
			f.Add(champ, "Choisissez une année.")
		}
	}
	if r.De == r.Vers {
		f.Add("vers", "Choisissez deux années différentes.")
	}
	switch {
	case len(r.Choisies) == 0:
		f.Add("ligne", "Cochez au moins une action.")
	case len(r.Choisies) > maxReprise:
		f.Add("ligne", "Cochez 1\u00a0000 actions au plus.")
	}
	return f.Err()
}

// Reprendre copies the chosen lines of the organisation of whoever asks into a year, and gives how many it wrote: what is declared there
// already is left alone, so that the same form sent twice writes once.
func (s *Service) Reprendre(ctx context.Context, par droits.Compte, r Reprise) (n int, err error) {
	if err := r.check(); err != nil {
		return 0, err
	}
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		made, err := insertReprise(ctx, tx, par, s.cfg.Departement, r)
		if err != nil {
			return err
		}
		n = len(made)
		lines := make([]journal.Entree, n)
		for i, m := range made {
			lines[i] = journal.Entree{Verbe: "action reprise d’une autre année", ID: m.ID, Detail: journal.Changement{"annee": {r.De, r.Vers}, "description": {nil, m.Description}}}
		}
		return journal.NoteAll(ctx, tx, par, objet, lines)
	})
	if err != nil {
		return 0, fmt.Errorf("take up the lines of %d in %d: %w", r.De, r.Vers, err)
	}
	return n, nil
}

// reprise is what the page shows.
type reprise struct {
	Reprise
	Lignes   []ligneReprise // of the former year, those already taken up aside
	Annees   []int          // years that the organisation has lines of
	Form     formReprise
	Touchees bool // the boxes are as somebody left them
}

// ligneReprise is a line that can be taken up.
type ligneReprise struct {
	ID                          int64
	QPVNom, Thematique, Credits string
	Description                 string
	Montant, Etp                *float64
	Places                      *int64
	Demonstration               bool
}

// options are the lines as boxes, all ticked at first.
func (r reprise) options() []web.Option {
	all := make([]web.Option, len(r.Lignes))
	for i, l := range r.Lignes {
		all[i] = web.Option{Value: strconv.FormatInt(l.ID, 10), Label: extrait(l.Description, 120), Selected: !r.Touchees || slices.Contains(r.Choisies, l.ID),
			Hint: l.QPVNom + ", " + lexique.Libelle(lexique.Thematiques, l.Thematique) + ", " + lexique.Libelle(lexique.Credits, l.Credits) + " – " + moyensEnMots(l.Montant, l.Etp, l.Places)}
	}
	return all
}

// sources lead to the same page for each year that has lines.
func (r reprise) sources() []web.Lien {
	var all []web.Lien
	for _, y := range r.Annees {
		l := web.Lien{Texte: strconv.Itoa(y)}
		if y != r.De && y != r.Vers {
			l.Href = lien.InterventionsReprendre + "?" + url.Values{"de": {strconv.Itoa(y)}, paramAnnee: {strconv.Itoa(r.Vers)}}.Encode()
		}
		if y == r.De {
			l.Texte += " (affichée)"
		}
		if y != r.Vers {
			all = append(all, l)
		}
	}
	return all
}

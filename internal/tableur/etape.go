package tableur

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
	"portail/web/typo"
)

// Associer says where the columns are, and has the dry run made.
func (s *Service) Associer(ctx context.Context, par droits.Compte, m Modele, id int64, version int, k Correspondance) error {
	return s.lancer(ctx, par, m, id, version, EtatControle, func(tx pgx.Tx, b Brouillon) error {
		if !slices.Contains([]string{EtatColonnes, EtatPret, EtatPerime}, b.Etat) {
			return fault.Stale
		}
		c, err := b.apercu()
		if err != nil {
			return err
		}
		if err := m.check(c, k); err != nil {
			return err
		}
		text, err := json.Marshal(k)
		if err != nil {
			return fmt.Errorf("keep the columns of draft %d: %w", id, err)
		}
		return updateCorrespondance(ctx, tx, b, text)
	})
}

// Recontroler makes the dry run again, on the portal as it is now.
func (s *Service) Recontroler(ctx context.Context, par droits.Compte, m Modele, id int64, version int) error {
	return s.lancer(ctx, par, m, id, version, EtatControle, func(_ pgx.Tx, b Brouillon) error {
		if b.Etat != EtatPret && b.Etat != EtatPerime {
			return fault.Stale
		}
		return nil
	})
}

// Appliquer writes what the dry run showed, all of it or nothing. fault.Stale: the portal has changed since, and nothing was written.
func (s *Service) Appliquer(ctx context.Context, par droits.Compte, m Modele, id int64, version int) error {
	return s.lancer(ctx, par, m, id, version, EtatApplication, func(_ pgx.Tx, b Brouillon) error {
		switch {
		case b.Etat != EtatPret:
			return fault.Stale
		case b.Fautes > 0:
			return fault.Fields{"": "Ce fichier contient des erreurs" + typo.NBSP + ": corrigez-les avant d’appliquer l’import."}
		case !b.Applicable():
			return fault.Fields{"": "Ce fichier ne change rien" + typo.NBSP + ": il n’y a rien à appliquer."}
		}
		return nil
	})
}

// lancer begins a step of a draft, once allowed says that it may; a short step is over when it returns. A step asked for twice runs once.
func (s *Service) lancer(ctx context.Context, par droits.Compte, m Modele, id int64, version int, etat string, allowed func(pgx.Tx, Brouillon) error) error {
	var b Brouillon
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) (err error) {
		if b, err = lockBrouillon(ctx, tx, m.Code, id); err != nil {
			return err
		}
		if b.Etat == etat || b.Etat == EtatApplique {
			b.Etat = EtatApplique // a second click
			return nil
		}
		if b.Version != version {
			return fault.Stale
		}
		if err := allowed(tx, b); err != nil {
			return err
		}
		if err := updateEtat(ctx, tx, id, etat, ""); err != nil {
			return err
		}
		if b.Lignes > lignesLongs {
			return enqueue(ctx, tx, id)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("step %s of draft %d: %w", etat, id, err)
	}
	if b.Etat == EtatApplique || b.Lignes > lignesLongs {
		return nil
	}
	if err := s.avancer(ctx, s.db, par, id); err != nil {
		s.reculer(ctx, id, b.Etat)
		return err
	}
	return nil
}

// reculer gives a draft back the state that it had before a step that failed.
func (s *Service) reculer(ctx context.Context, id int64, etat string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
	defer cancel()
	err := pg.As(ctx, s.db, droits.Tache, func(tx pgx.Tx) error {
		b, err := findBrouillon(ctx, tx, id)
		if err != nil || !b.EnCours() {
			return err
		}
		return updateEtat(ctx, tx, id, etat, "")
	})
	if err != nil {
		slog.ErrorContext(ctx, "draft left in a step that failed", "draft", id, "error", err)
	}
}

// noteTimeout bounds what is written down of a step, even while the portal stops.
const noteTimeout = 5 * time.Second

// avancer does the step that a draft waits for, as its author.
func (s *Service) avancer(ctx context.Context, db *pgxpool.Pool, par droits.Compte, id int64) error {
	var stale bool
	var refused Fautes
	err := pg.As(ctx, db, par, func(tx pgx.Tx) error {
		if err := lockEtape(ctx, tx, id); err != nil {
			return err
		}
		b, err := findBrouillon(ctx, tx, id)
		if err != nil {
			return err
		}
		m, err := s.modele(b.Modele)
		if err != nil {
			return err
		}
		switch b.Etat {
		case EtatLecture:
			return s.lireDepot(ctx, tx, b)
		case EtatControle:
			_, err := s.controler(ctx, db, tx, par, m, b)
			return err
		case EtatApplication:
			return s.ecrire(ctx, db, tx, par, m, b)
		}
		return nil // done by another hand
	})
	switch stale = errors.Is(err, fault.Stale); {
	case stale:
		err := pg.As(ctx, db, par, func(tx pgx.Tx) error { return updateEtat(ctx, tx, id, EtatPerime, "") })
		if errors.Is(err, fault.Stale) {
			return fault.NotFound // given up meanwhile
		}
		if err != nil {
			return fmt.Errorf("note that draft %d is stale: %w", id, err)
		}
		return fault.Stale
	case errors.As(err, &refused):
		if err := pg.As(ctx, db, par, func(tx pgx.Tx) error { return insertRefus(ctx, tx, par, id, refused) }); err != nil {
			return fmt.Errorf("note what is refused of draft %d: %w", id, err)
		}
		return nil
	case err != nil:
		return fmt.Errorf("advance draft %d: %w", id, err)
	}
	return nil
}

// lireDepot reads a long file, and forgets it.
func (s *Service) lireDepot(ctx context.Context, tx pgx.Tx, b Brouillon) error {
	content, err := readDepot(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	c, err := s.lire(ctx, content)
	var refused *Refus
	if errors.As(err, &refused) {
		return updateEtat(ctx, tx, b.ID, EtatRefuse, refused.Dire())
	}
	if err != nil {
		return err
	}
	l, err := c.ranger()
	if err != nil {
		return err
	}
	return updateLu(ctx, tx, b.ID, l)
}

// essayer makes the dry run of a draft.
func (s *Service) essayer(ctx context.Context, db *pgxpool.Pool, tx pgx.Tx, par droits.Compte, m Modele, b Brouillon) (Essai, error) {
	c, err := readContenu(ctx, tx, b.ID)
	if err != nil {
		return Essai{}, err
	}
	k, err := b.correspondance()
	if err != nil {
		return Essai{}, err
	}
	if err := m.check(c, k); err != nil {
		return Essai{}, err
	}
	if b.Etat == EtatControle { // what nothing reads is nobody's business: a list may hold people's names
		c.effacer(k)
	}
	source, err := m.Ouvrir(ctx, tx, par)
	if err != nil {
		return Essai{}, fmt.Errorf("read what %s is compared with: %w", m.Code, err)
	}
	e := m.Essayer(c, k, source, s.progres(ctx, db, par, b))
	if b.Etat != EtatControle {
		return e, nil
	}
	// Only now: the draft, once written here, is locked to the transaction that notes the progress.
	l, err := c.ranger()
	if err != nil {
		return Essai{}, err
	}
	return e, updateRestes(ctx, tx, b.ID, l)
}

// progres writes down how far a long step is, in a transaction of its own so that its page sees it; a short step has none. The first
// report is noted at once, the next ones twice a second.
func (s *Service) progres(ctx context.Context, db *pgxpool.Pool, par droits.Compte, b Brouillon) func(int) {
	if b.Lignes <= lignesLongs {
		return nil
	}
	var last time.Time
	return func(done int) {
		if time.Since(last) < 500*time.Millisecond {
			return
		}
		last = time.Now()
		if err := pg.As(ctx, db, par, func(tx pgx.Tx) error { return updateFait(ctx, tx, b.ID, done) }); err != nil {
			slog.WarnContext(ctx, "progress of a draft not noted", "draft", b.ID, "error", err)
		}
	}
}

// controler makes the dry run and keeps what it found.
func (s *Service) controler(ctx context.Context, db *pgxpool.Pool, tx pgx.Tx, par droits.Compte, m Modele, b Brouillon) (Essai, error) {
	e, err := s.essayer(ctx, db, tx, par, m, b)
	if err != nil {
		return e, err
	}
	if err := insertEcarts(ctx, tx, par, b.ID, e); err != nil {
		return e, fmt.Errorf("keep what the dry run of draft %d found: %w", b.ID, err)
	}
	seal, err := e.Empreinte()
	if err != nil {
		return e, err
	}
	return e, updateEssai(ctx, tx, b.ID, e, seal)
}

// ecrire applies a draft if its outcome is still the one that was shown. Two imports of a kind wait for each other.
func (s *Service) ecrire(ctx context.Context, db *pgxpool.Pool, tx pgx.Tx, par droits.Compte, m Modele, b Brouillon) error {
	if err := lockModele(ctx, tx, m.Code); err != nil {
		return err
	}
	e, err := s.essayer(ctx, db, tx, par, m, b)
	if err != nil {
		return err
	}
	seal, err := e.Empreinte()
	if err != nil {
		return err
	}
	if len(e.Fautes) > 0 || !slices.Equal(seal, b.Empreinte) {
		return fault.Stale
	}
	if err := m.Ecrire(ctx, tx, par, e.Changements()); err != nil {
		return err
	}
	if err := updateApplique(ctx, tx, b.ID); err != nil {
		return err
	}
	return journal.Note(ctx, tx, par, "fichier importé", "import", b.ID, journal.Changement{
		"import": {nil, m.Titre}, "ajouts": {nil, b.Ajouts}, "changements": {nil, b.Changements}, "lignes": {nil, e.Lignes}, "sha256": {nil, b.SHA256}})
}

// Abandonner forgets a draft.
func (s *Service) Abandonner(ctx context.Context, par droits.Compte, m Modele, id int64) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error { return deleteBrouillon(ctx, tx, m.Code, id) })
	if errors.Is(err, fault.Stale) {
		err = fault.NotFound
	}
	if err != nil {
		return fmt.Errorf("forget draft %d: %w", id, err)
	}
	return nil
}

// effacer empties the cells of the columns that are not read, headings aside, and the sheets beside the one that is.
func (c Classeur) effacer(k Correspondance) {
	read := map[int]bool{}
	for _, place := range k.Colonnes {
		read[place] = true
	}
	for i, f := range c.Feuilles {
		if i != k.Feuille {
			c.Feuilles[i].Rangees = f.Rangees[:1]
			f.Rangees[0].Cellules = nil
			continue
		}
		for j, row := range f.Rangees {
			for at := range row.Cellules {
				if j != k.Entete && !read[at] {
					row.Cellules[at] = Cellule{}
				}
			}
		}
	}
}

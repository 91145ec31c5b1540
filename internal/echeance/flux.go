package echeance

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/flux"
	"portail/internal/journal"
	"portail/internal/pg"
	"portail/web/typo"
)

// Flux is the calendar feed of an account: an address that ends with a secret, shown once, and that can be taken back.
type Flux struct{ CreeLe time.Time }

// OuvrirFlux makes the secret of the feed of whoever asks; the former one, if any, opens nothing from then on.
func (s *Service) OuvrirFlux(ctx context.Context, par droits.Compte) (jeton string, err error) {
	jeton = rand.Text() // 128 bits at least
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		replaced, err := upsertFlux(ctx, tx, par.ID, flux.Empreinte(jeton))
		if err != nil {
			return err
		}
		verbe := "agenda ouvert"
		if replaced {
			verbe = "adresse d’agenda remplacée"
		}
		return journal.Note(ctx, tx, par, verbe, "compte", par.ID, nil)
	})
	if err != nil {
		return "", fmt.Errorf("open the feed of account %d: %w", par.ID, err)
	}
	return jeton, nil
}

// FermerFlux takes the secret back; a feed that is closed already is no fault.
func (s *Service) FermerFlux(ctx context.Context, par droits.Compte) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		closed, err := deleteFlux(ctx, tx, par.ID)
		if err != nil || !closed {
			return err
		}
		return journal.Note(ctx, tx, par, "agenda fermé", "compte", par.ID, nil)
	})
	if err != nil {
		return fmt.Errorf("close the feed of account %d: %w", par.ID, err)
	}
	return nil
}

// agenda is the feed: what is late, and what comes within a year.
func agenda(lignes []ligne, base, hote string, au time.Time) export.Agenda {
	a := export.Agenda{Nom: "Échéances – Politique de la ville"}
	for _, l := range lignes {
		title := l.Libelle + " – " + l.sorte()
		if l.jours(au) < 0 {
			title = "En retard" + typo.NBSP + ": " + title
		}
		text := l.sorte() + "\nQui doit agir" + typo.NBSP + ": " + l.organisme()
		if l.QPVNom != "" {
			text += "\nQuartier" + typo.NBSP + ": " + l.QPVNom
		}
		e := export.Evenement{UID: l.uid() + "@" + hote, Sequence: sequence(l.Le), Titre: title, Debut: l.Le, Jour: true, Description: text, ModifieLe: au}
		if l.href() != "" {
			e.URL = base + l.href()
		}
		a.Evenements = append(a.Evenements, e)
	}
	return a
}

// uid names an échéance for good, whatever its day becomes.
func (l ligne) uid() string {
	who := int64(0)
	if l.OrganismeID != nil {
		who = *l.OrganismeID
	}
	sum := sha256.Sum256([]byte(l.Sorte + "/" + l.Objet + "/" + strconv.FormatInt(l.ObjetID, 10) + "/" + strconv.FormatInt(who, 10)))
	return "echeance-" + hex.EncodeToString(sum[:12])
}

// sequence changes with the day of an échéance. A feed is read whole each time, so that a day brought forward is seen too.
func sequence(le time.Time) int { return int(le.Unix()/86400) & 0x7fffffff }

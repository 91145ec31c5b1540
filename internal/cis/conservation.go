package cis

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// gardeContactMois is how many months a mere address outlives the seat that it was written to for: that of a late answer or of a mistake,
// and no more (RGPD, art. 5, 1, e).
const gardeContactMois = 12

// Contacts are the mere addresses to which members without an account are written, as personal data that is kept for a while.
type Contacts struct{}

// Conservation tells the register sheet of them.
func (Contacts) Conservation() (donnees, duree, raison string) {
	return "Membres des comités sans compte\u00a0: adresse de courriel à convoquer", "Tant que l’organisme siège, puis " + strconv.Itoa(gardeContactMois) + " mois",
		"Convocation des comités, minimisation (RGPD, art. 5, 1, c et e)"
}

// Purger erases those whose seat, or whose committee, ended too long ago.
func (Contacts) Purger(ctx context.Context, tx pgx.Tx, now time.Time) (int64, error) {
	n, err := deleteContacts(ctx, tx, jourParis(now).AddDate(0, -gardeContactMois, 0))
	if err != nil {
		return 0, fmt.Errorf("erase addresses of former members: %w", err)
	}
	return n, nil
}

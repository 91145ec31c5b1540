package compte

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"image/png"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
)

// Second factor: RFC 6238 as every authenticator application knows it.
const (
	totpPeriode   = 30 // seconds
	totpTolerance = 1  // steps before and after, for clocks that differ
	totpTaille    = 200
	totpOctets    = 20
	recoursNombre = 10
	recoursOctets = 10 // 80 bits: its plain hash is enough to keep it
)

// pasTOTP is the step whose code was typed, or 0. Each step is accepted once.
func pasTOTP(secret []byte, code string, at time.Time) int64 {
	code = sansEspace(code)
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	var found int64
	for d := int64(-totpTolerance); d <= totpTolerance; d++ {
		step := at.Unix()/totpPeriode + d
		want, err := totp.GenerateCodeCustom(text, time.Unix(step*totpPeriode, 0), totp.ValidateOpts{Period: totpPeriode, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = step
		}
	}
	return found
}

// sansEspace is a code as it is compared: applications show it in groups, and people copy them.
func sansEspace(code string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || c == '-' || c == '‑' {
			return -1
		}
		return unicode.ToLower(c)
	}, code)
}

// aboutTOTP binds a sealed secret to its account.
func aboutTOTP(compte int64) string { return "totp:" + strconv.FormatInt(compte, 10) }

// enrolement is what the page shows to whoever sets up their application.
type enrolement struct {
	Secret string // in groups of four
	QR     string // data: image
}

// preparerTOTP gives the secret being set up in this session, or makes one. It stays in the session until a code proves that the
// application has it: whoever else knows the password never saw the secret that comes into force.
func (s *Service) preparerTOTP(ctx context.Context, id identifiant) (enrolement, error) {
	secret, _ := s.secretEnCours(ctx, id)
	if secret == nil {
		secret = make([]byte, totpOctets)
		_, _ = rand.Read(secret) // never fails since Go 1.24
		sealed, err := sceller(s.cfg.Acces.Cle, secret, aboutTOTP(id.ID))
		if err != nil {
			return enrolement{}, err
		}
		s.sessions.Put(ctx, cleEnrolement, sealed)
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: s.cfg.Nom, AccountName: id.Courriel, Secret: secret})
	if err != nil {
		return enrolement{}, fmt.Errorf("make TOTP key: %w", err)
	}
	img, err := key.Image(totpTaille, totpTaille)
	if err != nil {
		return enrolement{}, fmt.Errorf("draw TOTP key: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return enrolement{}, fmt.Errorf("draw TOTP key: %w", err)
	}
	return enrolement{Secret: groups(key.Secret()), QR: "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())}, nil
}

// secretEnCours opens the secret being set up in this session; nil when there is none, or when another key sealed it.
func (s *Service) secretEnCours(ctx context.Context, id identifiant) (secret, sealed []byte) {
	sealed = s.sessions.GetBytes(ctx, cleEnrolement)
	secret, err := desceller(s.cfg.Acces.Cle, sealed, aboutTOTP(id.ID))
	if err != nil {
		return nil, nil
	}
	return secret, sealed
}

func groups(text string) string {
	var b strings.Builder
	for i, c := range text {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// refusCode is the answer to a code that is wrong or was used.
var refusCode = fault.Fields{"code": "Ce code ne convient pas, ou a déjà servi. Attendez le suivant, puis recopiez-le."}

// errCle is the answer when the codes of the application cannot be checked: PORTAIL_CLE is not the one that sealed their secret.
// Recovery codes need no key.
var errCle = errors.Join(errSceau, fault.Fields{"code": "Les codes de l’application ne peuvent pas être vérifiés pour l’instant. " +
	"Saisissez un code de secours, ou demandez à l’administration du portail de réinitialiser votre second facteur."})

// Second proofs, as the journal names them.
const (
	moyenCode    = "code"
	moyenSecours = "code de secours"
)

// verifieCode accepts a code of the application, or a recovery code, once. Failures slow down.
func (s *Service) verifieCode(ctx context.Context, id identifiant, code string, visiteur droits.Compte) (moyen string, err error) {
	freins := s.freinCode(id.ID)
	if wait, err := s.prendre(ctx, freins); err != nil {
		return "", err
	} else if wait > 0 {
		return "", trop(wait, "")
	}
	var refus error = refusCode
	secret, err := desceller(s.cfg.Acces.Cle, id.TOTPSecret, aboutTOTP(id.ID))
	if err != nil {
		slog.ErrorContext(ctx, "second factor cannot be checked: PORTAIL_CLE changed?", "error", err, "compte", id.ID, "request_id", visiteur.Requete)
		refus = errCle
	}
	used := false
	if step := pasTOTP(secret, code, now()); secret != nil && step != 0 {
		moyen = moyenCode
		used, err = s.usePas(ctx, id.ID, step)
	} else {
		moyen = moyenSecours
		used, err = s.useRecours(ctx, id, empreinteJeton(sansEspace(code)), id.par(visiteur))
	}
	switch {
	case err != nil:
		return "", err
	case used:
		return moyen, s.oublierEchecs(ctx, freins)
	}
	return "", s.noterRefusCode(ctx, id, visiteur, refus)
}

func (s *Service) noterRefusCode(ctx context.Context, id identifiant, visiteur droits.Compte, refus error) error {
	err := pg.As(ctx, s.db, visiteur, func(tx pgx.Tx) error {
		return journal.Note(ctx, tx, visiteur, "échec du second facteur", "compte", id.ID, nil)
	})
	if err != nil {
		return err
	}
	return refus
}

// activerTOTP puts the second factor being set up into force, once a code shows that the application has its secret, and gives the
// recovery codes, shown this once. The account's other sessions end: they began without it.
func (s *Service) activerTOTP(ctx context.Context, id identifiant, code, ici string, visiteur droits.Compte) ([]string, error) {
	freins := s.freinCode(id.ID)
	if wait, err := s.prendre(ctx, freins); err != nil {
		return nil, err
	} else if wait > 0 {
		return nil, trop(wait, "")
	}
	secret, sealed := s.secretEnCours(ctx, id)
	step := pasTOTP(secret, code, now())
	if secret == nil || step == 0 {
		return nil, s.noterRefusCode(ctx, id, visiteur, refusCode)
	}
	codes, prints := newRecours()
	err := pg.As(ctx, s.db, visiteur, func(tx pgx.Tx) error {
		if err := activate(ctx, tx, id.ID, sealed, step); err != nil {
			return err
		}
		if err := replaceRecours(ctx, tx, id.ID, prints); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, id.ID, ici); err != nil {
			return err
		}
		if err := s.avertir(ctx, tx, id, "un second facteur protège désormais votre compte"); err != nil {
			return err
		}
		return journal.Note(ctx, tx, id.par(visiteur), "second facteur activé", "compte", id.ID, nil)
	})
	if err != nil {
		return nil, err
	}
	s.sessions.Remove(ctx, cleEnrolement)
	s.sessions.Put(ctx, cleFort, true)
	return codes, s.oublierEchecs(ctx, freins)
}

// renouvelerRecours replaces the recovery codes of whoever gives a code.
func (s *Service) renouvelerRecours(ctx context.Context, id identifiant, code string, par droits.Compte) ([]string, error) {
	if _, err := s.verifieCode(ctx, id, code, par); err != nil {
		return nil, err
	}
	codes, prints := newRecours()
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if err := replaceRecours(ctx, tx, id.ID, prints); err != nil {
			return err
		}
		if err := s.avertir(ctx, tx, id, "de nouveaux codes de secours remplacent les anciens"); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "codes de secours renouvelés", "compte", id.ID, nil)
	})
	return codes, err
}

// newRecours makes recovery codes, and what is kept of them.
func newRecours() (codes []string, prints [][]byte) {
	for range recoursNombre {
		b := make([]byte, recoursOctets)
		_, _ = rand.Read(b) // never fails since Go 1.24
		code := groups(strings.ToLower(base32.StdEncoding.EncodeToString(b)))
		codes, prints = append(codes, code), append(prints, empreinteJeton(sansEspace(code)))
	}
	return codes, prints
}

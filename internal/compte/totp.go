package compte

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"image/png"
	"strconv"
	"strings"
	"time"

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
	code = strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, code)
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

// aboutTOTP binds a sealed secret to its account.
func aboutTOTP(compte int64) string { return "totp:" + strconv.FormatInt(compte, 10) }

// enrolement is what the page shows to whoever sets up their application.
type enrolement struct {
	Secret string // in groups of four
	QR     string // data: image
}

// preparerTOTP makes a secret for an account that has none in force, or gives back the one being set up.
func (s *Service) preparerTOTP(ctx context.Context, id identifiant) (enrolement, error) {
	secret, err := s.secretTOTP(id)
	if err != nil || secret == nil {
		secret = make([]byte, totpOctets)
		_, _ = rand.Read(secret) // never fails since Go 1.24
		sealed, err := sceller(s.cfg.Acces.Cle, secret, aboutTOTP(id.ID))
		if err != nil {
			return enrolement{}, err
		}
		if err := s.keepSecret(ctx, id.ID, sealed); err != nil {
			return enrolement{}, err
		}
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

// secretTOTP opens the secret of an account; nil when it has none.
func (s *Service) secretTOTP(id identifiant) ([]byte, error) {
	if len(id.TOTPSecret) == 0 {
		return nil, nil
	}
	return desceller(s.cfg.Acces.Cle, id.TOTPSecret, aboutTOTP(id.ID))
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

var refusCode = fault.Fields{"code": "Ce code ne convient pas, ou a déjà servi. Attendez le suivant, puis recopiez-le."}

// verifieCode accepts a code of the application, or a recovery code, once. Failures slow down.
func (s *Service) verifieCode(ctx context.Context, id identifiant, code string, visiteur droits.Compte) (moyen string, err error) {
	freins := s.freinCode(id.ID)
	if wait, err := s.attente(ctx, freins); err != nil {
		return "", err
	} else if wait > 0 {
		return "", trop(wait)
	}
	visiteur.ID, visiteur.FonctionID = id.ID, id.FonctionID
	secret, err := s.secretTOTP(id)
	if err != nil {
		return "", err
	}
	if step := pasTOTP(secret, code, now()); secret != nil && step != 0 {
		if used, err := s.usePas(ctx, id.ID, step); err != nil {
			return "", err
		} else if used {
			return "mot de passe et code", s.oublierEchecs(ctx, freins)
		}
	} else if id.TOTPActif {
		used, err := s.useRecours(ctx, id.ID, empreinteJeton(normaliserRecours(code)), visiteur)
		if err != nil {
			return "", err
		}
		if used {
			return "mot de passe et code de secours", s.oublierEchecs(ctx, freins)
		}
	}
	if err := s.noterEchec(ctx, freins); err != nil {
		return "", err
	}
	err = pg.As(ctx, s.db, visiteur, func(tx pgx.Tx) error {
		return journal.Note(ctx, tx, visiteur, "échec du second facteur", "compte", id.ID, nil)
	})
	if err != nil {
		return "", err
	}
	return "", refusCode
}

// activerTOTP puts the second factor in force and gives the recovery codes, shown this once.
func (s *Service) activerTOTP(ctx context.Context, id identifiant, visiteur droits.Compte) ([]string, error) {
	visiteur.ID, visiteur.FonctionID = id.ID, id.FonctionID
	codes := make([]string, recoursNombre)
	prints := make([][]byte, recoursNombre)
	for i := range codes {
		b := make([]byte, recoursOctets)
		_, _ = rand.Read(b) // never fails since Go 1.24
		codes[i] = groups(strings.ToLower(base32.StdEncoding.EncodeToString(b)))
		prints[i] = empreinteJeton(normaliserRecours(codes[i]))
	}
	err := pg.As(ctx, s.db, visiteur, func(tx pgx.Tx) error {
		if err := activate(ctx, tx, id.ID, prints); err != nil {
			return err
		}
		return journal.Note(ctx, tx, visiteur, "second facteur activé", "compte", id.ID, nil)
	})
	return codes, err
}

// normaliserRecours forgives spaces, dashes and capitals.
func normaliserRecours(code string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(code, func(c rune) bool { return c == ' ' || c == '-' || c == '\u00a0' }), ""))
}

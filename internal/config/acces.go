package config

import (
	"encoding/hex"
	"fmt"
	"time"
)

// Acces is what the portal needs to let people in and write to them.
type Acces struct {
	Cle        []byte // 32 bytes; nil: made once and kept in Var
	Inactivite time.Duration
	Duree      time.Duration
	TOTPRoles  []string

	ProConnectEmetteur, ProConnectClient, ProConnectSecret string

	SMTP, SMTPUtilisateur, SMTPMotDePasse string
	CourrielDe                            string

	DemoMotDePasse string
	DemoTOTP       bool
}

// cleLength is the number of bytes of PORTAIL_CLE: an AES-256 key.
const cleLength = 32

func (a *Acces) parseCle(s string) (err error) {
	if a.Cle, err = hex.DecodeString(s); err != nil || len(a.Cle) != cleLength {
		return fmt.Errorf("not %d hexadecimal digits", 2*cleLength)
	}
	return nil
}

func duration(into *time.Duration, least, most time.Duration) func(string) error {
	return func(s string) (err error) {
		if *into, err = time.ParseDuration(s); err != nil || *into < least || *into > most {
			return fmt.Errorf("%q is not a duration between %s and %s", s, least, most)
		}
		return nil
	}
}

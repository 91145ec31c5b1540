package compte

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"github.com/trustelem/zxcvbn"

	"portail/internal/droits"
	"portail/internal/fault"
)

// Length rules of C24, in characters. There is no rule of composition and no forced renewal.
const (
	motDePasseMin      = 12
	motDePasseMinAdmin = 16
	motDePasseMax      = 128
)

// motDePasseFaible is the highest score (of 0 to 4) at which a password is refused: found in lists of common passwords, or made
// of a few common words, of the person's own name or of the site's.
const motDePasseFaible = 2

// argon are explicit parameters: the library's default depends on the number of processors, and a hash must be checked on another
// machine in the same time. 64 MiB, three passes: about 130 ms.
var argon = &argon2id.Params{Memory: 64 << 10, Iterations: 3, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hashes bounds the memory that hashing takes: four at once, the others wait or give up with their request.
var hashes = make(chan struct{}, 4)

// checkMotDePasse judges a password to be chosen. own are words that the person's password must not be made of.
func checkMotDePasse(champ, motDePasse string, role droits.Role, own ...string) error {
	least := motDePasseMin
	if role == droits.Administrateur {
		least = motDePasseMinAdmin
	}
	f := fault.Fields{}
	switch n := utf8.RuneCountInString(motDePasse); {
	case n < least:
		f.Add(champ, fmt.Sprintf("Le mot de passe doit compter au moins %d caractères.", least))
	case n > motDePasseMax:
		f.Add(champ, fmt.Sprintf("Le mot de passe doit compter au plus %d caractères.", motDePasseMax))
	case zxcvbn.PasswordStrength(motDePasse, append(own, "portail", "politique", "ville", "prefecture", "quartier")).Score <= motDePasseFaible:
		f.Add(champ, "Ce mot de passe est trop facile à deviner : il est répandu, répétitif ou tiré de votre nom. Choisissez plusieurs mots sans lien entre eux.")
	}
	return f.Err()
}

// hashMotDePasse seals a password, waiting its turn.
func hashMotDePasse(ctx context.Context, motDePasse string) (string, error) {
	if err := turn(ctx); err != nil {
		return "", err
	}
	defer func() { <-hashes }()
	hash, err := argon2id.CreateHash(motDePasse, argon)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

// leurre is the hash that an unknown account is checked against, so that it takes the same time as a known one.
var leurre = sync.OnceValues(func() (string, error) {
	return argon2id.CreateHash("aucun compte n'a ce mot de passe", argon)
})

// verifieMotDePasse says whether the password is that of hash. An empty hash costs the same and is never right.
func verifieMotDePasse(ctx context.Context, motDePasse, hash string) (bool, error) {
	known := hash != ""
	if !known {
		var err error
		if hash, err = leurre(); err != nil {
			return false, fmt.Errorf("hash decoy: %w", err)
		}
	}
	if utf8.RuneCountInString(motDePasse) > motDePasseMax {
		motDePasse = strings.Repeat("x", motDePasseMax) // no longer password was ever taken: refuse in the same time
		known = false
	}
	if err := turn(ctx); err != nil {
		return false, err
	}
	defer func() { <-hashes }()
	same, err := argon2id.ComparePasswordAndHash(motDePasse, hash)
	if err != nil {
		return false, fmt.Errorf("check password: %w", err)
	}
	return same && known, nil
}

func turn(ctx context.Context) error {
	select {
	case hashes <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait to hash: %w", fault.Unavailable)
	}
}

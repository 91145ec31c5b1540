package compte

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
)

// errSceau is a sealed secret that this key did not seal.
var errSceau = errors.New("sealed with another key, or changed")

// sceller hides a secret with PORTAIL_CLE, so that a read of the table gives none. about binds it to its owner: moved to another
// account's line it opens no more.
func sceller(cle, secret []byte, about string) ([]byte, error) {
	gcm, err := newGCM(cle)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, gcm.NonceSize())
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	return gcm.Seal(nonce, nonce, secret, []byte(about)), nil
}

// desceller reads what sceller hid.
func desceller(cle, sealed []byte, about string) ([]byte, error) {
	gcm, err := newGCM(cle)
	if err != nil {
		return nil, err
	}
	if len(sealed) < gcm.NonceSize() {
		return nil, errSceau
	}
	secret, err := gcm.Open(nil, sealed[:gcm.NonceSize()], sealed[gcm.NonceSize():], []byte(about))
	if err != nil {
		return nil, errSceau
	}
	return secret, nil
}

func newGCM(cle []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(cle)
	if err != nil {
		return nil, fmt.Errorf("PORTAIL_CLE: %w", err)
	}
	return cipher.NewGCM(block)
}

// jetonBytes is the chance in a single-use link: 256 bits, so that its plain SHA-256 is enough to keep it.
const jetonBytes = 32

// newJeton makes the text of a single-use link and what is kept of it.
func newJeton() (texte string, empreinte []byte) {
	b := make([]byte, jetonBytes)
	_, _ = rand.Read(b) // never fails since Go 1.24
	texte = base64.RawURLEncoding.EncodeToString(b)
	return texte, empreinteJeton(texte)
}

// empreinteJeton is what is kept of the text of a link.
func empreinteJeton(texte string) []byte {
	sum := sha256.Sum256([]byte(texte))
	return sum[:]
}

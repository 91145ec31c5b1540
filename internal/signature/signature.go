// Package signature makes the links of mails by which somebody answers without signing in, and reads them back. A link says for what
// it serves, for which numbers and until when, sealed by PORTAIL_CLE: nothing is kept of it, whoever changes a letter of it holds
// nothing, and it opens nothing but what it was made for. It ends with what it serves for: each use looks at the rows again.
package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
	"time"
)

var (
	// ErrFausse is a link that this portal never made, for this use at least: altered, cut by a mail program, or of another key.
	ErrFausse = errors.New("no such signed link")
	// ErrExpiree is a true link whose time is over.
	ErrExpiree = errors.New("signed link is over")
)

// scelle is how many bytes of the seal a link carries: 128 bits, which nobody draws by chance.
const scelle = 16

// Signer makes the text of a link. usage says for what it serves ("décision"): a link of one use is none of another. ids are the
// numbers that it is about, in the order that Lire gives them back.
func Signer(cle []byte, usage string, expire time.Time, ids ...int64) string {
	b := binary.AppendVarint(nil, expire.Unix())
	for _, id := range ids {
		b = binary.AppendVarint(b, id)
	}
	return base64.RawURLEncoding.EncodeToString(append(b, sceau(cle, usage, b)...))
}

// Lire reads the n numbers of a link of that use; ErrFausse or ErrExpiree when it opens nothing.
func Lire(cle []byte, usage, texte string, now time.Time, n int) ([]int64, error) {
	// Strict: or else the last letter could be changed without a change of the bytes.
	b, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimSpace(texte))
	if err != nil || len(b) < scelle {
		return nil, ErrFausse
	}
	b, seal := b[:len(b)-scelle], b[len(b)-scelle:]
	if !hmac.Equal(seal, sceau(cle, usage, b)) {
		return nil, ErrFausse
	}
	values := make([]int64, 0, n+1)
	for len(b) > 0 {
		v, read := binary.Varint(b)
		if read <= 0 {
			return nil, ErrFausse
		}
		values, b = append(values, v), b[read:]
	}
	if len(values) != n+1 {
		return nil, ErrFausse
	}
	if now.After(time.Unix(values[0], 0)) {
		return nil, ErrExpiree
	}
	return values[1:], nil
}

// sceau is the seal of what a link says. The length of usage keeps it apart from what follows.
func sceau(cle []byte, usage string, b []byte) []byte {
	mac := hmac.New(sha256.New, cle)
	mac.Write(binary.AppendUvarint([]byte("lien signé "), uint64(len(usage))))
	mac.Write([]byte(usage))
	mac.Write(b)
	return mac.Sum(nil)[:scelle]
}

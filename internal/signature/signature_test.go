package signature_test

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"portail/internal/signature"
)

var (
	cle = bytes.Repeat([]byte{7}, 32)
	now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
)

func TestALinkSaysWhatItWasMadeFor(t *testing.T) {
	for _, ids := range [][]int64{{}, {1}, {12, 3456}, {math.MaxInt64, -1, 0}} {
		texte := signature.Signer(cle, "décision", now.Add(time.Hour), ids...)
		got, err := signature.Lire(cle, "décision", texte, now, len(ids))
		if err != nil || !slices.Equal(got, ids) {
			t.Errorf("%v comes back as %v, %v", ids, got, err)
		}
		if _, err := signature.Lire(cle, "décision", " "+texte+"\n", now, len(ids)); err != nil {
			t.Errorf("pasted with spaces: %v", err)
		}
	}
}

func TestALinkOpensNothingElse(t *testing.T) {
	texte := signature.Signer(cle, "décision", now.Add(time.Hour), 12, 34)
	lire := func(cle []byte, usage, texte string, n int) error {
		_, err := signature.Lire(cle, usage, texte, now, n)
		return err
	}
	for name, err := range map[string]error{
		"another use":      lire(cle, "réunion", texte, 2),
		"another key":      lire(bytes.Repeat([]byte{8}, 32), "décision", texte, 2),
		"more numbers":     lire(cle, "décision", texte, 3),
		"fewer numbers":    lire(cle, "décision", texte, 1),
		"nothing":          lire(cle, "décision", "", 2),
		"no link":          lire(cle, "décision", "../../etc/passwd", 2),
		"cut":              lire(cle, "décision", texte[:len(texte)-4], 2),
		"something behind": lire(cle, "décision", texte+"AAAA", 2),
	} {
		if !errors.Is(err, signature.ErrFausse) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range texte { // each letter counts
		for _, c := range []byte("A-z0") {
			if texte[i] == c {
				continue
			}
			altered := texte[:i] + string(c) + texte[i+1:]
			if err := lire(cle, "décision", altered, 2); !errors.Is(err, signature.ErrFausse) {
				t.Errorf("letter %d changed into %c: %v", i, c, err)
			}
		}
	}
}

func TestALinkEnds(t *testing.T) {
	texte := signature.Signer(cle, "décision", now, 12)
	if _, err := signature.Lire(cle, "décision", texte, now, 1); err != nil {
		t.Errorf("at the last second: %v", err)
	}
	if _, err := signature.Lire(cle, "décision", texte, now.Add(time.Second), 1); !errors.Is(err, signature.ErrExpiree) {
		t.Errorf("a second later: %v", err)
	}
}

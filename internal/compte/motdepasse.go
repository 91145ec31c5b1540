package compte

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"github.com/trustelem/zxcvbn"
	"golang.org/x/text/unicode/norm"

	"portail/internal/droits"
	"portail/internal/fault"
)

// Length rules of C24, in characters. There is no rule of composition and no forced renewal.
const (
	motDePasseMin      = 12
	motDePasseMinAdmin = 16
	motDePasseMax      = 128
)

const (
	// motDePasseFaible is the highest score (of 0 to 4) at which a password is refused: found in lists of common passwords, or
	// made of a few common words, of the person's own name or of the site's.
	motDePasseFaible = 2
	// motDePasseJuge is how many characters are judged: judging takes seconds on long ones made for that, and a password whose
	// beginning is strong is strong.
	motDePasseJuge = 36
	// motDePasseReste is how many characters a password must hold beside such words.
	motDePasseReste = 8
	// motProcheMin is the shortest piece of a name that counts as one.
	motProcheMin = 3
)

// motsRepandus complete the lists of zxcvbn, which are English ones: what French passwords are made of, and what this site is about.
var motsRepandus = strings.Fields(`
	azerty azertyuiop qsdfgh qsdfghjklm wxcvbn aqwzsx aqwxsz
	mot passe motdepasse mdp secret bonjour bonsoir coucou salut merci bienvenue amour jetaime chouchou doudou loulou soleil princesse
	chocolat nicolas camille vacances football maison famille voiture cheval chien chat rouge bleu vert noir blanc
	lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre novembre
	decembre printemps ete automne hiver france francais paris marseille lyon
	portail politique ville politiquedelaville prefecture prefet sous-prefecture quartier quartiers prioritaire qpv contrat cohesion etat republique
	service agent administrateur administration vosges epinal remiremont gestionnaire delegue referent`)

// argon are explicit parameters: the library's default depends on the number of processors, and a hash must be checked on another
// machine in the same time. 64 MiB, three passes: about 130 ms.
var argon = &argon2id.Params{Memory: 64 << 10, Iterations: 3, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// leurre is what an unknown account's password is checked against, so that it takes the same time as a known one: a hash of the
// same parameters that no password has been found for.
var leurre = fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", argon.Memory, argon.Iterations, argon.Parallelism,
	base64.RawStdEncoding.EncodeToString(make([]byte, argon.SaltLength)), base64.RawStdEncoding.EncodeToString(make([]byte, argon.KeyLength)))

// hashes bounds the memory that hashing takes: four at once, the others wait or give up with their request.
var hashes = make(chan struct{}, 4)

// sansAccent is a text as lists of common words write it.
func sansAccent(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Mn, c) {
			return -1
		}
		return unicode.ToLower(c)
	}, norm.NFD.String(s))
}

// motsProches are the words that the password of an account must not be made of: its own name and address, and the common ones.
func motsProches(own ...string) []string {
	var words []string
	for _, text := range own {
		text = sansAccent(text)
		words = append(words, text)
		for _, w := range strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) }) {
			if utf8.RuneCountInString(w) >= motProcheMin {
				words = append(words, w)
			}
		}
	}
	return append(words, motsRepandus...)
}

// checkMotDePasse judges a password to be chosen. own are words that the person's password must not be made of.
func checkMotDePasse(champ, motDePasse string, role droits.Role, own ...string) error {
	least := motDePasseMin
	if role == droits.Administrateur {
		least = motDePasseMinAdmin
	}
	f := fault.Fields{}
	switch n := utf8.RuneCountInString(norm.NFC.String(motDePasse)); {
	case n < least:
		f.Add(champ, fmt.Sprintf("Le mot de passe doit compter au moins %d caractères.", least))
	case n > motDePasseMax:
		f.Add(champ, fmt.Sprintf("Le mot de passe doit compter au plus %d caractères.", motDePasseMax))
	case devinable(motDePasse, own...):
		f.Add(champ, "Ce mot de passe est trop facile à deviner : il est répandu, répétitif, ou tiré de votre nom ou de celui du site. Choisissez plusieurs mots sans lien entre eux.")
	}
	return f.Err()
}

// devinable says whether a password would be among the first tried.
func devinable(motDePasse string, own ...string) bool {
	judged := []rune(sansAccent(motDePasse))
	if len(judged) > motDePasseJuge {
		judged = judged[:motDePasseJuge]
	}
	words := motsProches(own...)
	return reste(string(judged), words) < motDePasseReste || zxcvbn.PasswordStrength(string(judged), words).Score <= motDePasseFaible
}

// reste counts the characters of a password beside the words it must not be made of, and what people put between words.
func reste(motDePasse string, words []string) int {
	words = slices.Clone(words)
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	for _, w := range words {
		if w != "" {
			motDePasse = strings.ReplaceAll(motDePasse, w, " ")
		}
	}
	return utf8.RuneCountInString(strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || strings.ContainsRune("-_.,'’@", c) {
			return -1
		}
		return c
	}, motDePasse))
}

// hashMotDePasse seals a password, waiting its turn.
func hashMotDePasse(ctx context.Context, motDePasse string) (string, error) {
	if err := turn(ctx); err != nil {
		return "", err
	}
	defer func() { <-hashes }()
	hash, err := argon2id.CreateHash(norm.NFC.String(motDePasse), argon)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

// compare hashes a password as hash was; tests listen to what it costs.
var compare = argon2id.ComparePasswordAndHash

// verifieMotDePasse says whether the password is that of hash. An empty hash costs the same and is never right.
func verifieMotDePasse(ctx context.Context, motDePasse, hash string) (bool, error) {
	known := hash != ""
	if !known {
		hash = leurre
	}
	// Two keyboards may write the same accented letter in one character or in two: the password is the same.
	motDePasse = norm.NFC.String(motDePasse)
	if utf8.RuneCountInString(motDePasse) > motDePasseMax {
		motDePasse = strings.Repeat("x", motDePasseMax) // no longer password was ever taken: refuse in the same time
		known = false
	}
	if err := turn(ctx); err != nil {
		return false, err
	}
	defer func() { <-hashes }()
	same, err := compare(motDePasse, hash)
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

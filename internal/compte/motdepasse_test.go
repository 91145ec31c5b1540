package compte

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"portail/internal/droits"
	"portail/internal/fault"
)

func TestRulesOfPasswords(t *testing.T) {
	long := "lampe ocre tarif geyser "
	for _, c := range []struct {
		name, motDePasse string
		role             droits.Role
		refused          string
	}{
		{"eleven characters", "lampe ocre!", droits.Lecteur, "au moins 12 caractères"},
		{"twelve characters", "lampe ocre!z", droits.Lecteur, ""},
		{"fifteen for an administrator", "lampe ocre tar!", droits.Administrateur, "au moins 16 caractères"},
		{"sixteen for an administrator", "lampe ocre tari!", droits.Administrateur, ""},
		{"128 characters", strings.Repeat(long, 6)[:128], droits.Lecteur, ""},
		{"129 characters", strings.Repeat(long, 6)[:129], droits.Lecteur, "au plus 128 caractères"},
		{"characters are counted, not bytes", "éàüîôç€ßñœæ", droits.Lecteur, "au moins 12 caractères"},
		{"128 characters of several bytes", strings.Repeat("é€ßñœæłøđ¿ ", 12)[:0] + string([]rune(strings.Repeat("œuf çà ßñ łøđ ", 12))[:128]), droits.Lecteur, ""},
		{"an accent in two characters is one", norm.NFD.String("éàüîôçéàüîô"), droits.Lecteur, "au moins 12 caractères"},
		{"a common one", "password123456", droits.Lecteur, "trop facile"},
		{"a common French one", "motdepasse2026", droits.Lecteur, "trop facile"},
		{"a row of the keyboard", "azertyuiopqsdfghjklm", droits.Lecteur, "trop facile"},
		{"another row", "qsdfghjklmwxcvbn", droits.Lecteur, "trop facile"},
		{"one letter", "éééééééééééé", droits.Lecteur, "trop facile"},
		{"digits in order", "123456789012", droits.Lecteur, "trop facile"},
		{"one's own name", "Élodie-Lefèvre", droits.Lecteur, "trop facile"},
		{"one's own address", "elodie.lefevre@caf", droits.Lecteur, "trop facile"},
		{"one's own name and a year", "lefevre.elodie1985", droits.Lecteur, "trop facile"},
		{"one's own name beside enough else", "lefevre lampe ocre", droits.Lecteur, ""},
		{"the site", "politiquedelaville", droits.Lecteur, "trop facile"},
		{"the préfecture and its number", "prefecture88000", droits.Lecteur, "trop facile"},
		{"a long repetition", strings.Repeat("ab", 60), droits.Lecteur, "trop facile"},
		{"four words without link", "cheval lampe ocre tarif", droits.Lecteur, ""},
		{"no rule of composition", "lampeocretarifgeyser", droits.Lecteur, ""},
		{"signs of anywhere", "日本語のとても長い合言葉です", droits.Lecteur, ""},
	} {
		err := checkNouveau(c.motDePasse, c.motDePasse, identifiant{Nom: "Élodie Lefèvre", Courriel: "elodie.lefevre@caf-vosges.test", Roles: []string{string(c.role)}})
		var fields fault.Fields
		errors.As(err, &fields)
		if (err == nil) != (c.refused == "") || !strings.Contains(fields["mot_de_passe"], c.refused) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := checkNouveau("cheval lampe ocre tarif", "cheval lampe ocre tarif ", identifiant{}); !strings.Contains(err.Error(), "diffèrent") {
		t.Errorf("two different ones: %v", err)
	}
}

// Judging takes a time that grows much faster than the password: what follows its beginning is not looked at.
func TestALongPasswordIsJudgedByItsBeginning(t *testing.T) {
	strong := "cheval lampe ocre tarif geyser volcan"
	easy := strings.Repeat("ab", motDePasseJuge/2)
	if devinable(strong) || !devinable(easy) {
		t.Fatal("the examples are not what they should be")
	}
	if !devinable(easy + strong) {
		t.Error("more than the beginning is looked at")
	}
	if devinable((strong + strong)[:motDePasseJuge] + strings.Repeat("a", 60)) {
		t.Error("what follows the beginning makes a good password bad")
	}
}

func TestHashOfPasswords(t *testing.T) {
	hash, err := hashMotDePasse(t.Context(), "œuf çà lampe ocre")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=3,p=1$") {
		t.Errorf("hash %q", hash)
	}
	for motDePasse, want := range map[string]bool{
		"œuf çà lampe ocre": true, norm.NFD.String("œuf çà lampe ocre"): true, "œuf ça lampe ocre": false, "": false,
		"œuf çà lampe ocre ": false, strings.Repeat("œuf çà lampe ocre", 100): false,
	} {
		if got, err := verifieMotDePasse(t.Context(), motDePasse, hash); err != nil || got != want {
			t.Errorf("%.40q: %v, %v", motDePasse, got, err)
		}
	}
	// Without account: a hash of the same cost, that nothing opens.
	for _, hash := range []string{hash, leurre} {
		p, salt, key, err := argon2id.DecodeHash(hash)
		if err != nil || *p != *argon || len(salt) != int(argon.SaltLength) || len(key) != int(argon.KeyLength) {
			t.Errorf("%s: %v, %v", hash, p, err)
		}
	}
	if got, err := verifieMotDePasse(t.Context(), "", ""); got || err != nil {
		t.Errorf("no account: %v, %v", got, err)
	}
}

func TestHashesWaitTheirTurn(t *testing.T) {
	for range cap(hashes) {
		hashes <- struct{}{}
	}
	defer func() {
		for range cap(hashes) {
			<-hashes
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := verifieMotDePasse(ctx, "x", leurre); !errors.Is(err, fault.Unavailable) {
		t.Errorf("verify: %v", err)
	}
	if _, err := hashMotDePasse(ctx, "x"); !errors.Is(err, fault.Unavailable) {
		t.Errorf("hash: %v", err)
	}
}

func TestSealedSecretsOpenOnlyForTheirOwnerAndKey(t *testing.T) {
	key, other := []byte(strings.Repeat("k", 32)), []byte(strings.Repeat("o", 32))
	sealed, err := sceller(key, []byte("secret"), aboutTOTP(1))
	if err != nil || strings.Contains(string(sealed), "secret") {
		t.Fatalf("%q, %v", sealed, err)
	}
	if opened, err := desceller(key, sealed, aboutTOTP(1)); err != nil || string(opened) != "secret" {
		t.Errorf("%q, %v", opened, err)
	}
	sealed2 := append([]byte{}, sealed...)
	sealed2[len(sealed2)-1] ^= 1
	for name, open := range map[string]func() ([]byte, error){
		"another key":     func() ([]byte, error) { return desceller(other, sealed, aboutTOTP(1)) },
		"another account": func() ([]byte, error) { return desceller(key, sealed, aboutTOTP(2)) },
		"changed":         func() ([]byte, error) { return desceller(key, sealed2, aboutTOTP(1)) },
		"cut":             func() ([]byte, error) { return desceller(key, sealed[:5], aboutTOTP(1)) },
		"none":            func() ([]byte, error) { return desceller(key, nil, aboutTOTP(1)) },
	} {
		if opened, err := open(); !errors.Is(err, errSceau) || opened != nil {
			t.Errorf("%s: %q, %v", name, opened, err)
		}
	}
}

func TestCodesAreThoseOfTheRFC(t *testing.T) {
	secret := []byte("12345678901234567890") // RFC 6238, appendix B, cut to six digits
	at := func(unix int64) time.Time { return time.Unix(unix, 0) }
	for _, c := range []struct {
		code string
		at   int64
		step int64
	}{
		{"287082", 59, 1}, {"081804", 1111111109, 37037036}, {" 081 804 ", 1111111109, 37037036}, {"081804", 1111111109 + 30, 37037036},
		{"081804", 1111111109 - 30, 37037036}, {"081804", 1111111109 + 60, 0}, {"081804", 1111111109 - 60, 0}, {"", 59, 0}, {"28708", 59, 0}, {"a287082", 59, 0}, {"2870822", 59, 0},
	} {
		if step := pasTOTP(secret, c.code, at(c.at)); step != c.step {
			t.Errorf("%q at %d: step %d, want %d", c.code, c.at, step, c.step)
		}
	}
	if pasTOTP(nil, "", at(59)) != 0 {
		t.Error("no secret takes an empty code")
	}
}

func TestBrowsersAreNamed(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                 "Firefox sur Windows",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":                            "Chrome sur Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":    "Edge sur Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile Safari/604.1": "Safari sur iPhone",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36":                     "Chrome sur Android",
		"curl/8.0": "curl/8.0", "": "Navigateur inconnu", strings.Repeat("é", 200): strings.Repeat("é", 80) + "…",
	} {
		if got := navigateur(agent); got != want {
			t.Errorf("%s: %q", agent, got)
		}
	}
}

func TestRecoveryCodesForgiveTyping(t *testing.T) {
	codes, prints := newRecours()
	if len(codes) != recoursNombre || len(prints) != recoursNombre {
		t.Fatal(len(codes), len(prints))
	}
	for _, typed := range []string{codes[0], strings.ToUpper(codes[0]), strings.ReplaceAll(codes[0], " ", "-"), " " + strings.ReplaceAll(codes[0], " ", "") + "\u00a0"} {
		if string(empreinteJeton(sansEspace(typed))) != string(prints[0]) {
			t.Errorf("%q is not %q", typed, codes[0])
		}
	}
}

package compte

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Authentication methods of RFC 8176 and ProConnect that make two factors together: one known, one held.
var (
	amrSu    = []string{"pwd", "pin", "kba"}
	amrTenue = []string{"otp", "totp", "hwk", "swk", "sc", "sms", "pop", "mca"}
)

// fort says whether the methods used amount to a second factor.
func fort(amr []string) bool {
	has := func(any []string) bool {
		return slices.ContainsFunc(any, func(m string) bool { return slices.Contains(amr, m) })
	}
	return slices.Contains(amr, "mfa") || has(amrSu) && has(amrTenue)
}

// longest texts taken from ProConnect.
const (
	subMax      = 255 // OpenID Connect Core, 2
	courrielMax = 254
	serviceMax  = 64
)

// nettoyer makes a claim a line of text that the database takes and a page shows.
func nettoyer(s string, most int) string {
	s = strings.Map(func(c rune) rune {
		if c == utf8.RuneError || unicode.IsControl(c) || unicode.In(c, unicode.Bidi_Control) {
			return -1
		}
		return c
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		s = strings.TrimSpace(string(r[:most]))
	}
	return s
}

// adresseSure is an e-mail as accounts are compared by, or nothing when it is none.
func adresseSure(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	local, domain, found := strings.Cut(s, "@")
	odd := strings.ContainsFunc(s, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) || c == utf8.RuneError })
	if !found || local == "" || domain == "" || strings.Contains(domain, "@") || odd || len(s) > courrielMax {
		return ""
	}
	return s
}

// siretSur is a SIRET, or nothing when it is none.
func siretSur(s string) string {
	if len(s) != 14 || strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}

// siretLisible sets a SIRET in the groups that people read.
func siretLisible(s string) string {
	if len(s) != 14 {
		return s
	}
	return s[:3] + "\u00a0" + s[3:6] + "\u00a0" + s[6:9] + "\u00a0" + s[9:]
}

// compteConnu is an account that an identity may be: its sub, or its address, is the identity's.
type compteConnu struct {
	ID         int64
	Sub        string
	MotDePasse bool
	Desactive  bool
	Fonction   bool // at least one in force
}

// Issues of a sign-in by ProConnect that is not refused.
type issueProConnect int

const (
	issueEntrer    issueProConnect = iota // the account of this sub
	issueAccepter                         // the invitation in hand is theirs, and makes or completes their account
	issueRattacher                        // an account has the address: they must prove that it is theirs
)

// reconcilier decides what an identity is here (C14). The sub decides; the address alone never opens an account. comptes are the
// accounts of that sub or address; inv is the invitation in hand, nil for none.
func reconcilier(qui identite, comptes []compteConnu, inv *invitationEnCours) (issueProConnect, int64, *refusProConnect) {
	sien := inv != nil && qui.Courriel != "" && strings.EqualFold(inv.Courriel, qui.Courriel)
	for _, c := range comptes {
		if c.Sub != qui.Sub {
			continue
		}
		switch {
		case c.Desactive:
			return 0, c.ID, &refusProConnect{cas: refusDesactive, raison: "compte désactivé", compte: c.ID}
		case c.Fonction:
			return issueEntrer, c.ID, nil
		case sien && inv.CompteID == c.ID:
			return issueAccepter, c.ID, nil
		}
		return 0, c.ID, &refusProConnect{cas: refusSansFonction, raison: "aucune fonction en cours", compte: c.ID}
	}
	if qui.Courriel == "" {
		return 0, 0, refuser(refusSansAdresse, "aucune adresse vérifiée")
	}
	if len(comptes) == 0 {
		switch {
		case sien:
			return issueAccepter, 0, nil
		case inv != nil:
			return 0, 0, refuser(refusInvitation, "invitation pour une autre adresse")
		}
		return 0, 0, refuser(refusSansCompte, "aucun compte")
	}
	c := comptes[0]
	switch {
	case c.Sub != "":
		return 0, c.ID, &refusProConnect{cas: refusAutreSub, raison: "adresse rattachée à une autre identité", compte: c.ID}
	case c.Desactive:
		return 0, c.ID, &refusProConnect{cas: refusDesactive, raison: "compte désactivé", compte: c.ID}
	case sien && !c.MotDePasse:
		return issueAccepter, c.ID, nil // the link came by mail to this address, and no password could be asked for
	}
	return issueRattacher, c.ID, nil
}

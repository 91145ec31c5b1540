package compte

import (
	"strings"
	"testing"
)

func TestSecondFactorByMethods(t *testing.T) {
	for methods, want := range map[string]bool{
		"": false, "pwd": false, "mail": false, "pwd mail": false, "mfa": true, "pwd mfa": true, "pwd totp": true, "pin hwk": true, "pwd pop": true,
		"totp": false, "totp pop": false, "MFA": false, "inconnu": false,
	} {
		if got := fort(strings.Fields(methods)); got != want {
			t.Errorf("fort(%q) = %v", methods, got)
		}
	}
}

func TestClaimsAreCleaned(t *testing.T) {
	for in, want := range map[string]string{
		" Camille@CAF.test ": "camille@caf.test", "camille": "", "@caf.test": "", "a@": "", "a@b@c": "", "a b@c": "", "a@c\x00": "", "a@c\xff": "",
		strings.Repeat("a", 250) + "@caf.test": "",
	} {
		if got := adresseSure(in); got != want {
			t.Errorf("adresseSure(%q) = %q", in, got)
		}
	}
	for in, want := range map[string]string{
		"  Camille \t Martin ": "Camille Mar", "A\x00B\u202eC": "ABC", "\xff": "", "éééééééééééééé": "ééééééééééé", "": "", "dix lettre s": "dix lettre",
	} {
		if got := nettoyer(in, 11); got != want {
			t.Errorf("nettoyer(%q) = %q", in, got)
		}
	}
	if got := siretLisible(siretSur("13002526500013")); got != "130\u00a0025\u00a0265\u00a000013" {
		t.Errorf("SIRET %q", got)
	}
	for _, bad := range []string{"1300252650001", "1300252650001a", ""} {
		if siretLisible(siretSur(bad)) != "" {
			t.Errorf("SIRET %q is believed", bad)
		}
	}
}

func FuzzClaims(f *testing.F) {
	f.Add("Camille Martin", 120)
	f.Add("a\x00\xff\u202e", 1)
	f.Fuzz(func(t *testing.T, s string, most int) {
		most = max(1, min(most, 1000))
		if got := nettoyer(s, most); len([]rune(got)) > most || got != nettoyer(got, most) || strings.ContainsAny(got, "\x00\n\r") {
			t.Errorf("nettoyer(%q, %d) = %q", s, most, got)
		}
		if a := adresseSure(s); a != "" && (a != adresseSure(a) || len(a) > courrielMax || strings.Count(a, "@") != 1) {
			t.Errorf("adresseSure(%q) = %q", s, a)
		}
	})
}

func TestReconciliation(t *testing.T) {
	qui := identite{Sub: "s", Courriel: "c@caf.test"}
	mine, theirs := &invitationEnCours{Courriel: "C@caf.test", CompteID: 7}, &invitationEnCours{Courriel: "x@caf.test"}
	fresh := &invitationEnCours{Courriel: "c@caf.test"}
	ok := compteConnu{ID: 7, Sub: "s", Fonction: true}
	for name, c := range map[string]struct {
		qui     identite
		comptes []compteConnu
		inv     *invitationEnCours
		issue   issueProConnect
		refus   casRefus
	}{
		"known":                                          {qui, []compteConnu{ok}, nil, issueEntrer, -1},
		"known, another account has its address":         {qui, []compteConnu{ok, {ID: 8, MotDePasse: true}}, nil, issueEntrer, -1},
		"known, without address":                         {identite{Sub: "s"}, []compteConnu{ok}, nil, issueEntrer, -1},
		"known, disabled":                                {qui, []compteConnu{{ID: 7, Sub: "s", Fonction: true, Desactive: true}}, mine, 0, refusDesactive},
		"known, no fonction":                             {qui, []compteConnu{{ID: 7, Sub: "s"}}, nil, 0, refusSansFonction},
		"known, no fonction, invited":                    {qui, []compteConnu{{ID: 7, Sub: "s"}}, mine, issueAccepter, -1},
		"known, no fonction, another invited":            {qui, []compteConnu{{ID: 7, Sub: "s"}}, theirs, 0, refusSansFonction},
		"known, no fonction, invited account is another": {qui, []compteConnu{{ID: 9, Sub: "s"}, {ID: 7}}, mine, 0, refusSansFonction},
		"unknown, no address":                            {identite{Sub: "s"}, nil, fresh, 0, refusSansAdresse},
		"unknown":                                        {qui, nil, nil, 0, refusSansCompte},
		"unknown, invited":                               {qui, nil, fresh, issueAccepter, -1},
		"unknown, another invited":                       {qui, nil, theirs, 0, refusInvitation},
		"address of a tied account":                      {qui, []compteConnu{{ID: 7, Sub: "autre", MotDePasse: true, Fonction: true}}, mine, 0, refusAutreSub},
		"address of a disabled account":                  {qui, []compteConnu{{ID: 7, Desactive: true}}, mine, 0, refusDesactive},
		"address of an account":                          {qui, []compteConnu{{ID: 7, MotDePasse: true}}, mine, issueRattacher, -1},
		"address of one without password":                {qui, []compteConnu{{ID: 7}}, nil, issueRattacher, -1},
		"the same, invited":                              {qui, []compteConnu{{ID: 7}}, mine, issueAccepter, -1},
	} {
		issue, _, refus := reconcilier(c.qui, c.comptes, c.inv)
		switch {
		case c.refus >= 0 && (refus == nil || refus.cas != c.refus):
			t.Errorf("%s: %v, %v; want the refusal %d", name, issue, refus, c.refus)
		case c.refus < 0 && (refus != nil || issue != c.issue):
			t.Errorf("%s: %v, %v; want %v", name, issue, refus, c.issue)
		}
	}
}

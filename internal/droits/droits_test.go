package droits_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"portail/internal/droits"
)

var update = flag.Bool("update", false, "write the golden file instead of comparing with it")

// golden is the policy as reviewed: a right given or taken shows in its changes.
const golden = "testdata/matrice.golden"

func TestMatrice(t *testing.T) {
	var b strings.Builder
	for _, l := range droits.Matrice {
		fmt.Fprintf(&b, "%-20s", l.Droit)
		for _, r := range droits.Roles {
			mark := strings.Repeat(".", len(r))
			if slices.Contains(l.Roles, r) {
				mark = string(r)
			}
			b.WriteString(" " + mark)
		}
		b.WriteString("\n")
	}
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the rights are not those of %s; if they should be: go test ./internal/droits -update, and look at the difference\n%s", golden, b.String())
	}
}

func TestEachRightIsDecidedOnce(t *testing.T) {
	seen := map[droits.Droit]bool{}
	for _, l := range droits.Matrice {
		if seen[l.Droit] || l.Libelle == "" || len(l.Roles) == 0 {
			t.Errorf("%s: twice, without words, or for nobody", l.Droit)
		}
		seen[l.Droit] = true
		for _, r := range l.Roles {
			if !slices.Contains(droits.Roles, r) {
				t.Errorf("%s: unknown role %q", l.Droit, r)
			}
		}
	}
	if !seen[droits.CompteAdministrer] {
		t.Error("nobody looks after accounts")
	}
}

func TestWhoMayWhat(t *testing.T) {
	visitor, tache := droits.Compte{}, droits.Tache
	for _, d := range []droits.Droit{droits.Public, droits.Sonde, droits.Atelier, droits.Visiteur} {
		if !visitor.Peut(d) {
			t.Errorf("%s is closed to visitors", d)
		}
	}
	for _, who := range []droits.Compte{visitor, tache, {Role: droits.Administrateur}, {ID: 1, Role: "roi"}} {
		for _, l := range droits.Matrice {
			if who.Peut(l.Droit) {
				t.Errorf("%+v may %s", who, l.Droit)
			}
		}
		if who.ID == 0 && who.Peut(droits.Connecte) {
			t.Errorf("%+v is signed in", who)
		}
	}
	if (droits.Compte{ID: 1, Role: droits.Administrateur}).Peut("inconnu") {
		t.Error("a right that nobody wrote is given")
	}
}

func TestNobodyGrantsARoleAboveTheirOwn(t *testing.T) {
	for role, want := range map[droits.Role][]droits.Role{
		droits.Administrateur: droits.Roles, droits.Referent: {droits.Lecteur},
		droits.Gestionnaire: nil, droits.Delegue: nil, droits.Direction: nil, droits.Lecteur: nil, "": nil,
	} {
		if got := (droits.Compte{ID: 1, Role: role}).Invitables(); !slices.Equal(got, want) {
			t.Errorf("%q grants %v", role, got)
		}
	}
}

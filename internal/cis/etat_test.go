package cis

import (
	"errors"
	"testing"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/lexique"
)

// TestEveryMoveByEveryRole holds every pair of states against every role: what is not written here is refused.
func TestEveryMoveByEveryRole(t *testing.T) {
	keepers := []droits.Role{droits.Administrateur, droits.Gestionnaire}
	allowed := map[[2]Etat][]droits.Role{
		{Planifiee, Convoquee}: keepers, {Planifiee, Reportee}: keepers, {Planifiee, Annulee}: keepers, {Planifiee, Tenue}: keepers,
		{Convoquee, Tenue}: keepers, {Convoquee, Reportee}: keepers, {Convoquee, Annulee}: keepers,
		{Reportee, Planifiee}: keepers, {Reportee, Annulee}: keepers,
		{Tenue, CREnRelecture}: keepers, {CREnRelecture, Tenue}: keepers, {CREnRelecture, CRValide}: {droits.Direction},
	}
	states := make([]Etat, len(lexique.EtatsSeance))
	for i, m := range lexique.EtatsSeance {
		states[i] = Etat(m.Code)
	}
	for _, from := range states {
		for _, to := range states {
			roles, possible := allowed[[2]Etat{from, to}]
			for _, role := range append([]droits.Role{"", "tache"}, droits.Roles...) {
				par := droits.Compte{ID: 1, Role: role}
				if role == "" {
					par.ID = 0
				}
				_, err := checkTransition(par, from, to)
				want := possible
				if possible {
					want = false
					for _, r := range roles {
						want = want || r == role
					}
				}
				if (err == nil) != want || peutPasser(par, from, to) != want {
					t.Errorf("%s → %s by %q: %v, want allowed %v", from, to, role, err, want)
				}
				var told fault.Fields
				if !possible && !errors.As(err, &told) || possible && !want && !errors.Is(err, fault.Forbidden) {
					t.Errorf("%s → %s by %q is refused with %v", from, to, role, err)
				}
			}
		}
	}
	for _, tr := range transitions {
		if tr.Verbe == "" || (tr.Vers == Reportee || tr.Vers == Annulee) && !tr.Motif {
			t.Errorf("%s → %s has no word for the journal, or asks for no reason", tr.De, tr.Vers)
		}
	}
}

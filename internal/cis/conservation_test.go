package cis_test

import (
	"strings"
	"testing"
	"time"

	"portail/internal/cis"
	"portail/internal/compte"
	"portail/internal/portailtest"
)

func TestMereAddressesOutliveTheirSeatByAYear(t *testing.T) {
	m := newMonde(t, 3)
	account, _ := m.v.Account("second@caf.test", "referent", "CAF")
	m.v.Exec(`INSERT INTO comite_membre_contact (membre_id, courriel) SELECT m.id, lower(o.sigle) || '@exemple.test' FROM comite_membre m JOIN organisme o ON o.id = m.organisme_id`)
	m.v.Exec(`INSERT INTO comite_membre_contact (membre_id, compte_id) SELECT id, $2 FROM comite_membre WHERE organisme_id = $1`, m.orgCAF, account)
	m.v.Exec(`UPDATE comite_membre SET fin = $2 WHERE organisme_id = $1`, m.orgCAF, jour(0)) // of Paris, as the job sees it
	m.v.Exec(`UPDATE comite_membre SET fin = $2 WHERE organisme_id = $1`, m.orgARS, jour(30))
	s := compte.New(m.v.Web, portailtest.Config(t))
	s.RegisterConservation(cis.Contacts{})
	left := func(after time.Time) string {
		t.Helper()
		if _, err := s.Conserver(t.Context(), m.v.Web, after); err != nil {
			t.Fatal(err)
		}
		return m.v.Value(`SELECT string_agg(courriel, ' ' ORDER BY courriel) FROM comite_membre_contact`)
	}
	now := time.Now()
	if got := left(now.AddDate(0, 12, 0)); got != "ars@exemple.test caf@exemple.test dde@exemple.test" {
		t.Errorf("after twelve months: %s", got)
	}
	if got := left(now.AddDate(0, 12, 2)); got != "ars@exemple.test dde@exemple.test" {
		t.Errorf("after that: %s", got)
	}
	if got := m.v.Value(`SELECT detail FROM journal WHERE verbe = 'données conservées purgées' AND detail::text LIKE '%comités%'`); !strings.Contains(got, `[null, 1]`) || strings.Contains(got, "@") {
		t.Errorf("journal: %s", got)
	}
	m.v.Exec(`UPDATE comite SET ferme_le = $1`, jour(-10))
	if got := left(now.AddDate(0, 12, 2)); got != "" {
		t.Errorf("of a committee that is closed: %s", got)
	}
	if got := m.v.Value(`SELECT count(*) FROM comite_membre_contact WHERE compte_id = $1`, account); got != "1" {
		t.Error("an account is no mere address: it has rules of its own")
	}
	admin := m.v.SignIn("administrateur", "Préfecture")
	if got := admin.Get("/administration/registre").Want(200).Text("#conservation"); !strings.Contains(got, "puis 12 mois") {
		t.Errorf("the register sheet: %s", got)
	}
}

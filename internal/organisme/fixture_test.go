package organisme_test

import (
	"fmt"
	"strconv"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// Real SIRET keys of invented numbers: both add up to a Luhn key.
const (
	siretA = "12345678200010"
	siretB = "98765432100015"
)

// add puts an organisation straight into the database.
func add(t testing.TB, v *portailtest.Visitor, nom, sigle, nature string) int64 {
	t.Helper()
	var id int64
	err := v.DB.QueryRow(t.Context(), `INSERT INTO organisme (nom, sigle, nature) VALUES ($1, $2, $3) RETURNING id`, nom, sigle, nature).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// sit makes an organisation a member of a committee of that name.
func sit(t testing.TB, v *portailtest.Visitor, organisme int64, comite string) {
	t.Helper()
	v.Exec(`INSERT INTO comite (nom) VALUES ($1) ON CONFLICT DO NOTHING`, comite)
	v.Exec(`INSERT INTO comite_membre (comite_id, organisme_id) SELECT id, $2 FROM comite WHERE nom = $1`, comite, organisme)
}

func path(id int64, acte string) string {
	p := "/organismes/" + strconv.FormatInt(id, 10)
	if acte != "" {
		p += "/" + acte
	}
	return p
}

// lines are the journal lines of an organisation, oldest first: "verbe {detail}".
func lines(t testing.TB, v *portailtest.Visitor, id int64) []string {
	t.Helper()
	rows, err := v.DB.Query(t.Context(), `SELECT verbe, detail::text FROM journal WHERE objet = 'organisme' AND objet_id = $1 ORDER BY id`, fmt.Sprint(id))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var verbe, detail string
		if err := rows.Scan(&verbe, &detail); err != nil {
			t.Fatal(err)
		}
		all = append(all, verbe+" "+detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func gestionnaire(v *portailtest.Visitor) *portailtest.Visitor {
	return v.SignIn(droits.Gestionnaire, "Préfecture")
}

package cis_test

import (
	"fmt"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/portailtest"
)

// monde is a committee with a meeting that is being held, and people around it.
type monde struct {
	t                      *testing.T
	v                      *portailtest.Visitor
	staff, direction       *portailtest.Visitor
	caf, ars, lecteur      *portailtest.Visitor // members
	epinal                 *portailtest.Visitor // sits nowhere
	comite, seance         int64
	point, reserve         int64 // points of the agenda; the second is for the services of the State
	orgCAF, orgARS, orgDDT int64
}

// newMonde makes it; the meeting took place days ago.
func newMonde(t *testing.T, daysAgo int, env ...string) *monde {
	t.Helper()
	m := &monde{t: t, v: portailtest.Site(t, env...)}
	m.staff = m.v.SignIn(droits.Gestionnaire, "Préfecture")
	m.direction = m.v.SignIn(droits.Direction, "Préfecture")
	m.caf, m.lecteur = m.v.SignIn(droits.Referent, "CAF"), m.v.SignIn(droits.Lecteur, "CAF")
	m.ars = m.v.SignIn(droits.Referent, "ARS")
	m.epinal = m.v.SignIn(droits.Referent, "Épinal")
	m.orgCAF, m.orgARS = m.v.Number(`SELECT id FROM organisme WHERE sigle = 'CAF'`), m.v.Number(`SELECT id FROM organisme WHERE sigle = 'ARS'`)
	m.orgDDT = m.v.Number(`INSERT INTO organisme (nom, sigle, nature) VALUES ('Direction départementale d’essai', 'DDE', 'service_etat') RETURNING id`)
	m.comite = m.v.Number(`INSERT INTO comite (nom, sigle, nature) VALUES ('Comité d’essai', 'CE', 'cis') RETURNING id`)
	m.v.Exec(`INSERT INTO comite_membre (comite_id, organisme_id, depuis) SELECT $1, o, '2020-01-01' FROM unnest($2::bigint[]) AS o`, m.comite, []int64{m.orgCAF, m.orgARS, m.orgDDT})
	m.seance = m.v.Number(`INSERT INTO seance (comite_id, debut, fin, etat, tenue_le) VALUES ($1, date_trunc('day', now()) - $2 * interval '1 day' + interval '9 hours',
		date_trunc('day', now()) - $2 * interval '1 day' + interval '11 hours', 'tenue', now()) RETURNING id`, m.comite, daysAgo)
	m.point = m.v.Number(`INSERT INTO point (seance_id, rang, titre, nature) VALUES ($1, 1, 'Accès aux droits', 'decision') RETURNING id`, m.seance)
	m.reserve = m.v.Number(`INSERT INTO point (seance_id, rang, titre, restreint) VALUES ($1, 2, 'Point réservé', true) RETURNING id`, m.seance)
	return m
}

// decision puts a decision of the CAF straight into the database, due in so many days.
func (m *monde) decision(organisme int64, due int, more ...string) int64 {
	m.t.Helper()
	set := ""
	if len(more) > 0 {
		set = more[0]
	}
	id := m.v.Number(`INSERT INTO decision (comite_id, numero, seance_id, point_id, texte, organisme_id, echeance)
		VALUES ($1, (SELECT coalesce(max(numero), 0) + 1 FROM decision WHERE comite_id = $1), $2, $3, 'Ouvrir une permanence', $4, CURRENT_DATE + $5::int) RETURNING id`,
		m.comite, m.seance, m.point, organisme, due)
	if set != "" {
		m.v.Exec(`UPDATE decision SET `+set+` WHERE id = $1`, id)
	}
	return id
}

// send opens a page and sends one of its forms with some fields changed.
func send(t testing.TB, by *portailtest.Visitor, page, action string, changed ...string) *portailtest.Page {
	t.Helper()
	return by.Post(action, by.Get(page).Want(200).Fields(action, changed...))
}

// lines are the journal lines of an object, oldest first: "verbe {detail}", no-break spaces as spaces.
func (m *monde) lines(objet string, id int64) string {
	m.t.Helper()
	return strings.ReplaceAll(m.v.Value(`SELECT string_agg(verbe || ' ' || detail::text, '|' ORDER BY id) FROM journal WHERE objet = $1 AND objet_id = $2`, objet, fmt.Sprint(id)), "\u00a0", " ")
}

func at(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func newCle() string { return httpx.NewCle() }

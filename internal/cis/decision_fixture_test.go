package cis_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

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
	m.orgCAF, m.orgARS = m.id(`SELECT id FROM organisme WHERE sigle = 'CAF'`), m.id(`SELECT id FROM organisme WHERE sigle = 'ARS'`)
	m.orgDDT = m.id(`INSERT INTO organisme (nom, sigle, nature) VALUES ('Direction départementale d’essai', 'DDE', 'service_etat') RETURNING id`)
	m.comite = m.id(`INSERT INTO comite (nom, sigle, nature) VALUES ('Comité d’essai', 'CE', 'cis') RETURNING id`)
	m.exec(`INSERT INTO comite_membre (comite_id, organisme_id, depuis) SELECT $1, o, '2020-01-01' FROM unnest($2::bigint[]) AS o`, m.comite, []int64{m.orgCAF, m.orgARS, m.orgDDT})
	m.seance = m.id(`INSERT INTO seance (comite_id, debut, fin, etat, tenue_le) VALUES ($1, date_trunc('day', now()) - $2 * interval '1 day' + interval '9 hours',
		date_trunc('day', now()) - $2 * interval '1 day' + interval '11 hours', 'tenue', now()) RETURNING id`, m.comite, daysAgo)
	m.point = m.id(`INSERT INTO point (seance_id, rang, titre, nature) VALUES ($1, 1, 'Accès aux droits', 'decision') RETURNING id`, m.seance)
	m.reserve = m.id(`INSERT INTO point (seance_id, rang, titre, restreint) VALUES ($1, 2, 'Point réservé', true) RETURNING id`, m.seance)
	return m
}

func (m *monde) exec(sql string, args ...any) {
	m.t.Helper()
	if _, err := m.v.DB.Exec(m.t.Context(), sql, args...); err != nil {
		m.t.Fatalf("%v\n%s", err, sql)
	}
}

func (m *monde) id(sql string, args ...any) (id int64) {
	m.t.Helper()
	if err := m.v.DB.QueryRow(m.t.Context(), sql, args...).Scan(&id); err != nil {
		m.t.Fatalf("%v\n%s", err, sql)
	}
	return id
}

// text reads one value of the database as text.
func (m *monde) text(sql string, args ...any) string {
	m.t.Helper()
	var s *string
	if err := m.v.DB.QueryRow(m.t.Context(), `SELECT (`+sql+`)::text`, args...).Scan(&s); err != nil {
		m.t.Fatalf("%v\n%s", err, sql)
	}
	if s == nil {
		return ""
	}
	return *s
}

// decision puts a decision of the CAF straight into the database, due in so many days.
func (m *monde) decision(organisme int64, due int, more ...string) int64 {
	m.t.Helper()
	set := ""
	if len(more) > 0 {
		set = more[0]
	}
	id := m.id(`INSERT INTO decision (comite_id, numero, seance_id, point_id, texte, organisme_id, echeance)
		VALUES ($1, (SELECT coalesce(max(numero), 0) + 1 FROM decision WHERE comite_id = $1), $2, $3, 'Ouvrir une permanence', $4, CURRENT_DATE + $5::int) RETURNING id`,
		m.comite, m.seance, m.point, organisme, due)
	if set != "" {
		m.exec(`UPDATE decision SET `+set+` WHERE id = $1`, id)
	}
	return id
}

// form are the fields of a form of a page, as a browser would send them back, with some changed.
func form(t testing.TB, p *portailtest.Page, action string, changed ...string) url.Values {
	t.Helper()
	found := p.Find(`main form[method=post][action="` + action + `"]`).First()
	if found.Length() == 0 {
		t.Fatalf("no form for %s in %q", action, p.Text("title"))
	}
	values := url.Values{}
	found.Find("[name]").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		value, _ := s.Attr("value")
		switch kind := goquery.NodeName(s) + s.AttrOr("type", ""); kind {
		case "select":
			value, _ = s.Find("option[selected]").First().Attr("value")
			values.Set(name, value)
		case "textarea":
			values.Set(name, s.Text())
		case "inputradio", "inputcheckbox":
			if _, checked := s.Attr("checked"); checked {
				values.Add(name, value)
			}
		default:
			values.Set(name, value)
		}
	})
	for i := 0; i < len(changed); i += 2 {
		values.Set(changed[i], changed[i+1])
	}
	return values
}

// send opens a page and sends one of its forms with some fields changed.
func send(t testing.TB, by *portailtest.Visitor, page, action string, changed ...string) *portailtest.Page {
	t.Helper()
	return by.Post(action, form(t, by.Get(page).Want(200), action, changed...))
}

// lines are the journal lines of an object, oldest first: "verbe {detail}", no-break spaces as spaces.
func (m *monde) lines(objet string, id int64) string {
	m.t.Helper()
	return strings.ReplaceAll(m.text(`SELECT string_agg(verbe || ' ' || detail::text, '|' ORDER BY id) FROM journal WHERE objet = $1 AND objet_id = $2`, objet, fmt.Sprint(id)), "\u00a0", " ")
}

func at(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func newCle() string { return httpx.NewCle() }

package dispositif

import (
	"context"
	"strconv"
	"strings"
	"time"

	"portail/internal/fault"
	"portail/internal/pg"
	"portail/internal/tableur"
	"portail/web/typo"
)

// repriseAR is a convention as an import compares it: its last occupation with it.
type repriseAR struct {
	ID            int64
	Etat          string
	Numero        string
	EmployeurID   int64
	Categorie     string
	QPV           []int32
	TerritoireID  *int32
	Missions      []string
	MissionsTexte string
	Quotite       float64
	Debut, Fin    time.Time
	SigneeLe      *time.Time
	OccupeDepuis  *time.Time
	ConditionsLe  *time.Time
	OccupeJusque  *time.Time
	Asp           string
}

// listImportAR reads every convention that has a number, locked until the import is over. Three plain lists, joined here: whatever
// Postgres believes of the size of the tables, each is read once.
func listImportAR(ctx context.Context, tx pg.Tx) ([]repriseAR, error) {
	all, err := pg.List[repriseAR](ctx, tx, `
		SELECT id, etat, numero, employeur_id, categorie, '{}'::integer[] AS qpv, territoire_id, missions, missions_texte, quotite::float8 AS quotite, debut, fin, signee_le,
			NULL::date AS occupe_depuis, NULL::date AS conditions_le, NULL::date AS occupe_jusque, asp
		FROM adulte_relais WHERE numero IS NOT NULL ORDER BY id FOR UPDATE`)
	if err != nil {
		return nil, err
	}
	type quartier struct {
		AdulteRelaisID int64
		QPVID          int32
	}
	type occupation struct {
		AdulteRelaisID      int64
		Debut, ConditionsLe time.Time
		Fin                 *time.Time
	}
	var quartiers []quartier
	var occupations []occupation
	var b pg.Batch
	pg.Add(&b, &quartiers, `SELECT adulte_relais_id, qpv_id FROM adulte_relais_qpv ORDER BY qpv_id`)
	pg.Add(&b, &occupations, `SELECT adulte_relais_id, debut, conditions_le, fin FROM adulte_relais_occupation ORDER BY debut`)
	if err := b.Run(ctx, tx); err != nil {
		return nil, err
	}
	byID := make(map[int64]*repriseAR, len(all))
	for i := range all {
		byID[all[i].ID] = &all[i]
	}
	for _, q := range quartiers {
		if r := byID[q.AdulteRelaisID]; r != nil { // a request has no number yet
			r.QPV = append(r.QPV, q.QPVID)
		}
	}
	for _, o := range occupations { // the last one is what remains
		if r := byID[o.AdulteRelaisID]; r != nil {
			r.OccupeDepuis, r.ConditionsLe, r.OccupeJusque = &o.Debut, &o.ConditionsLe, o.Fin
		}
	}
	return all, nil
}

// valeurs are a convention in the words of the import.
func (r repriseAR) valeurs() map[string]string {
	v := map[string]string{"numero": r.Numero, "employeur": strconv.FormatInt(r.EmployeurID, 10), "categorie": r.Categorie, "missions": strings.Join(r.Missions, "|"),
		"missions_texte": r.MissionsTexte, "quotite": strconv.FormatFloat(r.Quotite, 'f', -1, 64), "debut": typo.DateISO(r.Debut), "fin": typo.DateISO(r.Fin), "asp": r.Asp}
	qpv := make([]string, len(r.QPV))
	for i, id := range r.QPV {
		qpv[i] = strconv.Itoa(int(id))
	}
	v["qpv"] = strings.Join(qpv, "|")
	if r.TerritoireID != nil {
		v["territoire"] = strconv.Itoa(int(*r.TerritoireID))
	}
	for code, day := range map[string]*time.Time{"signee_le": r.SigneeLe, "occupe_depuis": r.OccupeDepuis, "conditions_le": r.ConditionsLe, "occupe_jusque": r.OccupeJusque} {
		if day != nil {
			v[code] = typo.DateISO(*day)
		}
	}
	for code, text := range v {
		if text == "" {
			delete(v, code)
		}
	}
	return v
}

// writeImportAR writes conventions, their quarters and their occupations, all rows at once, and gives the ids in the order of changes.
func writeImportAR(ctx context.Context, tx pg.Tx, im importAR, departement string, changes []tableur.Ecart) ([]int64, error) {
	var added, changed colonnesImport
	for _, c := range changes {
		if c.Avant == nil {
			added.add(im, c)
		} else {
			changed.add(im, c)
		}
	}
	rows, err := pg.List[struct {
		ID     int64
		Numero string
	}](ctx, tx, `
		INSERT INTO adulte_relais (numero, employeur_id, categorie, departement, territoire_id, missions, missions_texte, quotite, debut, fin, signee_le, asp, etat, close_le)
		SELECT n.numero, n.employeur, n.categorie, $15, n.territoire, string_to_array(n.missions, '|'), n.texte, n.quotite, n.debut, n.fin, n.signee, n.asp, n.etat, n.close
		FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::integer[], $6::text[], $7::text[], $8::numeric[], $9::date[], $10::date[], $11::date[], $12::text[], $13::text[], $14::date[])
			AS n (id, numero, employeur, categorie, territoire, missions, texte, quotite, debut, fin, signee, asp, etat, close)
		RETURNING id, numero`, append(added.args(), departement)...)
	if err != nil {
		return nil, refusAR(err)
	}
	tag, err := tx.Exec(ctx, `
		UPDATE adulte_relais a SET categorie = n.categorie, territoire_id = n.territoire, missions = string_to_array(n.missions, '|'), missions_texte = n.texte, quotite = n.quotite,
			debut = n.debut, fin = n.fin, signee_le = n.signee, asp = n.asp, etat = n.etat, close_le = n.close, version = version + 1
		FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::integer[], $6::text[], $7::text[], $8::numeric[], $9::date[], $10::date[], $11::date[], $12::text[], $13::text[], $14::date[])
			AS n (id, numero, employeur, categorie, territoire, missions, texte, quotite, debut, fin, signee, asp, etat, close)
		WHERE a.id = n.id AND a.employeur_id = n.employeur`, changed.args()...)
	if err != nil {
		return nil, refusAR(err)
	}
	if tag.RowsAffected() != int64(len(changed.ids)) {
		return nil, fault.Stale // row-level security hid one: it was not written
	}
	byNumber := make(map[string]int64, len(rows))
	for _, r := range rows {
		byNumber[r.Numero] = r.ID
	}
	ids := make([]int64, len(changes))
	for i, c := range changes {
		if ids[i] = byNumber[c.Apres.Val("numero")]; c.Avant != nil {
			ids[i] = c.Avant.ID
		}
	}
	if err := writeImportQPV(ctx, tx, ids, changes); err != nil {
		return nil, refusAR(err)
	}
	return ids, refusAR(writeImportOccupations(ctx, tx, im, ids, changes))
}

// colonnesImport are rows to write, a column after the other.
type colonnesImport struct {
	ids, employeurs                                              []int64
	numeros, categories, missions, textes, quotites, asps, etats []string
	territoires                                                  []*int32
	debuts, fins, signees                                        []time.Time
	closes                                                       []*time.Time
}

func (t *colonnesImport) add(im importAR, e tableur.Ecart) {
	l, c := e.Apres, conventionDe(e.Apres)
	etat, end := im.etatImporte(l)
	var place *int32
	if c.Territoire != 0 {
		place = &c.Territoire
	}
	t.ids, t.employeurs, t.territoires = append(t.ids, l.ID), append(t.employeurs, c.Employeur), append(t.territoires, place)
	t.numeros, t.categories, t.missions = append(t.numeros, l.Val("numero")), append(t.categories, c.Categorie), append(t.missions, strings.Join(c.Missions, "|"))
	t.textes, t.quotites, t.asps, t.etats = append(t.textes, c.MissionsTexte), append(t.quotites, l.Val("quotite")), append(t.asps, l.Val("asp")), append(t.etats, etat)
	t.debuts, t.fins, t.signees, t.closes = append(t.debuts, c.Debut), append(t.fins, c.Fin), append(t.signees, jourDe(l.Val("signee_le"))), append(t.closes, end)
}

func (t *colonnesImport) args() []any {
	return []any{t.ids, t.numeros, t.employeurs, t.categories, t.territoires, t.missions, t.textes, t.quotites, t.debuts, t.fins, t.signees, t.asps, t.etats, t.closes}
}

// writeImportQPV makes the quarters of these conventions those of the file.
func writeImportQPV(ctx context.Context, tx pg.Tx, ids []int64, changes []tableur.Ecart) error {
	var posts []int64
	var quarters []int32
	for i, c := range changes {
		for _, id := range conventionDe(c.Apres).QPV {
			posts, quarters = append(posts, ids[i]), append(quarters, id)
		}
	}
	if _, err := tx.Exec(ctx, `DELETE FROM adulte_relais_qpv x WHERE x.adulte_relais_id = ANY($1)
		AND NOT EXISTS (SELECT FROM unnest($2::bigint[], $3::integer[]) AS n (post, qpv) WHERE n.post = x.adulte_relais_id AND n.qpv = x.qpv_id)`, ids, posts, quarters); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO adulte_relais_qpv (adulte_relais_id, qpv_id) SELECT post, qpv FROM unnest($1::bigint[], $2::integer[]) AS n (post, qpv) ON CONFLICT DO NOTHING`, posts, quarters)
	return err
}

// writeImportOccupations ends the occupations that the file ends, and adds those that it begins. One that outlives its convention ends with it.
func writeImportOccupations(ctx context.Context, tx pg.Tx, im importAR, ids []int64, changes []tableur.Ecart) error {
	var posts []int64
	var since, checked []time.Time
	var until []*time.Time
	for i, c := range changes {
		l := c.Apres
		if l.Val("occupe_depuis") == "" {
			continue
		}
		end := jourDe(l.Val("occupe_jusque"))
		if fin := jourDe(l.Val("fin")); end.IsZero() && fin.Before(im.auj) {
			end = fin
		}
		posts, since, checked = append(posts, ids[i]), append(since, jourDe(l.Val("occupe_depuis"))), append(checked, jourDe(l.Val("conditions_le")))
		if until = append(until, nil); !end.IsZero() {
			until[len(until)-1] = &end
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE adulte_relais_occupation o SET fin = n.fin, conditions_le = n.conditions
		FROM unnest($1::bigint[], $2::date[], $3::date[], $4::date[]) AS n (post, debut, conditions, fin) WHERE o.adulte_relais_id = n.post AND o.debut = n.debut`, posts, since, checked, until); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO adulte_relais_occupation (adulte_relais_id, debut, fin, conditions_le)
		SELECT n.post, n.debut, n.fin, n.conditions FROM unnest($1::bigint[], $2::date[], $3::date[], $4::date[]) AS n (post, debut, conditions, fin)
		WHERE NOT EXISTS (SELECT FROM adulte_relais_occupation o WHERE o.adulte_relais_id = n.post AND o.debut = n.debut)`, posts, since, checked, until)
	return err
}

package importation

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// null is how a row of a temporary table says NULL: no text from a file may hold it.
const null = "\x00"

// chunk is how many bytes of rows are sent at a time.
const chunk = 1 << 18

// temp is a table that a file fills: a temporary one, unless into names another.
type temp struct {
	name    string // tmp_…
	columns string // its definition
	into    string // where its rows go instead, when no comparison with what is there is needed
	rows    []byte // not yet sent, in the text format of COPY
}

// createTemps makes the temporary tables of a file, from their shapes.
func (f *file) createTemps(ctx context.Context, shapes []*temp) error {
	for _, shape := range shapes {
		if _, err := f.tx.Exec(ctx, `CREATE TEMP TABLE `+shape.name+` (`+shape.columns+`) ON COMMIT DROP`); err != nil {
			return fmt.Errorf("create %s: %w", shape.name, err)
		}
		f.temps = append(f.temps, &temp{name: shape.name, columns: shape.columns})
	}
	return nil
}

func (f *file) dropTemps(ctx context.Context) error {
	for _, t := range f.temps {
		if _, err := f.tx.Exec(ctx, `DROP TABLE `+t.name); err != nil {
			return fmt.Errorf("drop %s: %w", t.name, err)
		}
	}
	f.temps = nil
	return nil
}

// put adds a row to the table of the shape.
func (f *file) put(shape *temp, values ...string) {
	t := f.temp(shape)
	for i, v := range values {
		if i > 0 {
			t.rows = append(t.rows, '\t')
		}
		if v == null {
			t.rows = append(t.rows, `\N`...)
			continue
		}
		t.rows = appendCopyText(t.rows, v)
	}
	t.rows = append(t.rows, '\n')
}

// temp is the table of a shape.
func (f *file) temp(shape *temp) *temp {
	return f.temps[slices.IndexFunc(f.temps, func(t *temp) bool { return t.name == shape.name })]
}

func appendCopyText(b []byte, v string) []byte {
	for i := range len(v) {
		switch c := v[i]; c {
		case '\\':
			b = append(b, '\\', '\\')
		case '\t':
			b = append(b, '\\', 't')
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		default:
			b = append(b, c)
		}
	}
	return b
}

// flush sends the rows of tables that hold more than so many bytes of them. The last chunk travels while the file is read on;
// nothing else may use the connection before wait.
func (f *file) flush(ctx context.Context, above int) error {
	for _, t := range f.temps {
		if len(t.rows) <= above {
			continue
		}
		if err := f.wait(); err != nil {
			return err
		}
		rows, into := t.rows, cmp.Or(t.into, t.name)
		t.rows, f.spare = f.spare[:0], rows
		f.sending = make(chan error, 1)
		go func() {
			_, err := f.tx.Conn().PgConn().CopyFrom(ctx, bytes.NewReader(rows), `COPY `+into+` FROM STDIN`)
			f.sending <- err
		}()
	}
	if above > 0 {
		return nil
	}
	return f.wait()
}

// wait ends when no chunk travels any more.
func (f *file) wait() error {
	if f.sending == nil {
		return nil
	}
	err := <-f.sending
	f.sending = nil
	if err != nil {
		return fmt.Errorf("send rows: %w", err)
	}
	return nil
}

// merge makes a table hold what a temporary one (or a sub-query of it) says, by natural key, and touches nothing else:
// not a row that is already so, and no statement at all when there is nothing to change, for its triggers would publish.
type merge struct {
	table string
	from  string   // name or (SELECT …), with the columns of key and set
	key   []string // never null
	set   []string
	stamp string // further assignments of a row that is added or changed, such as "importation_id = $1"
	gone  string // condition on t of the rows to remove when from lacks them; empty keeps them
	// touch says which quarters changed: it selects (qpv_id, quoi, detail) from w, whose columns are cle and ajout.
	touch, returning string
}

// importationStamp marks a row with the file that last changed it.
const importationStamp = "importation_id"

func each(columns []string, format, separator string) string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = strings.ReplaceAll(format, "#", c)
	}
	return strings.Join(out, separator)
}

// run merges, and adds to the counts of the file.
func (m merge) run(ctx context.Context, f *file) error {
	on := each(m.key, "t.# = x.#", " AND ")
	differ := "false"
	if len(m.set) > 0 {
		differ = fmt.Sprintf("(%s) IS DISTINCT FROM (%s)", each(m.set, "t.#", ", "), each(m.set, "x.#", ", "))
		if len(m.set) == 1 {
			differ = each(m.set, "t.# IS DISTINCT FROM x.#", "")
		}
	}
	var added, changed, same, removed int
	err := f.tx.QueryRow(ctx, fmt.Sprintf(`
		SELECT count(*) FILTER (WHERE t.%[1]s IS NULL), count(*) FILTER (WHERE t.%[1]s IS NOT NULL AND %[2]s), count(*)
		FROM %[3]s x LEFT JOIN %[4]s t ON %[5]s`, m.key[0], differ, m.from, m.table, on)).Scan(&added, &changed, &same)
	if err != nil {
		return fmt.Errorf("compare %s: %w", m.table, err)
	}
	same -= added + changed
	if m.gone != "" { // first: a row may leave its natural key to another
		err := f.tx.QueryRow(ctx, fmt.Sprintf(`SELECT count(*) FROM %s t WHERE %s AND NOT EXISTS (SELECT FROM %s x WHERE %s)`,
			m.table, m.gone, m.from, on)).Scan(&removed)
		if err != nil {
			return fmt.Errorf("compare %s: %w", m.table, err)
		}
		if removed > 0 {
			err := m.exec(ctx, f, fmt.Sprintf(`DELETE FROM %s t WHERE %s AND NOT EXISTS (SELECT FROM %s x WHERE %s)`, m.table, m.gone, m.from, on), "false")
			if err != nil {
				return err
			}
		}
	}
	columns := slices.Concat(m.key, m.set)
	if changed > 0 {
		assign := each(m.set, "# = x.#", ", ")
		if m.stamp != "" {
			assign += ", " + m.stamp + " = " + strconv.Itoa(f.id)
		}
		if m.table == "qpv" {
			assign += ", modifie_le = now()"
		}
		if err := m.exec(ctx, f, fmt.Sprintf(`UPDATE %s t SET %s FROM %s x WHERE %s AND %s`, m.table, assign, m.from, on, differ), "false"); err != nil {
			return err
		}
	}
	if added > 0 {
		names, values := strings.Join(columns, ", "), each(columns, "x.#", ", ")
		if m.stamp != "" {
			names, values = names+", "+m.stamp, values+", "+strconv.Itoa(f.id)
		}
		err := m.exec(ctx, f, fmt.Sprintf(`INSERT INTO %[1]s AS t (%[2]s) SELECT %[3]s FROM %[4]s x WHERE NOT EXISTS (SELECT FROM %[1]s t WHERE %[5]s)`,
			m.table, names, values, m.from, on), "true")
		if err != nil {
			return err
		}
	}
	f.summary.Added += added
	f.summary.Changed += changed
	f.summary.Same += same
	f.summary.Removed += removed
	return nil
}

// exec runs a change, and notes the quarters that it touches.
func (m merge) exec(ctx context.Context, f *file, sql, added string) error {
	if m.touch != "" {
		sql = fmt.Sprintf(`WITH w AS (%s RETURNING %s AS cle, %s AS ajout) INSERT INTO tmp_touche %s`, sql, m.returning, added, m.touch)
		if err := f.needTouched(ctx); err != nil {
			return err
		}
	}
	if _, err := f.tx.Exec(ctx, sql); err != nil {
		return fmt.Errorf("merge into %s: %w", m.table, err)
	}
	return nil
}

// needTouched makes, once a file, the table of the quarters that it changes.
func (f *file) needTouched(ctx context.Context) error {
	if slices.ContainsFunc(f.temps, func(t *temp) bool { return t.name == touched.name }) {
		return nil
	}
	return f.createTemps(ctx, []*temp{touched})
}

var touched = &temp{name: "tmp_touche", columns: `qpv_id integer, quoi text, detail text`}

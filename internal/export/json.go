package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// JSON writes a list of objects whose members are the machine names of the
// columns, in their order: null when unknown, "n.c." when hidden by
// statistical secrecy, ISO dates as text, numbers as numbers.
func JSON(w io.Writer, t Table) error {
	out := bufio.NewWriter(w)
	names := make([][]byte, len(t.Colonnes))
	for i, c := range t.Colonnes {
		name, err := json.Marshal(c.Nom)
		if err != nil {
			return fmt.Errorf("export %s: column %q: %w", t.Nom, c.Nom, err)
		}
		names[i] = append(name, ':')
	}
	_ = out.WriteByte('[') // an error stays in the writer and comes back at Flush
	separator := "\n{"
	err := t.rows(func(cells []cell) error {
		_, _ = out.WriteString(separator)
		separator = ",\n{"
		for i, v := range cells {
			if i > 0 {
				_ = out.WriteByte(',')
			}
			_, _ = out.Write(names[i])
			value, err := t.Colonnes[i].json(v)
			if err != nil {
				return err
			}
			_, _ = out.Write(value)
		}
		return out.WriteByte('}')
	})
	if err != nil {
		return err
	}
	_, _ = out.WriteString("\n]\n")
	return out.Flush()
}

func (c Colonne) json(v cell) ([]byte, error) {
	switch {
	case v.state == unknown:
		return []byte("null"), nil
	case v.state == hidden:
		return json.Marshal(secret)
	case c.Type == Texte, c.Type == Lien, c.Type == Date:
		return json.Marshal(c.plain(v))
	}
	return []byte(c.plain(v)), nil
}

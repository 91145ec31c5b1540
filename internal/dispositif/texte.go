package dispositif

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"portail/internal/texte"
)

// texteRendu shows a text that agents write, below a heading of level 2.
func texteRendu(source string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		c, err := texte.Render(source, 3)
		if err != nil {
			return err
		}
		return c.Render(ctx, w)
	})
}

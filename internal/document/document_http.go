package document

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/pg"
)

// Bounds of a form with files.
const (
	enveloppe  = 1 << 20 // of its other fields, and what is around the files
	maxFiles   = 10
	reception  = 60 * time.Second // of the whole form: telephones send a scan slowly
	attente    = 5 * time.Second  // for a place
	envoi      = 30 * time.Second // of a piece
	pieceSize  = 1 << 20
	maxChamps  = 200
	champLimit = 256 << 10
)

// Handler answers a form with files. The files were examined; what was refused of them stands in f.Fautes already.
type Handler func(w http.ResponseWriter, r *http.Request, f httpx.Form, files []Fichier) error

// MaxCorps is the largest form with one file, for httpx.Router.PostFile.
func (s *Service) MaxCorps() int64 { return s.max + enveloppe }

// Recevoir reads a form whose field champ holds files, then lets h answer. The time that the form takes to arrive is not counted on
// that of the answer. A refused file is a fault of its field, so that the same page can be shown again with the rest of what was typed;
// no file at all is for h to judge.
func (s *Service) Recevoir(champ string, h Handler) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		select {
		case s.places <- struct{}{}:
			defer func() { <-s.places }()
		case <-time.After(attente):
			return fmt.Errorf("no place for a file: %w", fault.TooMany)
		}
		// The server's own limit is that of pages; where there is no connection to set it on, it stays.
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(reception))
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), reception+httpx.Deadline)
		defer cancel()
		f, files, err := s.readForm(ctx, r, champ)
		if err != nil {
			return err
		}
		ctx, cancel = context.WithTimeout(ctx, httpx.Deadline)
		defer cancel()
		return h(w, r.WithContext(ctx), f, files)
	}
}

func (s *Service) readForm(ctx context.Context, r *http.Request, champ string) (httpx.Form, []Fichier, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		f, err := httpx.ReadForm(r) // a browser sends no file: the page was perhaps kept over an expired session
		return f, nil, err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return httpx.Form{}, nil, httpx.BodyError(err)
	}
	f := httpx.NewForm(url.Values{})
	var files []Fichier
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) && n > 0 {
			return f, files, nil
		}
		if err != nil {
			return f, nil, httpx.BodyError(err)
		}
		if n >= maxChamps {
			return f, nil, fmt.Errorf("more than %d fields: %w", maxChamps, fault.Malformed)
		}
		file, err := s.readPart(ctx, part, champ, f)
		if err != nil {
			return f, nil, err
		}
		if file.sha256 != "" {
			if files = append(files, file); len(files) > maxFiles {
				return f, nil, fmt.Errorf("more than %d files: %w", maxFiles, fault.TooLarge)
			}
		}
	}
}

// readPart reads a field into f, or a file; what is refused of a file is told in f.
func (s *Service) readPart(ctx context.Context, part *multipart.Part, champ string, f httpx.Form) (Fichier, error) {
	name := part.FormName()
	if part.FileName() == "" && name != champ {
		value, err := io.ReadAll(io.LimitReader(part, champLimit+1))
		if err != nil {
			return Fichier{}, httpx.BodyError(err)
		}
		if len(value) > champLimit || !httpx.CleanText(string(value)) || !httpx.CleanText(name) {
			return Fichier{}, fmt.Errorf("field %q: %w", name, fault.Malformed)
		}
		f.Valeurs.Add(name, string(value))
		return Fichier{}, nil
	}
	content, err := io.ReadAll(io.LimitReader(part, s.max+1))
	if err != nil {
		return Fichier{}, httpx.BodyError(err)
	}
	if name != champ || part.FileName() == "" && len(content) == 0 { // not asked for, or nothing chosen
		return Fichier{}, nil
	}
	if !utf8.ValidString(part.FileName()) {
		return Fichier{}, fmt.Errorf("name of a file: %w", fault.Malformed)
	}
	file, err := s.Examiner(ctx, champ, part.FileName(), content)
	if _, other := f.Refuse(err); other != nil {
		return Fichier{}, other
	}
	return file, nil
}

// Servir sends a document as a file to download, piece by piece, unless whoever asks sees nothing that it is attached to: it then does
// not exist. No browser shows it, nor runs what it may hold.
func Servir(w http.ResponseWriter, r *http.Request, db *pgxpool.Pool, id int64) error {
	ctx, par := r.Context(), droits.Of(r.Context())
	var d Document
	var piece []byte
	err := pg.As(ctx, db, par, func(tx pgx.Tx) (err error) {
		if d, err = find(ctx, tx, id); err == nil {
			piece, err = read(ctx, tx, id, 0, pieceSize)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read document %d: %w", id, err)
	}
	h := w.Header()
	h.Set("Content-Type", sorte(d.Type).mime)
	h.Set("Content-Length", strconv.FormatInt(d.Taille, 10))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.fichier()}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method == http.MethodHead {
		return nil
	}
	rc := http.NewResponseController(w)
	ctx = context.WithoutCancel(ctx) // a visitor who leaves is noticed when writing to them fails
	for from := int64(0); ; {
		_ = rc.SetWriteDeadline(time.Now().Add(envoi))
		sent, _ := w.Write(piece) // less than the whole when the visitor left
		if from += int64(len(piece)); sent < len(piece) || from >= d.Taille || len(piece) == 0 {
			return nil
		}
		if piece, err = readAs(ctx, db, par, id, from); err != nil {
			slog.ErrorContext(ctx, "document cut short", "error", err, "document", id, "request_id", httpx.RequestID(ctx))
			panic(http.ErrAbortHandler) // the answer has begun: only a cut connection tells the browser that it is not whole
		}
	}
}

// Envoi answers a download of a document of a record, whose address is {id}/…/{document}. est says whether the document is one of that
// record which whoever asks may see; any other does not exist.
func Envoi(db *pgxpool.Pool, est func(ctx context.Context, q pg.Q, id, document int64) (bool, error)) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, doc, err := Params(r)
		if err != nil {
			return err
		}
		err = pg.As(r.Context(), db, droits.Of(r.Context()), func(tx pgx.Tx) error {
			ok, err := est(r.Context(), tx, id, doc)
			if err == nil && !ok {
				err = fault.NotFound
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("document %d of %d: %w", doc, id, err)
		}
		return Servir(w, r, db, doc)
	}
}

// Params are the record and the document of an address.
func Params(r *http.Request) (id, document int64, err error) {
	if id, err = httpx.ID(r, "id"); err != nil {
		return id, 0, err
	}
	document, err = httpx.ID(r, "document")
	return id, document, err
}

// ChampFichier is the name of the field of Champ.
const ChampFichier = "fichier"

// Champ is the field of a form that takes one file of any accepted kind.
func (s *Service) Champ() formulaire.Champ {
	return formulaire.Champ{Nom: ChampFichier, Libelle: "Fichier", Type: formulaire.Fichier, Aide: Acceptes() + ", " + s.Max() + " au plus.", Accepte: Accept()}
}

// Un is the file that a form sent; nil when it sent none.
func Un(files []Fichier) *Fichier {
	if len(files) == 0 {
		return nil
	}
	return &files[0]
}

func readAs(ctx context.Context, db *pgxpool.Pool, par droits.Compte, id, from int64) (piece []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, httpx.Deadline)
	defer cancel()
	err = pg.As(ctx, db, par, func(tx pgx.Tx) error {
		piece, err = read(ctx, tx, id, from, pieceSize)
		return err
	})
	return piece, err
}

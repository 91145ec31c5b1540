package document_test

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/document"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/pg"
	"portail/internal/portailtest"
	"portail/web/typo"
)

func keep(t *testing.T, db *pgxpool.Pool, par droits.Compte, name string, content []byte) document.Document {
	t.Helper()
	f, err := document.New(portailtest.Config(t)).Examiner(t.Context(), "fichier", name, content)
	if err != nil {
		t.Fatal(err)
	}
	var d document.Document
	if err := pg.As(t.Context(), db, par, func(tx pgx.Tx) error {
		d, err = document.Deposer(t.Context(), tx, par, f)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return d
}

func serve(t *testing.T, db *pgxpool.Pool, par droits.Compte, id int64) (*httptest.ResponseRecorder, error) {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(droits.With(t.Context(), par), http.MethodGet, "/", nil)
	return w, document.Servir(w, r, db, id)
}

func TestKeptSentAndRemoved(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t)
	id, _ := site.Account("a@caf.test", droits.Referent, "CAF")
	other, _ := site.Account("a@ars.test", droits.Referent, "ARS")
	author, stranger := droits.Compte{ID: id, Role: droits.Referent}, droits.Compte{ID: other, Role: droits.Referent}
	content := pdf(strings.Repeat("% a scan of several pieces\n", 90_000))
	d := keep(t, site.Web, author, "Page signée « ville ».pdf", content)
	if d.Taille != int64(len(content)) || !strings.HasPrefix(d.Description(), "PDF, 2,4") {
		t.Errorf("kept as %+v, %s", d, d.Description())
	}
	w, err := serve(t, site.Web, author, d.ID)
	if err != nil || !bytes.Equal(w.Body.Bytes(), content) {
		t.Fatalf("its author gets %d bytes of %d, %v", w.Body.Len(), len(content), err)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
		"Content-Disposition": "attachment; filename=page-signee-ville-" + typo.DateISO(d.DeposeLe) + ".pdf",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, who := range map[string]droits.Compte{"another": stranger, "a visitor": {}, "an agent": {ID: other, Role: droits.Gestionnaire}} {
		if _, err := serve(t, site.Web, who, d.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s gets a document attached to nothing that they see: %v", name, err)
		}
	}
	remove := func(who droits.Compte) error {
		return pg.As(t.Context(), site.Web, who, func(tx pgx.Tx) error { return document.Retirer(t.Context(), tx, d.ID) })
	}
	if err := remove(stranger); !errors.Is(err, fault.NotFound) {
		t.Errorf("a stranger removes it: %v", err)
	}
	if err := remove(author); err != nil {
		t.Error(err)
	}
	if _, err := serve(t, site.Web, author, d.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("removed and still sent: %v", err)
	}
}

func TestNobodyKeepsInTheNameOfAnother(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t)
	id, _ := site.Account("a@caf.test", droits.Referent, "CAF")
	f, err := document.New(portailtest.Config(t)).Examiner(t.Context(), "fichier", "a.pdf", pdf(""))
	if err != nil {
		t.Fatal(err)
	}
	err = pg.As(t.Context(), site.Web, droits.Compte{ID: id, Role: droits.Referent}, func(tx pgx.Tx) error {
		_, err := document.Deposer(t.Context(), tx, droits.Compte{ID: id + 1}, f)
		return err
	})
	if err == nil {
		t.Error("Postgres let it be")
	}
	err = pg.As(t.Context(), site.Web, droits.Compte{ID: id}, func(tx pgx.Tx) error {
		_, err := document.Deposer(t.Context(), tx, droits.Compte{ID: id}, document.Fichier{})
		return err
	})
	var fields fault.Fields
	if !errors.As(err, &fields) {
		t.Errorf("no file at all: %v", err)
	}
	for _, statement := range []string{`UPDATE document SET nom = 'autre.pdf'`, `UPDATE document SET contenu = 'x'`} {
		if _, err := site.Web.Exec(t.Context(), statement); err == nil {
			t.Errorf("the web server may %s", statement)
		}
	}
}

func form(t *testing.T, fields url.Values, files map[string][]byte) (kind string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, values := range fields {
		for _, v := range values {
			if err := m.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, content := range files {
		w, err := m.CreateFormFile("scan", name)
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return m.FormDataContentType(), b.Bytes()
}

func TestReceive(t *testing.T) {
	t.Parallel()
	s := document.New(portailtest.Config(t, "PORTAIL_FICHIER_MO=1"))
	fields := url.Values{"titre": {"Ville d’Épinal"}}
	post := func(files map[string][]byte) (f httpx.Form, got []document.Fichier, err error) {
		kind, body := form(t, fields, files)
		h := s.Recevoir("scan", func(_ http.ResponseWriter, _ *http.Request, form httpx.Form, all []document.Fichier) error {
			f, got = form, all
			return nil
		})
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", bytes.NewReader(body))
		r.Body = http.MaxBytesReader(w, r.Body, s.MaxCorps())
		r.Header.Set("Content-Type", kind)
		err = h(w, r)
		return f, got, err
	}
	f, files, err := post(map[string][]byte{"a.pdf": pdf("")})
	if err != nil || f.Texte("titre") != "Ville d’Épinal" || len(files) != 1 || len(f.Fautes) > 0 {
		t.Errorf("a good file: %v, %d files, %v", f, len(files), err)
	}
	f, files, err = post(map[string][]byte{"a.png": []byte("<html>")})
	if err != nil || f.Texte("titre") == "" || len(files) != 0 || f.Fautes["scan"] == "" {
		t.Errorf("a refused file must leave the rest of the form: %v, %d files, %v", f, len(files), err)
	}
	f, files, err = post(map[string][]byte{"": nil})
	if err != nil || len(files) != 0 || len(f.Fautes) > 0 {
		t.Errorf("no file chosen: %v, %d files, %v", f, len(files), err)
	}
	f, _, err = post(map[string][]byte{"a.pdf": make([]byte, 1<<20+10)})
	if err != nil || !strings.Contains(f.Fautes["scan"], "taille") {
		t.Errorf("a file over the cap: %v, %v", f.Fautes, err)
	}
	if _, _, err = post(map[string][]byte{"a.pdf": make([]byte, 3<<20)}); !errors.Is(err, fault.TooLarge) {
		t.Errorf("a body over the cap: %v", err)
	}
	lots := map[string][]byte{}
	for i := range 11 {
		lots[string(rune('a'+i))+".pdf"] = pdf("")
	}
	if _, _, err = post(lots); !errors.Is(err, fault.TooLarge) {
		t.Errorf("eleven files: %v", err)
	}
	fields.Set("titre", "a\x00b")
	if _, _, err = post(nil); !errors.Is(err, fault.Malformed) {
		t.Errorf("a NUL in a field: %v", err)
	}
}

func TestReceiveBrokenBodies(t *testing.T) {
	t.Parallel()
	s := document.New(portailtest.Config(t))
	_, body := form(t, url.Values{"a": {"b"}}, map[string][]byte{"a.pdf": pdf("")})
	for name, c := range map[string]struct{ kind, body string }{
		"no boundary":    {"multipart/form-data", string(body)},
		"other boundary": {"multipart/form-data; boundary=x", string(body)},
		"cut":            {"multipart/form-data; boundary=" + strings.TrimPrefix(strings.SplitN(string(body), "\r\n", 2)[0], "--"), string(body[:len(body)-30])},
	} {
		h := s.Recevoir("scan", func(http.ResponseWriter, *http.Request, httpx.Form, []document.Fichier) error { return nil })
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.kind)
		if err := h(httptest.NewRecorder(), r); !errors.Is(err, fault.Malformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var got httpx.Form
	h := s.Recevoir("scan", func(_ http.ResponseWriter, _ *http.Request, f httpx.Form, _ []document.Fichier) error {
		got = f
		return nil
	})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader("titre=Ville"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := h(httptest.NewRecorder(), r); err != nil || got.Texte("titre") != "Ville" {
		t.Errorf("a form without files: %v, %v", got, err)
	}
}

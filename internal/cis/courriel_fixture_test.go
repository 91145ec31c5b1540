package cis_test

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strconv"
	"strings"
	"testing"
	"time"

	"portail/internal/portailtest"
)

// recu is a mail as a mail program takes it apart.
type recu struct {
	to, subject, texte, html, agenda, fichier string
}

func lireMail(t *testing.T, raw string) recu {
	t.Helper()
	msg, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	r := recu{to: msg.Header.Get("To"), subject: subject}
	r.parts(t, msg.Header.Get("Content-Type"), msg.Body)
	return r
}

func (r *recu) parts(t *testing.T, contentType string, body io.Reader) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		t.Fatalf("a part of %s", kind)
	}
	for reader := multipart.NewReader(body, params["boundary"]); ; {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(kind, "multipart/") {
			r.parts(t, part.Header.Get("Content-Type"), part)
			continue
		}
		var content io.Reader = part
		switch part.Header.Get("Content-Transfer-Encoding") {
		case "base64":
			content = base64.NewDecoder(base64.StdEncoding, part)
		case "quoted-printable":
			content = quotedprintable.NewReader(part)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		switch kind {
		case "text/plain":
			r.texte = string(text)
		case "text/html":
			r.html = string(text)
		case "text/calendar":
			r.agenda = params["method"] + "\n" + string(text)
		case "application/ics":
			r.fichier = string(text)
		default:
			t.Errorf("a part of %s", kind)
		}
	}
}

// recus waits for so many mails and takes them apart, by addressee.
func recus(t *testing.T, p *portailtest.Puits, n int) map[string][]recu {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); len(p.Messages()) < n && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
	}
	all := p.Messages()
	if len(all) != n {
		t.Fatalf("%d mails arrived, want %d", len(all), n)
	}
	by := map[string][]recu{}
	for _, raw := range all {
		r := lireMail(t, raw)
		by[strings.Trim(r.to, "<>")] = append(by[strings.Trim(r.to, "<>")], r)
	}
	return by
}

// expedies waits for the portal to note that so many mails left: their reader has them a moment before.
func (m *monde) expedies(n int) {
	m.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); m.v.Value(`SELECT count(*) FROM courriel WHERE etat = 'expedie'`) != strconv.Itoa(n); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			m.t.Fatalf("the portal does not note that %d mails left", n)
		}
	}
}

package document_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"portail/internal/document"
	"portail/internal/fault"
	"portail/internal/portailtest"
)

func TestGoodFilesAreAccepted(t *testing.T) {
	t.Parallel()
	s := document.New(portailtest.Config(t))
	for name, content := range map[string][]byte{
		"signature.pdf": pdf(""), "SIGNATURE.PDF": pdf(""), "a.odt": odt(t), "a.docx": docx(t),
		"a.ods":  pack(t, part{"mimetype", mimeODS, true}, part{"content.xml", "<a/>", false}),
		"a.xlsx": pack(t, part{"xl/workbook.xml", "<a/>", false}, part{"[Content_Types].xml", "<a/>", false}),
		"a.png":  picture(t, "png"), "a.jpg": picture(t, "jpeg"), "a.jpeg": picture(t, "jpeg"),
		"le plus d’entrées.odt": odt(t, many(1998)...),
	} {
		f, err := s.Examiner(t.Context(), "scan", name, content)
		if err != nil || f.Nom() != name || len(f.SHA256()) != 64 {
			t.Errorf("%s: %q, %v", name, f.Nom(), err)
		}
	}
	f, err := s.Examiner(t.Context(), "scan", `C:\Users\moi\..\ Page  signée`+"\u202e.pdf", pdf(""))
	if err != nil || f.Nom() != "Page signée.pdf" {
		t.Errorf("folders and invisible characters: %q, %v", f.Nom(), err)
	}
	f, err = s.Examiner(t.Context(), "scan", strings.Repeat("é", 500)+".pdf", pdf(""))
	if err != nil || len([]rune(f.Nom())) != 200 || !strings.HasSuffix(f.Nom(), ".pdf") {
		t.Errorf("a long name: %q, %v", f.Nom(), err)
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	t.Parallel()
	s := document.New(portailtest.Config(t, "PORTAIL_FICHIER_MO=1"))
	bomb := part{"content.xml", strings.Repeat("0", 51<<20), false}
	lies := odt(t, part{"x", strings.Repeat("0", 60<<20), false})
	at := bytes.LastIndex(lies, []byte("PK\x01\x02")) // its directory says that the last entry is small
	binary.LittleEndian.PutUint32(lies[at+24:], 10)
	huge := picture(t, "png")
	copy(huge[16:], []byte{0, 0xff, 0xff, 0xff, 0, 0xff, 0xff, 0xff})
	locked := docx(t)
	for from := 0; ; {
		i := bytes.Index(locked[from:], []byte("PK\x01\x02"))
		if i < 0 {
			break
		}
		locked[from+i+8] |= 1
		from += i + 4
	}
	for name, c := range map[string]struct {
		file    string
		content []byte
		told    string
	}{
		"no extension":                  {"signature", pdf(""), "n’est pas accepté"},
		"only an extension":             {".pdf", pdf(""), "n’est pas accepté"},
		"a page":                        {"a.html", []byte("<html>"), "n’est pas accepté"},
		"a drawing":                     {"a.svg", []byte("<svg/>"), "n’est pas accepté"},
		"a program":                     {"a.pdf.exe", pdf(""), "n’est pas accepté"},
		"macros by name":                {"a.docm", docx(t), "n’est pas accepté"},
		"nothing":                       {"a.pdf", nil, "vide"},
		"over the cap":                  {"a.pdf", make([]byte, 1<<20+1), "taille"},
		"a page as PNG":                 {"a.png", []byte("<html><script>alert(1)</script>"), "pas ce que son nom"},
		"a page as PDF":                 {"a.pdf", []byte("<html>%PDF-1.7 %%EOF"), "pas ce que son nom"},
		"a JPEG as PNG":                 {"a.png", picture(t, "jpeg"), "pas ce que son nom"},
		"a PNG as JPEG":                 {"a.jpg", picture(t, "png"), "pas ce que son nom"},
		"a DOCX as ODT":                 {"a.odt", docx(t), "pas ce que son nom"},
		"a DOCX as XLSX":                {"a.xlsx", docx(t), "pas ce que son nom"},
		"an ODT as ODS":                 {"a.ods", odt(t), "pas ce que son nom"},
		"any archive as DOCX":           {"a.docx", pack(t, part{"a", "b", false}), "pas ce que son nom"},
		"an executable as PDF":          {"a.pdf", []byte("MZ\x90\x00"), "pas ce que son nom"},
		"PDF header later":              {"a.pdf", append([]byte("\n"), pdf("")...), "pas ce que son nom"},
		"PDF without its end":           {"a.pdf", []byte("%PDF-1.7\n1 0 obj"), "incomplet"},
		"PDF with a page behind":        {"a.pdf", append(pdf(""), "<script>alert(1)</script>"...), "incomplet"},
		"PDF with much behind":          {"a.pdf", append(pdf(""), bytes.Repeat([]byte{0}, 2000)...), "incomplet"},
		"PDF that is an archive":        {"a.pdf", pdf(string(pack(t, part{"a", "b", false}))), "en cache un autre"},
		"PNG that is cut":               {"a.png", picture(t, "png")[:40], "incomplet"},
		"PNG with an archive behind":    {"a.png", append(picture(t, "png"), pack(t, part{"a", "b", false})...), "en cache un autre"},
		"PNG whose size lies":           {"a.png", huge, "incomplet"},
		"JPEG that is cut":              {"a.jpg", picture(t, "jpeg")[:60], "incomplet"},
		"JPEG with a page behind":       {"a.jpg", append(picture(t, "jpeg"), "<script>"...), "incomplet"},
		"an archive after a page":       {"a.odt", append([]byte("<script>"), odt(t)...), "pas ce que son nom"},
		"an archive after another":      {"a.docx", append(docx(t), docx(t)...), "en cache un autre"},
		"an archive with a page behind": {"a.docx", append(docx(t), "<script>"...), "en cache un autre"},
		"a cut archive":                 {"a.odt", odt(t)[:60], "incomplet"},
		"ODT whose type is not first":   {"a.odt", pack(t, part{"content.xml", "<a/>", false}, part{"mimetype", mimeODT, true}), "pas ce que son nom"},
		"ODT whose type is compressed":  {"a.odt", pack(t, part{"mimetype", mimeODT, false}, part{"content.xml", "<a/>", false}), "pas ce que son nom"},
		"ODT of a longer type":          {"a.odt", pack(t, part{"mimetype", mimeODT + "-master", true}, part{"content.xml", "<a/>", false}), "pas ce que son nom"},
		"ODT without content":           {"a.odt", pack(t, part{"mimetype", mimeODT, true}), "pas ce que son nom"},
		"a bomb":                        {"a.odt", pack(t, part{"mimetype", mimeODT, true}, bomb), "décompressé"},
		"a bomb in two":                 {"a.docx", docx(t, part{"a", bomb.text[:26<<20], false}, part{"b", bomb.text[:26<<20], false}), "décompressé"},
		"a bomb that lies on its size":  {"a.odt", lies, "Ce fichier"},
		"2001 entries":                  {"a.odt", odt(t, many(1999)...), "trop d’éléments"},
		"a way out":                     {"a.odt", odt(t, part{"../../etc/passwd", "x", false}), "en cache un autre"},
		"an absolute name":              {"a.odt", odt(t, part{"/etc/passwd", "x", false}), "en cache un autre"},
		"a name for Windows":            {"a.odt", odt(t, part{`a\b`, "x", false}), "en cache un autre"},
		"two entries of one name":       {"a.odt", odt(t, part{"content.xml", "<b/>", false}), "en cache un autre"},
		"macros of Word":                {"a.docx", docx(t, part{"word/vbaProject.bin", "x", false}), "macros"},
		"controls of Word":              {"a.docx", docx(t, part{"word/activeX/activeX1.bin", "x", false}), "macros"},
		"macros of LibreOffice":         {"a.odt", odt(t, part{"Basic/Standard/script-lb.xml", "x", false}), "macros"},
		"scripts of LibreOffice":        {"a.odt", odt(t, part{"Scripts/python/a.py", "x", false}), "macros"},
		"a password":                    {"a.docx", locked, "mot de passe"},
	} {
		_, err := s.Examiner(t.Context(), "scan", c.file, c.content)
		var fields fault.Fields
		if !errors.As(err, &fields) || !strings.Contains(fields["scan"], c.told) {
			t.Errorf("%s: %v, want a fault that says %q", name, err, c.told)
		}
	}
}

// TestScanner talks to a false ClamAV: what it finds is refused, and when it does not answer nothing is accepted.
func TestScanner(t *testing.T) {
	t.Parallel()
	verdict := make(chan string, 1)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	received := make(chan []byte, 1)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			head := make([]byte, len("zINSTREAM\x00"))
			_, _ = io.ReadFull(conn, head)
			var all []byte
			for size := uint32(1); size > 0; {
				if binary.Read(conn, binary.BigEndian, &size) != nil {
					break
				}
				chunk := make([]byte, size)
				_, _ = io.ReadFull(conn, chunk)
				all = append(all, chunk...)
			}
			received <- all
			_, _ = io.WriteString(conn, <-verdict)
			_ = conn.Close()
		}
	}()
	s := document.New(portailtest.Config(t, "PORTAIL_CLAMD="+listener.Addr().String()))
	file := pdf(strings.Repeat("% long\n", 20000))
	for answer, check := range map[string]func(error) bool{
		"stream: OK\x00": func(err error) bool { return err == nil },
		"stream: Eicar-Test-Signature FOUND\x00": func(err error) bool {
			var fields fault.Fields
			return errors.As(err, &fields) && strings.Contains(fields["scan"], "antivirus")
		},
		"INSTREAM size limit exceeded. ERROR\x00": func(err error) bool { return errors.Is(err, fault.Unavailable) },
		"": func(err error) bool { return errors.Is(err, fault.Unavailable) },
	} {
		verdict <- answer
		_, err := s.Examiner(t.Context(), "scan", "a.pdf", file)
		if !check(err) {
			t.Errorf("the scanner says %q: %v", answer, err)
		}
		if got := <-received; !bytes.Equal(got, file) {
			t.Errorf("the scanner got %d bytes of %d", len(got), len(file))
		}
	}
	_ = listener.Close()
	if _, err := s.Examiner(t.Context(), "scan", "a.pdf", file); !errors.Is(err, fault.Unavailable) {
		t.Errorf("the scanner is away: %v", err)
	}
}

func FuzzExaminer(f *testing.F) {
	for _, seed := range [][]byte{pdf(""), odt(f), docx(f), picture(f, "png"), picture(f, "jpeg")} {
		f.Add("a.pdf", seed)
		f.Add("a.odt", seed)
		f.Add("a.png", seed)
	}
	s := document.New(portailtest.Config(f))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		_, err := s.Examiner(t.Context(), "scan", name, content)
		var fields fault.Fields
		if err != nil && !errors.As(err, &fields) {
			t.Errorf("%q: %v is no refusal", name, err)
		}
	})
}

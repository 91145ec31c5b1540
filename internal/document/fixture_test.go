package document_test

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

const (
	mimeODT = "application/vnd.oasis.opendocument.text"
	mimeODS = "application/vnd.oasis.opendocument.spreadsheet"
)

// part is an entry of an archive made for a test.
type part struct {
	name, text string
	stored     bool
}

// pack makes an archive of the parts, in their order.
func pack(t testing.TB, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		h := &zip.FileHeader{Name: p.name, Method: zip.Deflate}
		create := z.CreateHeader
		if p.stored {
			h.Method, create = zip.Store, z.CreateRaw
			h.CRC32, h.CompressedSize64, h.UncompressedSize64 = crc32.ChecksumIEEE([]byte(p.text)), uint64(len(p.text)), uint64(len(p.text))
		}
		w, err := create(h)
		if err == nil {
			_, err = w.Write([]byte(p.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func odt(t testing.TB, more ...part) []byte {
	return pack(t, append([]part{{"mimetype", mimeODT, true}, {"content.xml", "<a/>", false}}, more...)...)
}

func docx(t testing.TB, more ...part) []byte {
	return pack(t, append([]part{{"[Content_Types].xml", "<a/>", false}, {"word/document.xml", "<a/>", false}}, more...)...)
}

func pdf(more string) []byte {
	return []byte("%PDF-1.7\n1 0 obj\n<< >>\nendobj\n" + more + "\ntrailer\n<< >>\nstartxref\n0\n%%EOF\n")
}

func picture(t testing.TB, kind string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	if img := image.NewGray(image.Rect(0, 0, 3, 3)); kind == "png" {
		err = png.Encode(&b, img)
	} else {
		err = jpeg.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// many are n empty entries.
func many(n int) []part {
	all := make([]part, n)
	for i := range all {
		all[i] = part{name: strings.Repeat("x", i%50) + "-" + string(rune('a'+i%26)) + strings.Repeat("y", i/50), text: ""}
	}
	return all
}

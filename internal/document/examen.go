package document

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"portail/web/typo"
)

// finPDF is how far from the end the mark of the end may stand.
const finPDF = 1024

// maxPixels is far above a scanned A3 page at 600 dpi: beyond, a small file fills the memory of whoever opens it.
const maxPixels = 150_000_000

const (
	autreType = "Le contenu de ce fichier n’est pas ce que son nom annonce."
	incomplet = "Ce fichier est incomplet ou abîmé" + typo.NBSP + ": ouvrez-le, enregistrez-le de nouveau, puis réessayez."
	double    = "Ce fichier en cache un autre" + typo.NBSP + ": enregistrez-le de nouveau depuis le logiciel qui l’a fait."
)

// examinePDF wants the header at the first byte and the mark of the end at the last: nothing before, nothing behind.
func examinePDF(b []byte) string {
	if !bytes.HasPrefix(b, []byte("%PDF-1.")) && !bytes.HasPrefix(b, []byte("%PDF-2.")) {
		return autreType
	}
	end := bytes.TrimRight(b, "\r\n\t \x00")
	if !bytes.HasSuffix(end, []byte("%%EOF")) || len(b)-len(end) > finPDF {
		return incomplet
	}
	return aussiArchive(b)
}

// aussiArchive refuses a file that is an archive too, whatever it says it is.
func aussiArchive(b []byte) string {
	if _, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err == nil {
		return double
	}
	return ""
}

const signaturePNG = "\x89PNG\r\n\x1a\n"

// examinePNG reads the chunks one by one, their checksums included, up to the last byte.
func examinePNG(b []byte) string {
	if !bytes.HasPrefix(b, []byte(signaturePNG)) {
		return autreType
	}
	c, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return incomplet
	}
	if told := tropGrande(c); told != "" {
		return told
	}
	for rest := b[len(signaturePNG):]; ; {
		if len(rest) < 12 {
			return incomplet
		}
		n := int64(binary.BigEndian.Uint32(rest)) + 12 // length, name, data, checksum
		if n > int64(len(rest)) || crc32.ChecksumIEEE(rest[4:n-4]) != binary.BigEndian.Uint32(rest[n-4:]) {
			return incomplet
		}
		name := string(rest[4:8])
		rest = rest[n:]
		if name == "IEND" {
			if len(rest) > 0 {
				return double
			}
			return aussiArchive(b)
		}
	}
}

func examineJPEG(b []byte) string {
	if !bytes.HasPrefix(b, []byte{0xff, 0xd8, 0xff}) {
		return autreType
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil || !bytes.HasSuffix(bytes.TrimRight(b, "\x00"), []byte{0xff, 0xd9}) {
		return incomplet
	}
	if told := tropGrande(c); told != "" {
		return told
	}
	return aussiArchive(b)
}

func tropGrande(c image.Config) string {
	if int64(c.Width)*int64(c.Height) > maxPixels {
		return "Cette image est trop grande" + typo.NBSP + ": " + typo.Nombre(maxPixels/1_000_000) + typo.NBSP + "millions de points au plus."
	}
	return ""
}

// Bounds of an office document once unpacked.
const (
	maxDeballe = 50 << 20
	maxEntrees = 2000
)

// opendocument examines a document of LibreOffice: its own type must be the first entry, as it is, so that nothing else passes for it.
func opendocument(mime string) func([]byte) string {
	return func(b []byte) string {
		z, told := archive(b)
		if told != "" {
			return told
		}
		first := z.File[0]
		if first.Name != "mimetype" || first.Method != zip.Store || !bytes.HasPrefix(b[30+len("mimetype")+len(first.Extra):], []byte(mime)) || first.UncompressedSize64 != uint64(len(mime)) {
			return autreType
		}
		return parcourir(z, "content.xml")
	}
}

// openxml examines a document of Word or Excel by its main part.
func openxml(main string) func([]byte) string {
	return func(b []byte) string {
		z, told := archive(b)
		if told != "" {
			return told
		}
		return parcourir(z, "[Content_Types].xml", main)
	}
}

// tailleFin is the size of the end record of a zip file without comment.
const tailleFin = 22

// archive opens an office document. It begins at the first byte and ends at the last: nothing hides before or behind.
func archive(b []byte) (*zip.Reader, string) {
	if !bytes.HasPrefix(b, []byte("PK\x03\x04")) {
		return nil, autreType
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(z.File) == 0 {
		return nil, incomplet
	}
	if fin := len(b) - tailleFin; fin < 0 || !bytes.HasPrefix(b[fin:], []byte("PK\x05\x06")) ||
		int64(binary.LittleEndian.Uint32(b[fin+12:]))+int64(binary.LittleEndian.Uint32(b[fin+16:])) != int64(fin) { // size and place of the directory
		return nil, double
	}
	if at, err := z.File[0].DataOffset(); err != nil || at != int64(30+len(z.File[0].Name)+len(z.File[0].Extra)) {
		return nil, double
	}
	return z, ""
}

// parcourir unpacks every entry, counting as it reads: what an archive says of its own size is not believed. The names given must all
// be there.
func parcourir(z *zip.Reader, wanted ...string) string {
	if len(z.File) > maxEntrees {
		return "Ce fichier contient trop d’éléments" + typo.NBSP + ": " + typo.Nombre(maxEntrees) + " au plus."
	}
	left := int64(maxDeballe)
	names := map[string]bool{}
	for _, f := range z.File {
		if told := entree(f, names); told != "" {
			return told
		}
		names[f.Name] = true
		in, err := f.Open()
		if err != nil {
			return incomplet
		}
		n, err := io.Copy(io.Discard, io.LimitReader(in, left+1))
		_ = in.Close() // its checksum was read at the end of the data
		if left -= n; left < 0 {
			return "Ce fichier est trop gros une fois décompressé" + typo.NBSP + ": " + typo.Octets(maxDeballe) + " au plus."
		}
		if err != nil {
			return incomplet
		}
	}
	for _, name := range wanted {
		if !names[name] {
			return autreType
		}
	}
	return ""
}

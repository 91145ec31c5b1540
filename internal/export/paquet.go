package export

import (
	"archive/zip"
	"compress/flate"
	"hash/crc32"
	"io"
)

// part is a file inside an OpenDocument package.
type part struct{ name, text string }

// newPackage starts an OpenDocument package. The specification wants the type first, stored, its size known at once (no data
// descriptor), so that it is read at a fixed place of the file.
func newPackage(w io.Writer, kind string) (*zip.Writer, error) {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(out, flate.BestSpeed)
	})
	mime := []byte(kind)
	entry, err := z.CreateRaw(&zip.FileHeader{Name: "mimetype", Method: zip.Store, CRC32: crc32.ChecksumIEEE(mime),
		CompressedSize64: uint64(len(mime)), UncompressedSize64: uint64(len(mime))})
	if err != nil {
		return nil, err
	}
	_, err = entry.Write(mime)
	return z, err
}

// addParts writes the parts, then opens content.xml, the last one.
func addParts(z *zip.Writer, parts []part) (content io.Writer, err error) {
	for _, p := range parts {
		entry, err := z.Create(p.name)
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(entry, p.text); err != nil {
			return nil, err
		}
	}
	return z.Create("content.xml")
}

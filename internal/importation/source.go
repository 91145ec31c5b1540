package importation

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
)

// Source is a file to take in, on disk or carried by the binary. It may be compressed by gzip: its content tells.
type Source struct {
	Name string // for reports and provenance, without its folders
	Size int64  // bytes to read, for the progress
	Open func() (io.ReadCloser, error)
}

// File is a Source on disk.
func File(name string) (Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return Source{}, fmt.Errorf("import: %w", err)
	}
	if info.IsDir() {
		return Source{}, fmt.Errorf("import: %s is a directory", name)
	}
	return Source{Name: filepath.Base(name), Size: info.Size(), Open: func() (io.ReadCloser, error) { return os.Open(name) }}, nil
}

// Sha256 is the fingerprint that the table importation keeps of a source: that of its content, unpacked.
func (s Source) Sha256() (string, error) {
	in, err := open(s, &progress{})
	if err != nil {
		return "", err
	}
	defer func() { _ = in.Close() }() // read only
	if err := in.drain(); err != nil {
		return "", err
	}
	return in.sha256(), nil
}

// progress adds up the bytes read from all files of a command.
type progress struct {
	done, total int64
	tell        func(done, total int64)
}

func (p *progress) add(n int) {
	p.done += int64(n)
	if p.tell != nil && n > 0 {
		p.tell(p.done, p.total)
	}
}

// maxUnpacked stops a file that would unpack without end; the addresses of the whole country are 4 GB.
const maxUnpacked = 16 << 30

var errTooBig = errors.New("file above 16 GB once unpacked")

// input is the unpacked content of a file, with its fingerprint.
type input struct {
	*bufio.Reader
	file io.Closer
	hash hash.Hash
}

func open(src Source, p *progress) (*input, error) {
	f, err := src.Open()
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", src.Name, err)
	}
	packed := bufio.NewReaderSize(&counter{r: f, add: p.add}, 1<<16)
	var content io.Reader = packed
	if start, _ := packed.Peek(2); bytes.Equal(start, []byte{0x1f, 0x8b}) {
		if content, err = gzip.NewReader(packed); err != nil {
			return nil, errors.Join(fmt.Errorf("unpack %s: %w", src.Name, err), f.Close())
		}
	}
	in := &input{file: f, hash: sha256.New()}
	in.Reader = bufio.NewReaderSize(&capped{r: io.TeeReader(content, in.hash), left: maxUnpacked}, 1<<16)
	return in, nil
}

// Close closes the file.
func (in *input) Close() error { return in.file.Close() }

// drain reads what is left, so that the fingerprint is that of the whole file.
func (in *input) drain() error {
	_, err := io.Copy(io.Discard, in.Reader)
	return err
}

// sha256 is the fingerprint of what was read.
func (in *input) sha256() string { return hex.EncodeToString(in.hash.Sum(nil)) }

// encoding says in French why the first bytes cannot be UTF-8 text, and passes over a UTF-8 byte order mark.
func (in *input) encoding() string {
	start, _ := in.Peek(512)
	switch {
	case len(start) == 0:
		return "Le fichier est vide."
	case bytes.HasPrefix(start, []byte{0xef, 0xbb, 0xbf}):
		_, _ = in.Discard(3) // peeked: they are there
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}), bytes.HasPrefix(start, []byte{0xfe, 0xff}),
		bytes.Count(start, []byte{0}) > len(start)/3:
		return "Le fichier est encodé en UTF-16\u00a0: l’enregistrer en UTF-8."
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return "Le fichier est un classeur ou une archive ZIP\u00a0: un CSV ou un GeoJSON est attendu."
	}
	return ""
}

// startsWith tells whether the first character, blanks aside, is c.
func (in *input) startsWith(c byte) bool {
	start, _ := in.Peek(512)
	start = bytes.TrimLeft(start, " \t\r\n")
	return len(start) > 0 && start[0] == c
}

// counter tells how many bytes go through it.
type counter struct {
	r   io.Reader
	add func(int)
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.add(n)
	return n, err
}

// capped refuses to give more than so many bytes.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, errTooBig
	}
	return n, err
}

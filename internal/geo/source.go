package geo

import (
	"errors"
	"io"
	"unicode/utf8"
)

var (
	errTooBig  = errors.New("file above the size limit")
	errNotUTF8 = errors.New("file not in UTF-8")
)

// source counts the lines of what a JSON decoder reads through it, refuses
// bytes that are not UTF-8 (the decoder would silently replace them) and stops
// after max bytes.
type source struct {
	r        io.Reader
	left     int64
	read     int64
	newlines []int64 // offsets of the line ends not yet passed by line
	passed   int
	tail     []byte // an unfinished character at the end of the last read
	err      error  // the refusal, repeated to whoever reads on
}

func (s *source) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	if s.left -= int64(n); s.left < 0 {
		s.err = errTooBig
		return 0, s.err
	}
	for i, c := range p[:n] {
		if c == '\n' {
			s.newlines = append(s.newlines, s.read+int64(i))
		}
	}
	s.read += int64(n)
	if !s.validUTF8(p[:n]) {
		s.err = errNotUTF8
		return 0, s.err
	}
	return n, err
}

// validUTF8 keeps a character cut by the end of p for the next call.
func (s *source) validUTF8(p []byte) bool {
	b := append(s.tail, p...)
	keep := 0
	for i := 1; i <= min(utf8.UTFMax-1, len(b)); i++ {
		if last := b[len(b)-i:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				keep = i
			}
			break
		}
	}
	ok := utf8.Valid(b[:len(b)-keep])
	s.tail = append(s.tail[:0], b[len(b)-keep:]...)
	return ok
}

// line gives the line (from 1) of a byte offset; offsets must not go back.
func (s *source) line(offset int64) int {
	i := 0
	for i < len(s.newlines) && s.newlines[i] < offset {
		i++
	}
	s.newlines = s.newlines[i:]
	s.passed += i
	return s.passed + 1
}

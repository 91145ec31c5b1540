package export

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean removes what XML 1.0 cannot hold and no reader expects (control
// characters, bytes that are not UTF-8, lone surrogates, non-characters), and
// makes every line end "\n". Without it one bad cell would keep a whole file
// from opening.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '\r':
			b.WriteByte('\n')
		case r == utf8.RuneError:
			if _, size := utf8.DecodeRuneInString(s[i:]); size > 1 {
				b.WriteRune(r) // U+FFFD itself was written
			}
		case printable(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isClean(s string) bool {
	for _, r := range s {
		if r == utf8.RuneError || !printable(r) {
			return false
		}
	}
	return true
}

func printable(r rune) bool {
	return r == '\t' || r == '\n' || r >= 0x20 && (r < 0x7F || r > 0x9F) && r&0xFFFE != 0xFFFE && (r < 0xFDD0 || r > 0xFDEF)
}

// neutral prefixes with an apostrophe a text that a spreadsheet could run as a
// formula, as OWASP advises ("CSV injection"): one that starts with = + - @,
// their full-width forms, or a tab or line end. What hides before the sign
// (spaces, invisible characters) is looked through.
func neutral(s string) string {
	if s == "" {
		return s
	}
	if s[0] == '\t' || s[0] == '\n' {
		return "'" + s
	}
	start := strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	if r, _ := utf8.DecodeRuneInString(start); start != "" && strings.ContainsRune("=+-@＝＋－＠", r) {
		return "'" + s
	}
	return s
}

package export

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxNom keeps file names below what every file system and archive accepts.
const maxNom = 100

// FileName makes the name of a file from its parts, the day and an extension
// without dot: FileName(day, "ods", "QPV", "88") is "qpv-88-2026-11-22.ods".
// It holds nothing but a-z, 0-9, dashes and the dot, so it needs no quoting
// in a header and is the same on every system.
func FileName(day time.Time, ext string, parts ...string) string {
	name := ascii(strings.Join(parts, "-"))
	if len(name) > maxNom {
		name = strings.TrimRight(name[:maxNom], "-")
	}
	if name == "" {
		name = "export"
	}
	return name + "-" + day.Format(time.DateOnly) + "." + ascii(ext)
}

var ligatures = strings.NewReplacer("œ", "oe", "Œ", "oe", "æ", "ae", "Æ", "ae", "ß", "ss")

// ascii lowers letters, drops their accents, and puts one dash for the rest.
func ascii(s string) string {
	var b strings.Builder
	dash := false
	for _, r := range norm.NFKD.String(ligatures.Replace(s)) {
		r = unicode.ToLower(r)
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		default:
			dash = true
		}
	}
	return b.String()
}

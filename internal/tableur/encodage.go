package tableur

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"portail/web/typo"
)

// decoder brings a text to UTF-8 and says what it was written in; what is no text, or of two encodings, is refused where it shows.
func decoder(content []byte) (text []byte, encodage string, err error) {
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xfe")):
		text, err = decoderUTF16(content[2:], binary.LittleEndian)
		encodage = "UTF-16"
	case bytes.HasPrefix(content, []byte("\xfe\xff")):
		text, err = decoderUTF16(content[2:], binary.BigEndian)
		encodage = "UTF-16"
	case nuls(content, 1):
		text, err = decoderUTF16(content, binary.LittleEndian)
		encodage = "UTF-16"
	case nuls(content, 0):
		text, err = decoderUTF16(content, binary.BigEndian)
		encodage = "UTF-16"
	default:
		text, _ = bytes.CutPrefix(content, []byte("\xef\xbb\xbf"))
		encodage = "UTF-8"
		if !utf8.Valid(text) {
			encodage = "Windows-1252"
			text, err = decoderWindows(text)
		}
	}
	if err != nil {
		return nil, "", err
	}
	if at := bytes.IndexFunc(text, func(c rune) bool { return c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f }); at >= 0 {
		if at < 4 || bytes.Count(text, []byte{0}) > len(text)/100 {
			return nil, "", refuse("Ce n’est pas un fichier de tableur" + typo.NBSP + ": un fichier ODS, XLSX ou CSV est attendu.")
		}
		return nil, "", place(text, at, "Cette cellule contient un caractère de contrôle, qu’aucun tableur n’écrit.")
	}
	return text, encodage, nil
}

// nuls says whether a text is in UTF-16 without its mark: of its first pairs, most hold a NUL at the same place.
func nuls(content []byte, at int) bool {
	head := content[:min(len(content), 400)]
	pairs, found := 0, 0
	for i := 0; i+1 < len(head); i += 2 {
		pairs++
		if head[i+at] == 0 && head[i+1-at] != 0 {
			found++
		}
	}
	return pairs > 0 && found*2 > pairs
}

func decoderUTF16(content []byte, order binary.ByteOrder) ([]byte, error) {
	if len(content)%2 != 0 {
		return nil, refuse("Ce fichier en UTF-16 est coupé" + typo.NBSP + ": enregistrez-le de nouveau, de préférence en UTF-8.")
	}
	units := make([]uint16, len(content)/2)
	for i := range units {
		units[i] = order.Uint16(content[2*i:])
	}
	text := make([]byte, 0, len(content))
	for i := 0; i < len(units); i++ {
		c := rune(units[i])
		if utf16.IsSurrogate(c) {
			next := rune(0)
			if i+1 < len(units) {
				next = rune(units[i+1])
			}
			if c = utf16.DecodeRune(c, next); c == utf8.RuneError {
				return nil, place(text, len(text), "Ce caractère n’existe pas en UTF-16"+typo.NBSP+": le fichier mêle sans doute deux encodages. Enregistrez-le de nouveau, de préférence en UTF-8.")
			}
			i++
		}
		text = utf8.AppendRune(text, c)
	}
	return text, nil
}

// decoderWindows reads Windows-1252, which old spreadsheets write. A text that also holds whole characters of UTF-8 is of both: the
// first place where it leaves UTF-8 is told.
func decoderWindows(text []byte) ([]byte, error) {
	broken, whole := -1, 0
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		switch {
		case c == utf8.RuneError && size == 1 && broken < 0:
			broken = i
		case size > 1:
			whole++
		}
		i += size
	}
	if whole > 0 {
		return nil, place(text, broken, "Ce fichier mêle deux encodages (UTF-8 et Windows-1252)"+typo.NBSP+": enregistrez-le de nouveau en UTF-8.")
	}
	for i, c := range text {
		switch c {
		case 0x81, 0x8d, 0x8f, 0x90, 0x9d: // mean nothing in Windows-1252
			return nil, place(text, i, "L’encodage de ce fichier n’est pas reconnu"+typo.NBSP+": enregistrez-le en UTF-8.")
		}
	}
	decoded, err := charmap.Windows1252.NewDecoder().Bytes(text)
	if err != nil {
		return nil, refuse("L’encodage de ce fichier n’est pas reconnu" + typo.NBSP + ": enregistrez-le en UTF-8.")
	}
	return decoded, nil
}

// place refuses a text for what stands at a byte of it, told by line and column.
func place(text []byte, at int, phrase string) error {
	separator, line, column, quoted := separateur(text), 1, 0, false
	for _, c := range text[:min(at, len(text))] {
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n':
			line++
			if !quoted {
				column = 0
			}
		case rune(c) == separator && !quoted:
			column++
		}
	}
	return refuseAt(line, column, phrase)
}

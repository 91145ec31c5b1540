package typo

import "strings"

// Telephone writes a ten-digit French number in pairs, and any other as it was typed.
func Telephone(s string) string {
	digits := TelephoneChiffres(s)
	if len(digits) != 10 || digits[0] != '0' {
		return s
	}
	return strings.Join([]string{digits[:2], digits[2:4], digits[4:6], digits[6:8], digits[8:]}, NBSP)
}

// TelephoneChiffres is a telephone number as a link dials it.
func TelephoneChiffres(s string) string {
	return strings.Map(func(c rune) rune {
		if c == '+' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, s)
}

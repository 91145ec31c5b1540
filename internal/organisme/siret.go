package organisme

import (
	"strings"

	"portail/web/typo"
)

// Lengths of the identifiers of SIRENE.
const (
	siretLen = 14
	sirenLen = 9
)

// laPoste is the SIREN of La Poste: the digits of its establishments add up to a multiple of five, and not to a Luhn key.
const laPoste = "356000000"

// siretFaute says in words why a SIRET is refused; "" when it is not. The function siret_valide of the schema is the same rule.
func siretFaute(s string) string {
	if strings.Trim(s, "0123456789") != "" {
		return "Un SIRET ne contient que des chiffres."
	}
	if len(s) != siretLen {
		return "Un SIRET compte 14" + typo.NBSP + "chiffres\u00a0; vous en avez saisi " + typo.Nombre(int64(len(s))) + "."
	}
	if strings.HasPrefix(s, "000000000") || !siretCle(s) {
		return "Ce SIRET n’existe pas" + typo.NBSP + ": sa clé de contrôle est fausse. Vérifiez chaque chiffre."
	}
	return ""
}

// siretCle says whether 14 digits hold their control key.
func siretCle(s string) bool {
	luhn, sum := 0, 0
	for i, c := range []byte(s) {
		d := int(c - '0')
		sum += d
		if i%2 == 0 { // every second digit from the right, and there are 14
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		luhn += d
	}
	return luhn%10 == 0 || strings.HasPrefix(s, laPoste) && sum%5 == 0
}

// siretGroupe writes a SIRET as people read it: the SIREN by threes, then the establishment.
func siretGroupe(s string) string {
	if len(s) != siretLen {
		return s
	}
	return strings.Join([]string{s[:3], s[3:6], s[6:sirenLen], s[sirenLen:]}, typo.NBSP)
}

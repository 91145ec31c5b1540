package courriel

import "time"

// Impatient shortens the wait between tries, for tests.
func (s *Service) Impatient() *Service {
	s.attente = func(int) time.Duration { return 50 * time.Millisecond }
	return s
}

// Attente is the wait after the given try.
func Attente(essai int) time.Duration { return attente(essai) }

// MaxEssais is how many times a mail is tried.
const MaxEssais = maxEssais

// ParseFiltres reads the query of the list.
var ParseFiltres = parseFiltres

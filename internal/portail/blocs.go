package portail

import "portail/internal/echeance"

// blocs are the parts of the dashboard that areas bring, in the order shown. An area adds its own here: a function that reads what
// whoever asks should know of it, in one round trip, and answers nil when that is nothing.
func blocs() []echeance.Bloc { return nil }

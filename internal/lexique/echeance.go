package lexique

import "slices"

// SortesEcheance are what an échéance is about, an area after the other.
var SortesEcheance = slices.Concat(EcheancesContrat, EcheancesCis, EcheancesDispositif, EcheancesDiagnostic)

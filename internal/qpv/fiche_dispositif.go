package qpv

import "portail/web/typo"

// rangMediation is the rank of the mediation posts of an employer.
const rangMediation = 2

// dispositifFiche is what the public may know of a dispositif of a quarter: a programme de réussite éducative, the mediation posts of
// an employer, or another record. No person is in it.
type dispositifFiche struct {
	Rang            int
	Titre           string // programme, employer or record
	Porteur         string // who holds it; empty for an employer
	Detail          string // whom to ask, or which dispositif
	Code            string // of the public page of the dispositif
	Postes, Pourvus int64  // of an employer
	Demonstration   bool
}

// texte is what is said beside the title.
func (d dispositifFiche) texte() string {
	switch {
	case d.Rang == rangMediation:
		s := typo.NPluriel(d.Postes, "poste", "postes") + " de médiation"
		if d.Pourvus < d.Postes {
			s += ", dont " + typo.NPluriel(d.Postes-d.Pourvus, "vacant", "vacants")
		}
		return s
	case d.Detail == "":
		return d.Porteur
	}
	return d.Porteur + ", " + d.Detail
}

package dispositif

import (
	"fmt"
	"slices"
	"time"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web/typo"
)

// States of a convention (codes of lexique.EtatsAdulteRelais).
const (
	etatDemande  = "demande"
	etatAvis     = "avis"
	etatAccordee = "accordee"
	etatSignee   = "signee"
	etatPourvue  = "pourvue"
	etatVacante  = "vacante"
	etatTerminee = "terminee"
	etatResiliee = "resiliee"
	etatRefusee  = "refusee"
)

// etatsVivants are those of a convention that is signed and not over.
var etatsVivants = []string{etatSignee, etatPourvue, etatVacante}

// transition is one arrow of the life of a convention: from which states, to which, and who may.
type transition struct {
	Acte    string // last part of the address
	Libelle string // of the button
	Verbe   string // of the journal line
	De      []string
	Vers    string // empty: the state stays
	Droit   droits.Droit
}

// transitions are the whole life of a convention:
//
//	demande → avis → accordee → signee → pourvue ⇄ vacante → terminee
//	   └───────┴────────┴→ refusee    └──────┴────────┴→ resiliee
var transitions = []transition{
	{lien.ActeModifier, "Modifier", "convention modifiée", []string{etatDemande, etatAvis}, etatDemande, droits.AdulteRelaisDemander},
	{lien.ActeAviser, "Donner l’avis du délégué", "avis du délégué rendu", []string{etatDemande, etatAvis}, etatAvis, droits.AdulteRelaisAviser},
	{lien.ActeAccorder, "Accorder le poste", "poste accordé", []string{etatAvis}, etatAccordee, droits.AdulteRelaisDecider},
	{lien.ActeSigner, "Enregistrer la signature", "convention signée", []string{etatAccordee}, etatSignee, droits.DispositifModifier},
	{lien.ActePourvoir, "Enregistrer une embauche", "poste pourvu", []string{etatSignee, etatVacante}, etatPourvue, droits.DispositifModifier},
	{lien.ActeDepart, "Enregistrer un départ", "poste vacant", []string{etatPourvue}, etatVacante, droits.DispositifModifier},
	{lien.ActeRenouveler, "Renouveler", "renouvellement demandé", append([]string{etatTerminee}, etatsVivants...), "", droits.DispositifModifier},
	{lien.ActeTerminer, "Clore à son terme", "convention terminée", etatsVivants, etatTerminee, droits.DispositifModifier},
	{lien.ActeDeroger, "Accorder une dérogation", "dérogation accordée", append([]string{etatDemande, etatAvis, etatAccordee}, etatsVivants...), "", droits.AdulteRelaisDeroger},
	{lien.ActePieces, "Noter les pièces reçues", "pièces trimestrielles notées", append([]string{etatTerminee, etatResiliee}, etatsVivants...), "", droits.DispositifModifier},
	{lien.ActeReference, "Compléter", "références complétées", append([]string{etatAccordee, etatTerminee}, etatsVivants...), "", droits.DispositifModifier},
	{lien.ActeRefuser, "Refuser", "poste refusé", []string{etatDemande, etatAvis, etatAccordee}, etatRefusee, droits.AdulteRelaisDecider},
	{lien.ActeResilier, "Résilier", "convention résiliée", etatsVivants, etatResiliee, droits.DispositifModifier},
}

// transitionOf is the arrow of that act.
func transitionOf(acte string) transition {
	i := slices.IndexFunc(transitions, func(t transition) bool { return t.Acte == acte })
	if i < 0 {
		panic(fmt.Sprintf("no transition %q", acte)) // acts are constants of lien
	}
	return transitions[i]
}

// check refuses an act that the state does not allow. A request is its employer's until the délégué has given an opinion on it.
func (t transition) check(a AdulteRelais, par droits.Compte) error {
	if slices.Contains(t.De, a.Etat) && (par.Role.Prefecture() || a.Etat == etatDemande) {
		return nil
	}
	return fault.Fields{"": "Ce n’est pas possible dans l’état actuel de la convention" + typo.NBSP + ": " + typo.Guillemets(lexique.Libelle(lexique.EtatsAdulteRelais, a.Etat)) + "."}
}

// actes are the acts that the record allows now to whoever looks at it.
func (a AdulteRelais) actes(par droits.Compte, auj time.Time) []transition {
	var all []transition
	for _, t := range transitions {
		switch {
		case t.check(a, par) != nil || !par.Peut(t.Droit):
		case t.Acte == lien.ActeTerminer && !auj.After(a.Fin):
		case t.Acte == lien.ActeRenouveler && a.SuivanteID != nil:
		case t.Acte == lien.ActeAviser && !a.dansPerimetre(par):
		default:
			all = append(all, t)
		}
	}
	return all
}

// dansPerimetre says whether a délégué's lettre de mission covers one of the quarters of the post; a post without quarter is any délégué's.
func (a AdulteRelais) dansPerimetre(par droits.Compte) bool {
	return len(a.QPV) == 0 || slices.ContainsFunc(a.QPV, func(id int32) bool { return slices.Contains(par.QPV, id) })
}

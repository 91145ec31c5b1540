package contrat

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Bounds of what an engagement may say.
const (
	maxMontant = 1e12 // €
	maxValeur  = 1e12
	cibleEgale = "La cible doit différer de la référence."
)

func (e Engagement) propre() Engagement {
	e.Texte, e.Indicateur, e.CibleSource = saisie.Paragraphes(e.Texte), saisie.Ligne(e.Indicateur), saisie.Ligne(e.CibleSource)
	return e
}

// check is the rules of an engagement (R-CV-4, R-S-7): it says whose it is and where its means come from; a target is whole, goes from its
// reference to something else, and falls with its day within the contract.
func (e Engagement) check(c Contenu) error {
	f := fault.Fields{}
	if e.Texte == "" {
		f.Add("texte", "Décrivez l’engagement.")
	}
	saisie.Longueur(f, "texte", e.Texte, maxEngagement)
	if !slices.ContainsFunc(c.Objectifs, func(o Objectif) bool { return o.ID == e.ObjectifID }) {
		f.Add("objectif", "Choisissez un objectif de ce contrat.")
	}
	if !slices.ContainsFunc(c.Parties, func(p Partie) bool { return p.ID == e.PartieID }) {
		f.Add("partie", "Choisissez la partie qui s’engage.")
	}
	if !lexique.Connu(lexique.Credits, e.Credits) {
		f.Add("credits", "Dites si les moyens relèvent du droit commun ou de crédits spécifiques.")
	}
	if e.Montant != nil && (*e.Montant < 0 || *e.Montant > maxMontant) {
		f.Add("montant", "Indiquez un montant positif, de "+typo.Euros(maxMontant, 0)+" au plus.")
	}
	e.checkAnnees(f, c.Version)
	e.checkCible(f, c.Version)
	return f.Err()
}

func (e Engagement) checkAnnees(f fault.Fields, v Version) {
	for champ, year := range map[string]*int{"annee_debut": e.AnneeDebut, "annee_fin": e.AnneeFin} {
		if year != nil && (*year < v.Debut.Year() || *year > v.Fin.Year()) {
			f.Add(champ, fmt.Sprintf("L’année doit être une de celles du contrat, de %d à %d.", v.Debut.Year(), v.Fin.Year()))
		}
	}
	switch {
	case e.AnneeDebut == nil && e.AnneeFin != nil:
		f.Add("annee_debut", "Indiquez aussi la première année.")
	case e.AnneeFin != nil && *e.AnneeFin < *e.AnneeDebut:
		f.Add("annee_fin", "La dernière année doit suivre la première.")
	}
	if e.Echeance != nil && (e.Echeance.Before(v.Debut) || e.Echeance.After(v.Fin)) {
		f.Add("echeance", "L’échéance doit tomber pendant le contrat, entre le "+typo.Date(v.Debut)+" et le "+typo.Date(v.Fin)+".")
	}
}

func (e Engagement) checkCible(f fault.Fields, v Version) {
	saisie.Longueur(f, "indicateur", e.Indicateur, maxLigne)
	saisie.Longueur(f, "cible_source", e.CibleSource, maxLigne)
	if e.Indicateur == "" && e.CibleSource == "" && e.ReferenceValeur == nil && e.ReferenceLe == nil && e.CibleValeur == nil && e.CibleLe == nil {
		return
	}
	const entiere = "Une cible chiffrée est entière ou absente" + "\u00a0" + ": complétez ce champ, ou videz les autres."
	for champ, absent := range map[string]bool{"indicateur": e.Indicateur == "", "reference_valeur": e.ReferenceValeur == nil, "reference_le": e.ReferenceLe == nil,
		"cible_valeur": e.CibleValeur == nil, "cible_le": e.CibleLe == nil, "cible_source": e.CibleSource == ""} {
		if absent {
			f.Add(champ, entiere)
		}
	}
	if e.CibleValeur != nil && e.ReferenceValeur != nil && *e.CibleValeur == *e.ReferenceValeur {
		f.Add("cible_valeur", cibleEgale)
	}
	if e.CibleLe == nil {
		return
	}
	if e.CibleLe.Before(v.Debut) || e.CibleLe.After(v.Fin) {
		f.Add("cible_le", "L’échéance de la cible doit tomber pendant le contrat, entre le "+typo.Date(v.Debut)+" et le "+typo.Date(v.Fin)+".")
	}
	if e.ReferenceLe != nil && !e.ReferenceLe.Before(*e.CibleLe) {
		f.Add("reference_le", "La référence doit précéder la cible.")
	}
}

// SaveEngagement adds an engagement to an objectif or changes it; another objectif moves it there, at the end. f holds the faults of what could
// not be read.
func (s *Service) SaveEngagement(ctx context.Context, par droits.Compte, r Ref, e Engagement, f fault.Fields, cle string) error {
	e = e.propre()
	return s.rediger(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		c, err := readContenu(ctx, tx, r)
		if err != nil {
			return "", nil, err
		}
		if err := f.Merge(e.check(c)); err != nil {
			return "", nil, err
		}
		before := Engagement{}
		if e.ID == 0 {
			_, fresh, err := insertEngagement(ctx, tx, v.ID, e, cle)
			if err != nil || !fresh {
				return "", nil, err
			}
		} else {
			i := slices.IndexFunc(c.Engagements, func(x Engagement) bool { return x.ID == e.ID })
			if i < 0 {
				return "", nil, fault.NotFound
			}
			before = c.Engagements[i]
			if err := updateEngagement(ctx, tx, e); err != nil {
				return "", nil, err
			}
		}
		return ajoute("engagement ajouté", "engagement modifié", before.ID == 0), e.difference(before, c), nil
	})
}

func (e Engagement) difference(before Engagement, c Contenu) journal.Changement {
	titre := func(id int64) string {
		for _, o := range c.Objectifs {
			if o.ID == id {
				return o.Titre
			}
		}
		return ""
	}
	partie := func(id int64) string {
		for _, p := range c.Parties {
			if p.ID == id {
				return p.OrganismeNom
			}
		}
		return ""
	}
	moyens := func(e Engagement) string {
		if e.Credits == "" {
			return ""
		}
		return e.Moyens()
	}
	d := journal.Changement{"engagement": {before.Texte, e.Texte}}
	d.Champ("objectif", titre(before.ObjectifID), titre(e.ObjectifID))
	d.Champ("partie", partie(before.PartieID), partie(e.PartieID))
	d.Champ("credits", moyens(before), moyens(e))
	d.Champ("echeance", jourISO(before.Echeance), jourISO(e.Echeance))
	d.Champ("cible", before.Cible(), e.Cible())
	return d
}

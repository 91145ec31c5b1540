package dispositif

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// champsAR are the labels of the fields of journal lines of a convention.
var champsAR = map[string]string{
	"numero": "Numéro", "employeur": "Employeur", "categorie": "Catégorie", "territoire": "Territoire", "quartiers": "Quartiers", "missions": "Missions",
	"missions_texte": "Précisions", "quotite": "Temps de travail", "debut": "Début", "fin": "Fin", "etat": "État", "avis": "Avis", "avis_texte": "Motif de l’avis",
	"signee_le": "Signée le", "asp": "Référence ASP", "close_le": "Close le", "motif": "Motif", "occupation": "Occupé depuis le", "depart": "Occupé jusqu’au",
	"conditions": "Conditions vérifiées le", "residence": "Résidence", "derogation": "Dérogation", "pieces": "Pièces reçues", "convention": "Convention",
	"format": "Format", "lignes": "Lignes", "filtres": "Filtres",
}

// CreateAR records a request and gives its id. cle is a UUID made with the form: the same form sent twice creates one.
func (s *Service) CreateAR(ctx context.Context, par droits.Compte, c Convention, f fault.Fields, cle string) (id int64, err error) {
	c = c.propre()
	if err := c.check(f); err != nil {
		return 0, err
	}
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		kept, done, err := pg.Once(ctx, tx, "adulte_relais", cle)
		if err != nil || done {
			id = kept
			return err
		}
		id, err = createAR(ctx, tx, par, c, nil, cle)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("create adulte-relais: %w", err)
	}
	return id, nil
}

// createAR writes a request whose texts were checked, and notes it.
func createAR(ctx context.Context, tx pgx.Tx, par droits.Compte, c Convention, renews *AdulteRelais, cle string) (int64, error) {
	if err := checkEmployeur(ctx, tx, c); err != nil {
		return 0, err
	}
	var precedente *int64
	verbe := "poste demandé"
	if renews != nil {
		precedente, verbe = &renews.ID, "renouvellement créé"
	}
	id, err := insertAR(ctx, tx, c, precedente, cle)
	if err != nil {
		return 0, err
	}
	now, err := findAR(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	detail := differenceAR(AdulteRelais{}, now)
	if renews != nil {
		detail["convention"] = [2]any{nil, renews.Numero}
	}
	return id, journal.Note(ctx, tx, par, verbe, objetAdulteRelais, id, detail)
}

func checkEmployeur(ctx context.Context, tx pgx.Tx, c Convention) error {
	e, err := findEmployeur(ctx, tx, c.Employeur)
	if err != nil {
		return err
	}
	return e.check(c.Categorie)
}

// differenceAR is what the journal says of two versions of a convention.
func differenceAR(before, after AdulteRelais) journal.Changement {
	c := journal.Changement{}
	c.Champ("employeur", before.Employeur, after.Employeur)
	c.Champ("categorie", lexique.Libelle(lexique.CategoriesEmployeur, before.Categorie), lexique.Libelle(lexique.CategoriesEmployeur, after.Categorie))
	c.Champ("territoire", before.Territoire, after.Territoire)
	c.Champ("quartiers", typo.Liste(before.QPVNoms), typo.Liste(after.QPVNoms))
	c.Champ("missions", typo.Liste(before.missions()), typo.Liste(after.missions()))
	c.Champ("missions_texte", before.MissionsTexte, after.MissionsTexte)
	c.Champ("quotite", before.quotite(), after.quotite())
	c.Champ("debut", typo.Date(before.Debut), typo.Date(after.Debut))
	c.Champ("fin", typo.Date(before.Fin), typo.Date(after.Fin))
	c.Champ("etat", lexique.Libelle(lexique.EtatsAdulteRelais, before.Etat), lexique.Libelle(lexique.EtatsAdulteRelais, after.Etat))
	c.Champ("numero", before.Numero, after.Numero)
	c.Champ("asp", before.Asp, after.Asp)
	c.Champ("motif", before.Motif, after.Motif)
	return c
}

func (a AdulteRelais) missions() []string {
	var all []string
	for _, m := range a.Missions {
		all = append(all, lexique.Libelle(lexique.MissionsAdulteRelais, m))
	}
	return all
}

// quotite is the working time in words.
func (a AdulteRelais) quotite() string {
	switch a.Quotite {
	case 0:
		return ""
	case 100:
		return "temps plein"
	case 50:
		return "mi-temps"
	}
	return typo.Pourcent(a.Quotite, decimales(a.Quotite))
}

// decimales is how many decimals a percentage needs.
func decimales(v float64) int {
	if v == float64(int64(v)) {
		return 0
	}
	return 2
}

// actAR runs one act of the life of a convention: locked, judged on the version and the state, written, noted. do changes what it is given;
// what it puts in the journal is added to the difference.
func (s *Service) actAR(ctx context.Context, par droits.Compte, id int64, version int, acte string, do func(tx pgx.Tx, a *AdulteRelais) (journal.Changement, error)) error {
	t := transitionOf(acte)
	return modification[AdulteRelais]{Objet: objetAdulteRelais, ID: id, Version: version, Verbe: t.Verbe, Lock: lockAR,
		VersionOf: func(a AdulteRelais) int { return a.Version },
		Do: func(tx pgx.Tx, kept AdulteRelais) (journal.Changement, error) {
			if err := t.check(kept); err != nil {
				return nil, err
			}
			now := kept
			more, err := do(tx, &now)
			if err != nil {
				return nil, err
			}
			if t.Vers != "" {
				now.Etat = t.Vers
			}
			detail := differenceAR(kept, now)
			for name, values := range more {
				detail[name] = values
			}
			return detail, updateEtat(ctx, tx, now)
		}}.run(ctx, s, par)
}

// UpdateAR corrects a request that is not granted yet. The opinion, given on the former text, falls.
func (s *Service) UpdateAR(ctx context.Context, par droits.Compte, id int64, version int, c Convention, f fault.Fields) error {
	c = c.propre()
	if err := c.check(f); err != nil {
		return err
	}
	t := transitionOf(lien.ActeModifier)
	return modification[AdulteRelais]{Objet: objetAdulteRelais, ID: id, Version: version, Verbe: t.Verbe, Lock: lockAR,
		VersionOf: func(a AdulteRelais) int { return a.Version },
		Do: func(tx pgx.Tx, kept AdulteRelais) (journal.Changement, error) {
			if err := t.check(kept); err != nil {
				return nil, err
			}
			if err := checkEmployeur(ctx, tx, c); err != nil {
				return nil, err
			}
			if err := updateConvention(ctx, tx, kept, c); err != nil {
				return nil, err
			}
			now, err := findAR(ctx, tx, id)
			return differenceAR(kept, now), err
		}}.run(ctx, s, par)
}

// Aviser records the opinion of the délégué du préfet, on a post of the quarters of their lettre de mission.
func (s *Service) Aviser(ctx context.Context, par droits.Compte, id int64, version int, avis, texte string) error {
	texte = saisie.Paragraphes(texte)
	if err := checkAvis(avis, texte); err != nil {
		return err
	}
	return s.actAR(ctx, par, id, version, lien.ActeAviser, func(_ pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		if !a.dansPerimetre(par) {
			return nil, fault.Forbidden
		}
		today := typo.Aujourdhui()
		a.Avis, a.AvisTexte, a.AvisLe = &avis, texte, &today
		return journal.Changement{"avis": {nil, lexique.Libelle(lexique.AvisDelegue, avis)}, "avis_texte": {nil, texte}}, nil
	})
}

// Accorder grants a post.
func (s *Service) Accorder(ctx context.Context, par droits.Compte, id int64, version int, le time.Time) error {
	return s.actAR(ctx, par, id, version, lien.ActeAccorder, func(tx pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		q, err := lockQuota(ctx, tx, a.Departement, a.Debut)
		if err != nil {
			return nil, err
		}
		waived, err := listDerogations(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		a.AccordeeLe = &le
		return nil, a.checkAccord(q, waived)
	})
}

// Refuser refuses a post, or an employer gives it up.
func (s *Service) Refuser(ctx context.Context, par droits.Compte, id int64, version int, le time.Time, motif string) error {
	motif = saisie.Paragraphes(motif)
	f := fault.Fields{}
	if checkMotif(f, motif); f.Err() != nil {
		return f.Err()
	}
	return s.actAR(ctx, par, id, version, lien.ActeRefuser, func(_ pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		a.CloseLe, a.Motif = &le, motif
		return nil, nil
	})
}

// Signer records the signature of the convention, whose number it is given.
func (s *Service) Signer(ctx context.Context, par droits.Compte, id int64, version int, numero, asp string, le time.Time) error {
	return s.actAR(ctx, par, id, version, lien.ActeSigner, func(_ pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		if err := a.checkSignature(numero, asp, le); err != nil {
			return nil, err
		}
		a.Numero, a.Asp, a.SigneeLe = numero, asp, &le
		return journal.Changement{"signee_le": {nil, typo.Date(le)}}, nil
	})
}

// Pourvoir records that the post is occupied from a day on.
func (s *Service) Pourvoir(ctx context.Context, par droits.Compte, id int64, version int, e embauche) error {
	return s.actAR(ctx, par, id, version, lien.ActePourvoir, func(tx pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		waived, err := listDerogations(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		if err := a.checkEmbauche(e, waived); err != nil {
			return nil, err
		}
		residence := "en quartier prioritaire"
		if e.Residence == residenceAilleurs {
			residence = "par dérogation"
		}
		return journal.Changement{"occupation": {nil, typo.Date(e.Debut)}, "conditions": {nil, typo.Date(e.ConditionsLe)}, "residence": {nil, residence}},
			insertOccupation(ctx, tx, id, Occupation{Debut: e.Debut, ConditionsLe: e.ConditionsLe}, par.ID)
	})
}

// Depart records that the post is vacant after a day.
func (s *Service) Depart(ctx context.Context, par droits.Compte, id int64, version int, fin time.Time) error {
	return s.actAR(ctx, par, id, version, lien.ActeDepart, func(tx pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		all, err := listOccupations(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(o Occupation) bool { return o.Fin == nil })
		if i < 0 {
			return nil, fault.Stale // the state says occupied and nobody is: another change is under way
		}
		if err := a.checkDepart(all[i], fin); err != nil {
			return nil, err
		}
		return journal.Changement{"depart": {nil, typo.Date(fin)}}, endOccupation(ctx, tx, id, fin)
	})
}

// Resilier terminates a convention before its end.
func (s *Service) Resilier(ctx context.Context, par droits.Compte, id int64, version int, le time.Time, motif string) error {
	motif = saisie.Paragraphes(motif)
	return s.actAR(ctx, par, id, version, lien.ActeResilier, func(tx pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		all, err := listOccupations(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		if err := a.checkResiliation(le, motif, all); err != nil {
			return nil, err
		}
		a.CloseLe, a.Motif = &le, motif
		return journal.Changement{"close_le": {nil, typo.Date(le)}}, endOccupation(ctx, tx, id, le)
	})
}

// Terminer closes a convention that has come to its end.
func (s *Service) Terminer(ctx context.Context, par droits.Compte, id int64, version int) error {
	return s.actAR(ctx, par, id, version, lien.ActeTerminer, func(tx pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		if !typo.Aujourdhui().After(a.Fin) {
			return nil, fault.Fields{"": "La convention court jusqu’au " + typo.Date(a.Fin) + typo.NBSP + ": avant cette date, elle se résilie."}
		}
		a.CloseLe = &a.Fin
		return journal.Changement{"close_le": {nil, typo.Date(a.Fin)}}, endOccupation(ctx, tx, id, a.Fin)
	})
}

// Deroger waives a rule for a convention, in the préfet's name.
func (s *Service) Deroger(ctx context.Context, par droits.Compte, id int64, version int, regle, motif string) error {
	motif = saisie.Paragraphes(motif)
	f := fault.Fields{}
	if !lexique.Connu(lexique.ReglesDerogation, regle) {
		f.Add("regle", "Choisissez la règle à laquelle il est dérogé.")
	}
	checkMotif(f, motif)
	if err := f.Err(); err != nil {
		return err
	}
	return s.actAR(ctx, par, id, version, lien.ActeDeroger, func(tx pgx.Tx, _ *AdulteRelais) (journal.Changement, error) {
		return journal.Changement{"derogation": {nil, lexique.Libelle(lexique.ReglesDerogation, regle)}, "motif": {nil, motif}},
			insertDerogation(ctx, tx, id, Derogation{Regle: regle, Motif: motif, Le: typo.Aujourdhui()}, par.ID)
	})
}

// Reference completes what payment and the public need of a convention, which the signature does not freeze.
func (s *Service) Reference(ctx context.Context, par droits.Compte, id int64, version int, asp, missionsTexte string) error {
	missionsTexte = saisie.Paragraphes(missionsTexte)
	f := fault.Fields{}
	saisie.Longueur(f, "asp", asp, maxReference)
	saisie.Longueur(f, "missions_texte", missionsTexte, maxMotif)
	if err := f.Err(); err != nil {
		return err
	}
	return s.actAR(ctx, par, id, version, lien.ActeReference, func(_ pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		a.Asp, a.MissionsTexte = asp, missionsTexte
		return nil, nil
	})
}

// Pieces records the quarters whose supporting papers came.
func (s *Service) Pieces(ctx context.Context, par droits.Compte, id int64, version int, recues []string) error {
	return s.actAR(ctx, par, id, version, lien.ActePieces, func(tx pgx.Tx, _ *AdulteRelais) (journal.Changement, error) {
		all, err := listTrimestres(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		var days []time.Time
		var names []string
		for _, t := range all {
			if slices.Contains(recues, typo.DateISO(t.Trimestre)) {
				days, names = append(days, t.Trimestre), append(names, t.nom())
			}
		}
		if len(days) != len(recues) {
			return nil, fault.Fields{"pieces": "Choisissez les trimestres dans la liste."}
		}
		return journal.Changement{"pieces": {nil, typo.Liste(names)}}, replacePieces(ctx, tx, id, days)
	})
}

// Renouveler opens the request that follows a convention: its clone, with new dates, linked to it (R-AR-3). It gives the id of the request.
func (s *Service) Renouveler(ctx context.Context, par droits.Compte, id int64, version int, debut, fin time.Time) (next int64, err error) {
	err = s.actAR(ctx, par, id, version, lien.ActeRenouveler, func(tx pgx.Tx, a *AdulteRelais) (journal.Changement, error) {
		c := a.convention()
		c.Debut, c.Fin = debut, fin
		f := fault.Fields{}
		if !debut.IsZero() && !debut.After(a.Fin) {
			f.Add("debut", "Le renouvellement commence après la convention, qui prend fin le "+typo.Date(a.Fin)+".")
		}
		if err := c.check(f); err != nil {
			return nil, err
		}
		var err error
		next, err = createAR(ctx, tx, par, c, a, "")
		return journal.Changement{"convention": {nil, "Demande n°" + typo.NBSP + typo.Nombre(next)}}, err
	})
	if err == nil && next == 0 { // a second click: the first has opened it
		err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
			a, err := findAR(ctx, tx, id)
			if err == nil && a.SuivanteID != nil {
				next = *a.SuivanteID
			}
			return err
		})
	}
	return next, err
}

// convention is what was typed of the request.
func (a AdulteRelais) convention() Convention {
	c := Convention{Employeur: a.EmployeurID, Categorie: a.Categorie, Departement: a.Departement, QPV: a.QPV, Missions: a.Missions,
		MissionsTexte: a.MissionsTexte, Quotite: int64(a.Quotite*100 + 0.5), Debut: a.Debut, Fin: a.Fin}
	if a.TerritoireID != nil {
		c.Territoire = *a.TerritoireID
	}
	return c
}

package dispositif

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/courriel"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web/typo"
)

// CreateAR records a request and gives its id. cle is a UUID made with the form: the same form sent twice creates one. A référent asks for
// their own organisation, whatever the form says, and the préfecture is told.
func (s *Service) CreateAR(ctx context.Context, par droits.Compte, c Convention, f fault.Fields, cle string) (int64, error) {
	c = c.propre().pour(par)
	if err := c.check(f); err != nil {
		return 0, err
	}
	return registreAR.create(ctx, s.db, par, "poste demandé", cle, func(tx pgx.Tx) (int64, error) {
		if err := checkEmployeur(ctx, tx, c); err != nil {
			return 0, err
		}
		id, err := insertAR(ctx, tx, c, nil, cle)
		if err != nil || par.Role.Prefecture() {
			return id, err
		}
		return id, s.prevenirPrefecture(ctx, tx, id)
	})
}

// pour bounds what a partner may ask for: a post of its own.
func (c Convention) pour(par droits.Compte) Convention {
	if !par.Role.Prefecture() {
		c.Employeur = par.Organisme
	}
	return c
}

func checkEmployeur(ctx context.Context, tx pgx.Tx, c Convention) error {
	e, err := findEmployeur(ctx, tx, c.Employeur)
	if err != nil {
		return err
	}
	return e.check(c.Categorie)
}

// UpdateAR corrects a request that is not granted yet. The opinion, given on the former text, falls. Its employer may, until that opinion
// is given.
func (s *Service) UpdateAR(ctx context.Context, par droits.Compte, id int64, version int, c Convention, f fault.Fields) error {
	c = c.propre().pour(par)
	if err := c.check(f); err != nil {
		return err
	}
	t := transitionOf(lien.ActeModifier)
	registre := registreAR
	registre.Lock = func(ctx context.Context, tx pg.Tx, id int64) (AdulteRelais, error) {
		// Row-level security lets an employer lock its requests alone: what it may still read is refused in words, before.
		a, err := findAR(ctx, tx, id)
		if err == nil {
			err = t.check(a, par)
		}
		if err != nil {
			return a, err
		}
		return lockAR(ctx, tx, id)
	}
	return registre.correct(ctx, s.db, par, id, version, t.Verbe, func(tx pgx.Tx, kept AdulteRelais) error {
		if err := t.check(kept, par); err != nil {
			return err
		}
		if err := checkEmployeur(ctx, tx, c); err != nil {
			return err
		}
		return updateConvention(ctx, tx, kept, c)
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
		next, err = renouveler(ctx, tx, par, c, *a)
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

// renouveler writes the request that renews a convention, and notes it.
func renouveler(ctx context.Context, tx pgx.Tx, par droits.Compte, c Convention, of AdulteRelais) (int64, error) {
	if err := checkEmployeur(ctx, tx, c); err != nil {
		return 0, err
	}
	id, err := insertAR(ctx, tx, c, &of.ID, "")
	if err != nil {
		return 0, err
	}
	now, err := findAR(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	detail := differenceAR(AdulteRelais{}, now)
	detail["convention"] = [2]any{nil, of.Numero}
	return id, journal.Note(ctx, tx, par, "renouvellement créé", objetAdulteRelais, id, detail)
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

// prevenirPrefecture tells those who instruct a request that an employer has filed it: the chargés de mission, and the délégués whose
// lettre de mission covers it.
func (s *Service) prevenirPrefecture(ctx context.Context, tx pgx.Tx, id int64) error {
	a, err := findAR(ctx, tx, id)
	if err != nil {
		return err
	}
	to, err := listInstructeurs(ctx, tx, id)
	if err != nil {
		return err
	}
	return s.ecrire(ctx, tx, to, a, "Demande de poste d’adulte-relais"+typo.NBSP+": "+a.Employeur,
		a.Employeur+" demande un poste d’adulte-relais"+a.ou()+", du "+typo.Date(a.Debut)+" au "+typo.Date(a.Fin)+". La demande attend l’avis du délégué du préfet.")
}

// prevenirEmployeur tells the référents of the employer what becomes of its request.
func (s *Service) prevenirEmployeur(ctx context.Context, tx pgx.Tx, a AdulteRelais, sujet, phrase string) error {
	to, err := listReferents(ctx, tx, a.EmployeurID)
	if err != nil {
		return err
	}
	return s.ecrire(ctx, tx, to, a, "Poste d’adulte-relais "+sujet, "Le poste d’adulte-relais demandé par "+a.Employeur+a.ou()+", du "+typo.Date(a.Debut)+" au "+typo.Date(a.Fin)+", "+phrase)
}

// ou is where the post is, in words.
func (a AdulteRelais) ou() string {
	places := a.QPVNoms
	if a.Territoire != "" {
		places = append(slices.Clone(places), a.Territoire)
	}
	return " (" + typo.Liste(places) + ")"
}

// ecrire writes a mail about a post, in the transaction of what it tells.
func (s *Service) ecrire(ctx context.Context, tx pgx.Tx, to []destinataire, a AdulteRelais, sujet, phrase string) error {
	const longest = 200
	if r := []rune(sujet); len(r) > longest {
		sujet = string(r[:longest-1]) + "…"
	}
	for _, d := range to {
		err := courriel.Send(ctx, tx, courriel.Message{A: d.Courriel, Compte: d.Compte, Sorte: "adulte_relais", Sujet: sujet,
			Texte: "Bonjour,\n\n" + phrase + "\n\nLa fiche du poste : " + s.cfg.Absolu(lien.AdulteRelais(a.ID)) + "\n\n" + s.cfg.Nom + "\n"})
		if err != nil {
			return err
		}
	}
	return nil
}

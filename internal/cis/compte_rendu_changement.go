package cis

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"portail/internal/courriel"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Rediger makes the minutes of a meeting from what was written down, and gives their id. Asked again it gives the same.
func (s *Service) Rediger(ctx context.Context, par droits.Compte, seance int64) (id int64, err error) {
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		se, err := lockSeance(ctx, tx, seance)
		if err != nil {
			return err
		}
		if id, err = premierCompteRendu(ctx, tx, seance); err != nil || id != 0 {
			return err
		}
		if err := se.checkTenue(); err != nil {
			return err
		}
		sections, err := lireSeance(ctx, tx, seance)
		if err != nil {
			return err
		}
		if id, err = insertCompteRendu(ctx, tx, se, nil); err != nil {
			return err
		}
		if err := insertSections(ctx, tx, id, sections); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "compte rendu composé", objetCompteRendu, id, journal.Changement{"séance": {nil, se.Titre()}})
	})
	if err != nil {
		return 0, fmt.Errorf("write minutes of seance %d: %w", seance, err)
	}
	return id, nil
}

// lireSeance composes minutes from what was written down during the meeting.
func lireSeance(ctx context.Context, tx pg.Tx, seance int64) ([]Section, error) {
	presences, err := listPresences(ctx, tx, seance)
	if err != nil {
		return nil, err
	}
	points, err := listPointsTenus(ctx, tx, seance)
	if err != nil {
		return nil, err
	}
	notes, err := listNotes(ctx, tx, seance)
	if err != nil {
		return nil, err
	}
	decisions, err := listDecisionsTenues(ctx, tx, seance)
	return composer(presences, points, notes, decisions), err
}

// changeCompteRendu runs one change of minutes: locked with their meeting, noted. An empty verbe says that there was nothing to do.
func (s *Service) changeCompteRendu(ctx context.Context, par droits.Compte, id int64, do func(tx pgx.Tx, c CompteRendu, se Seance) (verbe string, detail journal.Changement, err error)) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		c, err := lockCompteRendu(ctx, tx, id)
		if err != nil {
			return err
		}
		se, err := lockSeance(ctx, tx, c.SeanceID)
		if err != nil {
			return err
		}
		verbe, detail, err := do(tx, c, se)
		if err != nil || verbe == "" {
			return err
		}
		return journal.Note(ctx, tx, par, verbe, objetCompteRendu, id, detail)
	})
	if err != nil {
		return fmt.Errorf("change compte rendu %d: %w", id, err)
	}
	return nil
}

// Recomposer makes the sections of minutes anew from what was written down; what was edited in them is lost, and the author knows it.
func (s *Service) Recomposer(ctx context.Context, par droits.Compte, id int64, version int) error {
	return s.changeCompteRendu(ctx, par, id, func(tx pgx.Tx, c CompteRendu, se Seance) (string, journal.Changement, error) {
		if c.Etat != crBrouillon || c.RectifieID != nil {
			return "", nil, fault.Fields{"": "Seul un compte rendu en rédaction se recompose depuis la séance."}
		}
		if c.Version != version {
			return "", nil, fault.Stale
		}
		sections, err := lireSeance(ctx, tx, se.ID)
		if err != nil {
			return "", nil, err
		}
		if err := deleteSections(ctx, tx, id); err != nil {
			return "", nil, err
		}
		return "compte rendu recomposé", nil, insertSections(ctx, tx, id, sections)
	})
}

// Relire sends minutes to those who attended: they comment until a day that the settings of the committee give.
func (s *Service) Relire(ctx context.Context, par droits.Compte, id int64, version int) error {
	return s.changeCompteRendu(ctx, par, id, func(tx pgx.Tx, c CompteRendu, se Seance) (string, journal.Changement, error) {
		if c.Etat == crRelecture {
			return "", nil, nil // the second click
		}
		if c.RectifieID != nil || c.Valide() {
			return "", nil, fault.Fields{"": "Ce compte rendu n’est plus à relire."}
		}
		if c.Version != version {
			return "", nil, fault.Stale
		}
		_, detail, err := passer(ctx, tx, par, se, CREnRelecture, "")
		if err != nil {
			return "", nil, err
		}
		last := typo.Aujourdhui().AddDate(0, 0, se.RelectureJours)
		if err := updateRelecture(ctx, tx, c, &last); err != nil {
			return "", nil, err
		}
		sections, err := listSections(ctx, tx, id)
		if err != nil {
			return "", nil, err
		}
		if err := insertVersion(ctx, tx, par, c, crRelecture, texteFige(c.Titre(), se, sections)); err != nil {
			return "", nil, err
		}
		readers, err := listRelecteurs(ctx, tx, se.ID)
		if err != nil {
			return "", nil, err
		}
		for _, r := range readers {
			if err := courriel.Send(ctx, tx, s.lettreRelecture(c, se, r)); err != nil {
				return "", nil, err
			}
		}
		detail["jusqu’au"] = [2]any{nil, typo.Date(last)}
		detail["destinataires"] = [2]any{nil, len(readers)}
		return "compte rendu envoyé en relecture", detail, nil
	})
}

// lettreRelecture asks an attendee to read the minutes again.
func (s *Service) lettreRelecture(c CompteRendu, se Seance, to relecteur) courriel.Message {
	last := typo.Aujourdhui().AddDate(0, 0, se.RelectureJours)
	return courriel.Message{
		A: to.Courriel, Compte: to.CompteID, Sorte: "relecture", Sujet: couper("Compte rendu à relire"+typo.NBSP+": "+se.Comite()+", "+se.Titre(), 250),
		Texte: "Bonjour,\n\nLe compte rendu de la séance suivante est prêt à être relu par ceux qui y ont participé" + typo.NBSP + ":\n" + se.ComiteNom + ", " + se.Titre() +
			".\n\nVos commentaires sont attendus jusqu’au " + typo.Date(last) + " inclus, après connexion, sur cette page" + typo.NBSP + ":\n" + s.cfg.Absolu(lien.CompteRendu(c.ID)) +
			"\n\nPassé ce délai, le compte rendu sera validé.\n",
	}
}

// Reecrire takes minutes back from review: they are written again, and reviewed again.
func (s *Service) Reecrire(ctx context.Context, par droits.Compte, id int64, version int) error {
	return s.changeCompteRendu(ctx, par, id, func(tx pgx.Tx, c CompteRendu, se Seance) (string, journal.Changement, error) {
		if c.Etat == crBrouillon {
			return "", nil, nil
		}
		if err := c.refuseFige(); err != nil {
			return "", nil, err
		}
		if c.Version != version {
			return "", nil, fault.Stale
		}
		verbe, detail, err := passer(ctx, tx, par, se, Tenue, "")
		if err != nil {
			return "", nil, err
		}
		return verbe, detail, updateRelecture(ctx, tx, c, nil)
	})
}

// Valider makes minutes final: numbered, dated, sealed. From then on Postgres itself refuses to change them.
func (s *Service) Valider(ctx context.Context, par droits.Compte, id int64, version int, motif string) error {
	motif = saisie.Paragraphes(motif)
	return s.changeCompteRendu(ctx, par, id, func(tx pgx.Tx, c CompteRendu, se Seance) (string, journal.Changement, error) {
		if c.Valide() {
			return "", nil, nil // the second click
		}
		waiting, err := countSansReponse(ctx, tx, id)
		if err != nil {
			return "", nil, err
		}
		if err := c.checkValidation(par, typo.Aujourdhui(), waiting, motif); err != nil {
			return "", nil, err
		}
		if c.Version != version {
			return "", nil, fault.Stale
		}
		if c.RectifieID == nil {
			if _, _, err := passer(ctx, tx, par, se, CRValide, ""); err != nil {
				return "", nil, err
			}
		}
		n, err := prochainNumero(ctx, tx, se)
		if err != nil {
			return "", nil, err
		}
		c.Numero = numeroCompteRendu(se, typo.Aujourdhui().Year(), n)
		sections, err := listSections(ctx, tx, id)
		if err != nil {
			return "", nil, err
		}
		if i := slices.IndexFunc(sections, func(p Section) bool { return p.Texte != "" }); i < 0 {
			return "", nil, fault.Fields{"": "Ce compte rendu est vide."}
		}
		text := texteFige(c.Titre(), se, sections)
		if err := insertVersion(ctx, tx, par, c, crValide, text); err != nil {
			return "", nil, err
		}
		fonction := lexique.Libelle(lexique.Roles, string(par.Role)) + ", " + par.OrganismeNom
		detail := journal.Changement{"numero": {nil, c.Numero}, "empreinte": {nil, fmt.Sprintf("%x", sceller(text))}}
		detail.Champ("motif", "", motif)
		return "compte rendu validé", detail, updateValidation(ctx, tx, par, c, c.Numero, fonction, sceller(text))
	})
}

// numeroCompteRendu numbers the minutes of a committee in a year: "CIS-2026-03".
func numeroCompteRendu(s Seance, year, n int) string {
	body := s.ComiteSigle
	if body == "" {
		body = "C" + numeroTexte(s.ComiteID)
	}
	return fmt.Sprintf("%s-%d-%02d", body, year, n)
}

// Rectifier begins a rectificatif to validated minutes, and gives its id; one that is being written already is given instead.
func (s *Service) Rectifier(ctx context.Context, par droits.Compte, id int64) (made int64, err error) {
	err = s.changeCompteRendu(ctx, par, id, func(tx pgx.Tx, c CompteRendu, se Seance) (string, journal.Changement, error) {
		if !c.Valide() {
			return "", nil, fault.Fields{"": "Un compte rendu qui n’est pas validé se corrige directement."}
		}
		if made, err = rectificatifOuvert(ctx, tx, id); err != nil || made != 0 {
			return "", nil, err
		}
		if made, err = insertCompteRendu(ctx, tx, se, &id); err != nil {
			return "", nil, err
		}
		return "rectificatif commencé", nil, insertSections(ctx, tx, made, []Section{{Rang: 1, Titre: "Rectification"}})
	})
	return made, err
}

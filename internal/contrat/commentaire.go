package contrat

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/saisie"
)

// Commentaire is what somebody says on a section, to the parties and the préfecture: it begins a thread, or answers one.
type Commentaire struct {
	ID           int64
	FilID        *int64 // the thread that it answers
	Texte        string
	Nom          string // of its author
	OrganismeNom string
	Le           time.Time
	ResoluLe     *time.Time
	ResoluNom    string
}

// fils are the threads of a section in order, each with its answers.
type fil1 struct {
	Commentaire
	Reponses []Commentaire
}

func fils(all []Commentaire) []fil1 {
	var threads []fil1
	for _, c := range all {
		if c.FilID == nil {
			threads = append(threads, fil1{Commentaire: c, Reponses: garder(all, func(r Commentaire) bool { return r.FilID != nil && *r.FilID == c.ID })})
		}
	}
	return threads
}

// Commenter begins a thread on a section, or answers one (fil), while its text is not signed. The same form sent twice says it once.
func (s *Service) Commenter(ctx context.Context, par droits.Compte, r Ref, section, fil int64, texte, cle string) error {
	texte = saisie.Paragraphes(texte)
	f := fault.Fields{}
	if texte == "" {
		f.Add("commentaire", "Écrivez votre commentaire.")
	}
	saisie.Longueur(f, "commentaire", texte, maxCommentaire)
	if err := f.Err(); err != nil {
		return err
	}
	return s.onContrat(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		if !v.Etat.Ouvert() {
			return "", nil, fault.Fields{"": "Ce texte n’est plus en discussion."}
		}
		kept, err := findSection(ctx, tx, r, section)
		if err != nil {
			return "", nil, err
		}
		if err := s.checkParticipe(ctx, tx, par, r.Contrat); err != nil {
			return "", nil, err
		}
		if fil != 0 {
			if _, err := findFil(ctx, tx, section, fil); err != nil {
				return "", nil, err
			}
		}
		_, fresh, err := insertCommentaire(ctx, tx, par, r.Contrat, section, fil, texte, cle)
		if err != nil || !fresh {
			return "", nil, err
		}
		return "commentaire écrit", journal.Changement{"section": {kept.Nom(), kept.Nom()}}, nil
	})
}

// Resoudre closes a thread, or opens it again. One that is so already is no fault.
func (s *Service) Resoudre(ctx context.Context, par droits.Compte, r Ref, section, fil int64, resolu bool) error {
	return s.onContrat(ctx, par, r, func(tx pgx.Tx, _ Version) (string, journal.Changement, error) {
		kept, err := findSection(ctx, tx, r, section)
		if err != nil {
			return "", nil, err
		}
		if err := s.checkParticipe(ctx, tx, par, r.Contrat); err != nil {
			return "", nil, err
		}
		c, err := findFil(ctx, tx, section, fil)
		if err != nil || (c.ResoluLe != nil) == resolu {
			return "", nil, err
		}
		verbe := "discussion rouverte"
		if resolu {
			verbe = "discussion résolue"
		}
		return verbe, journal.Changement{"section": {kept.Nom(), kept.Nom()}}, updateFil(ctx, tx, fil, resolu, par)
	})
}

// checkParticipe refuses whoever reads a contract because it is published, and is neither of the préfecture nor of a party.
func (s *Service) checkParticipe(ctx context.Context, tx pgx.Tx, par droits.Compte, contrat int64) error {
	if par.Role.Prefecture() {
		return nil
	}
	mine, err := estPartie(ctx, tx, contrat)
	if err == nil && !mine {
		err = fault.NotFound
	}
	return err
}

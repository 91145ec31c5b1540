package cis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// maxCommentaire is the longest comment, or answer to one, in characters: that of the schema.
const maxCommentaire = 4000

// Commentaire is what an attendee says of minutes under review, and what was answered.
type Commentaire struct {
	ID           int64
	SectionID    *int64
	SectionTitre string
	OrganismeNom string
	Texte        string
	Reponse      string
	Suite        string // retenu, non_retenu, or empty: not answered yet
	ReponduLe    *time.Time
	Le           time.Time
	Version      int
}

// titre says whose comment it is, when it came and what it is about.
func (k Commentaire) titre() string {
	s := k.OrganismeNom + ", le " + typo.DateHeure(k.Le)
	if k.SectionTitre != "" {
		s += ", sur " + typo.Guillemets(k.SectionTitre)
	}
	return s
}

// What became of a comment.
const (
	commentaireRetenu    = "retenu"
	commentaireNonRetenu = "non_retenu"
)

// suitesCommentaire are the answers to a comment, in words.
var suitesCommentaire = []lexique.Mot{{Code: commentaireRetenu, Libelle: "Retenu"}, {Code: commentaireNonRetenu, Libelle: "Non retenu"}}

// Commenter adds what an attendee says of minutes under review. The same form sent twice adds it once.
func (s *Service) Commenter(ctx context.Context, par droits.Compte, id int64, section *int64, texte, cle string) error {
	texte = saisie.Paragraphes(texte)
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		c, err := findCompteRendu(ctx, tx, id)
		if err != nil {
			return err
		}
		f := fault.Fields{}
		came, err := aParticipe(ctx, tx, c.SeanceID, par.Organisme)
		switch {
		case err != nil:
			return err
		case !c.relectureOuverte(typo.Aujourdhui()):
			f.Add("", "La relecture de ce compte rendu est close.")
		case !came:
			f.Add("", "Seuls les organismes présents ou représentés à la séance commentent son compte rendu.")
		case texte == "":
			f.Add("texte", "Écrivez votre commentaire.")
		}
		saisie.Longueur(f, "texte", texte, maxCommentaire)
		if err := f.Err(); err != nil {
			return err
		}
		if section != nil {
			if _, err := findSection(ctx, tx, id, *section); err != nil {
				return err
			}
		}
		fresh, err := insertCommentaire(ctx, tx, par, id, section, texte, cle)
		if err != nil || !fresh {
			return err
		}
		return journal.Note(ctx, tx, par, "compte rendu commenté", objetCompteRendu, id, nil)
	})
	if err != nil {
		return fmt.Errorf("comment compte rendu %d: %w", id, err)
	}
	return nil
}

// RepondreCommentaire answers a comment; until the minutes are validated the answer may change.
func (s *Service) RepondreCommentaire(ctx context.Context, par droits.Compte, id, commentaire int64, version int, suite, reponse string) error {
	reponse = saisie.Paragraphes(reponse)
	return s.changeCompteRendu(ctx, par, id, func(tx pgx.Tx, c CompteRendu, _ Seance) (string, journal.Changement, error) {
		k, err := findCommentaire(ctx, tx, id, commentaire)
		if err != nil {
			return "", nil, err
		}
		if k.Suite == suite && k.Reponse == reponse {
			return "", nil, nil
		}
		if err := c.refuseFige(); err != nil {
			return "", nil, err
		}
		champ := champReponse(commentaire)
		f := fault.Fields{}
		if !lexique.Connu(suitesCommentaire, suite) {
			f.Add(champ, "Dites si ce commentaire est retenu.")
		} else if suite == commentaireNonRetenu && reponse == "" {
			f.Add(champ, "Dites pourquoi ce commentaire n’est pas retenu.")
		}
		saisie.Longueur(f, champ, reponse, maxCommentaire)
		if err := f.Err(); err != nil {
			return "", nil, err
		}
		if k.Version != version {
			return "", nil, fault.Stale
		}
		detail := journal.Changement{"commentaire de": {k.OrganismeNom, k.OrganismeNom}, "suite": {lexique.Libelle(suitesCommentaire, k.Suite), lexique.Libelle(suitesCommentaire, suite)}}
		return "commentaire traité", detail, updateCommentaire(ctx, tx, k, suite, reponse)
	})
}

// champReponse names the field of the answer to a comment.
func champReponse(commentaire int64) string { return "reponse_" + numeroTexte(commentaire) }

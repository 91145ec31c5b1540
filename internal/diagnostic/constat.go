package diagnostic

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

// Constat is a finding, a stake or a lever about a quarter, under the name of an organisation.
type Constat struct {
	ID            int64
	Sorte         string // code of lexique.SortesConstat
	QPVID         int32
	QPVCode       string
	QPVNom        string
	Thematique    string
	OrganismeID   int64
	Organisme     string // its name when the text was written
	Texte         string // Markdown-lite
	CreeLe        time.Time
	ModifieLe     time.Time
	RetireLe      *time.Time
	RetireMotif   string
	Demonstration bool
	Version       int
	Accords       int
	Reserves      int
	Commentaires  int
}

// peutModifier says whether whoever asks may change or withdraw it: its own organisation.
func (c Constat) peutModifier(par droits.Compte) bool {
	return contribue(par, c.QPVID) && par.Organisme == c.OrganismeID && c.RetireLe == nil
}

// peutAviser says whether whoever asks may agree or make a reserve: another organisation.
func (c Constat) peutAviser(par droits.Compte) bool {
	return contribue(par, c.QPVID) && par.Organisme != c.OrganismeID && c.RetireLe == nil
}

func checkConstat(sorte, thematique, texte string) error {
	f := fault.Fields{}
	if !lexique.Connu(lexique.SortesConstat, sorte) {
		f.Add("sorte", "Choisissez dans la liste.")
	}
	if !lexique.Connu(lexique.Thematiques, thematique) {
		f.Add("thematique", "Choisissez dans la liste.")
	}
	checkTexte(f, "texte", texte, maxConstat)
	return f.Err()
}

func checkTexte(f fault.Fields, champ, texte string, most int) {
	if texte == "" {
		f.Add(champ, "Écrivez un texte.")
	}
	saisie.Longueur(f, champ, texte, most)
}

// horsPerimetre is what a délégué reads on a quarter that is not in their lettre de mission.
var horsPerimetre = fault.Fields{"": "Ce quartier n’est pas dans votre lettre de mission" + typo.NBSP + ": vous pouvez lire son diagnostic, non y écrire."}

// CreateConstat adds a text about a quarter, under the name of the organisation of whoever writes. The same form sent twice adds one.
func (s *Service) CreateConstat(ctx context.Context, par droits.Compte, code, sorte, thematique, texte, cle string) error {
	texte = saisie.Paragraphes(texte)
	if err := checkConstat(sorte, thematique, texte); err != nil {
		return err
	}
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if _, done, err := pg.Once(ctx, tx, "constat", cle); err != nil || done {
			return err
		}
		id, err := insertConstat(ctx, tx, par, code, sorte, thematique, texte, cle)
		if err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, lexique.Libelle(lexique.SortesConstat, sorte)+" écrit", objetConstat, id, journal.Changement{"texte": {nil, texte}})
	})
	if err != nil {
		return fmt.Errorf("write about %s: %w", code, err)
	}
	return nil
}

// changeConstat locks a text, checks the version that the form was written on, and writes and notes the change.
func (s *Service) changeConstat(ctx context.Context, par droits.Compte, id int64, on int, verbe string, do func(tx pgx.Tx, kept Constat) (journal.Changement, error)) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		kept, err := lockConstat(ctx, tx, id)
		if err != nil {
			return err
		}
		if on != 0 && kept.Version != on {
			return fault.Stale
		}
		if kept.RetireLe != nil {
			return fault.Fields{"": "Ce texte a été retiré le " + typo.Date(*kept.RetireLe) + "."}
		}
		detail, err := do(tx, kept)
		if err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, verbe, objetConstat, id, detail)
	})
	if err != nil {
		return fmt.Errorf("%s %d: %w", verbe, id, err)
	}
	return nil
}

// UpdateConstat replaces the text; the former stays in its history, and the opinions given on it are shown as such.
func (s *Service) UpdateConstat(ctx context.Context, par droits.Compte, id int64, on int, texte string) error {
	texte = saisie.Paragraphes(texte)
	return s.changeConstat(ctx, par, id, on, "texte modifié", func(tx pgx.Tx, kept Constat) (journal.Changement, error) {
		f := fault.Fields{}
		checkTexte(f, "texte", texte, maxConstat)
		if !kept.peutModifier(par) {
			return nil, fault.Forbidden
		}
		if f.Err() != nil {
			return nil, f
		}
		return journal.Changement{"texte": {kept.Texte, texte}}, updateConstat(ctx, tx, kept, texte)
	})
}

// RetireConstat withdraws it with a reason: it stays readable at its address.
func (s *Service) RetireConstat(ctx context.Context, par droits.Compte, id int64, on int, motif string) error {
	motif = saisie.Ligne(motif)
	return s.changeConstat(ctx, par, id, on, "texte retiré", func(tx pgx.Tx, kept Constat) (journal.Changement, error) {
		f := fault.Fields{}
		checkTexte(f, "motif", motif, maxPhrase)
		if !kept.peutModifier(par) {
			return nil, fault.Forbidden
		}
		if f.Err() != nil {
			return nil, f
		}
		return journal.Changement{"motif": {nil, motif}}, retireConstat(ctx, tx, kept, motif)
	})
}

// Aviser says whether the organisation of whoever asks agrees; a reserve has its reason. A later answer replaces the former.
func (s *Service) Aviser(ctx context.Context, par droits.Compte, id int64, avis, motif string) error {
	motif = saisie.Ligne(motif)
	return s.changeConstat(ctx, par, id, 0, "avis donné", func(tx pgx.Tx, kept Constat) (journal.Changement, error) {
		f := fault.Fields{}
		if !lexique.Connu(lexique.AvisConstat, avis) {
			f.Add("avis", "Choisissez un avis.")
		}
		if avis == "reserve" && motif == "" {
			f.Add("motif_avis", "Dites ce qui fait réserve.")
		}
		saisie.Longueur(f, "motif_avis", motif, maxPhrase)
		if !kept.peutAviser(par) {
			return nil, fault.Forbidden
		}
		if f.Err() != nil {
			return nil, f
		}
		return journal.Changement{"avis": {nil, lexique.Libelle(lexique.AvisConstat, avis)}, "motif": {nil, motif}}, upsertAvis(ctx, tx, par, kept, avis, motif)
	})
}

// Commenter adds to the thread. The same form sent twice adds one.
func (s *Service) Commenter(ctx context.Context, par droits.Compte, id int64, texte, cle string) error {
	texte = saisie.Paragraphes(texte)
	return s.changeConstat(ctx, par, id, 0, "commentaire écrit", func(tx pgx.Tx, _ Constat) (journal.Changement, error) {
		f := fault.Fields{}
		checkTexte(f, "commentaire", texte, maxCommentaire)
		if f.Err() != nil {
			return nil, f
		}
		return journal.Changement{"commentaire": {nil, texte}}, insertCommentaire(ctx, tx, par, id, texte, cle)
	})
}

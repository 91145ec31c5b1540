package diagnostic

import (
	"context"
	"fmt"
	"slices"
	"strconv"
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

// Etat is how far a return is; codes of lexique.EtatsRemontee.
type Etat string

// The states of a return.
const (
	AFaire    Etat = "a_faire"
	EnCours   Etat = "en_cours"
	Prete     Etat = "prete"
	Certifiee Etat = "certifiee"
	Publiee   Etat = "publiee"
)

// Texte is the state in words.
func (e Etat) Texte() string { return lexique.Libelle(lexique.EtatsRemontee, string(e)) }

// Remontee is what a producer returns for a period.
type Remontee struct {
	ID            int64
	OrganismeID   int64
	Organisme     string
	Departement   string
	Millesime     int
	Trimestre     *int
	Echeance      time.Time
	Etat          Etat
	Tour          int    // from 2 on, a correction
	Motif         string // why it was sent back, or is being corrected
	PublieeLe     *time.Time
	Saisie        int // counts what was saved of the grid
	Demonstration bool
	Version       int
}

// Periode is the period in words.
func (r Remontee) Periode() string {
	if r.Trimestre == nil {
		return strconv.Itoa(r.Millesime)
	}
	return typo.Rang(*r.Trimestre, typo.Masculin) + typo.NBSP + "trimestre" + typo.NBSP + strconv.Itoa(r.Millesime)
}

// Titre names it.
func (r Remontee) Titre() string { return r.Organisme + ", " + r.Periode() }

// periodicite is that of the indicators that it asks for.
func (r Remontee) periodicite() string {
	if r.Trimestre == nil {
		return "annee"
	}
	return "trimestre"
}

// ouverte says whether its producer may type in it.
func (r Remontee) ouverte() bool { return r.Etat == AFaire || r.Etat == EnCours }

// Deeds on a return, as addresses name them.
const (
	acteTerminer  = "terminer" // ready to be certified
	acteRouvrir   = "rouvrir"  // back to typing, by its producer
	acteCertifier = "certifier"
	acteRenvoyer  = "renvoyer" // sent back by the préfecture, with a reason
	actePublier   = "publier"
	acteCorriger  = "corriger" // by its producer, after publication, with a reason
)

// passage is a move from some states to another.
type passage struct {
	Bouton  string
	Verbe   string // of the journal
	De      []Etat
	Vers    Etat
	Droit   droits.Droit
	Motif   bool // a reason is asked for
	Message string
}

// passages are the moves that a return can make; who may make each is its right, and for the producer's own, the organisation.
var passages = map[string]passage{
	acteTerminer:  {"La saisie est terminée", "remontée prête", []Etat{EnCours}, Prete, droits.RemonteeSaisir, false, "La remontée est prête à certifier."},
	acteRouvrir:   {"Reprendre la saisie", "remontée reprise", []Etat{Prete, Certifiee}, EnCours, droits.RemonteeSaisir, false, "La saisie est rouverte."},
	acteCertifier: {"Certifier ces chiffres", "remontée certifiée", []Etat{Prete}, Certifiee, droits.RemonteeSaisir, false, "Les chiffres sont certifiés : la préfecture peut les publier."},
	acteRenvoyer:  {"Renvoyer au producteur", "remontée renvoyée", []Etat{Prete, Certifiee, Publiee}, EnCours, droits.RemonteePublier, true, "La remontée est renvoyée à son producteur."},
	actePublier:   {"Publier ces chiffres", "remontée publiée", []Etat{Certifiee}, Publiee, droits.RemonteePublier, false, "Les chiffres sont publiés."},
	acteCorriger:  {"Corriger des chiffres publiés", "correction commencée", []Etat{Publiee}, EnCours, droits.RemonteeSaisir, true, "La saisie est rouverte. Les chiffres publiés restent en ligne jusqu’à la publication de la correction."},
}

// actes are the deeds in the order of the page.
var actes = []string{acteTerminer, acteCertifier, actePublier, acteRouvrir, acteRenvoyer, acteCorriger}

// peut says whether the deed is open to whoever asks, in the state that the return is in.
func (r Remontee) peut(acte string, par droits.Compte) bool {
	p, known := passages[acte]
	return known && slices.Contains(p.De, r.Etat) && par.Peut(p.Droit) && (p.Droit != droits.RemonteeSaisir || par.Organisme == r.OrganismeID)
}

// passer judges a move and gives the return as it is after it.
func (r Remontee) passer(acte string, par droits.Compte, motif string) (Remontee, error) {
	p := passages[acte]
	switch {
	case !par.Peut(p.Droit) || p.Droit == droits.RemonteeSaisir && par.Organisme != r.OrganismeID:
		return r, fault.Forbidden
	case !slices.Contains(p.De, r.Etat):
		return r, fault.Fields{"": "Cette remontée est maintenant dans l’état " + typo.Guillemets(r.Etat.Texte()) + typo.NBSP + ": ce geste n’est plus possible."}
	case p.Motif && motif == "":
		return r, fault.Fields{"motif": "Dites pourquoi, en une phrase."}
	}
	f := fault.Fields{}
	if saisie.Longueur(f, "motif", motif, maxPhrase); len(f) > 0 {
		return r, f
	}
	if r.Etat == Publiee {
		r.Tour++
	}
	if p.Motif {
		r.Motif = motif
	}
	r.Etat = p.Vers
	return r, nil
}

// Passer makes a move: state, step, journal, and for a publication the figures themselves, in one transaction.
func (s *Service) Passer(ctx context.Context, par droits.Compte, id int64, on int, acte, motif string) error {
	motif = saisie.Ligne(motif)
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		kept, err := lockRemontee(ctx, tx, id)
		if err != nil {
			return err
		}
		after, err := kept.passer(acte, par, motif)
		if err != nil {
			return err
		}
		if kept.Version != on {
			return fault.Stale
		}
		if acte == acteTerminer || acte == actePublier {
			g, err := readGrille(ctx, tx, kept)
			if err != nil {
				return err
			}
			if told := g.reste(); acte == acteTerminer && len(told) > 0 {
				return fault.Fields{"": "Il reste " + typo.NPluriel(int64(len(told)), "cellule", "cellules") + " à remplir ou à confirmer" + typo.NBSP + ": elles sont signalées dans la grille. Tapez " +
					typo.Guillemets(absent) + " où le chiffre n’existe pas."}
			}
			if acte == actePublier {
				if err := publier(ctx, tx, g); err != nil {
					return err
				}
			}
		}
		if err := updateRemontee(ctx, tx, after); err != nil {
			return err
		}
		if err := insertEtape(ctx, tx, par, after, motif); err != nil {
			return err
		}
		c := journal.Changement{"etat": {kept.Etat.Texte(), after.Etat.Texte()}}
		if motif != "" {
			c["motif"] = [2]any{nil, motif}
		}
		return journal.Note(ctx, tx, par, passages[acte].Verbe, objetRemontee, id, c)
	})
	if err != nil {
		return fmt.Errorf("%s remontee %d: %w", acte, id, err)
	}
	return nil
}

// Ouverture is what is typed to ask producers for their figures.
type Ouverture struct {
	Organismes []int64
	Periode    string // 2025, 2025-T3
	Echeance   string
}

// ouvrir reads an opening: the period and the day by which figures are due.
func (o Ouverture) lire() (millesime int, trimestre *int, echeance time.Time, err error) {
	f := fault.Fields{}
	if len(o.Organismes) == 0 {
		f.Add("organismes", "Choisissez au moins un producteur.")
	}
	var year, quarter int
	if n, _ := fmt.Sscanf(o.Periode+"\n", "%4d-T%1d\n", &year, &quarter); n == 2 && quarter >= 1 && quarter <= 4 {
		trimestre = &quarter
	} else if y, bad := strconv.Atoi(o.Periode); bad == nil {
		year = y
	} else {
		year = 0
	}
	if year < 1990 || year > typo.Aujourdhui().Year() {
		f.Add("periode", "Indiquez une année échue ou en cours, par exemple 2025, ou un trimestre, par exemple 2025-T3.")
	}
	echeance = saisie.Jour(f, "echeance", o.Echeance)
	return year, trimestre, echeance, f.Err()
}

// Ouvrir asks producers for their figures of a period, in a département. Those who were asked already are left alone.
func (s *Service) Ouvrir(ctx context.Context, par droits.Compte, o Ouverture) (ouvertes int, err error) {
	millesime, trimestre, echeance, err := o.lire()
	if err != nil {
		return 0, err
	}
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		ids, err := insertRemontees(ctx, tx, o.Organismes, s.cfg.Departement, millesime, trimestre, echeance)
		if err != nil {
			return err
		}
		ouvertes = len(ids)
		entrees := make([]journal.Entree, len(ids))
		r := Remontee{Millesime: millesime, Trimestre: trimestre}
		for i, id := range ids {
			entrees[i] = journal.Entree{Verbe: "remontée ouverte", ID: id, Detail: journal.Changement{"periode": {nil, r.Periode()}, "echeance": {nil, typo.Date(echeance)}}}
		}
		return journal.NoteAll(ctx, tx, par, objetRemontee, entrees)
	})
	if err != nil {
		return 0, fmt.Errorf("open returns: %w", err)
	}
	return ouvertes, nil
}

package cis

import (
	"context"
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

// maxDuree is the longest that a point may take, in minutes.
const maxDuree = 480

// dureePoint is how long a point takes when nobody said, in minutes.
const dureePoint = 10

// States of a point (lexique.EtatsPoint).
const (
	pointPropose = "propose"
	pointRetenu  = "retenu"
	pointEcarte  = "ecarte"
)

// Saisie is what is typed of a point.
type Saisie struct {
	Nature       string // code of lexique.NaturesPoint
	Titre        string
	Description  string // Markdown-lite
	OrganismeID  *int64 // who presents it; nil: the préfecture
	DureeMin     int
	QPVID        *int32
	ContratID    *int64
	DispositifID *int64
	Restreint    bool // for the services of the State only
}

// Point is a point of an agenda, kept, proposed or dropped.
type Point struct {
	ID       int64
	SeanceID int64
	Rang     int // order in the agenda, from 1; 0: not in it
	Saisie
	Organisme     *string // who presents it
	QPVNom        *string
	QPVCode       *string
	ContratTitre  *string // nil outside the perimeter of whoever reads
	Dispositif    *string
	Etat          string
	Origine       string // code of lexique.OriginesPoint
	Reference     *string
	ProposePar    *int64 // organisation of the member who proposed it
	ProposeParNom *string
	Reponse       string // why it was dropped
	Documents     int
	Demonstration bool
	Version       int
}

// presente is who presents a point, in words.
func (p Point) presente() string {
	if p.Organisme == nil {
		return "Préfecture"
	}
	return *p.Organisme
}

// porteSur is the contract and the dispositif that a point is about, as far as whoever reads may know of them: pages say it, mails to
// others do not.
func (p Point) porteSur() string {
	text := ""
	for _, about := range []*string{p.ContratTitre, p.Dispositif} {
		if about != nil {
			text += ", " + *about
		}
	}
	return text
}

func (p Saisie) propre() Saisie {
	p.Titre, p.Description = saisie.Ligne(p.Titre), saisie.Paragraphes(p.Description)
	return p
}

func (p Saisie) check() error {
	f := fault.Fields{}
	if p.Titre == "" {
		f.Add("titre", "Indiquez l’objet du point.")
	}
	saisie.Longueur(f, "titre", p.Titre, maxTitre)
	saisie.Longueur(f, "description", p.Description, maxTexte)
	if !lexique.Connu(lexique.NaturesPoint, p.Nature) {
		f.Add("nature", "Choisissez la nature du point.")
	}
	if p.DureeMin < 1 || p.DureeMin > maxDuree {
		f.Add("duree_min", "Indiquez une durée en minutes, entre 1 et "+typo.Nombre(maxDuree)+".")
	}
	return f.Err()
}

// difference is what the journal says of two states of a point.
func (p Point) difference(after Saisie) journal.Changement {
	d := journal.Changement{}
	d.Champ("titre", p.Titre, after.Titre)
	d.Champ("nature", lexique.Libelle(lexique.NaturesPoint, p.Nature), lexique.Libelle(lexique.NaturesPoint, after.Nature))
	d.Champ("description", p.Description, after.Description)
	d.Champ("organisme", numero(p.OrganismeID), numero(after.OrganismeID))
	d.Champ("duree_min", p.DureeMin, after.DureeMin)
	d.Champ("qpv", numero(p.QPVID), numero(after.QPVID))
	d.Champ("contrat", numero(p.ContratID), numero(after.ContratID))
	d.Champ("dispositif", numero(p.DispositifID), numero(after.DispositifID))
	d.Champ("restreint", p.Restreint, after.Restreint)
	return d
}

// numero is a number that may be missing, as the journal keeps it.
func numero[N int32 | int64](n *N) any {
	if n == nil {
		return ""
	}
	return *n
}

// AddPoint puts a point at the end of the agenda; cle as in CreateComite.
func (s *Service) AddPoint(ctx context.Context, par droits.Compte, seance int64, in Saisie, cle string) (id int64, err error) {
	in = in.propre()
	if err := in.check(); err != nil {
		return 0, err
	}
	err = s.changeSeance(ctx, par, seance, func(tx pgx.Tx, v Seance) (string, journal.Changement, error) {
		if err := v.refuseClose(); err != nil {
			return "", nil, err
		}
		var fresh bool
		if id, fresh, err = insertPoint(ctx, tx, seance, in, cle); err != nil || !fresh {
			return "", nil, err
		}
		return "point ajouté", journal.Changement{"point": {nil, in.Titre}}, nil
	})
	return id, err
}

// onPoint runs one change of a point of an agenda that is open.
func (s *Service) onPoint(ctx context.Context, par droits.Compte, seance, id int64, do func(tx pgx.Tx, p Point) (verbe string, detail journal.Changement, err error)) error {
	return s.changeSeance(ctx, par, seance, func(tx pgx.Tx, v Seance) (string, journal.Changement, error) {
		p, err := findPoint(ctx, tx, seance, id)
		if err != nil {
			return "", nil, err
		}
		if err := v.refuseClose(); err != nil {
			return "", nil, err
		}
		return do(tx, p)
	})
}

// UpdatePoint changes a point, on the version that its form was written on.
func (s *Service) UpdatePoint(ctx context.Context, par droits.Compte, seance, id int64, version int, in Saisie) error {
	in = in.propre()
	if err := in.check(); err != nil {
		return err
	}
	return s.onPoint(ctx, par, seance, id, func(tx pgx.Tx, p Point) (string, journal.Changement, error) {
		d := p.difference(in)
		switch {
		case len(d) == 0:
			return "", nil, nil
		case p.Version != version:
			return "", nil, fault.Stale
		}
		d["point"] = [2]any{p.Titre, in.Titre} // which: told even when it is not what changed
		return "point modifié", d, updatePoint(ctx, tx, p, in)
	})
}

// MovePoint moves a point up (-1) or down (+1) in the agenda; at its end it stays.
func (s *Service) MovePoint(ctx context.Context, par droits.Compte, seance, id int64, by int) error {
	return s.onPoint(ctx, par, seance, id, func(tx pgx.Tx, p Point) (string, journal.Changement, error) {
		if p.Etat != pointRetenu {
			return "", nil, fault.Fields{"": "Ce point n’est pas à l’ordre du jour."}
		}
		moved, err := swapRang(ctx, tx, p, by)
		if err != nil || !moved {
			return "", nil, err
		}
		return "point déplacé", journal.Changement{"point": {p.Titre, p.Titre}, "rang": {p.Rang, p.Rang + by}}, nil
	})
}

// KeepPoint puts a point that was proposed, or dropped, at the end of the agenda.
func (s *Service) KeepPoint(ctx context.Context, par droits.Compte, seance, id int64) error {
	return s.onPoint(ctx, par, seance, id, func(tx pgx.Tx, p Point) (string, journal.Changement, error) {
		if p.Etat == pointRetenu {
			return "", nil, nil
		}
		return "point retenu", journal.Changement{"point": {nil, p.Titre}}, keepPoint(ctx, tx, p)
	})
}

// DropPoint leaves a point out of the agenda. A member who proposed it reads why: the answer is asked for.
func (s *Service) DropPoint(ctx context.Context, par droits.Compte, seance, id int64, reponse string) error {
	reponse = saisie.Paragraphes(reponse)
	f := fault.Fields{}
	saisie.Longueur(f, "reponse", reponse, maxMotif)
	if err := f.Err(); err != nil {
		return err
	}
	return s.onPoint(ctx, par, seance, id, func(tx pgx.Tx, p Point) (string, journal.Changement, error) {
		if p.Etat == pointEcarte && p.Reponse == reponse {
			return "", nil, nil
		}
		if p.ProposePar != nil && reponse == "" {
			return "", nil, fault.Fields{"reponse": "Indiquez pourquoi ce point est écarté" + typo.NBSP + ": l’organisme qui l’a proposé lira votre réponse."}
		}
		return "point écarté", journal.Changement{"point": {p.Titre, nil}, "reponse": {nil, reponse}}, dropPoint(ctx, tx, p, reponse)
	})
}

// ouverteAuxPropositions says whether members may still propose points on a day.
func (s Seance) ouverteAuxPropositions(jour time.Time) bool {
	return s.Etat == Planifiee && (s.PropositionsLe == nil || !jour.After(*s.PropositionsLe)) || s.Etat == Convoquee && s.PropositionsLe != nil && !jour.After(*s.PropositionsLe)
}

// Proposer lets a member propose a point, in the name of its organisation, until the deadline; cle as in CreateComite.
func (s *Service) Proposer(ctx context.Context, par droits.Compte, seance int64, in Saisie, cle string) error {
	in = in.propre()
	in.OrganismeID, in.Restreint, in.DureeMin = &par.Organisme, false, dureePoint
	if err := in.check(); err != nil {
		return err
	}
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		v, err := findSeance(ctx, tx, seance)
		if err != nil {
			return err
		}
		if !v.ouverteAuxPropositions(typo.Aujourdhui()) {
			if v.PropositionsLe != nil && v.Etat.ATenir() {
				return fault.Fields{"": "Les points se proposaient jusqu’au " + typo.Date(*v.PropositionsLe) + ". Écrivez à la préfecture si le vôtre ne peut pas attendre."}
			}
			return fault.Fields{"": "L’ordre du jour de cette séance est arrêté."}
		}
		fresh, err := insertProposition(ctx, tx, par, seance, in, cle)
		if err != nil || !fresh {
			return err
		}
		return journal.Note(ctx, tx, par, "point proposé", objetSeance, seance, journal.Changement{"point": {nil, in.Titre}})
	})
}

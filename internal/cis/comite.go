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

// Longest texts, in characters: those of the schema.
const (
	maxNom      = 120
	maxSigle    = 40
	maxFonction = 120
	maxLieu     = 300
	maxTexte    = 4000
	maxMotif    = 1000
	maxTitre    = 200
)

// Bounds of the delays of a committee, in days.
const (
	maxPreavis   = 90
	maxRelecture = 60
)

// champsJournal are the labels of the fields of journal lines.
var champsJournal = map[string]string{
	"nom": "Nom", "sigle": "Sigle", "nature": "Nature", "objet": "Objet", "periodicite": "Rythme", "president": "Présidence", "secretaire": "Secrétariat",
	"lieu": "Lieu", "preavis_jours": "Préavis de convocation", "propositions_jours": "Délai pour proposer un point", "relecture_jours": "Délai de relecture",
	"alerte_jours": "Alerte avant la fin de la période", "ferme_le": "Fermé le", "membre": "Membre", "fonction": "Fonction", "depuis": "Depuis le", "fin": "Jusqu’au",
	"contacts": "Destinataires", "intitule": "Intitulé", "debut": "Début", "duree": "Fin", "visio": "Visioconférence", "propositions_le": "Points proposés jusqu’au",
	"etat": "État", "motif": "Motif", "preavis_motif": "Motif du préavis réduit", "destinataires": "Destinataires", "point": "Point", "titre": "Titre",
	"description": "Description", "duree_min": "Durée (minutes)", "organisme": "Organisme", "qpv": "Quartier", "restreint": "Réservé aux services de l’État",
	"rang": "Rang", "reponse": "Réponse", "represente_par": "Représenté par", "sequence": "Version envoyée", "document": "Document",
}

// Reglages are what is typed of a committee.
type Reglages struct {
	Nom, Sigle        string
	Nature            string // code of lexique.NaturesComite
	Objet             string // what it is for, Markdown-lite
	Periodicite       string // code of lexique.Periodicites
	President         string // fonctions, never persons
	Secretaire        string
	Lieu              string // where it usually meets
	PreavisJours      int    // between the convocation and the meeting
	PropositionsJours int    // before the meeting: last day to propose a point
	RelectureJours    int    // for comments on the minutes
	AlerteJours       int    // before the end of a period without a meeting
}

// Comite is a body that meets.
type Comite struct {
	ID int64
	Reglages
	FermeLe       *time.Time
	Demonstration bool
	Version       int
}

// Titre is the name with its acronym.
func (c Comite) Titre() string {
	if c.Sigle == "" {
		return c.Nom
	}
	return c.Nom + " (" + c.Sigle + ")"
}

// Ferme says whether the committee no longer meets.
func (c Comite) Ferme() bool { return c.FermeLe != nil }

// refuseFerme refuses changes that only a living committee may have.
func (c Comite) refuseFerme() error {
	if c.Ferme() {
		return fault.Fields{"": "Ce comité est fermé depuis le " + typo.Date(*c.FermeLe) + ". Rouvrez-le d’abord s’il se réunit encore."}
	}
	return nil
}

func (r Reglages) propre() Reglages {
	r.Nom, r.Sigle, r.President, r.Secretaire, r.Lieu = saisie.Ligne(r.Nom), saisie.Ligne(r.Sigle), saisie.Ligne(r.President), saisie.Ligne(r.Secretaire), saisie.Ligne(r.Lieu)
	r.Objet = saisie.Paragraphes(r.Objet)
	return r
}

func (r Reglages) check() error {
	f := fault.Fields{}
	if r.Nom == "" {
		f.Add("nom", "Indiquez le nom du comité.")
	}
	for champ, text := range map[string]string{"president": r.President, "secretaire": r.Secretaire, "nom": r.Nom} {
		saisie.Longueur(f, champ, text, maxFonction)
	}
	saisie.Longueur(f, "sigle", r.Sigle, maxSigle)
	saisie.Longueur(f, "lieu", r.Lieu, maxLieu)
	saisie.Longueur(f, "objet", r.Objet, maxTexte)
	if !lexique.Connu(lexique.NaturesComite, r.Nature) {
		f.Add("nature", "Choisissez la nature du comité dans la liste.")
	}
	if !lexique.Connu(lexique.Periodicites, r.Periodicite) {
		f.Add("periodicite", "Choisissez le rythme des séances dans la liste.")
	}
	return f.Err()
}

// difference is what the journal says of two states of the settings.
func (r Reglages) difference(after Reglages) journal.Changement {
	d := journal.Changement{}
	d.Champ("nom", r.Nom, after.Nom)
	d.Champ("sigle", r.Sigle, after.Sigle)
	d.Champ("nature", lexique.Libelle(lexique.NaturesComite, r.Nature), lexique.Libelle(lexique.NaturesComite, after.Nature))
	d.Champ("objet", r.Objet, after.Objet)
	d.Champ("periodicite", lexique.Libelle(lexique.Periodicites, r.Periodicite), lexique.Libelle(lexique.Periodicites, after.Periodicite))
	d.Champ("president", r.President, after.President)
	d.Champ("secretaire", r.Secretaire, after.Secretaire)
	d.Champ("lieu", r.Lieu, after.Lieu)
	d.Champ("preavis_jours", r.PreavisJours, after.PreavisJours)
	d.Champ("propositions_jours", r.PropositionsJours, after.PropositionsJours)
	d.Champ("relecture_jours", r.RelectureJours, after.RelectureJours)
	d.Champ("alerte_jours", r.AlerteJours, after.AlerteJours)
	return d
}

// CreateComite adds a committee and gives its id. cle is a UUID made with the form: the same form sent twice creates one.
func (s *Service) CreateComite(ctx context.Context, par droits.Compte, in Reglages, cle string) (id int64, err error) {
	in = in.propre()
	if err := in.check(); err != nil {
		return 0, err
	}
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		var fresh bool
		if id, fresh, err = insertComite(ctx, tx, in, cle); err != nil || !fresh {
			return err
		}
		return journal.Note(ctx, tx, par, "comité créé", objetComite, id, Reglages{}.difference(in))
	})
	if err != nil {
		return 0, fmt.Errorf("create comite: %w", err)
	}
	return id, nil
}

// changeComite runs one change of a committee: locked, judged, noted. An empty verbe says that there was nothing to do.
func (s *Service) changeComite(ctx context.Context, par droits.Compte, id int64, do func(tx pgx.Tx, c Comite) (verbe string, detail journal.Changement, err error)) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		c, err := lockComite(ctx, tx, id)
		if err != nil {
			return err
		}
		verbe, detail, err := do(tx, c)
		if err != nil || verbe == "" {
			return err
		}
		return journal.Note(ctx, tx, par, verbe, objetComite, id, detail)
	})
	if err != nil {
		return fmt.Errorf("change comite %d: %w", id, err)
	}
	return nil
}

// UpdateComite changes the settings of a committee, on the version that its form was written on.
func (s *Service) UpdateComite(ctx context.Context, par droits.Compte, id int64, version int, in Reglages) error {
	in = in.propre()
	if err := in.check(); err != nil {
		return err
	}
	return s.changeComite(ctx, par, id, func(tx pgx.Tx, c Comite) (string, journal.Changement, error) {
		switch {
		case c.Reglages == in:
			return "", nil, nil
		case c.Version != version:
			return "", nil, fault.Stale
		}
		return "comité modifié", c.Reglages.difference(in), updateComite(ctx, tx, c, in)
	})
}

// CloseComite notes that a committee no longer meets; its meetings and decisions stay.
func (s *Service) CloseComite(ctx context.Context, par droits.Compte, id int64) error {
	return s.changeComite(ctx, par, id, func(tx pgx.Tx, c Comite) (string, journal.Changement, error) {
		if c.Ferme() {
			return "", nil, nil
		}
		coming, err := countATenir(ctx, tx, id)
		if err != nil {
			return "", nil, err
		}
		if coming > 0 {
			return "", nil, fault.Fields{"": "Il reste " + typo.NPluriel(coming, "séance à tenir", "séances à tenir") + typo.NBSP + ": annulez-les d’abord."}
		}
		day := typo.Aujourdhui()
		return "comité fermé", journal.Changement{"ferme_le": {nil, typo.Date(day)}}, updateFermeture(ctx, tx, c, &day)
	})
}

// ReopenComite takes back a closing.
func (s *Service) ReopenComite(ctx context.Context, par droits.Compte, id int64) error {
	return s.changeComite(ctx, par, id, func(tx pgx.Tx, c Comite) (string, journal.Changement, error) {
		if !c.Ferme() {
			return "", nil, nil
		}
		return "comité rouvert", journal.Changement{"ferme_le": {typo.Date(*c.FermeLe), nil}}, updateFermeture(ctx, tx, c, nil)
	})
}

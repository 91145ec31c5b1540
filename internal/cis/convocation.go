package cis

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/saisie"
	"portail/web/typo"
)

// What a mail to the members tells them (lexique.SortesEnvoi).
const (
	envoiConvocation  = "convocation"
	envoiModification = "modification"
	envoiReport       = "report"
	envoiAnnulation   = "annulation"
)

// destinataire is somebody who is, or would be, called to a meeting.
type destinataire struct {
	MembreID    int64
	OrganismeID int64
	Organisme   string
	Nature      string // of the organisation
	Fonction    string
	CompteID    *int64
	Courriel    string
}

// serviceEtat says whether points for the services of the State may be written to them.
func (d destinataire) serviceEtat() bool { return d.Nature == "service_etat" }

// Convocation is somebody called to a meeting, with their answer and the last mail that was written to them.
type Convocation struct {
	ID int64
	destinataire
	Reponse       string // code of lexique.ReponsesConvocation; empty: none yet
	RepresentePar string
	Mot           string
	ReponduLe     *time.Time
	ReponduPar    string
	Version       int
	EnvoiID       *int64 // the last mail; nil: none yet
	EnvoiSorte    *string
	EnvoiEtat     *string // code of lexique.EtatsCourriel
	EnvoiMotif    *string
	EnvoiLe       *time.Time // written
	ExpedieLe     *time.Time
	Essai         *int
}

// annonce is what members are told of a meeting, in one text that changes when it does: date, hours, place.
func (s Seance) annonce() string {
	var parts []string
	for _, t := range []*time.Time{s.Debut, s.Fin} {
		text := ""
		if t != nil {
			text = t.UTC().Format(time.RFC3339)
		}
		parts = append(parts, text)
	}
	return strings.Join(append(parts, s.Lieu, s.Visio), "\n")
}

// aAnnoncer says whether the members called were told of another date or place than today's.
func (s Seance) aAnnoncer() bool { return s.Etat == Convoquee && s.Annonce != s.annonce() }

// autreDate says whether the date told was another one: answers to it are worth nothing now.
func (s Seance) autreDate() bool {
	told, _, _ := strings.Cut(s.Annonce, "\n")
	now, _, _ := strings.Cut(s.annonce(), "\n")
	return s.Annonce != "" && told != now
}

// manque says what keeps a meeting from being called; the notice apart.
func (s Seance) manque(points []Point, to []destinataire, now time.Time) fault.Fields {
	f := fault.Fields{}
	switch {
	case s.Debut == nil:
		f.Add("", "La séance n’a pas de date"+typo.NBSP+": fixez-la avant de convoquer.")
	case s.Debut.Before(now):
		f.Add("", "La date de la séance est passée"+typo.NBSP+": corrigez-la avant de convoquer.")
	}
	if !slices.ContainsFunc(points, func(p Point) bool { return p.Etat == pointRetenu }) {
		f.Add("ordre_du_jour", "L’ordre du jour est vide"+typo.NBSP+": ajoutez au moins un point avant de convoquer.")
	}
	if len(to) == 0 {
		f.Add("destinataires", "Personne à qui écrire"+typo.NBSP+": indiquez les destinataires des membres du comité.")
	}
	return f
}

// preavisCourt is how many days are left before the meeting when they are fewer than the committee's notice; -1 otherwise.
func (s Seance) preavisCourt(jour time.Time) int {
	if s.Debut == nil {
		return -1
	}
	left := int(s.Jour().Sub(jour).Hours() / 24)
	if left >= s.PreavisJours {
		return -1
	}
	return max(left, 0)
}

// Convoquer calls the members: the state, one mail each and the line that follows it, in one transaction. The same form sent twice
// calls once. Fewer days than the committee's notice ask for a written reason, which is journalled.
func (s *Service) Convoquer(ctx context.Context, par droits.Compte, id int64, version int, cle, preavisMotif string) error {
	preavisMotif = saisie.Paragraphes(preavisMotif)
	return s.changeSeance(ctx, par, id, func(tx pgx.Tx, v Seance) (string, journal.Changement, error) {
		switch {
		case v.EnvoiCle == cle:
			return "", nil, nil
		case v.Version != version:
			return "", nil, fault.Stale
		}
		points, err := listPoints(ctx, tx, id)
		if err != nil {
			return "", nil, err
		}
		to, err := listDestinataires(ctx, tx, v)
		if err != nil {
			return "", nil, err
		}
		f := v.manque(points, to, time.Now())
		saisie.Longueur(f, "preavis_motif", preavisMotif, maxMotif)
		left := v.preavisCourt(typo.Aujourdhui())
		if left >= 0 && preavisMotif == "" {
			f.Add("preavis_motif", "Le préavis est de "+typo.NPluriel(int64(v.PreavisJours), "jour", "jours")+"."+" Indiquez pourquoi la convocation part plus tard.")
		}
		if left < 0 {
			preavisMotif = ""
		}
		if err := f.Err(); err != nil {
			return "", nil, err
		}
		verbe, detail, err := passer(ctx, tx, par, v, Convoquee, "")
		if err != nil {
			return "", nil, err
		}
		detail.Champ("preavis_motif", "", preavisMotif)
		if err := updatePreavis(ctx, tx, id, preavisMotif); err != nil {
			return "", nil, err
		}
		if v, err = lockSeance(ctx, tx, id); err != nil {
			return "", nil, err
		}
		n, err := s.ecrireATous(ctx, tx, v, envoiConvocation, cle)
		detail["destinataires"] = [2]any{nil, n}
		return verbe, detail, err
	})
}

// Prevenir tells the members of a meeting already called what changed: date, place or agenda. Whoever joined the committee since is
// called too. Answers to another date are asked for again.
func (s *Service) Prevenir(ctx context.Context, par droits.Compte, id int64, version int, cle string) error {
	return s.changeSeance(ctx, par, id, func(tx pgx.Tx, v Seance) (string, journal.Changement, error) {
		switch {
		case v.EnvoiCle == cle:
			return "", nil, nil
		case v.Version != version:
			return "", nil, fault.Stale
		case v.Etat != Convoquee:
			return "", nil, fault.Fields{"": "Les membres ne sont pas convoqués" + typo.NBSP + ": il n’y a rien à leur annoncer."}
		case v.Debut.Before(time.Now()):
			return "", nil, fault.Fields{"": "La date de la séance est passée."}
		}
		d := journal.Changement{"sequence": {v.Sequence, v.Sequence + 1}}
		n, err := s.ecrireATous(ctx, tx, v, envoiModification, cle)
		d["destinataires"] = [2]any{nil, n}
		return "membres prévenus d’un changement", d, err
	})
}

// Relancer writes again to those who did not answer, with the invitation as it is.
func (s *Service) Relancer(ctx context.Context, par droits.Compte, id int64, cle string) error {
	return s.changeSeance(ctx, par, id, func(tx pgx.Tx, v Seance) (string, journal.Changement, error) {
		if v.EnvoiCle == cle {
			return "", nil, nil
		}
		n, err := s.ecrireEncore(ctx, tx, v, func(c Convocation) bool { return c.Reponse == "" }, cle)
		if err != nil || n == 0 {
			return "", nil, err
		}
		return "membres sans réponse relancés", journal.Changement{"destinataires": {nil, n}}, nil
	})
}

// Renvoyer writes again to one of those called: the mail may have failed, or been lost. One that still waits to leave is left alone.
func (s *Service) Renvoyer(ctx context.Context, par droits.Compte, id, convocation int64, cle string) error {
	return s.changeSeance(ctx, par, id, func(tx pgx.Tx, v Seance) (string, journal.Changement, error) {
		if v.EnvoiCle == cle {
			return "", nil, nil
		}
		known := false
		n, err := s.ecrireEncore(ctx, tx, v, func(c Convocation) bool { known = known || c.ID == convocation; return c.ID == convocation }, cle)
		switch {
		case err != nil:
			return "", nil, err
		case !known:
			return "", nil, fault.NotFound
		case n == 0:
			return "", nil, fault.Fields{"": "Le courriel précédent attend encore d’être expédié" + typo.NBSP + ": le portail s’en charge."}
		}
		return "convocation renvoyée", journal.Changement{"destinataires": {nil, strconv.FormatInt(convocation, 10)}}, nil
	})
}

// ecrireEncore writes to those chosen whose last mail is not waiting to leave.
func (s *Service) ecrireEncore(ctx context.Context, tx pgx.Tx, v Seance, chosen func(Convocation) bool, cle string) (int, error) {
	if v.Etat != Convoquee || v.Debut.Before(time.Now()) {
		return 0, fault.Fields{"": "La séance n’est plus à venir" + typo.NBSP + ": il n’y a plus personne à relancer."}
	}
	all, err := listConvocations(ctx, tx, v.ID)
	if err != nil {
		return 0, err
	}
	points, err := listPoints(ctx, tx, v.ID)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, c := range all {
		if !chosen(c) || c.EnvoiEtat != nil && *c.EnvoiEtat == "en_attente" {
			continue
		}
		if err := s.ecrire(ctx, tx, v, points, c, envoiConvocation); err != nil {
			return 0, err
		}
		n++
	}
	if n == 0 {
		return 0, nil
	}
	return n, noteEnvoi(ctx, tx, v, v.Sequence, cle)
}

// ecrireATous writes to everybody concerned, under a sequence of its own, and tells how many they are.
func (s *Service) ecrireATous(ctx context.Context, tx pgx.Tx, v Seance, sorte, cle string) (int, error) {
	if sorte == envoiConvocation || sorte == envoiModification {
		to, err := listDestinataires(ctx, tx, v)
		if err != nil {
			return 0, err
		}
		if err := insertConvocations(ctx, tx, v.ID, to); err != nil {
			return 0, err
		}
		if v.autreDate() {
			if err := forgetReponses(ctx, tx, v.ID); err != nil {
				return 0, err
			}
		}
	}
	all, err := listConvocations(ctx, tx, v.ID)
	if err != nil {
		return 0, err
	}
	points, err := listPoints(ctx, tx, v.ID)
	if err != nil {
		return 0, err
	}
	if v.Annonce != "" {
		v.Sequence++ // calendars take a change only with a higher one
	}
	for _, c := range all {
		told := sorte
		if sorte == envoiModification && c.EnvoiID == nil {
			told = envoiConvocation // joined since
		}
		if err := s.ecrire(ctx, tx, v, points, c, told); err != nil {
			return 0, err
		}
	}
	return len(all), noteEnvoi(ctx, tx, v, v.Sequence, cle)
}

package dispositif

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/saisie"
	"portail/web/typo"
)

// PRE is a programme de réussite éducative as it is today: children of 2 to 16, by individual pathways (R-PRE-1). It holds aggregates
// only.
type PRE struct {
	ID                   int64
	Nom                  string
	PorteurID            int64
	Porteur              string
	PorteurNature        string   // code of lexique.PorteursPRE (R-PRE-2)
	Domaines             []string // codes of lexique.DomainesPRE
	Debut                time.Time
	Fin                  *time.Time // nil: no end is set
	CoordinationFonction string     // the coordinator's post, never a name
	ContactCourriel      string
	ContactTelephone     string
	Presentation         string // Markdown-lite
	SeuilSecret          int64  // counts below it are masked
	QPV                  []int32
	QPVNoms, QPVCodes    []string
	Communes             []int32
	CommunesNoms         []string
	Publie               bool
	Demonstration        bool
	Version              int
}

// Programme is what is typed of a programme.
type Programme struct {
	Nom                  string
	Porteur              int64
	PorteurNature        string
	Domaines             []string
	Debut, Fin           time.Time // Fin may be zero
	CoordinationFonction string
	ContactCourriel      string
	ContactTelephone     string
	Presentation         string
	QPV, Communes        []int32
	Publie               bool
}

func (p Programme) propre() Programme {
	p.Nom, p.CoordinationFonction, p.ContactTelephone = saisie.Ligne(p.Nom), saisie.Ligne(p.CoordinationFonction), saisie.Ligne(p.ContactTelephone)
	p.Presentation = saisie.Paragraphes(p.Presentation)
	p.QPV = slices.Compact(slices.Sorted(slices.Values(p.QPV)))
	p.Communes = slices.Compact(slices.Sorted(slices.Values(p.Communes)))
	var domaines []string
	for _, d := range codes(lexique.DomainesPRE) {
		if slices.Contains(p.Domaines, d) {
			domaines = append(domaines, d)
		}
	}
	p.Domaines = domaines
	return p
}

// check refuses a programme without carrier, domain or place. f holds the faults of what could not be read.
func (p Programme) check(f fault.Fields) error {
	if p.Nom == "" {
		f.Add("nom", "Indiquez le nom du programme.")
	}
	saisie.Longueur(f, "nom", p.Nom, maxNom)
	if p.Porteur == 0 {
		f.Add("porteur", "Choisissez le porteur dans la liste.")
	}
	if !lexique.Connu(lexique.PorteursPRE, p.PorteurNature) {
		f.Add("porteur_nature", "Choisissez la forme du porteur"+typo.NBSP+": caisse des écoles, CCAS, groupement d’intérêt public ou autre établissement public local.")
	}
	if len(p.Domaines) == 0 {
		f.Add("domaines", "Choisissez au moins un domaine.")
	}
	if len(p.QPV) == 0 && len(p.Communes) == 0 {
		f.Add("communes", "Indiquez au moins une commune ou un quartier.")
	}
	if !p.Fin.IsZero() && p.Fin.Before(p.Debut) {
		f.Add("fin", "La fin vient avant le début.")
	}
	saisie.Longueur(f, "coordination_fonction", p.CoordinationFonction, maxFonction)
	saisie.Courriel(f, "contact_courriel", p.ContactCourriel)
	saisie.Telephone(f, "contact_telephone", p.ContactTelephone)
	saisie.Longueur(f, "presentation", p.Presentation, maxTexte)
	return f.Err()
}

// champsPRE are the labels of the fields of journal lines of a programme.
var champsPRE = map[string]string{
	"nom": "Nom", "porteur": "Porteur", "porteur_nature": "Forme du porteur", "domaines": "Domaines", "debut": "Début", "fin": "Fin", "coordination": "Coordination",
	"courriel": "Courriel", "telephone": "Téléphone", "presentation": "Présentation", "quartiers": "Quartiers", "communes": "Communes", "publie": "Publié",
	"annee": "Année", "budget": "Budget", "reunion": "Réunion", "le": "Le", "reserve": "Réserve",
}

func differencePRE(before, after PRE) journal.Changement {
	c := journal.Changement{}
	c.Champ("nom", before.Nom, after.Nom)
	c.Champ("porteur", before.Porteur, after.Porteur)
	c.Champ("porteur_nature", lexique.Libelle(lexique.PorteursPRE, before.PorteurNature), lexique.Libelle(lexique.PorteursPRE, after.PorteurNature))
	c.Champ("domaines", typo.Liste(before.domaines()), typo.Liste(after.domaines()))
	c.Champ("debut", typo.Date(before.Debut), typo.Date(after.Debut))
	c.Champ("fin", dateOuRien(before.Fin), dateOuRien(after.Fin))
	c.Champ("coordination", before.CoordinationFonction, after.CoordinationFonction)
	c.Champ("courriel", before.ContactCourriel, after.ContactCourriel)
	c.Champ("telephone", before.ContactTelephone, after.ContactTelephone)
	c.Champ("presentation", before.Presentation, after.Presentation)
	c.Champ("quartiers", typo.Liste(before.QPVNoms), typo.Liste(after.QPVNoms))
	c.Champ("communes", typo.Liste(before.CommunesNoms), typo.Liste(after.CommunesNoms))
	c.Champ("publie", ouiNon(before.Publie), ouiNon(after.Publie))
	return c
}

func dateOuRien(t *time.Time) string {
	if t == nil {
		return ""
	}
	return typo.Date(*t)
}

func ouiNon(yes bool) string {
	if yes {
		return "oui"
	}
	return "non"
}

// libelles are codes in words.
func libelles(mots []lexique.Mot, codes []string) []string {
	var all []string
	for _, c := range codes {
		all = append(all, lexique.Libelle(mots, c))
	}
	return all
}

func (p PRE) domaines() []string { return libelles(lexique.DomainesPRE, p.Domaines) }

var registrePRE = registre[PRE]{Objet: objetPRE, Find: findPRE, Lock: lockPRE, VersionOf: func(p PRE) int { return p.Version }, Difference: differencePRE}

// CreatePRE records a programme and gives its id, once for each key.
func (s *Service) CreatePRE(ctx context.Context, par droits.Compte, in Programme, f fault.Fields, cle string) (int64, error) {
	in = in.propre()
	if err := in.check(f); err != nil {
		return 0, err
	}
	return registrePRE.create(ctx, s.db, par, "programme de réussite éducative créé", cle, func(tx pgx.Tx) (int64, error) { return insertPRE(ctx, tx, in, cle) })
}

// UpdatePRE corrects a programme.
func (s *Service) UpdatePRE(ctx context.Context, par droits.Compte, id int64, version int, in Programme, f fault.Fields) error {
	in = in.propre()
	if err := in.check(f); err != nil {
		return err
	}
	return registrePRE.correct(ctx, s.db, par, id, version, "programme de réussite éducative modifié", func(tx pgx.Tx, kept PRE) error { return updatePRE(ctx, tx, kept, in) })
}

// SetBudget writes who pays for a year of a programme; what was there for that year is replaced.
func (s *Service) SetBudget(ctx context.Context, par droits.Compte, id int64, version int, year int64, all []montantAnnuel) error {
	return registrePRE.change(ctx, s.db, par, id, version, "budget enregistré", func(tx pgx.Tx, p PRE) (journal.Changement, error) {
		if year < int64(p.Debut.Year()) || p.Fin != nil && year > int64(p.Fin.Year()) {
			return nil, fault.Fields{"annee": "Le programme ne couvre pas cette année."}
		}
		var total int64
		for _, b := range all {
			total += b.Centimes
		}
		if err := replaceBudget(ctx, tx, id, year, all); err != nil {
			return nil, err
		}
		return journal.Changement{"annee": {nil, anneeTexte(year)}, "budget": {nil, typo.Euros(float64(total)/100, 2)}}, touchPRE(ctx, tx, p)
	})
}

// AddReunion records a meeting of the équipe pluridisciplinaire or of the conseil consultatif.
func (s *Service) AddReunion(ctx context.Context, par droits.Compte, id int64, version int, sorte string, le time.Time) error {
	if !lexique.Connu(lexique.ReunionsPRE, sorte) {
		return fault.Fields{"sorte": "Choisissez l’instance."}
	}
	return registrePRE.change(ctx, s.db, par, id, version, "réunion enregistrée", func(tx pgx.Tx, p PRE) (journal.Changement, error) {
		if le.Before(p.Debut) {
			return nil, fault.Fields{"le": "Le programme ne commence que le " + typo.Date(p.Debut) + "."}
		}
		if err := insertReunion(ctx, tx, id, sorte, le); err != nil {
			return nil, err
		}
		return journal.Changement{"reunion": {nil, lexique.Libelle(lexique.ReunionsPRE, sorte)}, "le": {nil, typo.Date(le)}}, touchPRE(ctx, tx, p)
	})
}

// RemoveReunion takes away a meeting noted by mistake.
func (s *Service) RemoveReunion(ctx context.Context, par droits.Compte, id int64, version int, sorte string, le time.Time) error {
	return registrePRE.change(ctx, s.db, par, id, version, "réunion retirée", func(tx pgx.Tx, p PRE) (journal.Changement, error) {
		if err := deleteReunion(ctx, tx, id, sorte, le); err != nil {
			return nil, err
		}
		return journal.Changement{"reunion": {lexique.Libelle(lexique.ReunionsPRE, sorte), nil}, "le": {typo.Date(le), nil}}, touchPRE(ctx, tx, p)
	})
}

// reunion is a meeting.
type reunion struct {
	Sorte string // code of lexique.ReunionsPRE
	Le    time.Time
}

// conseilsManquants are the past years, latest first, in which the conseil consultatif met less often than it must: twice a year where a
// caisse des écoles carries the programme (décret n° 2005-637 du 30 mai 2005). least is how often. The year in which it began does not count.
func (p PRE) conseilsManquants(all []reunion, least int, today time.Time) []int {
	if p.PorteurNature != "caisse_ecoles" {
		return nil
	}
	met := map[int]int{}
	for _, r := range all {
		if r.Sorte == "conseil" {
			met[r.Le.Year()]++
		}
	}
	var years []int
	const looked = 3 // years back: what is older can no longer be put right
	for y := today.Year() - 1; y > p.Debut.Year() && y >= today.Year()-looked; y-- {
		if (p.Fin == nil || y <= p.Fin.Year()) && met[y] < least {
			years = append(years, y)
		}
	}
	return years
}

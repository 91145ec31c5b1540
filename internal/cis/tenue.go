package cis

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"portail/internal/fault"
	"portail/internal/lexique"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Attendance of an organisation (lexique.Presences).
const (
	present    = "present"
	represente = "represente"
	excuse     = "excuse"
	absent     = "absent"
)

// Longest texts taken during a meeting, in characters: those of the schema.
const (
	maxNote      = 10000
	maxPrecision = 120
)

// checkTenue refuses what is only written down while a meeting is held and its minutes are being drafted.
func (s Seance) checkTenue() error {
	switch s.Etat {
	case Tenue:
		return nil
	case CREnRelecture, CRValide:
		return fault.Fields{"": "Le compte rendu de cette séance est " + map[Etat]string{CREnRelecture: "en relecture", CRValide: "validé"}[s.Etat] + typo.NBSP +
			": la séance ne se note plus. Corrigez le compte rendu."}
	}
	return fault.Fields{"": "Cette séance n’est pas ouverte" + typo.NBSP + ": notez d’abord qu’elle se tient."}
}

// Presence is the attendance of an organisation, a member or an invitee.
type Presence struct {
	MembreID     *int64 // nil: an invitee
	OrganismeID  int64
	OrganismeNom string
	Fonction     string // that sits for it
	Reponse      string // to the convocation; empty when none came
	Etat         string // empty: not noted yet
	Precision    string // fonction of who came, or represented by
	Version      int    // 0: not noted yet
}

// Cle names the line in its form: the member, or the organisation that was invited.
func (p Presence) Cle() string {
	if p.MembreID != nil {
		return "m" + numeroTexte(*p.MembreID)
	}
	return "o" + numeroTexte(p.OrganismeID)
}

// empreinte stands for what a line showed: a line that comes back with it was not touched.
func empreinte(parts ...string) string {
	sum := sha256.New()
	for _, p := range parts {
		sum.Write([]byte(p))
		sum.Write([]byte{0})
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

// checkPresence refuses an attendance that nobody could read.
func checkPresence(f fault.Fields, champ, etat, precision string) {
	if etat != "" && !lexique.Connu(lexique.Presences, etat) {
		f.Add(champ, "Choisissez la présence dans la liste.")
	}
	saisie.Longueur(f, champ, precision, maxPrecision)
}

// Note is a line taken during a meeting.
type Note struct {
	ID        int64
	PointID   *int64 // nil: about the meeting as a whole
	Texte     string // Markdown-lite
	Auteur    string
	ModifieLe time.Time
	Version   int
}

// Ligne is a line of a form of the meeting as it came back: a note, or an attendance.
type Ligne struct {
	Cle       string // of the note (its number) or of the attendance
	Version   int
	Empreinte string // of what was shown: a line with the same is left alone
	Texte     string // of a note; empty removes it
	Etat      string // of an attendance
	Precision string
}

// Conflit is a line that somebody else changed while it was being changed here: nothing of it was written.
type Conflit struct {
	Cle       string
	Tien      string // what is kept, in words
	Auteur    string
	Le        time.Time
	Version   int
	Empreinte string
}

// Saisies is what came of a form of the meeting: the versions that its lines have now, and those in conflict.
type Saisies struct {
	Versions  map[string]int // by key of the line
	Conflits  map[string]Conflit
	Nouvelle  *Note // the line that was added, if one was
	Decision  int64 // the decision that was taken, if one was
	Supprimes []string
}

func newSaisies() Saisies { return Saisies{Versions: map[string]int{}, Conflits: map[string]Conflit{}} }

// Package compte is who may enter: accounts, the fonctions they act in, sign-in by ProConnect or password with a second
// factor, sessions, invitations (C11 to C24). Rights attach to a fonction in an organisation, so that a post can be handed
// over in one act; disabling somebody deletes nothing they wrote.
package compte

import (
	"context"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/httpx"
	"portail/web"
)

// Service lets people in.
type Service struct {
	db         *pgxpool.Pool
	cfg        config.Config
	sessions   *scs.SessionManager
	table      *store        // of the sessions
	router     *httpx.Router // of the whole site, once the routes are declared
	proconnect *fournisseur
	// transmissibles are the kinds of things that a hand-over passes on.
	transmissibles []Transmissible
	// conservees are the lines of the retention table that other areas add.
	conservees []regle
}

// New makes the area. cfg.Acces.Cle must be set.
func New(db *pgxpool.Pool, cfg config.Config) *Service {
	s := &Service{db: db, cfg: cfg, proconnect: newFournisseur(cfg.Acces), transmissibles: []Transmissible{postes{}, invitationsEnvoyees{}}}
	s.table = &store{db: db, idle: cfg.Acces.Inactivite}
	s.sessions = newSessions(s.table, cfg)
	return s
}

// Keys of what a session holds.
const (
	cleCompte     = "compte"     // int64: signed in, second factor included
	cleFonction   = "fonction"   // int64: the fonction acted in
	cleAttente    = "attente"    // attente: first proof accepted, second factor still to come; gives no right
	cleSaisie     = "saisie"     // saisie: a form sent after the session had expired
	cleFlash      = "flash"      // flash: message of the last change
	cleDepart     = "depart"     // depart: gone to ProConnect, not back yet
	cleLiaison    = "liaison"    // liaison: identity of ProConnect that waits to be tied to an account
	cleIDToken    = "id_token"   // string: what ends the session at ProConnect
	cleFort       = "fort"       // bool: a second factor was given when the session began
	cleEnrolement = "enrolement" // []byte: sealed secret of the second factor being set up in this session
)

// attente is half a session: the first proof was right, the second factor is still to come.
type attente struct {
	Compte  int64
	Version int    // of the account: a password changed meanwhile makes the half worthless
	Moyen   string // the first proof, for the journal
	Suite   string
	Expire  int64 // Unix
}

// First proofs, as the journal names them.
const (
	moyenMotDePasse = "mot de passe"
	moyenProConnect = "ProConnect"
	moyenInvitation = "invitation"
	moyenSession    = "session" // open already, when what it may do came to ask for more
)

// attenteDuree is how long the second factor may take.
const attenteDuree = 10 * time.Minute

// now is the clock of sign-in; tests move it.
var now = time.Now

// newSessions sets the cookie and the lifetimes of sessions. The absolute lifetime is scs's; idleness is judged by the store,
// which thereby spares a write at each page.
func newSessions(table *store, cfg config.Config) *scs.SessionManager {
	m := scs.New()
	m.Store = table
	m.Lifetime = cfg.Acces.Duree
	m.HashTokenInStore = true
	m.Cookie.HttpOnly = true
	m.Cookie.Path = "/"
	m.Cookie.Persist = false
	m.Cookie.Name = "portail_session"
	if https(cfg) {
		m.Cookie.Name = "__Host-portail_session"
		m.Cookie.Secure = true
	}
	return m
}

// touchEvery bounds how often a session notes that it is alive: a tenth of the idle time is precise enough.
func touchEvery(idle time.Duration) time.Duration { return idle / 10 }

// Flash leaves a message for the next page, after a change.
func (s *Service) Flash(ctx context.Context, titre, texte string) {
	s.sessions.Put(ctx, cleFlash, flash{titre, texte, web.ToneSuccess})
}

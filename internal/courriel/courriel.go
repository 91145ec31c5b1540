// Package courriel writes to people. A mail is a row, written in the transaction of the change that it announces, and a job
// that carries nothing but its number: a change that is undone writes to nobody, and a mail is neither lost nor, short of a
// crash at the very moment of sending, sent twice; even then both copies bear the same Message-ID. Without a mail server
// the mails stay readable by an administrator, who hands them over.
package courriel

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"portail/internal/config"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/pg"
)

// States of a mail (lexique.EtatsCourriel).
const (
	EnAttente = "en_attente"
	Expedie   = "expedie"
	Echec     = "echec"
)

// Message is a mail to write.
type Message struct {
	ID    string // UUID chosen by a caller that follows the mail; empty: drawn
	A     string // address
	Sujet string
	Texte string // plain text, complete by itself
	HTML  string // the same in HTML, optional
	Sorte string // what it is about (lexique.SortesCourriel)
	// Compte is the account of whom it is written to, 0 when they have none yet.
	Compte int64
	// Secret says that it holds a personal link: its text is erased as soon as it is sent.
	Secret bool
	// Agenda is an event for the calendar of the addressee (RFC 5545), and what it asks of it: REQUEST or CANCEL. Empty for none.
	Agenda, AgendaMethode string
}

// Longest subject and address that are taken.
const (
	maxSujet   = 250
	maxAdresse = 254
)

// check refuses what could not be sent, or would add headers of its own.
func (m Message) check() error {
	f := fault.Fields{}
	if a, err := mail.ParseAddress(m.A); err != nil || a.Address != m.A || len(m.A) > maxAdresse {
		f.Add("courriel", "Cette adresse de courriel n’est pas valable.")
	}
	if m.Sujet == "" || utf8.RuneCountInString(m.Sujet) > maxSujet || strings.ContainsAny(m.Sujet, "\r\n") {
		f.Add("", "L’objet du courriel doit tenir sur une ligne.")
	}
	return f.Err()
}

// Send writes a mail within the transaction of the change that it announces. It leaves when, and only when, tx commits.
func Send(ctx context.Context, tx pgx.Tx, m Message) error {
	if err := m.check(); err != nil {
		return err
	}
	id := m.ID
	if id == "" {
		id = httpx.NewCle()
	}
	if err := insert(ctx, tx, id, m); err != nil {
		return fmt.Errorf("write mail %s: %w", m.Sorte, err)
	}
	return enqueue(ctx, tx, id)
}

// envoi is the job that sends one mail.
type envoi struct {
	ID string `json:"id"`
}

// Kind names the job in River's table.
func (envoi) Kind() string { return "courriel_envoi" }

// maxEssais is how many times a mail is tried, over about twenty hours (see attente).
const maxEssais = 12

// InsertOpts bounds the retries.
func (envoi) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: maxEssais} }

// jobs inserts jobs and works none.
var jobs = sync.OnceValues(func() (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(nil), &river.Config{})
})

func enqueue(ctx context.Context, tx pgx.Tx, id string) error {
	client, err := jobs()
	if err != nil {
		return fmt.Errorf("prepare jobs: %w", err)
	}
	if _, err := client.InsertTx(ctx, tx, envoi{id}, nil); err != nil {
		return fmt.Errorf("plan to send mail %s: %w", id, err)
	}
	return nil
}

// flasher leaves a message for the next page (area compte).
type flasher interface {
	Flash(ctx context.Context, titre, texte string)
}

// Service sends the mails and shows those that are not sent yet.
type Service struct {
	db      *pgxpool.Pool
	cfg     config.Config
	flash   flasher
	attente func(essai int) time.Duration
}

// New makes the package's service.
func New(db *pgxpool.Pool, cfg config.Config, flash flasher) *Service {
	return &Service{db: db, cfg: cfg, flash: flash, attente: attente}
}

// AddWorkers registers the job that sends a mail. db is what it works on: not the pool of the web requests.
func (s *Service) AddWorkers(workers *river.Workers, db *pgxpool.Pool) {
	river.AddWorker(workers, &facteur{db: db, cfg: s.cfg.Acces, attente: s.attente})
}

// Expedier tries again to send a mail: the same one, with the same Message-ID.
func (s *Service) Expedier(ctx context.Context, par droits.Compte, id string) error {
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		m, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if m.Etat == Expedie {
			return fault.Fields{"": "Ce courriel est déjà expédié."}
		}
		if s.cfg.Acces.SMTP == "" {
			return fault.Fields{"": "Aucun serveur de courriel n’est réglé : ce courriel ne peut qu’être remis par vos soins."}
		}
		if m.Texte == "" {
			return fault.Fields{"": "Le texte de ce courriel a été effacé : refaites l’opération qui l’avait écrit."}
		}
		if err := wait(ctx, tx, id, ""); err != nil {
			return err
		}
		if err := enqueue(ctx, tx, id); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "courriel renvoyé", "courriel", 0, journal.Changement{"destinataire": {nil, m.Destinataire}, "sujet": {nil, m.Sujet}})
	})
}

// Lire is a mail with its text, for an administrator who hands it over. That it was read is journalled: it may hold a link that
// opens somebody's account. The text of a mail that was sent is not shown.
func (s *Service) Lire(ctx context.Context, par droits.Compte, id string) (m Courriel, err error) {
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if m, err = lock(ctx, tx, id); err != nil {
			return err
		}
		if m.Etat == Expedie {
			m.Texte, m.HTML = "", ""
			return nil
		}
		if m.Texte == "" {
			return nil
		}
		return journal.Note(ctx, tx, par, "courriel non expédié lu", "courriel", 0, journal.Changement{"destinataire": {nil, m.Destinataire}, "sujet": {nil, m.Sujet}})
	})
	return m, err
}

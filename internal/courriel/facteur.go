package courriel

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	gomail "github.com/wneessen/go-mail"

	"portail/internal/config"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/pg"
)

// facteur sends one mail per job.
type facteur struct {
	river.WorkerDefaults[envoi]
	db      *pgxpool.Pool
	cfg     config.Acces
	attente func(essai int) time.Duration
}

// Limits of an exchange with the mail server.
const (
	smtpTimeout = 20 * time.Second // for each step
	noteTimeout = 5 * time.Second  // to write down what became of it, even while the portal stops
)

// sansServeur is why a mail waits when no mail server is set.
const sansServeur = "Aucun serveur de courriel n’est réglé\u00a0: ce courriel est à remettre par vos soins."

// Work tries once. Whatever the mail server answered is written down before the job ends; a crash in between leaves the mail to
// the next try, under the same Message-ID.
func (f *facteur) Work(ctx context.Context, job *river.Job[envoi]) error {
	m, err := take(ctx, f.db, job.Args.ID)
	if errors.Is(err, fault.NotFound) {
		return f.notMine(ctx, job.Args.ID)
	}
	if err != nil {
		return err
	}
	if f.cfg.SMTP == "" {
		return f.note(ctx, func(ctx context.Context, tx pgx.Tx) error { return wait(ctx, tx, m.ID, sansServeur) })
	}
	refus := f.send(ctx, m)
	switch {
	case refus == nil:
		return f.note(ctx, func(ctx context.Context, tx pgx.Tx) error { return sent(ctx, tx, m.ID) })
	case refus.permanent || job.Attempt >= job.MaxAttempts:
		if err := f.note(ctx, func(ctx context.Context, tx pgx.Tx) error { return giveUp(ctx, tx, m.ID, refus.motif) }); err != nil {
			return err
		}
		return river.JobCancel(refus)
	}
	if err := f.note(ctx, func(ctx context.Context, tx pgx.Tx) error { return wait(ctx, tx, m.ID, refus.motif) }); err != nil {
		return err
	}
	return refus
}

// notMine waits for the other hands that hold the mail: should they crash, it is for this job.
func (f *facteur) notMine(ctx context.Context, id string) error {
	other, err := held(ctx, f.db, id)
	if err != nil || !other {
		return err
	}
	return river.JobSnooze(bail)
}

// note writes down what became of a mail, even when the portal is stopping.
func (f *facteur) note(ctx context.Context, do func(ctx context.Context, tx pgx.Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
	defer cancel()
	return pg.As(ctx, f.db, droits.Tache, func(tx pgx.Tx) error { return do(ctx, tx) })
}

// Timeout is the longest that a try may take.
func (f *facteur) Timeout(*river.Job[envoi]) time.Duration { return bail / 2 }

// NextRetry is when a mail that was not taken is tried again.
func (f *facteur) NextRetry(job *river.Job[envoi]) time.Time {
	return time.Now().Add(f.attente(job.Attempt))
}

// attente doubles from one minute up to six hours: twelve tries take about twenty hours, longer than a night's breakdown.
func attente(essai int) time.Duration {
	const longest = 6 * time.Hour
	d := time.Minute
	for range essai - 1 {
		if d *= 2; d >= longest {
			return longest
		}
	}
	return d
}

// refus is why a mail did not leave: in French for the portal's page, and, without anybody's address, for the technical log.
type refus struct {
	motif     string
	journal   string
	permanent bool // trying again would not help
}

func (r *refus) Error() string { return r.journal }

// send hands a mail to the mail server, encrypted if the server can.
func (f *facteur) send(ctx context.Context, m Courriel) *refus {
	msg, err := f.compose(m)
	if err != nil {
		return &refus{"Ce courriel ne peut pas être écrit\u00a0: " + oneLine(err.Error()), "mail cannot be composed", true}
	}
	client, err := f.client()
	if err != nil {
		return &refus{"Les réglages du serveur de courriel ne conviennent pas.", "mail settings: " + err.Error(), false}
	}
	if err := client.DialWithContext(ctx); err != nil {
		return &refus{"Le serveur de courriel ne répond pas, ou refuse la connexion du portail\u00a0: " + oneLine(err.Error()), "mail server away: " + err.Error(), false}
	}
	err = client.Send(msg)
	_ = client.Close() // the server has taken the mail or not: how the connection ends changes nothing
	if msg.IsDelivered() {
		return nil
	}
	var no *gomail.SendError
	if errors.As(err, &no) && no.ErrorCode() >= 500 {
		return &refus{"Le serveur de courriel a refusé ce courriel\u00a0: " + oneLine(no.Error()), fmt.Sprintf("mail refused for good: code %d", no.ErrorCode()), true}
	}
	motif, code := "", 0
	if no != nil {
		code = no.ErrorCode()
	}
	if err != nil {
		motif = oneLine(err.Error())
	}
	return &refus{"Le serveur de courriel n’a pas pris ce courriel\u00a0: " + motif, fmt.Sprintf("mail refused for now: code %d", code), false}
}

// compose writes the mail: text, and HTML if it has some. An event comes twice, as calendars expect: as a version of the text, for
// those that answer in place, and as a file, for those that do not.
func (f *facteur) compose(m Courriel) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.From(f.cfg.CourrielDe); err != nil {
		return nil, fmt.Errorf("PORTAIL_COURRIEL_DE: %w", err)
	}
	if err := msg.To(m.Destinataire); err != nil {
		return nil, err
	}
	msg.Subject(m.Sujet)
	msg.SetMessageIDWithValue(m.ID + "@" + domain(f.cfg.CourrielDe))
	msg.SetDateWithValue(m.CreeLe)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // no "out of office" comes back
	msg.SetBodyString(gomail.TypeTextPlain, m.Texte)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	if m.Agenda != "" {
		calendar := gomail.ContentType("text/calendar; method=" + m.AgendaMethode)
		msg.AddAlternativeString(calendar, m.Agenda, gomail.WithPartEncoding(gomail.EncodingB64)) // as it is, line ends included
		if err := msg.AttachReader("invitation.ics", strings.NewReader(m.Agenda), gomail.WithFileContentType("application/ics")); err != nil {
			return nil, fmt.Errorf("attach event: %w", err)
		}
	}
	return msg, nil
}

// portSMTPS is where mail servers expect TLS from the first byte.
const portSMTPS = 465

func (f *facteur) client() (*gomail.Client, error) {
	host, port, err := net.SplitHostPort(f.cfg.SMTP)
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	options := []gomail.Option{gomail.WithPort(n), gomail.WithTimeout(smtpTimeout), gomail.WithTLSPolicy(gomail.TLSOpportunistic), gomail.WithoutRset(), gomail.WithoutNoop()}
	if n == portSMTPS {
		options = append(options, gomail.WithSSL())
	}
	if f.cfg.SMTPUtilisateur != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(f.cfg.SMTPUtilisateur), gomail.WithPassword(f.cfg.SMTPMotDePasse))
	}
	return gomail.NewClient(host, options...)
}

// domain is what follows the @ of an address, which may come with a name.
func domain(address string) string {
	_, after, _ := strings.Cut(address, "@")
	return strings.TrimRight(after, "> ")
}

// maxMotif bounds what a mail server's answer may take on a page.
const maxMotif = 300

// oneLine folds what a mail server answered.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	if r := []rune(s); len(r) > maxMotif {
		return string(r[:maxMotif]) + "…"
	}
	return s
}

package courriel_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/courriel"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/pg"
	"portail/internal/portailtest"
)

func send(t *testing.T, db *pgxpool.Pool, m courriel.Message) {
	t.Helper()
	err := pg.As(t.Context(), db, droits.Compte{}, func(tx pgx.Tx) error { return courriel.Send(t.Context(), tx, m) })
	if err != nil {
		t.Fatal(err)
	}
}

// row is what is kept of the only mail.
type row struct {
	ID, Etat, Motif, Texte string
	Tentatives             int
}

func kept(t *testing.T, db *pgxpool.Pool) row {
	t.Helper()
	r, err := pg.One[row](t.Context(), db, `SELECT id::text, etat, motif, texte, tentatives FROM courriel`)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if so() {
			return
		}
	}
	t.Fatal("never " + what)
}

var invitation = courriel.Message{A: "ref@caf.test", Sujet: "Vous êtes invité·e", Texte: "Bonjour,\n\nhttps://portail.test/invitation/abc\n", Sorte: "invitation", Secret: true}

func TestAMailArrivesWhole(t *testing.T) {
	db := portailtest.DB(t)
	p := &portailtest.Puits{}
	p.Listen(t, "127.0.0.1:0")
	poste(t, db, p.Addr)
	m := invitation
	m.HTML = "<p>Bonjour</p>"
	send(t, db, m)
	eventually(t, "sent", func() bool { return kept(t, db).Etat == courriel.Expedie })
	got := p.Messages()
	if len(got) != 1 {
		t.Fatalf("%d mails arrived", len(got))
	}
	for _, want := range []string{"To: <ref@caf.test>", `From: "Portail" <portail@vosges.test>`, "Message-ID: <" + kept(t, db).ID + "@vosges.test>", "Auto-Submitted: auto-generated",
		"text/plain", "text/html", "https://portail.test/invitation/abc", "Subject: =?UTF-8?"} {
		if !strings.Contains(got[0], want) {
			t.Errorf("no %q in\n%s", want, got[0])
		}
	}
	if text := kept(t, db).Texte; text != "" {
		t.Errorf("the single-use link is still readable: %q", text)
	}
}

func TestAChangeUndoneWritesToNobody(t *testing.T) {
	db := portailtest.DB(t)
	undone := errors.New("undone")
	err := pg.As(t.Context(), db, droits.Compte{}, func(tx pgx.Tx) error {
		if err := courriel.Send(t.Context(), tx, invitation); err != nil {
			return err
		}
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	var mails, jobs int
	if err := db.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM courriel), (SELECT count(*) FROM river_job)`).Scan(&mails, &jobs); err != nil || mails+jobs != 0 {
		t.Errorf("%d mails and %d jobs are left, %v", mails, jobs, err)
	}
}

func TestARefusedRecipientIsToldAndNotTriedAgain(t *testing.T) {
	db := portailtest.DB(t)
	p := &portailtest.Puits{Refus: func(string) error {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}}
	p.Listen(t, "127.0.0.1:0")
	poste(t, db, p.Addr)
	send(t, db, invitation)
	eventually(t, "given up", func() bool { return kept(t, db).Etat == courriel.Echec })
	r := kept(t, db)
	if r.Tentatives != 1 || !strings.Contains(r.Motif, "a refusé") || !strings.Contains(r.Motif, "no such user") || r.Texte == "" {
		t.Errorf("kept: %+v", r)
	}
}

func TestAnOutageLosesAndRepeatsNothing(t *testing.T) {
	db := portailtest.DB(t)
	p := &portailtest.Puits{}
	p.Listen(t, "127.0.0.1:0")
	addr := p.Addr
	p.Close()
	poste(t, db, addr)
	send(t, db, invitation)
	eventually(t, "tried in vain", func() bool { return kept(t, db).Tentatives >= 2 })
	if r := kept(t, db); r.Etat != courriel.EnAttente || !strings.Contains(r.Motif, "ne répond pas") {
		t.Errorf("during the outage: %+v", r)
	}
	p.Listen(t, addr) // it is back
	eventually(t, "sent after the outage", func() bool { return kept(t, db).Etat == courriel.Expedie })
	if n := len(p.Messages()); n != 1 {
		t.Errorf("%d mails arrived", n)
	}
}

func TestATemporaryRefusalIsTriedAgain(t *testing.T) {
	db := portailtest.DB(t)
	asked := 0
	p := &portailtest.Puits{Refus: func(string) error {
		if asked++; asked < 3 {
			return &smtp.SMTPError{Code: 451, Message: "later, please"} // greylisting
		}
		return nil
	}}
	p.Listen(t, "127.0.0.1:0")
	poste(t, db, p.Addr)
	send(t, db, invitation)
	eventually(t, "sent", func() bool { return kept(t, db).Etat == courriel.Expedie })
	if n := len(p.Messages()); n != 1 || kept(t, db).Tentatives != 3 {
		t.Errorf("%d mails arrived, %+v", n, kept(t, db))
	}
}

// TestACrashAfterSendingRepeatsTheSameMail makes the line "expedie" fail once, as a crash at that very moment would.
func TestACrashAfterSendingRepeatsTheSameMail(t *testing.T) {
	db := portailtest.DB(t)
	_, err := db.Exec(t.Context(), `
		CREATE SEQUENCE panne;
		CREATE FUNCTION panne() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF nextval('panne') = 1 THEN RAISE EXCEPTION 'crash'; END IF;
			RETURN NEW;
		END $$;
		CREATE TRIGGER panne BEFORE UPDATE ON courriel FOR EACH ROW WHEN (NEW.etat = 'expedie') EXECUTE FUNCTION panne()`)
	if err != nil {
		t.Fatal(err)
	}
	p := &portailtest.Puits{}
	p.Listen(t, "127.0.0.1:0")
	poste(t, db, p.Addr)
	send(t, db, invitation)
	eventually(t, "seen by the mail server", func() bool { return len(p.Messages()) == 1 })
	// The mail is still in the crashed hands: they are given two minutes. Let them pass.
	eventually(t, "sent", func() bool {
		if _, err := db.Exec(t.Context(), `UPDATE courriel SET en_cours = en_cours - interval '3 minutes' WHERE etat = 'en_attente' AND en_cours IS NOT NULL`); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(t.Context(), `UPDATE river_job SET scheduled_at = now(), state = 'available' WHERE state = 'scheduled'`); err != nil {
			t.Fatal(err)
		}
		return kept(t, db).Etat == courriel.Expedie
	})
	got := p.Messages()
	id := "Message-ID: <" + kept(t, db).ID + "@"
	if len(got) != 2 || !strings.Contains(got[0], id) || !strings.Contains(got[1], id) {
		t.Errorf("%d mails arrived, not both %s", len(got), id)
	}
}

func TestWithoutMailServerTheMailWaits(t *testing.T) {
	db := portailtest.DB(t)
	poste(t, db, "")
	send(t, db, invitation)
	eventually(t, "looked at", func() bool { return kept(t, db).Motif != "" })
	if r := kept(t, db); r.Etat != courriel.EnAttente || !strings.Contains(r.Motif, "Aucun serveur") || r.Texte != invitation.Texte {
		t.Errorf("kept: %+v", r)
	}
}

func TestBadMessagesAreRefused(t *testing.T) {
	db := portailtest.DB(t)
	for name, m := range map[string]courriel.Message{
		"no address":         {A: "personne", Sujet: "Bonjour", Sorte: "essai"},
		"two addresses":      {A: "a@b.test,c@d.test", Sujet: "Bonjour", Sorte: "essai"},
		"an address in name": {A: "Nom <a@b.test>", Sujet: "Bonjour", Sorte: "essai"},
		"a header in it":     {A: "a@b.test\r\nBcc: c@d.test", Sujet: "Bonjour", Sorte: "essai"},
		"a header in title":  {A: "a@b.test", Sujet: "Bonjour\r\nBcc: c@d.test", Sorte: "essai"},
		"no subject":         {A: "a@b.test", Sorte: "essai"},
	} {
		err := pg.As(t.Context(), db, droits.Compte{}, func(tx pgx.Tx) error { return courriel.Send(t.Context(), tx, m) })
		if fields := (fault.Fields{}); !errors.As(err, &fields) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNobodyButAdministratorsReadsMails(t *testing.T) {
	db := portailtest.DB(t)
	send(t, db, invitation)
	if _, err := db.Exec(t.Context(), `GRANT portail_app TO CURRENT_USER`); err != nil {
		t.Log(err) // a superuser needs no membership
	}
	for role, want := range map[droits.Role]int{"": 0, droits.Lecteur: 0, droits.Referent: 0, droits.Gestionnaire: 0, droits.Administrateur: 1, droits.Tache.Role: 1} {
		var seen int
		err := pg.As(t.Context(), db, droits.Compte{Role: role}, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), `SET LOCAL ROLE portail_app`); err != nil {
				return err
			}
			return tx.QueryRow(t.Context(), `SELECT count(*) FROM courriel`).Scan(&seen)
		})
		if err != nil || seen != want {
			t.Errorf("role %q reads %d mails, want %d; %v", role, seen, want, err)
		}
	}
}

func TestTheWaitsOfTheTries(t *testing.T) {
	var total time.Duration
	for n := 1; n < courriel.MaxEssais; n++ {
		if d := courriel.Attente(n); d < courriel.Attente(max(1, n-1)) || d > 6*time.Hour {
			t.Errorf("after try %d: %s", n, d)
		} else {
			total += d
		}
	}
	if total < 12*time.Hour || total > 48*time.Hour {
		t.Errorf("tries are spread over %s: a night's breakdown must be outlived", total)
	}
}

func TestPurge(t *testing.T) {
	db := portailtest.DB(t)
	send(t, db, invitation)
	now := time.Now()
	purge := func(avant time.Time) (n, gone int64) {
		err := pg.As(t.Context(), db, droits.Tache, func(tx pgx.Tx) (err error) {
			if n, err = courriel.Purger(t.Context(), tx, avant); err != nil {
				return err
			}
			gone, err = courriel.Oublier(t.Context(), tx, avant.AddDate(0, -1, 0))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n, gone
	}
	if n, gone := purge(now.Add(-time.Hour)); n+gone != 0 {
		t.Errorf("a fresh mail is purged: %d, %d", n, gone)
	}
	if n, gone := purge(now.Add(time.Hour)); n != 1 || gone != 0 {
		t.Errorf("an old text is kept: %d, %d", n, gone)
	}
	if r := kept(t, db); r.Texte != "" || r.Etat != courriel.Echec || r.Motif == "" {
		t.Errorf("kept: %+v", r)
	}
	if _, gone := purge(now.AddDate(0, 2, 0)); gone != 1 {
		t.Errorf("an old mail is kept: %d", gone)
	}
}

func FuzzParseFiltres(f *testing.F) {
	for _, seed := range []string{"", "etat=echec&page=2", "etat=inconnu", "page=-1", "page=99999999999999999999", "etat=expedie"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		q, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		got, err := courriel.ParseFiltres(q)
		if err == nil && got.Page < 1 {
			t.Errorf("page %d from %q", got.Page, raw)
		}
		if err != nil && !errors.Is(err, fault.Malformed) && !errors.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", raw, err)
		}
	})
}

// Package document keeps the files that people attach to a contract, a signature, a meeting. A file is examined before it is kept:
// its kind is among a short list and its content is of that kind, it is not too large, not even unpacked, and carries no macro. It is
// then stored in the database with its fingerprint, never changed, and only ever sent as a file to download.
//
// An area that attaches documents declares its route with Recevoir, stores what it got by Deposer in its own transaction, keeps the
// number in a table of its own, adds the policy that migration 00020 describes, and answers downloads by Servir.
package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"portail/internal/config"
	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/pg"
	"portail/web/typo"
)

// Service examines files.
type Service struct {
	max    int64  // bytes of one file
	clamd  string // host:port of a ClamAV daemon; empty: none
	places chan struct{}
}

// aLaFois is how many files are examined at the same time: each is held in memory meanwhile.
const aLaFois = 4

// New makes the examiner of files that the settings ask for.
func New(cfg config.Config) *Service {
	return &Service{max: cfg.FichierOctets, clamd: cfg.Clamd, places: make(chan struct{}, aLaFois)}
}

// Document is a file that is kept, without its content.
type Document struct {
	ID       int64
	Nom      string // as its author named it, with its extension
	Type     string // code of types
	Taille   int64  // bytes
	SHA256   string // in hexadecimal
	DeposeLe time.Time
}

// Description is its kind and size in words: "PDF, 1,2 Mo".
func (d Document) Description() string { return sorte(d.Type).nom + ", " + typo.Octets(d.Taille) }

// fichier is the name under which it is sent: ASCII, the same on every system.
func (d Document) fichier() string {
	return export.FileName(d.DeposeLe.In(typo.Paris), sorte(d.Type).extensions[0], strings.TrimSuffix(d.Nom, path.Ext(d.Nom)))
}

// Fichier is a file that was examined and found good. Only Examiner makes one.
type Fichier struct {
	nom, typ, sha256 string
	contenu          []byte
}

// Nom is the name that its author gave it.
func (f Fichier) Nom() string { return f.nom }

// SHA256 is its fingerprint, in hexadecimal.
func (f Fichier) SHA256() string { return f.sha256 }

// maxNom is the longest name that is kept, in characters.
const maxNom = 200

// Examiner judges a file. A refusal is a sentence on the field champ.
func (s *Service) Examiner(ctx context.Context, champ, nom string, contenu []byte) (Fichier, error) {
	refuse := func(sentence string) (Fichier, error) { return Fichier{}, fault.Fields{champ: sentence} }
	nom = nomPropre(nom)
	t, known := parExtension(nom)
	switch {
	case !known:
		return refuse("Ce type de fichier n’est pas accepté. Types acceptés" + typo.NBSP + ": " + Acceptes() + ".")
	case len(contenu) == 0:
		return refuse("Ce fichier est vide.")
	case int64(len(contenu)) > s.max:
		return refuse(s.tropGros())
	}
	if told := t.examine(contenu); told != "" {
		return refuse(told)
	}
	if s.clamd != "" {
		if told, err := analyser(ctx, s.clamd, contenu); err != nil {
			return Fichier{}, fmt.Errorf("scan %d bytes: %w: %w", len(contenu), fault.Unavailable, err)
		} else if told {
			return refuse("L’antivirus refuse ce fichier" + typo.NBSP + ": il n’a pas été enregistré.")
		}
	}
	sum := sha256.Sum256(contenu)
	return Fichier{nom: nom, typ: t.code, sha256: hex.EncodeToString(sum[:]), contenu: contenu}, nil
}

func (s *Service) tropGros() string {
	return "Ce fichier dépasse la taille acceptée" + typo.NBSP + ": " + typo.Octets(s.max) + " au plus."
}

// Max is the largest file accepted, in words, for the hint of a field.
func (s *Service) Max() string { return typo.Octets(s.max) }

// Deposer keeps a file, in the transaction of whatever it is attached to.
func Deposer(ctx context.Context, tx pg.Tx, par droits.Compte, f Fichier) (Document, error) {
	if f.sha256 == "" {
		return Document{}, fmt.Errorf("keep a document: %w", fault.Fields{"fichier": "Choisissez un fichier."})
	}
	d, err := insert(ctx, tx, par, f)
	if err != nil {
		return d, fmt.Errorf("keep document %q: %w", f.nom, err)
	}
	return d, nil
}

// Retirer forgets a document that nothing is attached to any more; fault.NotFound when whoever asks may not.
func Retirer(ctx context.Context, tx pg.Tx, id int64) error {
	gone, err := remove(ctx, tx, id)
	if err != nil {
		return fmt.Errorf("remove document %d: %w", id, err)
	}
	if !gone {
		return fmt.Errorf("remove document %d: %w", id, fault.NotFound)
	}
	return nil
}

// nomPropre is the name alone, without folders nor characters that cannot be seen, not too long; its extension stays.
func nomPropre(nom string) string {
	nom = nom[strings.LastIndexAny(nom, `/\`)+1:]
	nom = strings.Join(strings.Fields(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == utf8.RuneError {
			return -1
		}
		return c
	}, nom)), " ")
	ext := path.Ext(nom)
	base := []rune(strings.TrimSuffix(nom, ext))
	if most := maxNom - utf8.RuneCountInString(ext); len(base) > most && most > 0 {
		base = base[:most]
	}
	return string(base) + ext
}

package adresse

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"time"

	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/pg"
)

// Limits of the work on files: at most maxLots at once, so that they never take the database from the other pages.
const (
	maxLots       = 2
	lotAttend     = 2 * time.Second  // for a turn
	lotReception  = 30 * time.Second // of the whole file
	lotLimite     = 60 * time.Second // of the answer, beyond the deadline of a page
	lotEnvoi      = 20 * time.Second // of one part of the answer
	lotPart       = 1000             // lines looked up together
	lotTexteRendu = 200_000          // bytes of a refused text that come back in the form
)

// vueLot is what the page of files shows.
type vueLot struct {
	texte  string
	fautes fault.Fields // of the fields fichier and texte
	occupe bool
}

func (s *Service) newLot(w http.ResponseWriter, r *http.Request) error {
	return httpx.Render(w, r, http.StatusOK, lotPage(vueLot{}))
}

// createLot answers a file. Nothing of it is stored or logged.
func (s *Service) createLot(w http.ResponseWriter, r *http.Request) error {
	select {
	case s.lots <- struct{}{}:
		defer func() { <-s.lots }()
	case <-time.After(lotAttend):
		_, _ = io.Copy(io.Discard, r.Body) // a browser reads the answer only once it has sent everything
		w.Header().Set("Retry-After", "30")
		return httpx.Render(w, r, http.StatusTooManyRequests, lotPage(vueLot{occupe: true}))
	}
	// The server's own limits are those of pages; where there is no connection to set them on, they stay.
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(time.Now().Add(lotReception))
	field, content, err := readLot(r)
	if err != nil {
		return err
	}
	l, err := lireLot(content)
	var refused *refusLot
	if errors.As(err, &refused) {
		return showRefus(w, r, field, content, refused)
	}
	if err != nil {
		return err
	}
	// Neither the deadline of a page nor its cancellation: a visitor who leaves is noticed when writing to them fails.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), lotLimite)
	defer cancel()
	t, err := s.preparerLot(ctx)
	if err != nil {
		return err
	}
	writeLot(ctx, w, rc, l, t)
	return nil
}

// preparerLot reads what every line needs.
func (s *Service) preparerLot(ctx context.Context) (*traitement, error) {
	var (
		b           pg.Batch
		publication publicationRow
		communes    []communeRow
	)
	addPublication(&b, &publication)
	addCommunes(&b, &communes)
	if err := b.Run(ctx, s.db); err != nil {
		return nil, err
	}
	c, err := s.aJour(ctx, publication.Le)
	if err != nil {
		return nil, err
	}
	return newTraitement(s.db, c, communes), nil
}

// readLot reads the form in memory: a file goes before a pasted text. What no browser sends is fault.Malformed.
func readLot(r *http.Request) (field string, content []byte, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, httpx.BodyError(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			if field == "" {
				field = "fichier"
			}
			return field, content, nil
		}
		if err != nil {
			return "", nil, httpx.BodyError(err)
		}
		name := part.FormName()
		if name != "fichier" && name != "texte" {
			continue
		}
		read, err := io.ReadAll(io.LimitReader(part, lotOctets+1))
		if err != nil {
			return "", nil, httpx.BodyError(err)
		}
		if len(read) > lotOctets {
			return "", nil, fault.TooLarge
		}
		if len(read) > 0 && (field == "" || name == "fichier") {
			field, content = name, read
		}
	}
}

func showRefus(w http.ResponseWriter, r *http.Request, field string, content []byte, refused *refusLot) error {
	v := vueLot{fautes: fault.Fields{field: refused.quoi}}
	if field == "texte" && len(content) <= lotTexteRendu {
		v.texte = string(content)
	}
	status := http.StatusUnprocessableEntity
	if refused.tropGrand {
		status = http.StatusRequestEntityTooLarge
	}
	return httpx.Render(w, r, status, lotPage(v))
}

// writeLot sends the answer part by part. Once it has begun nothing can refuse it: what fails is said line by line.
func writeLot(ctx context.Context, w http.ResponseWriter, rc *http.ResponseController, l *lot, t *traitement) {
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": l.nomReponse()}))
	_ = rc.SetWriteDeadline(time.Now().Add(lotEnvoi))
	if l.bom {
		_, _ = w.Write([]byte("\xef\xbb\xbf")) // a visitor who left is noticed below
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = l.separator, true
	writeLigne(out, l.entetes, len(l.entetes), "qpv", "reponse")
	in := l.reader()
	_, _ = in.Read() // the headings; lireLot has read every line once
	for done := 0; done < l.lignes; {
		records := make([][]string, 0, lotPart)
		for len(records) < lotPart && done < l.lignes {
			record, err := in.Read()
			if err != nil {
				slog.ErrorContext(ctx, "file of addresses cannot be read twice", "request_id", httpx.RequestID(ctx)) // not err: it may quote the file
				return
			}
			records = append(records, record)
			done++
		}
		for i, answer := range t.repondre(ctx, l.colonnes, records) {
			writeLigne(out, records[i], len(l.entetes), answer.Codes(), answer.EnLigne())
		}
		_ = rc.SetWriteDeadline(time.Now().Add(lotEnvoi))
		out.Flush()
		if out.Error() != nil || rc.Flush() != nil {
			return // the visitor left
		}
	}
}

// writeLigne writes a line of the file with its answer; what a spreadsheet could run as a formula is made plain text.
func writeLigne(out *csv.Writer, record []string, width int, code, answer string) {
	line := make([]string, width, width+2)
	for i, cell := range record {
		line[i] = neutraliser(cell)
	}
	_ = out.Write(append(line, code, export.Cellule(answer))) // an error stays in the writer and is read after Flush
}

// neutraliser leaves numbers as they are: the longitude of Cayenne is negative and no formula.
func neutraliser(cell string) string {
	if _, err := lireCoordonnee(cell); err == nil {
		return cell
	}
	return export.Cellule(cell)
}

// nomReponse is the name of the answer; it tells when the encoding was changed, since the answer itself holds nothing but lines.
func (l *lot) nomReponse() string {
	if l.converti {
		return "reponses-quartiers-prioritaires-converti-utf8.csv"
	}
	return "reponses-quartiers-prioritaires.csv"
}

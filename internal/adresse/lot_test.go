package adresse_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"portail/internal/httpx"
	"portail/internal/portailtest"
)

// form is what a browser sends: a file, or a pasted text when the file is empty.
func form(t testing.TB, file, text string) (contentType string, body *bytes.Buffer) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	part, err := w.CreateFormFile("fichier", "adresses.csv")
	if err == nil {
		_, err = io.WriteString(part, file)
	}
	if err == nil {
		err = w.WriteField("texte", text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), body
}

func postLot(t testing.TB, v *portailtest.Visitor, file, text string) *portailtest.Page {
	t.Helper()
	contentType, body := form(t, file, text)
	return v.PostBody("/adresse/lot", contentType, body)
}

// answers reads the file that comes back.
func answers(t testing.TB, p *portailtest.Page, separator rune) [][]string {
	t.Helper()
	p.Want(http.StatusOK)
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(p.Body, []byte("\xef\xbb\xbf"))))
	r.Comma = separator
	records, err := r.ReadAll() // checks that all lines have as many columns
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func TestAFileComesBackWithTwoColumns(t *testing.T) {
	v := siteWithAddresses(t)
	file := "Nom;ADRESSE;Code Postal;Commune;Longitude;Latitude\n" +
		"a;4 rue de l'Essai;88000;Épinal;;\n" +
		"b;4 bis rue de l'Essai;88000;EPINAL;;\n" +
		"c;2, r. de l’essai;;Epinal;;\n" +
		"d;6 rue de l'Essai;88000;Épinal;;\n" +
		"e;;;;6,456111;48.182764\n" +
		"f;;;;48,182764;6.456111\n" +
		"g;;;;;\n" +
		"h;4 rue de l'Esssai 88000 Epinal\n" +
		"i;4 rue Inconnue;88000;Épinal;;\n" +
		"j;4 rue de l'Essai;88000;La Bresse;;\n" +
		"k;4 rue de l'Essai;12345;;;\n" +
		"l;le hameau d'essai epinal;;;;\n" +
		"m;rue de l'Essai;88000;Épinal;;\n" +
		"n;1 rue d'Essai-Ailleurs;54000;Nancy;;\n" +
		"o;4 rue de l'Essai;;;;\n" +
		"p;;;;6,45;\n" +
		"q;4 rue de l'Essai;88000;Épinal;956000;6790000\n" +
		"r;;;;956000;6790000\n"
	p := postLot(t, v, file, "ignored when there is a file")
	got := answers(t, p, ';')
	if head := strings.Join(got[0], ";"); head != "Nom;ADRESSE;Code Postal;Commune;Longitude;Latitude;qpv;reponse" {
		t.Errorf("headings %q", head)
	}
	want := map[string][2]string{
		"a": {quartier, "dans le quartier " + nomCourt}, "b": {"", "à moins de 100\u00a0m du quartier " + nomCourt}, "c": {"", "hors quartier"},
		"d": {"", "indéterminé\u00a0: le numéro 6 n’est pas enregistré dans cette voie"},
		"e": {quartier, "dans le quartier " + nomCourt}, "f": {"", "indéterminé\u00a0: la longitude et la latitude semblent inversées"},
		"g": {"", "indéterminé\u00a0: ni adresse ni coordonnées"}, "h": {quartier, "dans le quartier " + nomCourt},
		"i": {"", "indéterminé\u00a0: voie inconnue dans cette commune"}, "j": {"", "indéterminé\u00a0: la commune ne correspond pas au code postal"},
		"k": {"", "indéterminé\u00a0: code postal ou commune manquants ou inconnus de ce site"}, "l": {"", "hors quartier"},
		"m": {"", "indéterminé\u00a0: le numéro dans la voie manque\u00a0: une voie peut traverser la limite d’un quartier"},
		"n": {"", "indéterminé\u00a0: ce lieu est en dehors du territoire dont ce site connaît les quartiers prioritaires"},
		"o": {"", "indéterminé\u00a0: code postal ou commune manquants ou inconnus de ce site"},
		"p": {"", "indéterminé\u00a0: coordonnées illisibles"}, "q": {quartier, "dans le quartier " + nomCourt},
		"r": {"", "indéterminé\u00a0: ces coordonnées semblent être en mètres (Lambert\u00a093)\u00a0: donnez la longitude et la latitude en degrés (WGS\u00a084)"},
	}
	if len(got) != len(want)+1 {
		t.Fatalf("%d lines, want %d", len(got), len(want)+1)
	}
	for _, record := range got[1:] {
		if answer := [2]string{record[6], record[7]}; answer != want[record[0]] {
			t.Errorf("%s: %q, want %q", record[0], answer, want[record[0]])
		}
	}
	if cd := p.Header.Get("Content-Disposition"); !strings.HasPrefix(cd, "attachment") || p.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("Content-Disposition %q, Cache-Control %q", cd, p.Header.Get("Cache-Control"))
	}
}

func TestSeparatorsAndEncodings(t *testing.T) {
	v := siteWithAddresses(t)
	old, err := charmap.Windows1252.NewEncoder().String("adresse;commune\n4 rue de l’Essai;Épinal\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file, text string
		separator  rune
		bom        bool
		converted  bool
	}{
		"comma":        {file: "adresse,commune\n\"4, rue de l'Essai\",Épinal\n", separator: ','},
		"tab, pasted":  {text: "adresse\tcommune\n4 rue de l'Essai\tÉpinal", separator: '\t'},
		"mark":         {file: "\xef\xbb\xbfadresse;commune\r\n4 rue de l'Essai;Épinal\r\n", separator: ';', bom: true},
		"one column":   {file: "adresse\n\"4, rue de l'Essai, 88000 Épinal\"\n", separator: ';'},
		"one, commas":  {file: "Adresse\n4, rue de l'Essai, 88000 Épinal\n", separator: ';'},
		"windows-1252": {file: old, separator: ';', bom: true, converted: true},
	} {
		p := postLot(t, v, c.file, c.text)
		got := answers(t, p, c.separator)
		last := got[len(got)-1]
		if len(got) != 2 || last[len(last)-2] != quartier {
			t.Errorf("%s: %q", name, got)
		}
		if bytes.HasPrefix(p.Body, []byte("\xef\xbb\xbf")) != c.bom {
			t.Errorf("%s: byte order mark %v wanted", name, c.bom)
		}
		if strings.Contains(p.Header.Get("Content-Disposition"), "converti-utf8") != c.converted {
			t.Errorf("%s: the conversion is not told: %q", name, p.Header.Get("Content-Disposition"))
		}
	}
}

func TestFormulasComeBackHarmless(t *testing.T) {
	v := siteWithAddresses(t)
	got := answers(t, postLot(t, v, "=adresse;adresse;lon;lat\n\"=HYPERLINK(\"\"x\"\")\";@SUM(1);-61,5;16,2\n＝1+1;\"\t=1\";+6.456111;48.182764\n", ""), ';')
	for _, record := range got {
		for _, cell := range record {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=@\t\r") || strings.HasPrefix(cell, "＝") {
				t.Errorf("the cell %q could run", cell)
			}
		}
	}
	if got[1][2] != "-61,5" || got[2][2] != "+6.456111" || got[2][4] != quartier {
		t.Errorf("numbers were changed: %q", got[1:])
	}
}

func TestRefusedFiles(t *testing.T) {
	v := portailtest.Site(t)
	for name, c := range map[string]struct {
		file, text, where, told string
		status                  int
	}{
		"nothing":     {"", "", "#lot-fichier-messages", "rien à lire", 422},
		"blank":       {" \n\n", "", "#lot-fichier-messages", "rien à lire", 422},
		"picture":     {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "", "#lot-fichier-messages", "pas un fichier de texte", 422},
		"workbook":    {"PK\x03\x04\x14\x00", "", "#lot-fichier-messages", "classeur", 422},
		"UTF-16":      {"\xff\xfea\x00d\x00", "", "#lot-fichier-messages", "UTF-16", 422},
		"no encoding": {"adresse\n\x81\x8d\n", "", "#lot-fichier-messages", "encodage", 422},
		"headings":    {"rue;ville\n4 rue Foch;Épinal\n", "", "#lot-fichier-messages", "intitulés des colonnes", 422},
		"lon alone":   {"lon\n6\n", "", "#lot-fichier-messages", "intitulés des colonnes", 422},
		"no line":     {"adresse;commune\n", "", "#lot-fichier-messages", "aucune ligne", 422},
		"too wide":    {"adresse;commune\na;b\na;b;c\n", "", "#lot-fichier-messages", "Ligne 3 : 3 colonnes au lieu de 2", 422},
		"quotes":      {"adresse;commune\n\"a;b\n", "", "#lot-fichier-messages", "Ligne 2", 422},
		"pasted":      {"", "rue\n4 rue <b>Foch</b>\n", "#lot-texte-messages", "intitulés des colonnes", 422},
		"too many":    {"adresse\n" + strings.Repeat("a\n", 50_001), "", "#lot-fichier-messages", "plus de 50 000 lignes", 413},
	} {
		p := postLot(t, v, c.file, c.text).Want(c.status)
		if got := p.Text(c.where); !strings.Contains(got, c.told) {
			t.Errorf("%s: %q not told in %q", name, c.told, got)
		}
	}
	if got := postLot(t, v, "", "rue\n4 rue <b>Foch</b>\n").Find("#lot-texte").Text(); !strings.Contains(got, "4 rue <b>Foch</b>") {
		t.Errorf("the pasted text was lost: %q", got)
	}
	postLot(t, v, "adresse\n"+strings.Repeat("x", 10<<20), "").Want(http.StatusRequestEntityTooLarge)
	v.PostBody("/adresse/lot", "application/json", strings.NewReader("{}")).Want(http.StatusBadRequest)
	v.PostBody("/adresse/lot", "multipart/form-data; boundary=x", strings.NewReader("--x\r\nbroken")).Want(http.StatusBadRequest)
	v.Get("/adresse/lot").Want(http.StatusOK)
}

// TestALongFileOutlivesThePageDeadline holds the addresses for longer than a page may take.
func TestALongFileOutlivesThePageDeadline(t *testing.T) {
	v := siteWithAddresses(t)
	tx, err := v.DB.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `LOCK TABLE adresse IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	released := make(chan struct{})
	time.AfterFunc(httpx.Deadline+500*time.Millisecond, func() {
		defer close(released)
		_ = tx.Rollback(context.Background())
	})
	defer func() { <-released }()
	got := answers(t, postLot(t, v, "adresse\n\"4 rue de l'Essai, 88000 Épinal\"\n", ""), ';')
	if got[1][1] != quartier {
		t.Errorf("%q", got)
	}
}

func TestAddressesLostHalfWayAreToldLineByLine(t *testing.T) {
	v := siteWithAddresses(t)
	if _, err := v.DB.Exec(t.Context(), `ALTER TABLE adresse RENAME TO adresse_partie`); err != nil {
		t.Fatal(err)
	}
	got := answers(t, postLot(t, v, "adresse;lon;lat\n\"4 rue de l'Essai, 88000 Épinal\";;\n;6.456111;48.182764\n", ""), ';')
	if !strings.HasPrefix(got[1][4], "indéterminé\u00a0: les adresses étaient inaccessibles") || got[2][3] != quartier {
		t.Errorf("%q", got)
	}
}

func TestAFileTakesItsTurn(t *testing.T) {
	v := siteWithAddresses(t)
	// Two senders that never finish hold both turns.
	var writers []*io.PipeWriter
	for range 2 {
		read, write := io.Pipe()
		writers = append(writers, write)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.URL+"/adresse/lot", read)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		go func() {
			if answer, err := http.DefaultClient.Do(r); err == nil {
				_ = answer.Body.Close()
			}
		}()
		if _, err := io.WriteString(write, "--x\r\n"); err != nil {
			t.Fatal(err)
		}
	}
	p := postLot(t, v, "adresse\na\n", "")
	for end := time.Now().Add(30 * time.Second); p.Status == http.StatusOK && time.Now().Before(end); { // until both are being read
		p = postLot(t, v, "adresse\na\n", "")
	}
	p.Want(http.StatusTooManyRequests)
	if p.Header.Get("Retry-After") == "" || !strings.Contains(p.Text("main"), "D’autres fichiers sont en cours") {
		t.Errorf("the visitor is not told to wait: %q", p.Text("main"))
	}
	for _, w := range writers {
		_ = w.CloseWithError(io.ErrUnexpectedEOF)
	}
	deadline := time.Now().Add(30 * time.Second)
	for postLot(t, v, "adresse\na\n", "").Status != http.StatusOK {
		if time.Now().After(deadline) {
			t.Fatal("the turns were not given back")
		}
	}
}

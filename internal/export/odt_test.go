package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"portail/internal/export"
)

// contrat is a document with every kind of block, and with texts that try to be more than text.
func contrat() export.Document {
	hostile := "<text:p>&amp; ]]> \x00\x07 \u202e  deux  espaces\tet\nun retour"
	return export.Document{
		Titre: "Contrat de ville d’Épinal & <environs>", Sujet: "Contrat", Fait: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC), Entete: "projet", Pied: "Préfecture des Vosges",
		Blocs: []export.Bloc{
			export.Titre{Niveau: 1, Texte: "Contrat de ville"},
			export.Paragraphe{Texte: export.Brut("Donnée de démonstration"), Allure: export.Avertissement},
			export.Titre{Niveau: 2, Texte: "Axe 1"},
			export.Paragraphe{Texte: export.Segments{{Texte: "Un texte "}, {Texte: "gras", Gras: true}, {Texte: " penché", Italique: true}, {Texte: " les deux", Gras: true, Italique: true},
				{Texte: " un lien", Lien: "https://exemple.fr/?a=1&b=\"2\""}, {Texte: " pas un lien", Lien: "javascript:alert(1)"}}},
			export.Paragraphe{Texte: export.Brut(hostile), Allure: export.Note},
			export.Liste{Numerotee: true, Elements: [][]export.Bloc{{export.Paragraphe{Texte: export.Brut("un")}}, {export.Paragraphe{Texte: export.Brut("deux")}, export.Puces("trois", "quatre")},
				{export.Titre{Niveau: 2, Texte: "titre en liste"}, export.Tableau{Colonnes: []export.ColonneTableau{{Titre: "a"}}, Lignes: [][]export.Segments{{export.Brut("b"), export.Brut("c")}}}}}},
			export.Citation{Blocs: []export.Bloc{export.Paragraphe{Texte: export.Brut("cité")}}},
			export.SautDePage{},
			export.Tableau{Legende: "Signatures", Colonnes: []export.ColonneTableau{{Titre: "Partie", Largeur: 2}, {Titre: "Montant", Droite: true}, {Titre: "Vide"}},
				Lignes: [][]export.Segments{{export.Brut("État"), export.Brut("12 000 €")}, {export.Gras("Ville"), export.Brut("=1+1"), export.Brut(hostile)}}},
			export.Tableau{},
			export.Paragraphe{Texte: export.Brut("Signature :"), Allure: export.Champ},
		},
	}
}

func odt(t testing.TB, d export.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := export.ODT(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestODTIsAPackage holds the file against the specification: the type first and stored, every part declared and well-formed, every style
// that is used declared.
func TestODTIsAPackage(t *testing.T) {
	t.Parallel()
	checkPackage(t, odt(t, contrat()))
}

// checkPackage fails unless the bytes are an OpenDocument package.
func checkPackage(t *testing.T, content []byte) {
	t.Helper()
	if got := string(content[30 : 30+8+len(export.TypeODT)]); got != "mimetype"+export.TypeODT {
		t.Errorf("the file begins with %q", got)
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	styles, used := map[string]bool{}, map[string]bool{}
	var manifest string
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "META-INF/manifest.xml" {
			manifest = string(text)
		}
		if !strings.HasSuffix(f.Name, ".xml") {
			continue
		}
		for d := xml.NewDecoder(bytes.NewReader(text)); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if e, ok := token.(xml.StartElement); ok {
				for _, a := range e.Attr {
					switch {
					case a.Name.Local == "name" && strings.HasSuffix(a.Name.Space, ":style:1.0") && (e.Name.Local == "style" || e.Name.Local == "list-style"):
						styles[a.Value] = true
					case a.Name.Local == "style-name":
						used[a.Value] = true
					case a.Name.Local == "href" && !strings.HasPrefix(a.Value, "https://"):
						t.Errorf("a link to %q", a.Value)
					}
				}
			}
		}
	}
	for _, name := range []string{"content.xml", "styles.xml", "meta.xml"} {
		if !strings.Contains(manifest, `"`+name+`"`) {
			t.Errorf("the manifest does not name %s", name)
		}
	}
	for name := range used {
		if !styles[name] {
			t.Errorf("the style %q is used and not declared", name)
		}
	}
	if len(used) < 12 {
		t.Errorf("only %d styles are used: the test looks at nothing", len(used))
	}
}

// TestODTOpensInLibreOffice converts the document as a reader would open it. Where LibreOffice is not installed, the test holds the
// package against the specification, and says so.
func TestODTOpensInLibreOffice(t *testing.T) {
	t.Parallel()
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Log("LibreOffice is not installed: the file is only held against the specification")
		checkPackage(t, odt(t, contrat()))
		return
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "contrat.odt")
	if err := os.WriteFile(file, odt(t, contrat()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), office, "--headless", "-env:UserInstallation=file://"+dir+"/profil", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", dir, file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "contrat.txt"))
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := strings.FieldsFunc(strings.ReplaceAll(string(text), "\uFEFF", ""), func(c rune) bool { return c == '\n' || c == '\r' })
	for _, want := range []string{"Contrat de ville", "Donnée de démonstration", "Un texte gras penché les deux un lien pas un lien", "Signatures", "12 000 €", "=1+1"} {
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, want) }) {
			t.Errorf("LibreOffice does not show %q in\n%s", want, text)
		}
	}
	if !strings.Contains(string(text), "<text:p>&amp; ]]>") {
		t.Errorf("a hostile text is not shown as it is:\n%s", text)
	}
}

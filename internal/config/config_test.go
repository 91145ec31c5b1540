package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func env(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestDefaultsAreEnoughToStart(t *testing.T) {
	c, err := Read(env(nil))
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != "localhost:8080" || c.Departement != "88" || c.Demonstration || c.Marque != "neutre" || c.CacheOctets != 48<<20 {
		t.Errorf("defaults: %+v", c)
	}
	if got := strings.Join(c.BlocMarque, "/"); got != "Préfète/des Vosges" {
		t.Errorf("bloc-marque: %q", got)
	}
}

func TestEveryFaultIsToldAtOnce(t *testing.T) {
	bad := map[string]string{
		"PORTAIL_ADDR": "8080", "PORTAIL_METRIQUES_ADDR": "localhost:http!", "PORTAIL_MODE": "essai", "PORTAIL_URL": "portail.fr",
		"PORTAIL_PROXY": "10.0.0.1", "PORTAIL_CACHE_MO": "-1", "PORTAIL_LOG_NIVEAU": "bavard", "PORTAIL_NOM": "  ",
		"PORTAIL_DEPARTEMENT": "Vosges", "PORTAIL_MARQUE": "rf", "PORTAIL_FOND_CARTE": "https://tuiles/0.png",
		"PORTAIL_GEOCODAGE_URL": "ftp://ban", "PORTAIL_AUDIT_DATE": "22/11/2026", "PORTAIL_AUDIT_TAUX": "NaN",
		"DATABASE_URL": "postgres://x", "DATABASE_URL_FILE": "/nowhere",
	}
	_, err := Read(env(bad))
	if err == nil {
		t.Fatal("no fault told")
	}
	for name := range bad {
		if name = strings.TrimSuffix(name, "_FILE"); !strings.Contains(err.Error(), name+": ") {
			t.Errorf("%s is not told in:\n%v", name, err)
		}
	}
}

func TestSecretFromFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(file, []byte("postgres://portail@base/portail\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Read(env(map[string]string{"DATABASE_URL_FILE": file}))
	if err != nil || c.DatabaseURL != "postgres://portail@base/portail" {
		t.Errorf("DATABASE_URL = %q, %v", c.DatabaseURL, err)
	}
	if _, err := Read(env(map[string]string{"DATABASE_URL_FILE": file + ".absent"})); err == nil {
		t.Error("an absent file is not told")
	}
	if _, err := Read(env(map[string]string{"PORTAIL_NOM_FILE": file})); err != nil {
		t.Errorf("only secrets are read from files: %v", err)
	}
}

func TestHelpNamesEverySetting(t *testing.T) {
	help, readme := Help(), Markdown()
	for _, s := range new(Config).settings() {
		if s.help == "" || !strings.Contains(help, s.name) || !strings.Contains(readme, s.name) {
			t.Errorf("%s is not documented", s.name)
		}
	}
}

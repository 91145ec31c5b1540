package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// console is a terminal that several goroutines write to.
type console struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (c *console) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.Write(b)
}

func (c *console) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.String()
}

// command runs a command line of the portal with settings of its own.
func command(t *testing.T, ctx context.Context, settings map[string]string, args ...string) (stdout, stderr *console, ended <-chan error) {
	t.Helper()
	stdout, stderr = &console{}, &console{}
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, args, func(name string) string { return settings[name] }, stdout, stderr)
	}()
	return stdout, stderr, done
}

var ready = regexp.MustCompile(`Portail prêt : (http://\S+)`)

// serving starts the portal as `make run` does and waits for its address.
func serving(t *testing.T, ctx context.Context, settings map[string]string) (at string, stdout *console, ended <-chan error) {
	t.Helper()
	stdout, stderr, ended := command(t, ctx, settings, "serve", "--seed", "--migrate")
	for end := time.Now().Add(3 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		select {
		case err := <-ended:
			t.Fatalf("the portal ended: %v\n%s%s", err, stdout, stderr)
		default:
		}
		if m := ready.FindStringSubmatch(stdout.String()); m != nil {
			return m[1], stdout, ended
		}
	}
	t.Fatalf("the portal is not ready:\n%s%s", stdout, stderr)
	return "", nil, nil
}

func get(t *testing.T, client *http.Client, address string) (int, string) {
	t.Helper()
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// getWith is the status of a page asked for with a cookie.
func getWith(t *testing.T, client *http.Client, address, cookie string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Cookie", "essai="+cookie)
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
	return answer.StatusCode
}

// TestServeWithItsOwnPostgres is `make run`: from nothing to the six quarters and a demonstration account, Ctrl-C, and again.
func TestServeWithItsOwnPostgres(t *testing.T) {
	const password = "lanterne ciboulette 88 wagon"
	settings := map[string]string{"PORTAIL_VAR": t.TempDir(), "PORTAIL_ADDR": "127.0.0.1:0", "PORTAIL_MODE": "demonstration",
		"PORTAIL_DEMO_MOT_DE_PASSE": password, "PORTAIL_LOG_NIVEAU": "error", "PORTAIL_METRIQUES_ADDR": "127.0.0.1:0"}
	for _, start := range []string{"first", "second"} {
		ctx, ctrlC := context.WithCancel(t.Context())
		at, stdout, ended := serving(t, ctx, settings)
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Jar: jar}
		for _, path := range []string{"/readyz", "/healthz", "/", "/carte", "/connexion"} {
			if code, _ := get(t, client, at+path); code != http.StatusOK {
				t.Errorf("%s start, %s: status %d", start, path, code)
			}
		}
		if _, list := get(t, client, at+"/qpv"); !strings.Contains(list, "QN08806M") {
			t.Errorf("%s start: the quarters of the Vosges are not there", start)
		}
		if code := getWith(t, client, at+"/", strings.Repeat("a", 2*maxHeaderBytes)); code != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("%s start: a header of %d bytes is answered %d", start, 2*maxHeaderBytes, code)
		}
		if !strings.Contains(stdout.String(), password) || !strings.Contains(stdout.String(), "referent.caf@demo.test") {
			t.Errorf("%s start: the demonstration accounts are not told:\n%s", start, stdout)
		}
		answer, err := client.PostForm(at+"/connexion", url.Values{"courriel": {"gestionnaire@demo.test"}, "mot_de_passe": {password}})
		if err != nil {
			t.Fatal(err)
		}
		if err := answer.Body.Close(); err != nil || answer.Request.URL.Path != "/tableau-de-bord" {
			t.Errorf("%s start: signing in leads to %s, status %d, %v", start, answer.Request.URL.Path, answer.StatusCode, err)
		}
		client.CloseIdleConnections()
		ctrlC()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("%s start: %v", start, err)
			}
		case <-time.After(2 * time.Minute):
			t.Fatalf("%s start: Ctrl-C does not end it", start)
		}
	}
	stdout, stderr, ended := command(t, t.Context(), settings, "journal", "verify")
	if err := <-ended; err != nil || !strings.Contains(stdout.String(), "Le journal tient") {
		t.Errorf("journal verify: %v\n%s%s", err, stdout, stderr)
	}
	stdout, stderr, ended = command(t, t.Context(), settings, "admin", "invite", "camille@prefecture.test", "Camille Essai")
	if err := <-ended; err != nil || !strings.Contains(stdout.String(), "/invitation/") {
		t.Errorf("admin invite: %v\n%s%s", err, stdout, stderr)
	}
}

func TestBadSettingsAreAllTold(t *testing.T) {
	_, _, ended := command(t, t.Context(), map[string]string{"PORTAIL_ADDR": "nowhere", "PORTAIL_MARQUE": "rf"}, "serve")
	err := <-ended
	if err == nil || !strings.Contains(err.Error(), "PORTAIL_ADDR") || !strings.Contains(err.Error(), "PORTAIL_MARQUE") {
		t.Errorf("told: %v", err)
	}
}

func TestHelpAndVersion(t *testing.T) {
	stdout, _, ended := command(t, t.Context(), nil, "serve", "--help")
	if err := <-ended; err != nil || !strings.Contains(stdout.String(), "PORTAIL_GEOCODAGE_URL") {
		t.Errorf("serve --help: %v\n%s", err, stdout)
	}
	stdout, _, ended = command(t, t.Context(), nil, "version")
	var v map[string]any
	if err := <-ended; err != nil || json.Unmarshal([]byte(stdout.String()), &v) != nil || v["schema"] == "" {
		t.Errorf("version: %v\n%s", err, stdout)
	}
	_, _, ended = command(t, t.Context(), nil, "danser")
	if err := <-ended; err == nil {
		t.Error("an unknown command is taken")
	}
}

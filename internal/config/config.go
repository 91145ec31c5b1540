// Package config holds every setting of the portal. A setting comes from the environment, or, when it is a secret, from
// the file that NAME_FILE points at; a faulty start tells all the faults at once.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Config is what the portal runs with.
type Config struct {
	Addr          string // address to listen on, host:port
	AddrMetriques string // address of the metrics listener; empty: none
	DatabaseURL   string // of the web server, a member of portail_app; empty: the portal starts its own Postgres under Var
	DatabaseAdmin string // of the owner of the tables, for migrate, seed and import; empty: DatabaseURL
	Var           string // directory of what must last when the portal runs its own Postgres
	Demonstration bool   // demonstration data and the page of components; never in production
	URL           string // public base address without final slash; empty: links stay relative
	Hotes         []string
	Proxy         netip.Prefix // the one reverse proxy whose X-Forwarded-For is believed; invalid: none
	CacheOctets   int64        // memory for kept pages; 0 switches keeping off
	FichierOctets int64        // largest file that people may attach
	Clamd         string       // host:port of a ClamAV daemon; empty: none
	LogNiveau     string

	Nom         string // name of the site
	Prefecture  string
	Departement string   // INSEE code of the département shown on the home page
	Marque      string   // neutre or etat (C3)
	BlocMarque  []string // lines of the bloc-marque in State mode

	FondCarte        string // URL template of a basemap; empty: maps show contours alone
	FondCarteMention string
	GeocodageURL     string // base address of a geocoding service (BAN API); empty: local addresses only
	Contact          string // e-mail address shown to the public
	Adresse          string // postal address and telephone of the préfecture, for the mentions légales
	Hebergeur        string
	Publication      string // directeur·rice de la publication: a function, not a name
	DPO              string // how to reach the data protection officer
	Journaux         string // how long technical logs are kept, in words

	Acces Acces

	AuditDate time.Time // RGAA audit; zero: none, hence "non conforme" (C6)
	AuditTaux float64   // percentage of criteria met
	AuditPar  string

	AuditNonConformites []string // what that audit found not accessible (C7)
	AuditDerogations    []string // contents exempt for disproportionate burden
	AuditEnvironnements []string // browsers, assistive technologies and tools of that audit
	AuditPages          []string // pages that it looked at
}

// setting is one line of the documentation and the way its text becomes a value.
type setting struct {
	name, fallback, help string
	secret               bool // may be given as NAME_FILE
	parse                func(string) error
}

func (c *Config) settings() []setting {
	return []setting{
		{name: "PORTAIL_ADDR", fallback: "localhost:8080", help: "address to listen on (host:port)", parse: hostPort(&c.Addr)},
		{name: "PORTAIL_METRIQUES_ADDR", help: "address of the Prometheus listener, /metrics; empty: none", parse: optional(hostPort(&c.AddrMetriques))},
		{name: "DATABASE_URL", secret: true, help: "Postgres to use; empty: the portal starts its own under PORTAIL_VAR", parse: text(&c.DatabaseURL)},
		{name: "DATABASE_URL_ADMIN", secret: true, help: "the same database as the owner of its tables, for migrate, seed, import and admin; empty: DATABASE_URL", parse: text(&c.DatabaseAdmin)},
		{name: "PORTAIL_VAR", fallback: "./var", help: "directory of the portal's own Postgres", parse: text(&c.Var)},
		{name: "PORTAIL_MODE", fallback: "production", help: "production, or demonstration: labelled on screen, with the page /composants", parse: choice(map[string]func(){
			"production": func() { c.Demonstration = false }, "demonstration": func() { c.Demonstration = true }})},
		{name: "PORTAIL_URL", help: "public base address (https://…) for canonical links, sitemap and open data; empty: taken from the request", parse: optional(baseURL(&c.URL))},
		{name: "PORTAIL_HOTES", help: "host names answered, comma separated; others get 421; empty: any", parse: list(&c.Hotes, ",")},
		{name: "PORTAIL_PROXY", help: "network of the reverse proxy whose X-Forwarded-For is believed (CIDR); empty: none", parse: optional(c.parseProxy)},
		{name: "PORTAIL_CACHE_MO", fallback: "48", help: "megabytes of rendered public pages kept in memory; 0: none", parse: c.parseCache},
		{name: "PORTAIL_FICHIER_MO", fallback: "25", help: "largest file that people may attach, in megabytes", parse: c.parseFichier},
		{name: "PORTAIL_CLAMD", help: "ClamAV daemon that examines attached files (host:port); when it does not answer none is accepted; empty: no scanner", parse: optional(hostPort(&c.Clamd))},
		{name: "PORTAIL_LOG_NIVEAU", fallback: "info", help: "debug, info, warn or error", parse: choice(map[string]func(){
			"debug": func() { c.LogNiveau = "debug" }, "info": func() { c.LogNiveau = "info" }, "warn": func() { c.LogNiveau = "warn" }, "error": func() { c.LogNiveau = "error" }})},

		{name: "PORTAIL_NOM", fallback: "Politique de la ville – Vosges", help: "name of the site", parse: required(&c.Nom)},
		{name: "PORTAIL_PREFECTURE", fallback: "Préfecture des Vosges", help: "name of the préfecture", parse: required(&c.Prefecture)},
		{name: "PORTAIL_DEPARTEMENT", fallback: "88", help: "INSEE code of the département of the home page", parse: c.parseDepartement},
		{name: "PORTAIL_MARQUE", fallback: "neutre", help: "neutre, or etat: Marianne and bloc-marque, for an authorised State body only", parse: choice(map[string]func(){
			"neutre": func() { c.Marque = "neutre" }, "etat": func() { c.Marque = "etat" }})},
		{name: "PORTAIL_BLOC_MARQUE", fallback: "Préfète|des Vosges", help: "lines of the bloc-marque in State mode, separated by |", parse: list(&c.BlocMarque, "|")},

		{name: "PORTAIL_FOND_CARTE", help: "basemap of the interactive map, as https://host/{z}/{x}/{y}.png; empty: contours alone", parse: optional(c.parseFondCarte)},
		{name: "PORTAIL_FOND_CARTE_MENTION", help: "attribution of the basemap", parse: text(&c.FondCarteMention)},
		{name: "PORTAIL_GEOCODAGE_URL", help: "base address of a geocoding service with the API of the Base Adresse Nationale; empty: local addresses only", parse: optional(baseURL(&c.GeocodageURL))},
		{name: "PORTAIL_CONTACT", help: "e-mail address shown to the public", parse: text(&c.Contact)},
		{name: "PORTAIL_ADRESSE", help: "postal address and telephone of the préfecture, for the mentions légales", parse: text(&c.Adresse)},
		{name: "PORTAIL_HEBERGEUR", help: "who hosts the site (name, address, telephone), for the mentions légales", parse: text(&c.Hebergeur)},
		{name: "PORTAIL_PUBLICATION", help: "function of the directeur or directrice de la publication", parse: text(&c.Publication)},
		{name: "PORTAIL_DPO", help: "how to reach the data protection officer", parse: text(&c.DPO)},
		{name: "PORTAIL_JOURNAUX", help: "how long the technical logs are kept by whoever runs the site, in French words (12 mois)", parse: text(&c.Journaux)},

		{name: "PORTAIL_CLE", secret: true, help: "64 hexadecimal digits that seal second factors and signed links; empty: made once and kept in PORTAIL_VAR", parse: optional(c.Acces.parseCle)},
		{name: "PORTAIL_SESSION_INACTIVITE", fallback: "30m", help: "a session ends after so long without a page", parse: duration(&c.Acces.Inactivite, time.Minute, 24*time.Hour)},
		{name: "PORTAIL_SESSION_DUREE", fallback: "8h", help: "a session ends so long after sign-in, whatever happens", parse: duration(&c.Acces.Duree, time.Minute, 7*24*time.Hour)},
		{name: "PORTAIL_TOTP_ROLES", fallback: "administrateur,gestionnaire,delegue,direction", help: "roles that must use a second factor with a password, comma separated", parse: list(&c.Acces.TOTPRoles, ",")},
		{name: "PORTAIL_PROCONNECT_EMETTEUR", help: "issuer of ProConnect (https://…); empty: no ProConnect button", parse: optional(baseURL(&c.Acces.ProConnectEmetteur))},
		{name: "PORTAIL_PROCONNECT_CLIENT", help: "client identifier given by ProConnect", parse: text(&c.Acces.ProConnectClient)},
		{name: "PORTAIL_PROCONNECT_SECRET", secret: true, help: "client secret given by ProConnect", parse: text(&c.Acces.ProConnectSecret)},
		{name: "PORTAIL_SMTP", help: "mail server (host:port); empty: mails are kept and readable in the portal", parse: optional(hostPort(&c.Acces.SMTP))},
		{name: "PORTAIL_SMTP_UTILISATEUR", help: "account on the mail server; empty: none", parse: text(&c.Acces.SMTPUtilisateur)},
		{name: "PORTAIL_SMTP_MOT_DE_PASSE", secret: true, help: "its password", parse: text(&c.Acces.SMTPMotDePasse)},
		{name: "PORTAIL_COURRIEL_DE", fallback: "portail@localhost", help: "sender of the mails", parse: required(&c.Acces.CourrielDe)},
		{name: "PORTAIL_DEMO_MOT_DE_PASSE", secret: true, help: "common password of the demonstration accounts; empty: drawn at first start and printed", parse: text(&c.Acces.DemoMotDePasse)},
		{name: "PORTAIL_DEMO_TOTP", fallback: "non", help: "oui: demonstration accounts must use a second factor like others", parse: choice(map[string]func(){
			"oui": func() { c.Acces.DemoTOTP = true }, "non": func() { c.Acces.DemoTOTP = false }})},

		{name: "PORTAIL_AUDIT_DATE", help: "date of the last RGAA audit (2026-11-22); empty: none", parse: optional(c.parseAuditDate)},
		{name: "PORTAIL_AUDIT_TAUX", help: "percentage of RGAA criteria met by that audit", parse: optional(c.parseAuditTaux)},
		{name: "PORTAIL_AUDIT_PAR", help: "body that made that audit", parse: text(&c.AuditPar)},
		{name: "PORTAIL_AUDIT_NON_CONFORMITES", help: "what that audit found not accessible, separated by |", parse: list(&c.AuditNonConformites, "|")},
		{name: "PORTAIL_AUDIT_DEROGATIONS", help: "contents exempt for disproportionate burden, separated by |", parse: list(&c.AuditDerogations, "|")},
		{name: "PORTAIL_AUDIT_ENVIRONNEMENTS", help: "browsers, assistive technologies and tools of that audit, separated by |", parse: list(&c.AuditEnvironnements, "|")},
		{name: "PORTAIL_AUDIT_PAGES", help: "pages that the audit looked at, separated by |", parse: list(&c.AuditPages, "|")},
	}
}

// Absolu is the full address of a page, for mails: those who read them are not on the site.
func (c Config) Absolu(path string) string {
	switch {
	case c.URL != "":
		return c.URL + path
	case strings.HasPrefix(c.Addr, ":"):
		return "http://localhost" + c.Addr + path
	}
	return "http://" + c.Addr + path
}

// Read takes every setting through getenv; the error lists all that is bad or missing, one line each.
func Read(getenv func(string) string) (Config, error) {
	var c Config
	var faults []error
	for _, s := range c.settings() {
		value, err := s.read(getenv)
		if err == nil {
			err = s.parse(value)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", s.name, err))
		}
	}
	if c.AuditTaux > 0 && c.AuditDate.IsZero() {
		faults = append(faults, errors.New("PORTAIL_AUDIT_DATE: needed with PORTAIL_AUDIT_TAUX"))
	}
	return c, errors.Join(faults...)
}

func (s setting) read(getenv func(string) string) (string, error) {
	value := getenv(s.name)
	if file := getenv(s.name + "_FILE"); s.secret && file != "" {
		if value != "" {
			return "", fmt.Errorf("give it or %s_FILE, not both", s.name)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("read %s_FILE: %w", s.name, err)
		}
		value = strings.TrimRight(string(content), "\r\n")
	}
	if value == "" {
		value = s.fallback
	}
	return value, nil
}

// Help documents every setting, for `portail serve --help` and the README.
func Help() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, s := range new(Config).settings() {
		name, fallback := s.name, s.fallback
		if s.secret {
			name += " (or " + s.name + "_FILE)"
		}
		if fallback == "" {
			fallback = "-"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", name, fallback, s.help)
	}
	_ = w.Flush() // a strings.Builder never fails
	return b.String()
}

// Markdown is the table of settings of the README; a test compares them.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| setting | default | meaning |\n| --- | --- | --- |\n")
	for _, s := range new(Config).settings() {
		name, fallback := "`"+s.name+"`", ""
		if s.secret {
			name += " or `" + s.name + "_FILE`"
		}
		if s.fallback != "" {
			fallback = "`" + strings.ReplaceAll(s.fallback, "|", "\\|") + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, fallback, strings.ReplaceAll(s.help, "|", "\\|"))
	}
	return b.String()
}

func text(into *string) func(string) error {
	return func(s string) error { *into = strings.TrimSpace(s); return nil }
}

func required(into *string) func(string) error {
	return func(s string) error {
		if *into = strings.TrimSpace(s); *into == "" {
			return errors.New("must not be blank")
		}
		return nil
	}
}

func optional(parse func(string) error) func(string) error {
	return func(s string) error {
		if s == "" {
			return nil
		}
		return parse(s)
	}
}

func list(into *[]string, sep string) func(string) error {
	return func(s string) error {
		for part := range strings.SplitSeq(s, sep) {
			if part = strings.TrimSpace(part); part != "" {
				*into = append(*into, part)
			}
		}
		return nil
	}
}

func choice(values map[string]func()) func(string) error {
	return func(s string) error {
		set, known := values[s]
		if !known {
			return fmt.Errorf("%q is not one of its values", s)
		}
		set()
		return nil
	}
}

func hostPort(into *string) func(string) error {
	return func(s string) error {
		_, port, err := net.SplitHostPort(s)
		if err != nil {
			return fmt.Errorf("%q is not host:port", s)
		}
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || (n == 0 && port != "0") {
			return fmt.Errorf("%q is not a port", port)
		}
		*into = s
		return nil
	}
}

func baseURL(into *string) func(string) error {
	return func(s string) error {
		u, err := url.Parse(s)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return fmt.Errorf("%q is not a base address such as https://exemple.gouv.fr", s)
		}
		*into = strings.TrimRight(s, "/")
		return nil
	}
}

func (c *Config) parseProxy(s string) (err error) {
	if c.Proxy, err = netip.ParsePrefix(s); err != nil {
		return fmt.Errorf("%q is not a network such as 10.0.0.0/8", s)
	}
	return nil
}

func (c *Config) parseCache(s string) error {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > 4096 {
		return fmt.Errorf("%q is not a number of megabytes between 0 and 4096", s)
	}
	c.CacheOctets = n << 20
	return nil
}

func (c *Config) parseDepartement(s string) error {
	code := strings.ToUpper(strings.TrimSpace(s))
	if n := len(code); n < 2 || n > 3 || strings.Trim(code, "0123456789AB") != "" {
		return fmt.Errorf("%q is not the INSEE code of a département", s)
	}
	c.Departement = code
	return nil
}

func (c *Config) parseFondCarte(s string) error {
	u, err := url.Parse(strings.NewReplacer("{z}", "0", "{x}", "0", "{y}", "0").Replace(s))
	if err != nil || u.Scheme != "https" || u.Host == "" || !strings.Contains(s, "{z}") || !strings.Contains(s, "{x}") || !strings.Contains(s, "{y}") {
		return fmt.Errorf("%q is not an address such as https://host/{z}/{x}/{y}.png", s)
	}
	c.FondCarte = s
	return nil
}

func (c *Config) parseAuditDate(s string) (err error) {
	if c.AuditDate, err = time.Parse(time.DateOnly, s); err != nil {
		return fmt.Errorf("%q is not a date such as 2026-11-22", s)
	}
	return nil
}

func (c *Config) parseAuditTaux(s string) (err error) {
	if c.AuditTaux, err = strconv.ParseFloat(s, 64); err != nil || !(c.AuditTaux >= 0 && c.AuditTaux <= 100) {
		return fmt.Errorf("%q is not a percentage between 0 and 100", s)
	}
	return nil
}

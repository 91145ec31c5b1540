package accueil

import (
	"time"

	"portail/internal/config"
)

// auditYears is how long an accessibility statement holds after its audit (C7).
const auditYears = 3

// MentionAccessibilite is the mandatory footer mention, computed from the RGAA audit of the settings (C6): without an audit
// that still holds, "non conforme"; from 50 % of the criteria on, "partiellement conforme"; all of them, "totalement conforme".
func MentionAccessibilite(cfg config.Config, today time.Time) string {
	switch {
	case cfg.AuditDate.IsZero(), cfg.AuditDate.After(today), !today.Before(cfg.AuditDate.AddDate(auditYears, 0, 0)), cfg.AuditTaux < 50:
		return "non conforme"
	case cfg.AuditTaux < 100:
		return "partiellement conforme"
	}
	return "totalement conforme"
}

// declaration is the state of the accessibility statement on a day.
type declaration struct {
	Mention    string
	Raison     string // end of the sentence that begins with the mention
	Audit      bool   // one was made
	Expiree    bool   // it no longer holds
	Expiration time.Time
}

// declarer computes the statement from the settings: nothing is claimed that no audit has shown.
func declarer(cfg config.Config, today time.Time) declaration {
	d := declaration{Mention: MentionAccessibilite(cfg, today), Audit: !cfg.AuditDate.IsZero() && !cfg.AuditDate.After(today)}
	if !d.Audit {
		d.Raison = "car aucun audit de conformité n’a été réalisé."
		return d
	}
	d.Expiration = cfg.AuditDate.AddDate(auditYears, 0, 0)
	d.Expiree = !today.Before(d.Expiration)
	switch {
	case d.Expiree:
		d.Raison = "car son dernier audit de conformité n’est plus valable."
	case cfg.AuditTaux < 100:
		d.Raison = "en raison des non-conformités énumérées ci-dessous."
	default:
		d.Raison = "sans non-conformité relevée."
	}
	return d
}

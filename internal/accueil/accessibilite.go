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

package lien

import (
	"net/url"
	"strconv"
	"strings"
)

// Catalogue of indicators, returns of figures, and shared diagnostics of quarters.
const (
	Indicateurs        = "/indicateurs"
	IndicateurNouveau  = Indicateurs + "/nouveau"
	Remontees          = "/remontees"
	RemonteeNouvelle   = Remontees + "/nouvelle"
	RemonteesImport    = Remontees + "/importer"
	Diagnostics        = "/diagnostics"
	DiagnosticComparer = Diagnostics + "/comparer"
	Constats           = "/constats"
)

// Indicateur is the record of an indicator, for people with an account.
func Indicateur(code string) string { return Indicateurs + "/" + url.PathEscape(code) }

// IndicateurActe is the page of a change to an indicator.
func IndicateurActe(code, acte string) string { return Indicateur(code) + "/" + acte }

// IndicateursFichier is the catalogue as a file.
func IndicateursFichier(format string, filtres url.Values) string {
	return avec(Indicateurs+"/fichier."+format, filtres)
}

// Remontee is a return.
func Remontee(id int64) string { return Remontees + "/" + strconv.FormatInt(id, 10) }

// RemonteeActe is a page under a return.
func RemonteeActe(id int64, acte string) string { return Remontee(id) + "/" + acte }

// Diagnostic is the shared diagnostic of a quarter.
func Diagnostic(code string) string { return Diagnostics + "/" + url.PathEscape(code) }

// DiagnosticFichier is the shared diagnostic of a quarter as a file.
func DiagnosticFichier(code, format string) string { return Diagnostic(code) + "/fichier." + format }

// DiagnosticHistorique is the page of the figures of a quarter that were replaced, for services.
func DiagnosticHistorique(code string) string { return Diagnostic(code) + "/historique-des-chiffres" }

// ComparaisonPartagee sets quarters side by side, for services.
func ComparaisonPartagee(codes []string) string {
	return avec(DiagnosticComparer, url.Values{"codes": {strings.Join(codes, ",")}})
}

// ConstatNouveau is the form of a finding, a stake or a lever about a quarter.
func ConstatNouveau(code, thematique, sorte string) string {
	v := url.Values{}
	if thematique != "" {
		v.Set("thematique", thematique)
	}
	if sorte != "" {
		v.Set("sorte", sorte)
	}
	return avec(Diagnostic(code)+"/constat", v)
}

// Constat is a finding, a stake or a lever.
func Constat(id int64) string { return Constats + "/" + strconv.FormatInt(id, 10) }

// ConstatActe is a page under it.
func ConstatActe(id int64, acte string) string { return Constat(id) + "/" + acte }

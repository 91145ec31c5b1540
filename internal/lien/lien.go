// Package lien writes the address of every page once, so that a page is moved by changing one line and no link is dead.
package lien

import (
	"net/url"
	"strconv"
	"strings"
)

// Public pages.
const (
	Accueil             = "/"
	QPV                 = "/qpv"
	Comparer            = "/qpv/comparer"
	Carte               = "/carte"
	Adresse             = "/adresse"
	AdresseLot          = "/adresse/lot"
	Donnees             = "/donnees"
	Catalogue           = "/donnees/catalogue.jsonld"
	Accessibilite       = "/accessibilite"
	MentionsLegales     = "/mentions-legales"
	DonneesPersonnelles = "/donnees-personnelles"
	Ecoconception       = "/ecoconception"
	PlanDuSite          = "/plan-du-site"
	Aide                = "/aide"
	Sitemap             = "/sitemap.xml"
	Robots              = "/robots.txt"
	Composants          = "/composants"
	ContourCommunes     = "/carte/communes.geojson"
	ContourQuartiers    = "/carte/qpv.geojson"
	ContourEPCI         = "/carte/epci.geojson"
	SecuriteTxt         = "/.well-known/security.txt"
)

// Pages of people with an account.
const (
	Connexion           = "/connexion"
	ConnexionCode       = "/connexion/code" // second factor
	Deconnexion         = "/deconnexion"
	Reprendre           = "/connexion/reprendre" // a form sent after the session had expired
	MotDePasseOublie    = "/mot-de-passe/oublie"
	ProConnect          = "/proconnect"           // leaves for ProConnect
	ProConnectRetour    = "/proconnect/retour"    // comes back from it
	ProConnectSortie    = "/proconnect/sortie"    // after sign-out there
	ProConnectRattacher = "/proconnect/rattacher" // ties an identity to the account signed in
	MonCompte           = "/mon-compte"
	MonMotDePasse       = "/mon-compte/mot-de-passe"
	MonSecondFacteur    = "/mon-compte/second-facteur"
	MesSessions         = "/mon-compte/sessions"
	MesDonnees          = "/mon-compte/donnees.json"
	MesNotifications    = "/mon-compte/notifications"
	Organismes          = "/organismes"
	OrganismeNouveau    = "/organismes/nouveau"
	OrganismesImport    = "/organismes/import"
	Comptes             = "/administration/comptes"
	Invitations         = "/administration/invitations"
	MatriceDroits       = "/administration/droits"
	Journal             = "/administration/journal"
	Registre            = "/administration/registre"
	Courriels           = "/administration/courriels"
)

// ConnexionPuis is the sign-in page that leads on to a page of the portal.
func ConnexionPuis(suite string) string {
	return avec(Connexion, url.Values{"suite": {suite}})
}

// Fonction switches to another fonction of the person (POST).
func Fonction(id int64) string { return "/fonction/" + strconv.FormatInt(id, 10) }

// Addresses that end with a secret: whoever reads one may use it.
const (
	invitation = "/invitation/"
	motDePasse = "/mot-de-passe/"
)

// Invitation is the link of an invitation mail.
func Invitation(jeton string) string { return invitation + url.PathEscape(jeton) }

// MotDePasse is the single-use link of a forgotten password.
func MotDePasse(jeton string) string { return motDePasse + url.PathEscape(jeton) }

// SansSecret is a path as logs may keep it.
func SansSecret(chemin string) string {
	for _, prefix := range []string{invitation, motDePasse, flux, reponse, convocation} {
		if strings.HasPrefix(chemin, prefix) && chemin != MotDePasseOublie {
			return prefix + "…"
		}
	}
	return chemin
}

// Organisme is the record of an organisation.
func Organisme(id int64) string { return Organismes + "/" + strconv.FormatInt(id, 10) }

// Pages under the record of an organisation, for OrganismeActe.
const (
	ActeModifier       = "modifier"
	ActeRenommer       = "renommer"
	ActeFermer         = "fermer"
	ActeRouvrir        = "rouvrir"
	ActeFusionner      = "fusionner"
	ActeNouveauContact = "contacts/nouveau"
)

// OrganismeActe is the page of a change to an organisation.
func OrganismeActe(id int64, acte string) string { return Organisme(id) + "/" + acte }

// OrganismeContact is the page that changes a contact of an organisation.
func OrganismeContact(id, contact int64) string {
	return Organisme(id) + "/contacts/" + strconv.FormatInt(contact, 10)
}

// OrganismesFichier is the list of organisations as a file, filtered by the same query string as the page.
func OrganismesFichier(format string, filtres url.Values) string {
	return avec(Organismes+"/"+fichier(format), filtres)
}

// Compte is the record of an account, for administrators.
func Compte(id int64) string { return Comptes + "/" + strconv.FormatInt(id, 10) }

// Courriel is a mail that is not sent yet.
func Courriel(id string) string { return Courriels + "/" + url.PathEscape(id) }

// CourrielExpedier tries again to send a mail (POST).
func CourrielExpedier(id string) string { return Courriel(id) + "/expedier" }

// CourrielsListe is the list of mails in one state; empty: all that are not sent.
func CourrielsListe(etat string) string {
	if etat == "" {
		return Courriels
	}
	return avec(Courriels, url.Values{"etat": {etat}})
}

// JournalFiltre is the journal, filtered.
func JournalFiltre(filtres url.Values) string { return avec(Journal, filtres) }

// JournalFichier is the journal as a spreadsheet, of the same query string as the page.
func JournalFichier(filtres url.Values) string { return avec(Journal+"/fichier.ods", filtres) }

// ComptesFichier is the list of accounts as a spreadsheet, of the same query string as the page.
func ComptesFichier(filtres url.Values) string { return avec(Comptes+"/fichier.ods", filtres) }

// CompteAction is a deed on an account (POST): fonctions, desactiver, reactiver, second-facteur or sessions.
func CompteAction(id int64, deed string) string { return Compte(id) + "/" + deed }

// CompteFonctionRetirer ends a fonction of an account (POST).
func CompteFonctionRetirer(id, fonction int64) string {
	return Compte(id) + "/fonctions/" + strconv.FormatInt(fonction, 10) + "/retirer"
}

// CompteTransmettre hands the post of an account over to another.
func CompteTransmettre(id int64) string { return Compte(id) + "/transmettre" }

// InvitationNouvelle is the form of an invitation.
const InvitationNouvelle = Invitations + "/nouvelle"

// InvitationsListe is the list of invitations in one state; empty: those under way.
func InvitationsListe(etat string) string {
	if etat == "" {
		return Invitations
	}
	return avec(Invitations, url.Values{"etat": {etat}})
}

// InvitationAction is a deed on an invitation (POST): renvoyer or revoquer.
func InvitationAction(id int64, deed string) string {
	return Invitations + "/" + strconv.FormatInt(id, 10) + "/" + deed
}

// Steps of an import of a spreadsheet, for ImportActe: pages under the address of the import.
const (
	ImportExemple    = "exemple.ods" // under the import itself
	ImportColonnes   = "colonnes"
	ImportControler  = "controler"
	ImportAppliquer  = "appliquer"
	ImportAbandonner = "abandonner"
	ImportErreursODS = "erreurs.ods"
	ImportErreursCSV = "erreurs.csv"
)

// ImportBrouillon is a file on its way into the portal, under the address of its import.
func ImportBrouillon(base string, id int64) string { return base + "/" + strconv.FormatInt(id, 10) }

// ImportActe is a step of it.
func ImportActe(base string, id int64, acte string) string {
	return ImportBrouillon(base, id) + "/" + acte
}

// ImportListe is what its dry run found, of one kind.
func ImportListe(base string, id int64, voir string) string {
	return avec(ImportBrouillon(base, id), url.Values{"voir": {voir}})
}

// Fiche is the page of a quarter.
func Fiche(code string) string { return QPV + "/" + url.PathEscape(code) }

// FicheHistorique is the page of the figures of a quarter that were replaced after their publication.
func FicheHistorique(code string) string { return Fiche(code) + "/historique-des-chiffres" }

// AdresseTexte is the answer for an address as it is written.
func AdresseTexte(q string) string { return avec(Adresse, url.Values{"q": {q}}) }

// AdresseConnue is the answer for an address of the local Base Adresse Nationale, by its identifier.
func AdresseConnue(id string) string { return avec(Adresse, url.Values{"id": {id}}) }

// AdressePoint is the answer for a point, in degrees.
func AdressePoint(lon, lat string) string {
	return avec(Adresse, url.Values{"lat": {lat}, "lon": {lon}})
}

// FicheFichier is a file of a quarter: format is csv, csv-tableur, ods, geojson or json.
func FicheFichier(code, format string) string { return Fiche(code) + "/" + fichier(format) }

// QPVFichier is the list of quarters as a file, filtered by the same query string as the page.
func QPVFichier(format string, filtres url.Values) string {
	return avec(QPV+"/"+fichier(format), filtres)
}

// QPVParEPCI is the list of the quarters of an EPCI, by its SIREN.
func QPVParEPCI(epci string) string { return avec(QPV, url.Values{"epci": {epci}}) }

// QPVParCommune is the list of the quarters of a commune, by its INSEE code.
func QPVParCommune(commune string) string { return avec(QPV, url.Values{"commune": {commune}}) }

// Comparaison sets quarters side by side.
func Comparaison(codes, indicateurs []string) string {
	v := url.Values{}
	if len(codes) > 0 {
		v.Set("codes", strings.Join(codes, ","))
	}
	if len(indicateurs) > 0 {
		v.Set("indicateurs", strings.Join(indicateurs, ","))
	}
	return avec(Comparer, v)
}

// ComparaisonFichier is a comparison as a file, of the same query string as its page, Comparer or DiagnosticComparer: format is csv,
// csv-tableur or ods.
func ComparaisonFichier(page, format string, choix url.Values) string {
	return avec(page+"/"+fichier(format), choix)
}

// Jeux are the codes of the public data sets, in the order shown: stable addresses, kept when a set is renamed.
var Jeux = []string{"quartiers", "contours", "indicateurs", "comparaisons", "chomage-zones-emploi", "catalogue-indicateurs", "communes", "epci", "contrats", "france-services", "correspondance-2015-2024", "adultes-relais", "reussite-educative", "contrats-publies", "engagements"}

// JeuDeDonnees is the page of a public data set.
func JeuDeDonnees(jeu string) string { return Donnees + "/" + url.PathEscape(jeu) }

// JeuFichier is a file of a public data set: csv, ods, json, geojson or schema.json.
func JeuFichier(jeu, format string) string {
	return Donnees + "/" + url.PathEscape(jeu+"."+format)
}

func fichier(format string) string {
	if format == "csv-tableur" {
		return "fichier-tableur.csv"
	}
	return "fichier." + format
}

func avec(chemin string, v url.Values) string {
	if len(v) == 0 {
		return chemin
	}
	return chemin + "?" + v.Encode()
}

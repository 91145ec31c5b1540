package contrat

import (
	"net/url"
	"strconv"
	"time"

	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// ligne is a contract of the list.
type ligne struct {
	ID             int64
	Titre          string
	Generation     int
	EpciNom        string
	Etat           Etat
	Debut, Fin     time.Time
	OuverteEtat    *string // of the avenant under way, or of the contract itself
	OuverteAvenant *int
	Publie         bool
	Demonstration  bool
	Total          int
}

// Parameters of the list.
const (
	paramQ          = "q"
	paramEtat       = "etat"
	paramGeneration = "generation"
	maxQ            = 100
	parPage         = 20
)

// filtres are what the address asks of the list.
type filtres struct {
	Q, Etat, Generation string
	Tri                 string
	Descendant          bool
	Page                int
}

var tris = []string{"titre", "etat", "debut", "fin"}

func parseFiltres(v url.Values) (filtres, error) {
	q := httpx.ReadQuery(v)
	f := filtres{Q: q.Text(paramQ, maxQ), Etat: q.Code(paramEtat, etatsListe), Generation: q.Code(paramGeneration, lexique.GenerationsContrat), Page: q.Page()}
	f.Tri, f.Descendant = q.Tri(tris, tris[0])
	return f, q.Err()
}

// etatsListe are the states that a contract can be in; an abandoned text is never that of its contract.
var etatsListe = garder(lexique.EtatsContrat, func(m lexique.Mot) bool { return m.Code != string(Abandonne) && m.Code != string(Remplace) })

func (f filtres) url() web.ListURL {
	return web.ListURL{Path: lien.ContratsAgents, Values: web.Params(paramQ, f.Q, paramEtat, f.Etat, paramGeneration, f.Generation, web.ParamTri, web.TriParam(f.Tri, f.Descendant, tris[0]))}
}

// liste is the page of the list.
type listePage struct {
	filtres
	Lignes []ligne
	Creer  bool
	Partie bool // whoever asks sees the contracts of their organisation only
}

func (l listePage) total() int {
	if len(l.Lignes) == 0 {
		return 0
	}
	return l.Lignes[0].Total
}

func (l listePage) compte() string {
	if l.total() == 0 {
		return "Aucun contrat."
	}
	return typo.NPluriel(int64(l.total()), "contrat", "contrats") + "."
}

func (l listePage) tableau() web.TableProps {
	u := l.url()
	t := web.TableProps{ID: "contrats", Caption: "Contrats de ville", CaptionHidden: true, Vide: "Aucun contrat ne correspond.", Columns: []web.Column{
		u.Column("Contrat", "titre", false), {Titre: "Intercommunalité"}, u.Column("État", "etat", false), u.Column("Début", "debut", false), u.Column("Fin", "fin", false), {Titre: "En cours"}, {Titre: "Publication"}}}
	for _, c := range l.Lignes {
		name := web.LinkCell(c.Titre, lien.ContratAgents(c.ID))
		name.Note = lexique.Libelle(lexique.GenerationsContrat, strconv.Itoa(c.Generation))
		if c.Demonstration {
			name.Note = "Donnée de démonstration"
		}
		publie := "non publié"
		if c.Publie {
			publie = "publié"
		}
		t.Rows = append(t.Rows, []web.Cell{name, web.TextCell(c.EpciNom), web.ComponentCell(etatBadge(c.Etat)), web.TextCell(typo.Date(c.Debut)), web.TextCell(typo.Date(c.Fin)),
			web.TextCell(c.ouverte()), web.TextCell(publie)})
	}
	return t
}

// ouverte tells the avenant under way, if any.
func (c ligne) ouverte() string {
	if c.OuverteAvenant == nil || *c.OuverteAvenant == 0 || c.OuverteEtat == nil {
		return ""
	}
	return "Avenant n°" + typo.NBSP + strconv.Itoa(*c.OuverteAvenant) + ", " + typo.Minuscule(lexique.Libelle(lexique.EtatsContrat, *c.OuverteEtat))
}

func (l listePage) selects() []web.SelectProps {
	return []web.SelectProps{
		{Control: web.Control{Name: paramEtat, Label: "État"}, Options: httpx.Options(etatsListe, l.Etat), Vide: "Tous"},
		{Control: web.Control{Name: paramGeneration, Label: "Génération"}, Options: httpx.Options(lexique.GenerationsContrat, l.Generation), Vide: "Toutes"},
	}
}

// etape is where a party stands in the board of signatures: which text awaits it, and since when.
type etape struct {
	ContratID                          int64
	Numero                             int
	Avenant                            int
	Titre                              string
	EtatTexte                          Etat
	Demonstration                      bool
	Total                              int // parties of the whole board, and among them:
	OntSigne, Attendues, EnRetardTotal int
	Partie
}

// attente is for how many days the signature is awaited; nil when it is not.
func (e etape) attente(now time.Time) *int {
	if !e.Attendue() || e.ASignerLe == nil {
		return nil
	}
	n := int(now.Sub(*e.ASignerLe).Hours() / 24)
	return &n
}

// tableau is the board of all contracts × parties.
type tableau struct {
	Etapes     []etape
	Maintenant time.Time
	Retard     bool // only those who are late
	Page       int
}

func (t tableau) url() web.ListURL {
	v := url.Values{}
	if t.Retard {
		v.Set(paramRetard, "oui")
	}
	return web.ListURL{Path: lien.ContratsSignatures, Values: v}
}

const paramRetard = "retard"

func (t tableau) table() web.TableProps {
	p := web.TableProps{ID: "signatures", Caption: "Signatures par contrat et par partie", CaptionHidden: true, Vide: "Aucune signature n’est attendue.",
		Columns: []web.Column{{Titre: "Contrat"}, {Titre: "Partie"}, {Titre: "Signature"}, {Titre: "Depuis", Numeric: true}, {Titre: "Signataires", Numeric: true}, {Titre: "Scans", Numeric: true}}}
	for _, e := range t.Etapes {
		v := Version{Avenant: e.Avenant}
		name := web.LinkCell(e.Titre, lien.ContratVersion(e.ContratID, e.Numero)+"#parties-"+numero(e.Partie.ID))
		name.Note = v.Nom() + ", " + typo.Minuscule(lexique.Libelle(lexique.EtatsContrat, string(e.EtatTexte)))
		since := ""
		if n := e.attente(t.Maintenant); n != nil {
			since = typo.NPluriel(int64(*n), "jour", "jours")
		}
		party := web.TextCell(e.OrganismeNom)
		party.Note = lexique.Libelle(lexique.NaturesPartie, e.Nature) + ", " + typo.Minuscule(lexique.Libelle(lexique.Obligations, e.Obligation))
		p.Rows = append(p.Rows, []web.Cell{name, party, web.ComponentCell(web.Badge(e.signature(t.Maintenant), e.ton(t.Maintenant))), web.TextCell(since),
			web.TextCell(typo.Nombre(int64(e.Confirmees)) + " sur " + typo.Nombre(int64(e.Signataires))), web.TextCell(typo.Nombre(int64(e.Scans)))})
	}
	return p
}

// resume says how many signed, are awaited and are late, pages aside.
func (t tableau) resume() []web.Figure {
	var e etape
	if len(t.Etapes) > 0 {
		e = t.Etapes[0]
	}
	figure := func(n int, one, many string) web.Figure {
		return web.Figure{Valeur: typo.Nombre(int64(n)), Libelle: typo.Pluriel(n, one, many)}
	}
	return []web.Figure{figure(e.OntSigne, "partie a signé", "parties ont signé"), figure(e.Attendues, "partie attendue", "parties attendues"),
		figure(e.EnRetardTotal, "partie en retard de plus de 30 jours", "parties en retard de plus de 30 jours")}
}

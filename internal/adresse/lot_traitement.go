package adresse

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/adressage"
)

// maxVoiesGardees bounds what one file keeps in memory: the streets of some hundred communes, or of a large city.
const maxVoiesGardees = 60_000

// Why a line of a file has no answer.
const (
	illisibles       = "Coordonnées illisibles."
	ligneVide        = "Ni adresse ni coordonnées."
	communeManquante = "Code postal ou commune manquants ou inconnus de ce site."
	communeAutre     = "La commune ne correspond pas au code postal."
	voieInconnue     = "Voie inconnue dans cette commune."
	voiesPlusieurs   = "Plusieurs voies possibles."
	baseAbsente      = "Les adresses étaient inaccessibles pendant le traitement\u00a0: relancez cette ligne."
	tropLong         = "Le traitement a dépassé son temps\u00a0: relancez cette ligne avec un fichier plus court."
)

// traitement answers the lines of one file. Streets are read by whole communes, each once: a misspelt street is then compared
// with those of its commune without asking the database.
type traitement struct {
	db       *pgxpool.Pool
	contours *contours
	parCP    map[string][]*communeConnue
	parNom   map[string][]*communeConnue
	parCode  map[string][]*communeConnue // by INSEE code
	gardees  int
	choisies map[adressage.Adresse]choixVoie // by address without its number
}

// communeConnue is a commune under one of its post codes.
type communeConnue struct {
	communeRow
	nom   string // normalised
	voies map[string]*voieConnue
	lues  bool
}

// voieConnue is a street with its name ready to be compared.
type voieConnue struct {
	voie
	nom adressage.Nom
}

// choixVoie is the street that was meant, or why none was found.
type choixVoie struct {
	voie     *voieConnue
	pourquoi string
}

func newTraitement(db *pgxpool.Pool, c *contours, communes []communeRow) *traitement {
	t := &traitement{
		db: db, contours: c, choisies: map[adressage.Adresse]choixVoie{},
		parCP: map[string][]*communeConnue{}, parNom: map[string][]*communeConnue{}, parCode: map[string][]*communeConnue{},
	}
	for _, row := range communes {
		k := &communeConnue{communeRow: row, nom: adressage.Normaliser(row.NomCommune)}
		t.parCP[row.CodePostal] = append(t.parCP[row.CodePostal], k)
		t.parNom[k.nom] = append(t.parNom[k.nom], k)
		t.parCode[k.Commune] = append(t.parCode[k.Commune], k)
	}
	return t
}

// ligne is one line on its way to an answer.
type ligne struct {
	reponse  Reponse
	adresse  adressage.Adresse
	communes []*communeConnue // that may be meant
	voie     *voieConnue
}

// repondre answers some lines with at most two round trips. It never fails: lines that could not be looked up say so.
func (t *traitement) repondre(ctx context.Context, c colonnes, records [][]string) []Reponse {
	lignes := make([]ligne, len(records))
	for i, record := range records {
		t.lire(&lignes[i], c, record)
	}
	if err := t.lireVoies(ctx, lignes); err != nil {
		return abandonner(ctx, lignes)
	}
	var asked []*ligne
	for i := range lignes {
		if l := &lignes[i]; len(l.communes) > 0 {
			if t.choisirVoie(ctx, l); l.voie != nil {
				asked = append(asked, l)
			}
		}
	}
	points, err := listPointsDe(ctx, t.db, asked)
	if err != nil {
		return abandonner(ctx, lignes)
	}
	for i, l := range asked {
		found, _, pourquoi := choisirNumero(l.adresse, points[i])
		if found == nil {
			l.reponse = indetermine(pourquoi)
			continue
		}
		l.reponse = t.contours.repondre(found.lieu(), departementDe(found.Commune))
	}
	return reponses(lignes)
}

// abandonner keeps the answers that needed no address, and says why the others are missing.
func abandonner(ctx context.Context, lignes []ligne) []Reponse {
	pourquoi := baseAbsente
	if ctx.Err() != nil {
		pourquoi = tropLong
	}
	for i := range lignes {
		if len(lignes[i].communes) > 0 {
			lignes[i].reponse = indetermine(pourquoi)
		}
	}
	return reponses(lignes)
}

func reponses(lignes []ligne) []Reponse {
	out := make([]Reponse, len(lignes))
	for i := range lignes {
		out[i] = lignes[i].reponse
	}
	return out
}

// lire answers a line that gives coordinates, and reads the address of another. Coordinates that can be read are believed
// before the address.
func (t *traitement) lire(l *ligne, c colonnes, record []string) {
	lon, lat, texte := at(record, c.lon), at(record, c.lat), at(record, c.adresse)
	if lon != "" || lat != "" {
		pt, fauteLon, fauteLat, deux := lirePoint(lon, lat)
		switch {
		case fauteLon == "" && fauteLat == "" && deux == "":
			l.reponse = t.contours.repondre(pt, "")
			return
		case texte != "":
		case deux != "":
			l.reponse = indetermine(deux)
			return
		default:
			l.reponse = indetermine(illisibles)
			return
		}
	}
	if texte == "" {
		l.reponse = indetermine(ligneVide)
		return
	}
	if len(texte) > maxTexte*utf8Max {
		texte = strings.ToValidUTF8(texte[:maxTexte*utf8Max], "")
	}
	l.adresse = adressage.Lire(texte)
	if cp := adressage.LireCodePostal(at(record, c.codePostal)); cp != "" {
		l.adresse.CodePostal = cp
	}
	if commune := adressage.LireCommune(at(record, c.commune)); commune != "" {
		l.adresse.Commune = commune
	}
	var pourquoi string
	if l.communes, pourquoi = t.communesDe(&l.adresse); len(l.communes) == 0 {
		l.reponse = indetermine(pourquoi)
	}
}

// utf8Max is the most bytes of a character.
const utf8Max = 4

// communesDe are the communes that an address may be in. Where the commune is only at the end of the street, it is cut off.
func (t *traitement) communesDe(a *adressage.Adresse) (communes []*communeConnue, pourquoi string) {
	switch {
	case a.CodePostal != "" && a.Commune == "":
		communes = t.parCP[a.CodePostal]
	case a.CodePostal != "":
		for _, k := range t.parCP[a.CodePostal] {
			if adressage.RessemblanceCommune(a.Commune, k.nom) >= adressage.Seuil {
				communes = append(communes, k)
			}
		}
		if len(communes) == 0 && len(t.parCP[a.CodePostal]) > 0 {
			return nil, communeAutre
		}
	case a.Commune != "":
		communes = t.parNom[a.Commune]
	default:
		for _, cut := range a.Coupes() {
			if communes = t.parNom[cut.Commune]; len(communes) > 0 {
				*a = cut
				break
			}
		}
	}
	if len(communes) == 0 {
		return nil, communeManquante
	}
	return communes, ""
}

// lireVoies reads the streets of the communes met for the first time.
func (t *traitement) lireVoies(ctx context.Context, lignes []ligne) error {
	if t.gardees > maxVoiesGardees {
		for _, communes := range t.parCP {
			for _, k := range communes {
				k.voies, k.lues = nil, false
			}
		}
		clear(t.choisies)
		t.gardees = 0
	}
	codes := map[string]bool{}
	for _, l := range lignes {
		for _, k := range l.communes {
			if !k.lues {
				codes[k.Commune] = true
			}
		}
	}
	if len(codes) == 0 {
		return nil
	}
	voies, err := listVoies(ctx, t.db, codes)
	if err != nil {
		return err
	}
	for code := range codes {
		for _, k := range t.parCode[code] {
			k.voies, k.lues = map[string]*voieConnue{}, true
		}
	}
	for _, v := range voies {
		for _, k := range t.parCode[v.Commune] {
			if k.CodePostal == v.CodePostal {
				nom := adressage.Normaliser(v.Nom)
				k.voies[nom] = &voieConnue{v, adressage.NouveauNom(nom)}
				t.gardees++
			}
		}
	}
	return nil
}

package importation

import (
	"context"
	"strconv"
	"strings"

	"portail/internal/adressage"
)

// addresses is a file of the Base Adresse Nationale (adresses-88.csv): 23 columns, separated by semicolons.
var addresses = &format{
	name: "Base Adresse Nationale", separator: ';',
	need: []string{"id", "numero", "rep", "nom_voie", "code_postal", "code_insee", "nom_commune", "lon", "lat"},
	known: []string{"id_fantoir", "code_insee_ancienne_commune", "nom_ancienne_commune", "x", "y", "type_position", "alias", "nom_ld",
		"libelle_acheminement", "nom_afnor", "source_position", "source_nom_voie", "certification_commune", "cad_parcelles"},
	temps: []*temp{tmpAdresse, tmpVoie}, row: addressRow, check: checkBAN, load: loadBAN,
}

var (
	tmpAdresse = &temp{name: "tmp_adresse", columns: `ligne integer, id text COLLATE "C", numero integer, rep text, voie text, code_postal text, commune text,
		nom_commune text, lon double precision, lat double precision`}
	tmpVoie = &temp{name: "tmp_voie", columns: `nom text, code_postal text, commune text, nom_commune text, recherche text`}
)

// maxStreets bounds the memory of streets already met; a street put twice is told apart in the database.
const maxStreets = 500_000

func addressRow(f *file, r *row) error {
	id := r.code("id", formBAN)
	number := r.whole("numero", 0, 99_999)
	street, postal, commune, name := r.text("nom_voie"), r.codeOrNone("code_postal", formPostal), r.code("code_insee", formCommune), r.text("nom_commune")
	rep := r.words("rep")
	lon, lat := r.point(true)
	if r.bad {
		return nil
	}
	f.put(tmpAdresse, strconv.Itoa(r.line), id, number, rep, street, postal, commune, name, lon, lat)
	key := commune + postal + street
	if _, first := f.once(key, r.line); first {
		if len(f.seen) > maxStreets {
			clear(f.seen)
		}
		f.put(tmpVoie, street, postal, commune, name, adressage.Normaliser(strings.Join([]string{street, postal, name}, " ")))
	}
	return nil
}

func checkBAN(ctx context.Context, f *file) error { return checkDuplicateAddresses(ctx, f) }

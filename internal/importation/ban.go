package importation

import (
	"fmt"
	"hash/maphash"
	"strings"

	"portail/internal/adressage"
)

// addresses is a file of the Base Adresse Nationale (adresses-88.csv): 23 columns, separated by semicolons.
var addresses = &format{
	name: "Base Adresse Nationale", separator: ';',
	need: []string{"id", "numero", "rep", "nom_voie", "code_postal", "code_insee", "nom_commune", "lon", "lat"},
	known: []string{"id_fantoir", "code_insee_ancienne_commune", "nom_ancienne_commune", "x", "y", "type_position", "alias", "nom_ld",
		"libelle_acheminement", "nom_afnor", "source_position", "source_nom_voie", "certification_commune", "cad_parcelles"},
	temps: []*temp{tmpAdresse, tmpVoie}, begin: beginBAN, row: addressRow, load: loadBAN,
}

var (
	tmpAdresse = &temp{name: "tmp_adresse", columns: `id text COLLATE "C", numero integer, rep text, voie text, code_postal text, commune text,
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
	if before, first := f.onceHashed(id, r.line); !first {
		_, i := r.cell("id")
		r.faultAt(i, id, fmt.Sprintf("Cet identifiant est déjà à la ligne %d.", before))
		return nil
	}
	f.put(tmpAdresse, id, number, rep, street, postal, commune, name, lon, lat)
	if _, first := f.once(commune+postal+street, r.line); first {
		if len(f.seen) > maxStreets {
			clear(f.seen)
		}
		f.put(tmpVoie, street, postal, commune, name, adressage.Normaliser(strings.Join([]string{street, postal, name}, " ")))
	}
	return nil
}

// onceHashed is once for millions of keys: it keeps 12 bytes of each, 1 GB for the whole country. That two of a million keys
// have the same 64 bits, and a good file be refused, has one chance in 10 million; the next run would draw other bits.
func (f *file) onceHashed(key string, line int) (before int, first bool) {
	h := maphash.String(f.hashSeed, key)
	if before, met := f.hashed[h]; met {
		return int(before), false
	}
	f.hashed[h] = int32(line)
	return 0, true
}

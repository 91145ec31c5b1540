package portailtest

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// banHeadings are those of the Base Adresse Nationale, in its order (internal/seed, ban-csv-colonnes.csv).
const banHeadings = "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;code_insee_ancienne_commune;nom_ancienne_commune;x;y;" +
	"lon;lat;type_position;alias;nom_ld;libelle_acheminement;nom_afnor;source_position;source_nom_voie;certification_commune;cad_parcelles"

// Parts of made-up streets. None is meant to be a real address.
var (
	kinds  = []string{"Rue", "Avenue", "Impasse", "Chemin", "Place", "Allée", "Route", "Boulevard", "Square", "Quai"}
	links  = []string{"de la", "des", "du", "de l’", "d’en"}
	things = []string{"Essai", "Épreuve", "Échantillon", "Modèle", "Exemple", "Maquette", "Brouillon", "Esquisse", "Gabarit", "Patron", "Prototype", "Mannequin"}
)

// WriteBAN writes n made-up addresses in the format of the Base Adresse Nationale, for tests and measures only: no real row
// of it is at hand. Streets have about 15 numbers and communes about 60 streets, as in a rural département; the communes'
// codes begin with 88 and their numbers, from 900, belong to none. The same n gives the same bytes.
func WriteBAN(w io.Writer, n int) error {
	out := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintln(out, banHeadings)
	for i := range n {
		street := i / 15
		commune := 900 + street/60%100
		code, name := fmt.Sprintf("88%03d", commune), fmt.Sprintf("Fausseville-%03d", commune)
		// As many names as there are streets: the last word tells them apart.
		voie := fmt.Sprintf("%s %s %s %s", kinds[street%len(kinds)], links[street/7%len(links)], things[street/3%len(things)], word(street))
		rep := ""
		if i%15 == 14 {
			rep = "bis"
		}
		number := i%15*2 + 1
		id := fmt.Sprintf("%s_%04d_%05d", code, street%10000, number)
		if street >= 10000 {
			id = fmt.Sprintf("%s_%06x_%05d", code, street, number)
		}
		if rep != "" {
			id += "_" + rep
		}
		lon, lat := 5.9+float64(street%1000)/1000+float64(i%15)/10000, 47.9+float64(street/1000)/100+float64(i%15)/20000
		fmt.Fprintf(out, "%s;%s_%04d;%d;%s;%s;%05d;%s;%s;;;%.2f;%.2f;%.6f;%.6f;entrée;;;%s;%s;commune;commune;1;%s0000A%04d|%s0000A%04d\n",
			id, code, street%10000, number, rep, voie, 88000+commune%100*10, code, name, 900000+float64(i%100000), 6700000+float64(street), lon, lat,
			strings.ToUpper(name), strings.ToUpper(voie), code, i%10000, code, (i+1)%10000)
	}
	return out.Flush()
}

// word spells a number with syllables, so that street names differ as real ones do.
func word(n int) string {
	syllables := []string{"ba", "ce", "di", "fo", "gu", "la", "me", "ni", "ro", "su", "ta", "vo", "xa", "ze", "bri", "cla"}
	var b strings.Builder
	for range 4 {
		b.WriteString(syllables[n%len(syllables)])
		n /= len(syllables)
	}
	s := b.String()
	return strings.ToUpper(s[:1]) + s[1:]
}

package importation

import (
	"context"
	"math"
	"regexp"
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"portail/internal/geo"
)

// franceServices is the list of the France services (ANCT). Phone, e-mail and names of persons are never taken in.
var franceServices = &format{
	name:  "liste des France services",
	need:  []string{"id_fs", "nom", "adresse", "code_postal", "insee_com", "nom_com", "insee_dep", "lon", "lat"},
	may:   []string{"complement", "format_fs", "labellisation"},
	known: []string{"type_fs", "code_qp"}, // the quarter is computed from the contours that the portal shows
	temps: []*temp{tmpLieu}, row: franceServicesRow, load: loadLieux,
}

var tmpLieu = &temp{name: "tmp_lieu", columns: `sorte text, identifiant text, nom text, adresse text, complement text, code_postal text, commune text,
	nom_commune text, departement text, format text, labellise_le date, lon double precision, lat double precision`}

var (
	// The producer writes "Espace labellisé 15/01/2021"; open data of another portal, 2021-01-15.
	labelDate = regexp.MustCompile(`[0-9]{2}/[0-9]{2}/[0-9]{4}$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	formLieu  = form{like(`^[0-9A-Za-z_-]{1,40}$`), "un identifiant (chiffres et lettres)"}
)

func franceServicesRow(f *file, r *row) error {
	id := r.code("id_fs", formLieu)
	r.unique("id_fs", id)
	labelled := null
	if s, i := r.cell("labellisation"); s != "" {
		if m := labelDate.FindString(s); m != "" {
			layout := "02/01/2006"
			if m[2] != '/' {
				layout = time.DateOnly
			}
			day, err := time.Parse(layout, m)
			switch {
			case err != nil:
				r.faultAt(i, s, "Cette date n’existe pas.")
			case day.After(f.today):
				r.faultAt(i, s, "Cette date est dans le futur.")
			default:
				labelled = day.Format(time.DateOnly)
			}
		} else {
			r.faultAt(i, s, "Une date (jj/mm/aaaa) est attendue à la fin.")
		}
	}
	lon, lat := r.point(true)
	values := []string{"france_services", id, r.text("nom"), r.words("adresse"), r.words("complement"), r.codeOrNone("code_postal", formPostal),
		r.code("insee_com", formCommune), r.text("nom_com"), r.code("insee_dep", formDepartement), r.words("format_fs"), labelled, lon, lat}
	if !r.bad {
		f.put(tmpLieu, values...)
	}
	return nil
}

// nearby is how far, in metres, a useful place still counts as near a quarter: half an hour's walk.
const nearby = 2000

var tmpProche = &temp{name: "tmp_proche", columns: `qpv_id integer, lieu_id integer, distance integer`}

// spot is a useful place, or a quarter with its contour.
type spot struct {
	ID       int
	Lon, Lat float64
}

type outline struct {
	ID      int
	Contour []byte
}

// updateNearby computes which useful places are in or near which quarters, whenever one or the other changed.
func updateNearby(ctx context.Context, f *file) error {
	outlines, err := listOutlines(ctx, f.tx)
	if err != nil {
		return err
	}
	items := make([]geo.Item, len(outlines))
	for i, o := range outlines {
		g, err := parseGeometry(o.Contour)
		if err != nil {
			return err
		}
		items[i] = geo.Item{Code: strconv.Itoa(o.ID), Geom: g}
	}
	index := geo.NewIndex(items)
	spots, err := listLieux(ctx, f.tx)
	if err != nil {
		return err
	}
	if err := f.createTemps(ctx, []*temp{tmpProche}); err != nil {
		return err
	}
	for _, s := range spots {
		for _, hit := range index.Near(orb.Point{s.Lon, s.Lat}, nearby) {
			// Rounded up: 0 is inside and nothing else.
			f.put(tmpProche, hit.Code, strconv.Itoa(s.ID), strconv.Itoa(int(math.Ceil(hit.Metres))))
		}
	}
	if err := f.flush(ctx, 0); err != nil {
		return err
	}
	return mergeNearby(ctx, f)
}

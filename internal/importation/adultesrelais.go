package importation

// fundedPosts is the list of funded posts of adultes-relais (ANCT): who employs, never who is employed.
var fundedPosts = &format{
	name:  "liste des postes d’adultes-relais financés",
	need:  []string{"annee", "id_poste", "siret_employeur", "employeur", "montant_eur", "insee_dep"},
	may:   []string{"code_contrat", "nom_contrat"},
	temps: []*temp{tmpPoste}, row: fundedPostRow, load: loadPostes,
}

var tmpPoste = &temp{name: "tmp_poste", columns: `annee smallint, poste text, siret text, employeur text, montant numeric, code_contrat text, nom_contrat text, departement text`}

var (
	formPoste = form{like(`^[0-9A-Z]{6,20}$`), "un identifiant de poste (08820R001800)"}
	formSiret = form{like(`^[0-9]{14}$`), "un SIRET (14 chiffres)"}
)

// Bounds of the file: the adultes-relais began in 2000, and no post was ever paid a million.
const (
	firstPostYear = 2000
	lastPostYear  = 2100
	mostPaid      = 1_000_000
)

func fundedPostRow(f *file, r *row) error {
	year, id := r.whole("annee", firstPostYear, lastPostYear), r.code("id_poste", formPoste)
	if _, i := r.cell("annee"); year == null && !r.bad {
		r.faultAt(i, "", "L’année est obligatoire.")
	}
	r.unique("id_poste", year+" "+id)
	values := []string{year, id, r.codeOrNone("siret_employeur", formSiret), r.text("employeur"), r.number("montant_eur", mostPaid),
		r.codeOrNone("code_contrat", formContrat), r.words("nom_contrat"), r.code("insee_dep", formDepartement)}
	if !r.bad {
		f.put(tmpPoste, values...)
	}
	return nil
}

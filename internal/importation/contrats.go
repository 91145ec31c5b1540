package importation

// contractList is the official list of contrats de ville (ANCT). A code of it may have two lines: the whole line is the key.
var contractList = &format{
	name: "liste des contrats de ville",
	need: []string{"code_contrat", "nom_contrat", "insee_dep", "siren_epci", "insee_com"}, may: []string{"lon", "lat"},
	known: []string{"nb_qpv", "population_qpv_2020"},
	temps: []*temp{tmpContrat}, row: contractRow, load: loadContrats,
}

var tmpContrat = &temp{name: "tmp_contrat", columns: `code text, nom text, departement text, epci text, commune text, lon double precision, lat double precision`}

func contractRow(f *file, r *row) error {
	code, nom, departement := r.code("code_contrat", formContrat), r.text("nom_contrat"), r.code("insee_dep", formDepartement)
	epci, commune := r.codeOrNone("siren_epci", formEPCI), r.codeOrNone("insee_com", formCommune)
	if _, i := r.cell("siren_epci"); epci == "" && commune == "" && !r.bad {
		r.faultAt(i, "", "Un contrat est celui d’une intercommunalité ou d’une commune.")
	}
	lon, lat := r.point(false)
	r.unique("code_contrat", code+" "+nom+" "+departement+" "+epci+" "+commune)
	if !r.bad {
		f.put(tmpContrat, code, nom, departement, epci, commune, lon, lat)
	}
	return nil
}

package importation_test

import (
	"strings"
	"testing"

	"portail/internal/importation"
	"portail/internal/portailtest"
)

// Every refusal: which line, which column, why; and nothing loaded.
func TestRefusals(t *testing.T) {
	db := portailtest.DB(t)
	must(t, db, importation.Territoires, oneCommune)
	must(t, db, importation.QPV, oneQPV)
	second := strings.SplitN(oneQPV, "\n", 2)[1]
	q, ind, ter, con, lie, ban := importation.QPV, importation.Indicateurs, importation.Territoires, importation.Contrats, importation.Lieux, importation.BAN
	for name, c := range map[string]struct {
		kind         importation.Kind
		content      string
		line, column int
		why          string
	}{
		"an empty file":                 {q, "", 1, 0, "vide"},
		"headings only":                 {q, strings.SplitAfter(oneQPV, "\n")[0], 1, 0, "aucune ligne"},
		"a missing heading":             {q, strings.Replace(oneQPV, "nom_qp,", "nom,", 1), 1, 0, "Intitulés manquants pour un fichier «\u00a0liste des quartiers prioritaires\u00a0»\u00a0: nom_qp."},
		"a heading twice":               {q, strings.Replace(oneQPV, "nom_dep", "nom_qp", 1), 1, 4, "répété"},
		"a heading without name":        {q, strings.Replace(oneQPV, "nom_dep", "", 1), 1, 4, "pas d’intitulé"},
		"another separator":             {q, strings.ReplaceAll(oneQPV, ",", ";"), 1, 0, "«\u00a0,\u00a0»"},
		"commas in the BAN":             {ban, strings.ReplaceAll(oneAddress, ";", ","), 1, 0, "«\u00a0;\u00a0»"},
		"too few cells":                 {q, strings.Replace(oneQPV, ",Bitola\n", "\n", 1), 2, 0, "moins de cellules (17) que d’intitulés (18)"},
		"too many cells":                {q, strings.Replace(oneQPV, ",Bitola\n", ",Bitola,x\n", 1), 2, 0, "plus de cellules (19)"},
		"Latin-1":                       {q, strings.ReplaceAll(oneQPV, "É", "\xc9"), 2, 8, "Latin-1"},
		"Latin-1 in a heading":          {q, strings.Replace(oneQPV, "nom_dep", "d\xe9p", 1), 1, 4, "Latin-1"},
		"UTF-16, little end first":      {q, "\xff\xfec\x00o\x00d\x00e\x00", 1, 0, "UTF-16"},
		"UTF-16 without mark":           {q, "c\x00o\x00d\x00e\x00_\x00q\x00p\x00", 1, 0, "UTF-16"},
		"a workbook":                    {q, "PK\x03\x04\x14\x00", 1, 0, "classeur"},
		"a text decoded twice":          {q, set(oneQPV, "nom_qp", "Ã©cole"), 2, 2, "abîmé"},
		"a replacement character":       {q, set(oneQPV, "nom_qp", "caf\uFFFD"), 2, 2, "abîmé"},
		"a NUL byte":                    {q, set(oneQPV, "nom_qp", "a\x00b"), 2, 2, "octet nul"},
		"a control character":           {q, set(oneQPV, "nom_qp", "a\x07b"), 2, 2, "contrôle"},
		"a line break in a cell":        {q, set(oneQPV, "nom_qp", "\"a\nb\""), 2, 2, "contrôle ou un saut de ligne"},
		"a gigantic cell":               {q, set(oneQPV, "nom_qp", strings.Repeat("a", 20_000)), 2, 2, "démesurée"},
		"a long name":                   {q, set(oneQPV, "nom_qp", strings.Repeat("a", 301)), 2, 2, "trop long"},
		"a bare quote":                  {q, set(oneQPV, "nom_qp", `La "Vierge"`), 2, 0, "Guillemets"},
		"a quote left open":             {q, set(oneQPV, "nom_qp", `"La Vierge`), 2, 0, "Guillemets"},
		"a quote open over a megabyte":  {q, set(oneQPV, "nom_qp", `"`) + strings.Repeat(second, 10_000), 2, 0, "1 Mo"},
		"a code of no form":             {q, set(oneQPV, "code_qp", "QN8801M"), 2, 1, "code de quartier"},
		"an unknown letter":             {q, set(oneQPV, "code_qp", "QN08801X"), 2, 1, "code de quartier"},
		"the code of another place":     {q, set(oneQPV, "insee_dep", "54"), 2, 3, "QN08801M"},
		"a lost leading zero":           {q, set(oneQPV, "insee_dep", "1"), 2, 3, "département"},
		"no name":                       {q, set(oneQPV, "nom_qp", " "), 2, 2, "vide"},
		"a code twice":                  {q, oneQPV + second, 3, 1, "déjà à la ligne 2"},
		"a commune of no form":          {q, set(oneQPV, "insee_com", "8816"), 2, 7, "commune"},
		"a commune twice":               {q, set(set(oneQPV, "insee_com", "88160|88160"), "nom_com", "Épinal|Épinal"), 2, 7, "répété"},
		"no commune":                    {q, set(set(oneQPV, "insee_com", ""), "nom_com", ""), 2, 7, "commune au moins"},
		"more codes than names":         {q, set(oneQPV, "siren_epci", "200068757|200071066"), 2, 9, "2 codes pour 1 noms"},
		"an unknown change":             {q, set(oneQPV, "evolution_2015", "agrandi"), 2, 11, "modifié"},
		"a contract of no form":         {q, set(oneQPV, "code_contrat", "CN1"), 2, 16, "contrat"},
		"a former code of no form":      {q, set(oneQPV, "code_qp_2015", "QN08801M"), 2, 17, "2015"},
		"a population with letters":     {q, set(oneQPV, "population_2020", "18o0"), 2, 12, "entier"},
		"a negative population":         {q, set(oneQPV, "population_2020", "-5"), 2, 12, "entre 0 et"},
		"half an inhabitant":            {q, set(oneQPV, "population_2020", "10.5"), 2, 12, "entier"},
		"a population of the future":    {q, strings.Replace(oneQPV, "population_2020", "population_2190", 1), 1, 12, "futur"},
		"swapped coordinates":           {q, set(set(oneQPV, "lon", "48.15894"), "lat", "6.45312"), 2, 13, "inversées"},
		"projected coordinates":         {q, set(set(oneQPV, "lon", "957000"), "lat", "6790000"), 2, 13, "degrés"},
		"coordinates abroad":            {q, set(oneQPV, "lon", "16.4"), 2, 13, "hors de France"},
		"a longitude without latitude":  {q, set(oneQPV, "lat", ""), 2, 14, "toutes les deux"},
		"a surface with a comma":        {q, set(oneQPV, "surface_ha", `"40`) + "", 2, 0, "Guillemets"},
		"a negative surface":            {q, set(oneQPV, "surface_ha", "-1"), 2, 15, "négative"},
		"a GeoJSON for a list":          {q, contour(bitola, square), 1, 0, "CSV est attendu"},
		"an unknown indicator":          {ind, set(oneLong, "indicateur", "taux_bonheur"), 2, 2, "catalogue"},
		"another unit":                  {ind, set(oneLong, "unite", "€"), 2, 4, "«\u00a0%\u00a0»"},
		"a share above 100":             {ind, set(oneLong, "valeur", "100.1"), 2, 3, "entre 0 et 100"},
		"a negative share":              {ind, set(oneLong, "valeur", "-1"), 2, 3, "négative"},
		"a number with letters":         {ind, set(oneLong, "valeur", "38.4%"), 2, 3, "pas un nombre"},
		"a decimal comma":               {ind, "code_qp,indicateur,valeur,unite,millesime,source\nQN08801M,taux_emploi,\"38,4\",%,2021,INSEE\n", 2, 3, "Virgule ambiguë"},
		"not a number":                  {ind, set(oneLong, "valeur", "NaN"), 2, 3, "fini"},
		"infinity":                      {ind, set(oneLong, "valeur", "-Infinity"), 2, 3, "fini"},
		"an exponent":                   {ind, set(oneLong, "valeur", "1e1"), 2, 3, "pas un nombre"},
		"a space in a number":           {ind, set(oneLong, "valeur", "1 2"), 2, 3, "espace"},
		"two points":                    {ind, set(oneLong, "valeur", "1.2.3"), 2, 3, "mal écrit"},
		"an endless number":             {ind, set(oneLong, "valeur", strings.Repeat("9", 400)), 2, 3, "mal écrit"},
		"a vintage of the future":       {ind, set(oneLong, "millesime", "2190"), 2, 5, "futur"},
		"a vintage that is none":        {ind, set(oneLong, "millesime", "RP20"), 2, 5, "une année"},
		"no source":                     {ind, set(oneLong, "source", ""), 2, 6, "vide"},
		"an unknown quarter":            {ind, set(oneLong, "code_qp", "QN08809M"), 2, 0, "pas dans le portail"},
		"the same figure twice":         {ind, oneLong + "QN08801M,taux_emploi,40,%,2021,INSEE\n", 3, 3, "déjà donné à la ligne 2"},
		"an unknown column":             {ind, strings.Replace(oneWide, "nb_menages", "nb_menage", 1), 1, 4, "catalogue"},
		"a column of the future":        {ind, strings.Replace(oneWide, "_2021", "_2099", 1), 1, 5, "futur"},
		"a wide share above 100":        {ind, set(oneWide, "taux_pauvrete_60_2021", "455"), 2, 5, "entre 0 et 100"},
		"a quarter on two lines":        {ind, oneWide + "QN08801M,Bitola-La Vierge,88,1,1\n", 3, 1, "déjà à la ligne 2"},
		"an unknown level":              {ind, set(oneComparison, "niveau", "canton"), 2, 1, "niveau"},
		"a code of another level":       {ind, set(oneComparison, "code", "88"), 2, 2, "commune"},
		"an unknown commune":            {ind, set(oneComparison, "code", "88161"), 2, 0, "pas dans le portail"},
		"a trimester of no form":        {ind, set(oneQuarter, "trimestre", "T4 2025"), 2, 3, "trimestre"},
		"a trimester of the future":     {ind, set(oneQuarter, "trimestre", "2098-T1"), 2, 3, "trimestre"},
		"a rate above 100":              {ind, set(oneQuarter, "taux_chomage", "101"), 2, 4, "entre 0 et 100"},
		"a zone of no form":             {ind, set(oneQuarter, "code_ze2020", "44"), 2, 1, "zone d’emploi"},
		"a post code of no form":        {ter, set(oneCommune, "code_postal", "8800"), 2, 8, "code postal"},
		"a commune on two lines":        {ter, oneCommune + strings.SplitAfter(oneCommune, "\n")[1], 3, 1, "déjà à la ligne 2"},
		"a SIREN of no form":            {ter, set(oneCommune, "siren_epci", "20006875"), 2, 5, "SIREN"},
		"an EPCI of no nature":          {ter, set(oneEPCI, "nature", "communauté"), 2, 3, "nature"},
		"a région of no form":           {ter, set(oneDep, "insee_reg", "4"), 2, 3, "région"},
		"a contract of nobody":          {con, set(oneContract, "siren_epci", ""), 2, 4, "intercommunalité ou d’une commune"},
		"a contract on two lines":       {con, oneContract + strings.SplitAfter(oneContract, "\n")[1], 3, 1, "déjà à la ligne 2"},
		"a place without point":         {lie, set(set(onePlace, "lon", ""), "lat", ""), 2, 13, "toutes les deux"},
		"a day that is none":            {lie, set(onePlace, "labellisation", "Espace labellisé 31/02/2021"), 2, 11, "n’existe pas"},
		"a day of the future":           {lie, set(onePlace, "labellisation", "Espace labellisé 01/01/2190"), 2, 11, "futur"},
		"a label without day":           {lie, set(onePlace, "labellisation", "oui"), 2, 11, "date"},
		"a place on two lines":          {lie, onePlace + strings.SplitAfter(onePlace, "\n")[1], 3, 1, "déjà à la ligne 2"},
		"an address of no form":         {ban, set(oneAddress, "id", "12"), 2, 1, "Base Adresse Nationale"},
		"an address on two lines":       {ban, oneAddress + strings.SplitAfter(oneAddress, "\n")[1], 3, 1, "déjà à la ligne 2"},
		"an address without street":     {ban, set(oneAddress, "nom_voie", ""), 2, 5, "vide"},
		"a number of a street too high": {ban, set(oneAddress, "numero", "100000"), 2, 3, "entre 0 et 99999"},
	} {
		t.Run(name, func(t *testing.T) {
			faults := refused(t, db, c.kind, c.content)
			f := faults[0]
			if f.Line != c.line || f.Column != c.column || !strings.Contains(f.Why, c.why) {
				t.Errorf("told %+v, want line %d, column %d, %q", faults, c.line, c.column, c.why)
			}
			if c.column > 0 && f.Heading == "" && name != "a heading without name" && !strings.HasPrefix(name, "Latin-1 in a heading") && name != "the same figure twice" {
				t.Errorf("the heading is not named: %+v", f)
			}
		})
	}
}

func TestRefusedContours(t *testing.T) {
	db := portailtest.DB(t)
	must(t, db, importation.QPV, oneQPV)
	for name, c := range map[string]struct {
		kind    importation.Kind
		content string
		line    int
		why     string
	}{
		"a crossing ring":      {importation.Contours, contour(bitola, `{"type":"Polygon","coordinates":[[[6.45,48.16],[6.454,48.164],[6.454,48.16],[6.45,48.169],[6.45,48.16]]]}`), 2, "crois"},
		"an open ring":         {importation.Contours, contour(bitola, `{"type":"Polygon","coordinates":[[[6.45,48.16],[6.454,48.16],[6.454,48.164],[6.45,48.164]]]}`), 2, "fermé"},
		"swapped coordinates":  {importation.Contours, contour(bitola, `{"type":"Polygon","coordinates":[[[48.16,6.45],[48.16,6.454],[48.164,6.454],[48.16,6.45]]]}`), 2, "inversées"},
		"a contour abroad":     {importation.Contours, contour(bitola, `{"type":"Polygon","coordinates":[[[13.4,52.5],[13.5,52.5],[13.5,52.6],[13.4,52.5]]]}`), 2, "France"},
		"a point":              {importation.Contours, contour(bitola, `{"type":"Point","coordinates":[6.45,48.16]}`), 2, "polygone"},
		"no geometry":          {importation.Contours, contour(bitola, `null`), 2, "vide"},
		"an unknown quarter":   {importation.Contours, contour(`"code_qp":"QN08809M"`, square), 2, "pas dans le portail"},
		"a code of no form":    {importation.Contours, contour(`"code_qp":"88"`, square), 2, "code de quartier"},
		"a code as a number":   {importation.Contours, contour(`"code_qp":88`, square), 2, "texte"},
		"no code":              {importation.Contours, contour(`"nom":"x"`, square), 2, "code_qp"},
		"no feature":           {importation.Contours, `{"type":"FeatureCollection","features":[]}`, 1, "vide"},
		"not a collection":     {importation.Contours, `{"type":"Feature"}`, 1, "collection"},
		"broken JSON":          {importation.Contours, strings.TrimSuffix(contour(bitola, square), "]}\n"), 2, "tronqué"},
		"Latin-1":              {importation.Contours, contour(`"code_qp":"QN08801M","nom":"`+"\xc9"+`pinal"`, square), 1, "UTF-8"},
		"a CSV":                {importation.Contours, oneQPV, 1, "GeoJSON est attendu"},
		"a quarter twice":      {importation.Contours, strings.Replace(contour(bitola, square), "\n]}", ",\n"+`{"type":"Feature","properties":{`+bitola+`},"geometry":`+square+"}\n]}", 1), 3, "déjà à la ligne 2"},
		"a commune of no form": {importation.Territoires, contour(`"insee_com":"8816","nom_com":"Épinal"`, square), 2, "commune"},
		"a commune unnamed":    {importation.Territoires, contour(`"insee_com":"88160"`, square), 2, "nom"},
		"a SIREN of no form":   {importation.Territoires, contour(`"insee_com":"88160","nom_com":"Épinal","siren_epci":"2"`, square), 2, "SIREN"},
	} {
		t.Run(name, func(t *testing.T) {
			if f := refused(t, db, c.kind, c.content)[0]; f.Line != c.line || !strings.Contains(f.Why, c.why) {
				t.Errorf("told %+v, want line %d, %q", f, c.line, c.why)
			}
		})
	}
}

// All faults are told at once, those of several files too, up to a cap.
func TestReportIsWholeAndBounded(t *testing.T) {
	db := portailtest.DB(t)
	must(t, db, importation.QPV, oneQPV)
	faults := refused(t, db, importation.Indicateurs,
		oneLong+"QN08801M,taux_emploi,x,%,2021,INSEE\nQN08802M,taux_emploi,12,%,2021,INSEE\n",
		set(oneLong, "unite", "€"))
	if len(faults) != 3 || faults[0].Line != 3 || faults[1].Line != 4 || faults[2].File != "fichier2.csv" {
		t.Errorf("%+v", faults)
	}
	_, err := take(t, db, importation.Indicateurs, importation.Options{}, oneLong+strings.Repeat("QN08801M,taux_emploi,x\u202e\x1b[31m,%,2021,INSEE\n", 1200))
	text := report(err)
	if n := strings.Count(text, "\n"); n != 1001 || !strings.Contains(text, "Et 200 autres fautes. Rien n’a été importé.") {
		t.Errorf("%d lines ending with %q", n, text[len(text)-100:])
	}
	if strings.Contains(text, "\x1b") {
		t.Error("an escape sequence reaches the terminal")
	}
	if !strings.Contains(text, "fichier1.csv, ligne 3, colonne 3 (valeur)\u00a0: «\u00a0x") {
		t.Errorf("%q", text[:200])
	}
}

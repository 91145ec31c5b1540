package web

// exampleTable has a sorted column, numbers, a link, a badge and a note.
func exampleTable() TableProps {
	return TableProps{
		ID: "ex-table", Caption: "Quartiers (exemple)",
		Columns: []Column{exampleList.Column("Quartier", "nom", false), exampleList.Column("Habitants", "population", true), {Titre: "Commune"}, {Titre: "État"}},
		Rows: [][]Cell{
			{LinkCell("Quartier A", "/composants"), {Texte: "2\u00a0310", Note: "2020"}, TextCell("Première commune"), ComponentCell(Badge("Signé", ToneSuccess))},
			{LinkCell("Quartier au nom très long qui occupe plusieurs lignes dans sa cellule", "/composants"), {Texte: "12\u00a0000", Note: "2020"}, TextCell("Deuxième commune"), ComponentCell(Badge("À signer", ToneWarning))},
			{LinkCell("Quartier C", "/composants"), {Texte: "non disponible"}, TextCell("Troisième commune"), ComponentCell(Badge("Échu", ToneNeutral))},
		},
	}
}

func exampleCards() []CardProps {
	return []CardProps{
		{Titre: "Carte complète", Href: "/composants", Desc: "Une description de deux lignes qui dit ce que l’on trouvera.", Detail: "QN08801M", Fin: "Mis à jour le 22\u00a0novembre\u00a02026", Tags: []Lien{{Texte: "NPNRU"}}},
		{Titre: "Carte simple", Href: "/composants", Desc: "Sans détail."},
		{Titre: "Carte sans lien"},
	}
}

// exampleBars shows the page's territory, references, a long name and the two kinds of missing values.
func exampleBars(id string) BarChartProps {
	return BarChartProps{
		ID: id, Titre: "Taux de pauvreté (exemple)", Desc: "Le quartier d’exemple est au-dessus de ses territoires de référence.", Unit: "%", Digits: 1,
		Bars: []Bar{
			{Label: "Quartier d’exemple", Value: 48.2, Emphasis: true},
			{Label: "Commune", Value: 24.1},
			{Label: "Communauté d’agglomération au nom particulièrement long", Value: 15.3},
			{Label: "Département", Absent: true},
			{Label: "Région", Absent: true, Texte: "n.c. (secret statistique)"},
			{Label: "France", Value: 14.9},
		},
	}
}

var exampleLines = LineChartProps{
	ID: "ex-courbe", Titre: "Évolution du taux d’emploi (exemple)", Desc: "Le taux du quartier d’exemple monte de 2018 à 2023, avec un changement de contour en 2021.", Unit: "%", Digits: 1,
	X: []string{"2018", "2019", "2020", "2021", "2022", "2023"},
	Series: []Series{
		{Label: "Quartier d’exemple", Emphasis: true, Points: []Point{{X: "2018", Value: 38.4}, {X: "2019", Value: 39.1}, {X: "2020", Absent: true}, {X: "2021", Value: 40.2}, {X: "2022", Value: 41.8}, {X: "2023", Value: 43}}},
		{Label: "Commune", Points: []Point{{X: "2018", Value: 55.1}, {X: "2019", Value: 55.4}, {X: "2020", Value: 54.2}, {X: "2021", Value: 55.9}, {X: "2022", Value: 56.3}, {X: "2023", Value: 57}}},
	},
	Breaks: []Break{{X: "2021", Texte: "Changement de contour avant 2021"}},
}

var exampleMap = MapProps{
	ID: "ex-carte", ViewBox: "0 0 400 240", Titre: "Carte d’exemple", Desc: "Un département imaginaire, deux intercommunalités et deux quartiers.",
	Layers: []Layer{
		{Class: "departement", Shapes: []Shape{{Path: "M20 40L180 15L380 60L360 210L150 225L40 170Z"}}},
		{Class: "epci", Shapes: []Shape{{Path: "M20 40L180 15L190 222L150 225L40 170Z"}, {Path: "M180 15L380 60L360 210L190 222Z"}}},
		{Class: "qpv", Shapes: []Shape{
			{Path: "M80 80h40v30h-40z", Href: "/composants#quartier-a", Titre: "Quartier A", Label: "Quartier A", X: 100, Y: 74},
			{Path: "M260 120l30 -10 10 35 -35 8z", Href: "/composants#quartier-b", Titre: "Quartier B", Label: "Quartier B", X: 280, Y: 102},
		}},
	},
	Legende: []Legende{{"qpv", "Quartier prioritaire"}, {"epci", "Intercommunalité"}},
	GeoJSON: "/composants/contours.geojson",
}

// toneName is the French name of a tone, for the examples.
func toneName(t Tone) string {
	return map[Tone]string{ToneInfo: "d’information", ToneSuccess: "de succès", ToneWarning: "d’avertissement", ToneError: "d’erreur"}[t]
}

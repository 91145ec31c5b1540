package chiffre

import "testing"

func pc(n float64, millesime int) Valeur {
	return Valeur{Connue: true, Nombre: n, Unite: "%", Decimales: 1, Millesime: millesime}
}

func TestEcartIsToldInWords(t *testing.T) {
	pauvrete := Indicateur{Nature: "part", Sens: "defavorable", Unite: "%", Decimales: 1}
	emploi := Indicateur{Nature: "part", Sens: "favorable", Unite: "%", Decimales: 1}
	menages := Indicateur{Nature: "part", Sens: "neutre", Unite: "%", Decimales: 1}
	revenu := Indicateur{Nature: "moyenne", Sens: "favorable", Unite: "€"}
	jeunesse := Indicateur{Nature: "indice", Sens: "neutre", Unite: "ratio", Decimales: 1}
	population := Indicateur{Nature: "effectif", Sens: "neutre", Unite: "hab."}
	rsa := Indicateur{Nature: "effectif", Sens: "neutre", Unite: "foyers"}
	hab := func(n float64, millesime int) Valeur {
		return Valeur{Connue: true, Nombre: n, Unite: "hab.", Millesime: millesime}
	}
	euro := func(n float64) Valeur { return Valeur{Connue: true, Nombre: n, Unite: "€", Millesime: 2021} }
	secret := Valeur{Secret: true, Millesime: 2021}
	for _, c := range []struct {
		nom       string
		i         Indicateur
		q, r      Valeur
		niveau    string
		partiel   bool
		want      string
		comparees bool
	}{
		{"more poverty", pauvrete, pc(53, 2021), pc(45.6, 2021), "departement", false, "+7,4_points, situation moins favorable que le département", true},
		{"less poverty", pauvrete, pc(40, 2021), pc(45.6, 2021), "commune", false, "−5,6_points, situation plus favorable que la commune", true},
		{"more jobs", emploi, pc(60, 2021), pc(58.5, 2021), "region", false, "+1,5_point, situation plus favorable que la région", true},
		{"fewer jobs", emploi, pc(34.4, 2021), pc(64.4, 2021), "france", false, "−30,0_points, situation moins favorable que la France", true},
		{"neutral has no judgement", menages, pc(61.5, 2021), pc(40, 2021), "epci", false, "+21,5_points", true},
		{"same figure once rounded", pauvrete, pc(53.04, 2021), pc(52.96, 2021), "commune", false, "même valeur que la commune", true},
		{"a tenth apart once rounded", pauvrete, pc(53.06, 2021), pc(53.04, 2021), "commune", false, "+0,1_point, situation moins favorable que la commune", true},
		{"lower income", revenu, euro(15000), euro(20000), "commune", false, "−25,0_%, situation moins favorable que la commune", true},
		{"no income to compare with", revenu, euro(15000), euro(0), "commune", false, "non comparable", false},
		{"index", jeunesse, Valeur{Connue: true, Nombre: 2, Decimales: 1, Millesime: 2020}, Valeur{Connue: true, Nombre: .8, Decimales: 1, Millesime: 2020}, "commune", false, "+1,2", true},
		{"share of a total", population, hab(1800, 2020), hab(32296, 2020), "commune", false, "5,6_% des habitants de la commune", true},
		{"share over two vintages", population, hab(1800, 2020), hab(358700, 2022), "departement", false, "0,5_% des habitants du département (2020 rapporté à 2022)", true},
		{"spread over two communes", population, hab(1800, 2020), hab(900, 2020), "commune", true, "l’équivalent de 200,0_% des habitants de la commune", true},
		{"count of something else", rsa, Valeur{Connue: true, Nombre: 50, Millesime: 2021}, Valeur{Connue: true, Nombre: 200, Millesime: 2021}, "epci", false, "25,0_% des foyers de l’intercommunalité", true},
		{"unstated vintage of a count", population, hab(1800, 0), hab(32296, 2022), "commune", false, "non comparable_: millésime non précisé pour le quartier, 2022 pour la commune", false},
		{"total of nil", population, hab(1800, 2020), hab(0, 2020), "commune", false, "non comparable", false},
		{"vintages that differ", pauvrete, pc(53, 2021), pc(45, 2020), "departement", false, "non comparable_: 2021 pour le quartier, 2020 pour le département", false},
		{"both unstated", menages, pc(61, 0), pc(40, 0), "commune", false, "non comparable_: millésime non précisé pour le quartier, millésime non précisé pour la commune", false},
		{"no reference", pauvrete, pc(53, 2021), Valeur{}, "region", false, "non disponible", false},
		{"no figure of the quarter", pauvrete, Valeur{}, pc(45, 2021), "region", false, "pas de valeur pour le quartier", false},
		{"masked quarter", rsa, secret, hab(200, 2021), "commune", false, "écart non communiqué (secret statistique)", false},
		{"masked reference", rsa, hab(20, 2021), secret, "commune", false, "écart non communiqué (secret statistique)", false},
	} {
		e := c.i.Ecart(c.q, c.r, c.niveau, c.partiel)
		if got := e.Phrase(); got != nb(c.want) || e.Comparable != c.comparees {
			t.Errorf("%s: %q comparable %v, want %q", c.nom, got, e.Comparable, nb(c.want))
		}
	}
}

package contrat

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/lexique"
	"portail/web"
	"portail/web/typo"
)

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err) // a constant of this file
	}
	return d
}

func jour(s string) *time.Time {
	d := day(s)
	return &d
}

func valeur[T any](v T) *T { return &v }

// refused are the names of the fields that an error refuses.
func refused(t *testing.T, err error) string {
	t.Helper()
	var f fault.Fields
	if err != nil && !errors.As(err, &f) {
		t.Fatal(err)
	}
	return strings.Join(f.Names(), " ")
}

// TestMachine looks at every state × every act × every role × every kind of text: only what is written here is possible.
func TestMachine(t *testing.T) {
	const (
		gestion = "gestionnaire"
		both    = "gestionnaire direction"
	)
	type allowed struct{ kinds, roles string }
	normal, repris, avenant := "contrat", "reprise", "avenant"
	all := normal + " " + repris + " " + avenant
	want := map[string]allowed{
		"projet negocier":                   {normal + " " + avenant, gestion},
		"negociation mettre-a-la-signature": {all, both},
		"a_signer reprendre-la-negociation": {all, both},
		"a_signer constater-la-signature":   {all, both},
		"projet valider-la-reprise":         {repris, both},
		"projet abandonner":                 {avenant, both},
		"negociation abandonner":            {avenant, both},
		"a_signer abandonner":               {avenant, both},
		"projet supprimer":                  {normal + " " + repris, gestion},
		"signe ouvrir-un-avenant":           {all, gestion},
		"en_vigueur ouvrir-un-avenant":      {all, gestion},
		"signe denoncer":                    {all, both},
		"en_vigueur denoncer":               {all, both},
	}
	for _, e := range []Etat{Signe, EnVigueur, Remplace, Echu, Denonce} {
		want[string(e)+" publier"] = allowed{all, both}
		want[string(e)+" retirer"] = allowed{all, both}
	}
	published := time.Now()
	for _, e := range Etats {
		for _, tr := range machine {
			for kind, v := range map[string]Version{normal: {Derniere: true}, repris: {Derniere: true, Reprise: true}, avenant: {Derniere: true, Avenant: 1}} {
				v.Etat = e
				if tr.Acte == Retirer {
					v.PublieeLe = &published
				}
				for _, role := range droits.Roles {
					w := want[string(e)+" "+string(tr.Acte)]
					expected := slices.Contains(strings.Fields(w.kinds), kind) && slices.Contains(strings.Fields(w.roles), string(role))
					if got := slices.Contains(v.Actes(droits.Compte{ID: 1, Role: role}), tr.Acte); got != expected {
						t.Errorf("%s %s, %s, by %s: %v, want %v", e, tr.Acte, kind, role, got, expected)
					}
				}
			}
		}
	}
	for name, v := range map[string]Version{"a text that is not the last": {Etat: EnVigueur}, "nothing published": {Etat: EnVigueur}} {
		acts := v.Actes(droits.Compte{ID: 1, Role: droits.Gestionnaire})
		if slices.Contains(acts, OuvrirAvenant) || slices.Contains(acts, Retirer) || slices.Contains(acts, Denoncer) {
			t.Errorf("%s allows %v", name, acts)
		}
	}
	for _, tr := range machine {
		if tr.Libelle == "" || tr.Fait == "" || tr.Droit == "" {
			t.Errorf("%s has no words or no right", tr.Acte)
		}
	}
}

func TestCadre(t *testing.T) {
	good := Cadre{Generation: 2024, Titre: "Contrat", Debut: day("2024-04-01"), Fin: day("2030-03-31"), Revoyure: jour("2027-03-31")}
	for name, c := range map[string]struct {
		change  func(*Cadre)
		avenant bool
		want    string
	}{
		"good":                            {func(*Cadre) {}, false, ""},
		"no title":                        {func(c *Cadre) { c.Titre = " \n" }, false, "titre"},
		"a title too long":                {func(c *Cadre) { c.Titre = strings.Repeat("é", maxTitre+1) }, false, "titre"},
		"no generation":                   {func(c *Cadre) { c.Generation = 2020 }, false, "generation"},
		"ends before it begins":           {func(c *Cadre) { c.Fin = c.Debut; c.Revoyure = nil }, false, "fin"},
		"revoyure after the end":          {func(c *Cadre) { c.Revoyure = jour("2030-04-01") }, false, "revoyure"},
		"revoyure before":                 {func(c *Cadre) { c.Revoyure = jour("2024-03-31") }, false, "revoyure"},
		"takes effect after its end":      {func(c *Cadre) { c.EffetLe = jour("2031-01-01") }, false, "effet_le"},
		"too many places":                 {func(c *Cadre) { c.Qva = strings.Split(strings.Repeat("x", maxLieux+1), "") }, false, ""}, // the same one many times
		"an avenant without an object":    {func(c *Cadre) { c.Natures = []string{"autre"} }, true, "objet"},
		"an avenant of an unknown kind":   {func(c *Cadre) { c.Objet, c.Natures = "x", []string{"inconnue"} }, true, "natures"},
		"an avenant that changes nothing": {func(c *Cadre) { c.Objet = "x" }, true, "natures"},
		"a good avenant":                  {func(c *Cadre) { c.Objet, c.Natures, c.Generation = "x", []string{"prolongation"}, 0 }, true, ""},
	} {
		in := good
		c.change(&in)
		if got := refused(t, in.propre().check(c.avenant)); got != c.want {
			t.Errorf("%s: refused %q, want %q", name, got, c.want)
		}
	}
}

func TestEngagement(t *testing.T) {
	c := Contenu{Version: Version{Debut: day("2024-04-01"), Fin: day("2030-03-31")}, Objectifs: []Objectif{{ID: 1}}, Parties: []Partie{{ID: 2}}}
	good := Engagement{ObjectifID: 1, PartieID: 2, Texte: "Ouvrir", Credits: "droit_commun"}
	target := good
	target.Indicateur, target.CibleSource, target.ReferenceValeur, target.ReferenceLe, target.CibleValeur, target.CibleLe = "Reçus", "Registre", valeur(1.0), jour("2024-01-01"), valeur(5.0), jour("2026-01-01")
	for name, x := range map[string]struct {
		from   Engagement
		change func(*Engagement)
		want   string
	}{
		"good":                       {good, func(*Engagement) {}, ""},
		"no text":                    {good, func(e *Engagement) { e.Texte = "" }, "texte"},
		"an objectif of another":     {good, func(e *Engagement) { e.ObjectifID = 9 }, "objectif"},
		"a party of another":         {good, func(e *Engagement) { e.PartieID = 9 }, "partie"},
		"unknown means":              {good, func(e *Engagement) { e.Credits = "or" }, "credits"},
		"a negative amount":          {good, func(e *Engagement) { e.Montant = valeur(-1.0) }, "montant"},
		"an absurd amount":           {good, func(e *Engagement) { e.Montant = valeur(1e12 + 1) }, "montant"},
		"the highest amount":         {good, func(e *Engagement) { e.Montant = valeur(1e12) }, ""},
		"a year out of the contract": {good, func(e *Engagement) { e.AnneeDebut = valeur(2023) }, "annee_debut"},
		"years upside down":          {good, func(e *Engagement) { e.AnneeDebut, e.AnneeFin = valeur(2026), valeur(2025) }, "annee_fin"},
		"a last year alone":          {good, func(e *Engagement) { e.AnneeFin = valeur(2025) }, "annee_debut"},
		"due after the contract":     {good, func(e *Engagement) { e.Echeance = jour("2030-04-01") }, "echeance"},
		"a good target":              {target, func(*Engagement) {}, ""},
		"target equal to reference":  {target, func(e *Engagement) { e.CibleValeur = valeur(1.0) }, "cible_valeur"},
		"half a target":              {target, func(e *Engagement) { e.CibleLe = nil }, "cible_le"},
		"a target without a source":  {target, func(e *Engagement) { e.CibleSource = "" }, "cible_source"},
		"a target out of time":       {target, func(e *Engagement) { e.CibleLe = jour("2031-01-01") }, "cible_le"},
		"a reference after":          {target, func(e *Engagement) { e.ReferenceLe = jour("2026-01-01") }, "reference_le"},
		"an indicator alone":         {good, func(e *Engagement) { e.Indicateur = "x" }, "cible_le cible_source cible_valeur reference_le reference_valeur"},
	} {
		e := x.from
		x.change(&e)
		if got := refused(t, e.propre().check(c)); got != x.want {
			t.Errorf("%s: refused %q, want %q", name, got, x.want)
		}
	}
	target.Valeur = valeur(3.0)
	if part, ok := target.Progression(); !ok || part != 0.5 {
		t.Errorf("half-way is told as %v, %v", part, ok)
	}
	target.CibleValeur = target.ReferenceValeur
	if _, ok := target.Progression(); ok {
		t.Error("a target equal to its reference has a progression")
	}
}

func TestAxe(t *testing.T) {
	q, other := int32(1), int32(2)
	for name, c := range map[string]struct {
		generation int
		axe        Axe
		want       string
	}{
		"good":                         {2024, Axe{Titre: "x", Nature: "priorite"}, ""},
		"no title":                     {2024, Axe{Nature: "priorite"}, "titre"},
		"a pilier from 2024 on":        {2024, Axe{Titre: "x", Nature: "pilier"}, "nature"},
		"a pilier in 2015":             {2015, Axe{Titre: "x", Nature: "pilier"}, ""},
		"a projet de quartier in 2015": {2015, Axe{Titre: "x", Nature: "projet_quartier", QpvID: &q}, "nature"},
		"a projet without its quarter": {2024, Axe{Titre: "x", Nature: "projet_quartier"}, "qpv"},
		"a projet elsewhere":           {2024, Axe{Titre: "x", Nature: "projet_quartier", QpvID: &other}, "qpv"},
		"a projet de quartier":         {2024, Axe{Titre: "x", Nature: "projet_quartier", QpvID: &q}, ""},
		"a priorité with a quarter":    {2024, Axe{Titre: "x", Nature: "priorite", QpvID: &q}, "qpv"},
	} {
		if got := refused(t, c.axe.propre().check(Version{Generation: c.generation, QpvIDs: []int32{1}})); got != c.want {
			t.Errorf("%s: refused %q, want %q", name, got, c.want)
		}
	}
}

func TestObligations(t *testing.T) {
	for _, m := range lexique.NaturesPartie {
		least := obligationDe(m.Code)
		for i, o := range []string{facultatif, attendu, obligatoire} {
			ok := i >= slices.Index([]string{facultatif, attendu, obligatoire}, least)
			if got := refused(t, Partie{OrganismeID: 1, Nature: m.Code, Obligation: o}.check()); (got == "") != ok {
				t.Errorf("%s %s: refused %q", m.Code, o, got)
			}
		}
	}
	for nature, want := range map[string]string{"etat": obligatoire, "epci": obligatoire, "commune": obligatoire, "departement": attendu, "region": attendu, "bailleur": facultatif, "ars": facultatif} {
		if got := obligationDe(nature); got != want {
			t.Errorf("%s: %s, want %s", nature, got, want)
		}
	}
	one := Partie{ID: 1, Nature: "commune"}
	two := Partie{ID: 2, Nature: "commune"}
	if one.dispensable([]Partie{one}) || !one.dispensable([]Partie{one, two}) || (Partie{Nature: "etat"}).dispensable(nil) || !(Partie{Nature: "region"}).dispensable(nil) {
		t.Error("who may be dispensed is not what the law lets")
	}
}

// TestChecklist empties a complete text point by point: each shows as missing, alone.
func TestChecklist(t *testing.T) {
	complete := func() Contenu {
		c := Contenu{Version: Version{EvaluationOrganismeID: valeur(int64(1))}, Objectifs: []Objectif{{ID: 1}},
			Engagements: []Engagement{{ObjectifID: 1, Credits: "droit_commun", CibleValeur: valeur(1.0)}}}
		for _, n := range []string{"etat", "epci", "commune", "departement", "region"} {
			c.Parties = append(c.Parties, Partie{Nature: n})
		}
		for _, m := range lexique.SectionsContrat {
			c.Sections = append(c.Sections, Section{Code: m.Code, Texte: "écrit"})
		}
		return c
	}
	if m := complete().manques(); len(m) > 0 {
		t.Fatalf("a complete text misses %v", m)
	}
	without := func(nature string) func(*Contenu) {
		return func(c *Contenu) { c.Parties = garder(c.Parties, func(p Partie) bool { return p.Nature != nature }) }
	}
	unwritten := func(code string) func(*Contenu) {
		return func(c *Contenu) { c.Sections = garder(c.Sections, func(s Section) bool { return s.Code != code }) }
	}
	cases := map[string]func(*Contenu){
		"État": without("etat"), "intercommunalité": without("epci"), "commune": without("commune"), "département": without("departement"), "région": without("region"),
		"engagement": func(c *Contenu) { c.Objectifs = append(c.Objectifs, Objectif{ID: 2}) },
		"chiffrée":   func(c *Contenu) { c.Engagements[0].CibleValeur = nil }, "droit commun": func(c *Contenu) { c.Engagements[0].Credits = "specifiques" },
		"responsable":        func(c *Contenu) { c.EvaluationOrganismeID = nil },
		"nature des actions": unwritten("actions"), "moyens": unwritten("moyens"), "ingénierie": unwritten("ingenierie"), "indicateurs": unwritten("evaluation_indicateurs"),
		"structure": unwritten("evaluation_structure"), "données": unwritten("donnees"), "questions": unwritten("evaluation_questions"),
	}
	for word, empty := range cases {
		c := complete()
		empty(&c)
		if m := c.manques(); len(m) != 1 || !strings.Contains(m[0].Libelle, word) {
			t.Errorf("without %s it misses %v", word, m)
		}
	}
	repris := Contenu{Version: Version{ContratRepris: true}, Parties: []Partie{{}}}
	if m := repris.manques(); len(m) > 0 {
		t.Errorf("a contract taken up owes %v", m)
	}
}

func TestWhoMustHaveSigned(t *testing.T) {
	for name, c := range map[string]struct {
		partie Partie
		ok     bool
	}{
		"obligatory, signed":    {Partie{Obligation: obligatoire, Signee: true}, true},
		"obligatory, not":       {Partie{Obligation: obligatoire}, false},
		"obligatory, dispensed": {Partie{Obligation: obligatoire, DispenseLe: jour("2024-01-01")}, true},
		"awaited, not":          {Partie{Obligation: attendu}, false},
		"awaited, dispensed":    {Partie{Obligation: attendu, DispenseLe: jour("2024-01-01")}, true},
		"optional, not":         {Partie{Obligation: facultatif}, true},
	} {
		err := Contenu{Version: Version{ContratRepris: true}, Parties: []Partie{c.partie}}.checkSigne()
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	frozen := typo.Aujourdhui().AddDate(0, 0, -2)
	v := Version{ASignerLe: &frozen}
	for days, ok := range map[int]bool{-3: false, -2: true, 0: true, 1: false} {
		if err := v.checkDate(typo.Aujourdhui().AddDate(0, 0, days)); (err == nil) != ok {
			t.Errorf("signed %d days from now, frozen 2 days ago: %v", days, err)
		}
	}
	now := time.Now()
	for days, late := range map[int]bool{29: false, 31: true} {
		since := now.AddDate(0, 0, -days)
		for _, o := range []string{obligatoire, attendu} {
			if got := (Partie{Obligation: o, ASignerLe: &since}).EnRetard(now); got != late {
				t.Errorf("%s, late after %d days: %v", o, days, got)
			}
		}
		optional := Partie{Obligation: facultatif, ASignerLe: &since}
		if optional.EnRetard(now) || !strings.HasPrefix(optional.signature(now), "Peut signer depuis le") || optional.ton(now) != web.ToneNeutral {
			t.Errorf("a party that may sign or not is %q after %d days", optional.signature(now), days)
		}
	}
}

func TestConfirmation(t *testing.T) {
	pref, other := droits.Compte{ID: 1, Role: droits.Gestionnaire, Organisme: 1}, droits.Compte{ID: 2, Role: droits.Direction, Organisme: 1}
	party, stranger := droits.Compte{ID: 3, Role: droits.Referent, Organisme: 5}, droits.Compte{ID: 4, Role: droits.Referent, Organisme: 6}
	p, etat := Partie{OrganismeID: 5, Nature: "commune"}, Partie{OrganismeID: 1, Nature: "etat"}
	byPref, byParty := Signataire{DeposeCote: cotePrefecture, DeposePar: valeur(int64(1))}, Signataire{DeposeCote: cotePartie, DeposePar: valeur(int64(3))}
	for name, c := range map[string]struct {
		g     Signataire
		par   droits.Compte
		p     Partie
		motif string
		want  string // ok, champ or forbidden
	}{
		"party confirms the préfecture": {byPref, party, p, "", "ok"},
		"préfecture confirms the party": {byParty, pref, p, "", "ok"},
		"party confirms itself":         {byParty, party, p, "x", "champ"},
		"préfecture confirms itself":    {byPref, other, p, "", "champ"},
		"préfecture attests":            {byPref, pref, p, "Mairie sans compte", "ok"},
		"somebody else of the State":    {byPref, other, etat, "", "ok"},
		"the same person of the State":  {byPref, pref, etat, "", "champ"},
		"another organisation":          {byPref, stranger, p, "x", "forbidden"},
	} {
		err := c.g.checkConfirmation(c.par, c.p, c.motif)
		got := "ok"
		var f fault.Fields
		switch {
		case errors.Is(err, fault.Forbidden):
			got = "forbidden"
		case errors.As(err, &f):
			got = "champ"
		}
		if got != c.want {
			t.Errorf("%s: %s (%v), want %s", name, got, err, c.want)
		}
	}
}

// TestFrozenText holds that whatever the text says changes its SHA-256, and that what it does not say leaves it.
func TestFrozenText(t *testing.T) {
	base := func() Contenu {
		return Contenu{Version: Version{Titre: "T", Debut: day("2024-04-01"), Fin: day("2030-03-31"), Generation: 2024}, Parties: []Partie{{OrganismeNom: "Ville", Nature: "commune", Obligation: obligatoire}},
			Axes: []Axe{{ID: 1, Titre: "A", Nature: "priorite"}}, Objectifs: []Objectif{{ID: 1, AxeID: 1, Titre: "O"}},
			Engagements: []Engagement{{ID: 1, ObjectifID: 1, Texte: "E", OrganismeNom: "Ville", Credits: "droit_commun"}}, Sections: []Section{{ID: 1, Code: "preambule", Texte: "P"}}}
	}
	seen := map[string]string{empreinte(base().Texte()): "nothing"}
	for name, change := range map[string]func(*Contenu){
		"title": func(c *Contenu) { c.Titre = "U" }, "end": func(c *Contenu) { c.Fin = day("2031-03-31") }, "quarters": func(c *Contenu) { c.QpvNoms = []string{"Q"} },
		"a party": func(c *Contenu) { c.Parties[0].OrganismeNom = "Bourg" }, "an axe": func(c *Contenu) { c.Axes[0].Titre = "B" }, "an objectif": func(c *Contenu) { c.Objectifs[0].Texte = "x" },
		"an engagement": func(c *Contenu) { c.Engagements[0].Montant = valeur(1.0) }, "a section": func(c *Contenu) { c.Sections[0].Texte = "Q" },
	} {
		c := base()
		change(&c)
		sum := empreinte(c.Texte())
		if same, told := seen[sum]; told {
			t.Errorf("%s changes and the SHA-256 is that of %s", name, same)
		}
		seen[sum] = name
	}
	moved := base()
	moved.Engagements[0].Avancement, moved.Parties[0].Signee, moved.Version.Version = "atteint", true, 9
	if empreinte(moved.Texte()) != empreinte(base().Texte()) {
		t.Error("follow-up and signatures change the text that is signed")
	}
	if got := fmt.Sprint(len(empreinte(""))); got != "64" {
		t.Errorf("a SHA-256 has %s digits", got)
	}
}

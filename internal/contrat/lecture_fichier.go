package contrat

import (
	"strings"
	"time"

	"portail/internal/export"
	"portail/internal/lexique"
	"portail/internal/texte"
	"portail/web/typo"
)

// fichierEngagements describes the engagements that the filters keep.
func (l lecture) fichierEngagements(base string, le time.Time) export.Table {
	t := export.Table{Nom: "engagements", Titre: "Engagements", Colonnes: []export.Colonne{
		{Titre: "Axe", Nom: "axe", Largeur: 6}, {Titre: "Objectif", Nom: "objectif", Largeur: 6}, {Titre: "Engagement", Nom: "engagement", Largeur: 10},
		{Titre: "Partie", Nom: "partie", Largeur: 5}, {Titre: "Code du quartier", Nom: "code_qp", Description: "Vide\u00a0: tout le territoire du contrat."}, {Titre: "Quartier", Nom: "quartier", Largeur: 4},
		{Titre: "Crédits", Nom: "credits", Largeur: 4}, {Titre: "Montant", Nom: "montant", Type: export.Decimal, Decimales: 2, Description: "En euros\u00a0; vide quand l’engagement n’en porte pas."},
		{Titre: "Première année", Nom: "annee_debut", Type: export.Annee}, {Titre: "Dernière année", Nom: "annee_fin", Type: export.Annee}, {Titre: "Échéance", Nom: "echeance", Type: export.Date},
		{Titre: "Indicateur", Nom: "indicateur", Largeur: 5}, {Titre: "Valeur de départ", Nom: "reference_valeur", Type: export.Decimal, Decimales: 2}, {Titre: "Date de départ", Nom: "reference_le", Type: export.Date},
		{Titre: "Cible", Nom: "cible_valeur", Type: export.Decimal, Decimales: 2}, {Titre: "Date de la cible", Nom: "cible_le", Type: export.Date}, {Titre: "Source", Nom: "cible_source", Largeur: 5},
		{Titre: "Avancement", Nom: "avancement"}, {Titre: "Valeur mesurée", Nom: "valeur", Type: export.Decimal, Decimales: 2}, {Titre: "Mesurée le", Nom: "valeur_le", Type: export.Date}, {Titre: "Suivi du", Nom: "suivi_le", Type: export.Date},
	}, Apropos: export.Apropos{Source: l.titreComplet(), Licence: "Licence Ouverte / Open Licence 2.0", Extrait: le, Permalien: base + l.url().Page(1)}}
	t.Apropos.Filtres = l.filtres().Phrases()
	if l.Demonstration {
		t.Apropos.Reserves = append(t.Apropos.Reserves, demonstrationReserve)
	}
	t.Lignes = export.Lignes(l.Trouves, func(e Engagement) []any {
		a := l.axe(e)
		code, nom := a.quartier()
		return []any{a.Titre, l.objectif(e), e.Texte, e.OrganismeNom, vide(code), vide(nom), lexique.Libelle(lexique.Credits, e.Credits), e.Montant, e.AnneeDebut, e.AnneeFin, e.Echeance,
			vide(e.Indicateur), e.ReferenceValeur, e.ReferenceLe, e.CibleValeur, e.CibleLe, vide(e.CibleSource), lexique.Libelle(lexique.Avancements, e.etape()), e.Valeur, e.ValeurLe, e.SuiviLe}
	})
	return t
}

const demonstrationReserve = "Donnée de démonstration\u00a0: ce texte et ces engagements sont inventés et n’engagent personne."

// vide is an empty text as an unknown value.
func vide(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// document is the whole text as it is printed and signed: its texts, its axes with their engagements, its parties.
func (l lecture) document(base string, le time.Time) export.Document {
	d := export.Document{Titre: l.titreComplet(), Sujet: "Contrat de ville", Fait: le, Entete: l.etat(), Pied: "Extrait du portail le " + typo.Date(le)}
	add := func(blocs ...export.Bloc) { d.Blocs = append(d.Blocs, blocs...) }
	line := func(s string) export.Paragraphe { return export.Paragraphe{Texte: export.Brut(s)} }
	add(export.Titre{Niveau: 1, Texte: l.titreComplet()})
	if l.Demonstration {
		add(export.Paragraphe{Texte: export.Brut(demonstrationReserve), Allure: export.Avertissement})
	}
	if l.Etat.Modifiable() || l.Etat == ASigner {
		add(export.Paragraphe{Texte: export.Brut("Document de travail, " + strings.ToLower(l.etat()) + typo.NBSP + ": il n’est pas signé."), Allure: export.Avertissement})
	}
	add(line("Période" + typo.NBSP + ": " + l.periode()))
	if l.EpciNom != "" {
		add(line("Intercommunalité" + typo.NBSP + ": " + l.EpciNom))
	}
	var places []string
	for _, q := range l.of(annexeQPV) {
		places = append(places, q.Nom+" ("+q.Code+")")
	}
	for _, t := range l.Qva {
		places = append(places, t+" (quartier de veille active)")
	}
	for _, t := range l.Poches {
		places = append(places, t+" (poche de pauvreté)")
	}
	if len(places) > 0 {
		add(line("Territoires concernés"+typo.NBSP+":"), export.Puces(places...))
	}
	for _, m := range lexique.SectionsContrat {
		if blocs := texte.Blocs(l.Section(m.Code, 0).Texte, niveauTexte); len(blocs) > 0 {
			add(export.Titre{Niveau: 2, Texte: m.Libelle})
			add(blocs...)
		}
	}
	for _, a := range l.Axes {
		add(export.Titre{Niveau: 2, Texte: lexique.Libelle(lexique.NaturesAxe, a.Nature) + typo.NBSP + ": " + a.Titre})
		if _, nom := a.quartier(); nom != "" {
			add(line("Quartier" + typo.NBSP + ": " + nom))
		}
		add(texte.Blocs(l.Section("axe", a.ID).Texte, niveauTexte)...)
		for _, o := range l.ObjectifsDe(a.ID) {
			add(export.Titre{Niveau: 3, Texte: o.Titre})
			add(texte.Blocs(o.Texte, niveauTexte+1)...)
			if rows := l.lignesEngagements(o.ID); len(rows) > 0 {
				add(export.Tableau{Legende: "Engagements", Lignes: rows, Colonnes: []export.ColonneTableau{{Titre: "Engagement", Largeur: 3}, {Titre: "Partie", Largeur: 1.4}, {Titre: "Moyens", Largeur: 1.4}, {Titre: "Échéance"}}})
			}
		}
	}
	add(l.signatures()...)
	if l.Publiee() {
		add(export.Paragraphe{Texte: export.Segments{{Texte: "Version en ligne" + typo.NBSP + ": "}, {Texte: base + l.href(), Lien: base + l.href()}}, Allure: export.Note})
	}
	if l.Empreinte != "" {
		add(export.Paragraphe{Texte: export.Brut("Empreinte SHA-256 du texte signé" + typo.NBSP + ": " + l.Empreinte), Allure: export.Note})
	}
	return d
}

// niveauTexte is the level of the headings inside a section of the printed text.
const niveauTexte = 3

func (l lecture) lignesEngagements(objectif int64) [][]export.Segments {
	var rows [][]export.Segments
	for _, e := range l.EngagementsDe(objectif) {
		text := export.Brut(e.Texte)
		if e.Chiffre() {
			text = append(text, export.Segment{Texte: "\nCible" + typo.NBSP + ": " + e.Cible(), Italique: true})
		}
		due := ""
		if d := e.Du(); d != nil {
			due = typo.DateCourte(*d)
		}
		rows = append(rows, []export.Segments{text, export.Brut(e.OrganismeNom), export.Brut(e.Moyens()), export.Brut(due)})
	}
	return rows
}

// signatures are the parties with the room to sign, or what they signed.
func (l lecture) signatures() []export.Bloc {
	if len(l.Parties) == 0 {
		return nil
	}
	t := export.Tableau{Colonnes: []export.ColonneTableau{{Titre: "Partie", Largeur: 2}, {Titre: "Qualité", Largeur: 2}, {Titre: "Signature", Largeur: 1.6}}}
	for _, p := range l.Parties {
		mark := p.signeLe()
		if l.Etat.Ouvert() && !p.Signee {
			mark = strings.Repeat("\n", 2) // room for a hand
		}
		t.Lignes = append(t.Lignes, []export.Segments{export.Brut(p.OrganismeNom), export.Brut(strings.Join(l.qualites(p), "\n")), export.Brut(mark)})
	}
	return []export.Bloc{export.Titre{Niveau: 2, Texte: "Parties et signatures"}, t}
}

package dispositif

import (
	"net/url"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

// resumeAR is the posts under way, at a glance.
type resumeAR struct {
	Postes, Pourvus, Vacants int64
	SixMois                  int64 // end within six months, without a renewal
	Demandes                 int64 // asked for, and not signed yet
	Quota                    *int64
}

// Bloc is what the dispositifs bring to the dashboard; nil when whoever asks has none.
func (s *Service) Bloc(b *pg.Batch, par droits.Compte) func() *web.Bloc {
	if !par.Peut(droits.DispositifVoir) {
		return nil
	}
	var v resumeAR
	addResume(b, &v, s.cfg.Departement)
	return func() *web.Bloc {
		if v.Postes+v.Demandes == 0 {
			return nil
		}
		return &web.Bloc{ID: "bloc-dispositifs", Titre: "Adultes-relais", Contenu: web.KeyFigures(v.chiffres(par)...),
			Liens: []web.Lien{{Texte: "Toutes les conventions", Href: lien.AdultesRelais}, {Texte: "Postes vacants", Href: lien.AdultesRelaisListe(url.Values{paramEtat: {etatVacante}})}}}
	}
}

func (v resumeAR) chiffres(par droits.Compte) []web.Figure {
	posts := web.Figure{Valeur: typo.Nombre(v.Postes), Libelle: typo.Pluriel(v.Postes, "poste", "postes")}
	if v.Quota != nil && par.Role.Prefecture() {
		posts.Note = "sur " + typo.Nombre(*v.Quota) + " cette année"
	}
	return []web.Figure{posts,
		{Valeur: typo.Nombre(v.Vacants), Libelle: typo.Pluriel(v.Vacants, "vacant", "vacants")},
		{Valeur: typo.Nombre(v.SixMois), Libelle: "fin" + typo.Pluriel(v.SixMois, "", "s") + " dans six mois", Note: "renouvellement non demandé"},
		{Valeur: typo.Nombre(v.Demandes), Libelle: typo.Pluriel(v.Demandes, "demande en cours", "demandes en cours")},
	}
}

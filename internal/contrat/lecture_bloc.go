package contrat

import (
	"context"
	"fmt"

	"portail/internal/droits"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

// ligneBloc is a contract on the dashboard.
type ligneBloc struct {
	ID            int64
	Titre         string
	Etat          Etat
	OuverteEtat   *string // of the text being written or signed, when it is not the one that counts
	OuverteNom    int     // number of its avenant
	Parties       int
	Signees       int
	EnRetard      int // engagements past their day: all of them for the préfecture, else those of one's organisation
	Demonstration bool
}

// Bloc is the part of the dashboard on contracts: those of the préfecture, or those that one's organisation is a party to.
func (s *Service) Bloc(ctx context.Context, par droits.Compte) (*web.Bloc, error) {
	if !par.Peut(droits.ContratVoir) {
		return nil, nil
	}
	var lignes []ligneBloc
	var b pg.Batch
	addBloc(&b, &lignes)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return nil, fmt.Errorf("read the block of contracts: %w", err)
	}
	if len(lignes) == 0 && !par.Role.Prefecture() {
		return nil, nil
	}
	return &web.Bloc{ID: "bloc-contrats", Titre: "Contrats de ville", Contenu: blocContrats(lignes, par.Role.Prefecture()), Liens: []web.Lien{{Texte: "Contrats publiés", Href: lien.Contrats}}}, nil
}

// tableBloc is the table of the contracts; tous says that the late engagements are those of all parties.
func tableBloc(lignes []ligneBloc, tous bool) web.TableProps {
	late := "Nos engagements en retard"
	if tous {
		late = "Engagements en retard"
	}
	p := web.TableProps{ID: "table-bloc-contrats", Caption: "Contrats de ville", CaptionHidden: true,
		Columns: []web.Column{{Titre: "Contrat"}, {Titre: "État"}, {Titre: "Signatures"}, {Titre: late, Numeric: true}}}
	for _, l := range lignes {
		state := web.ComponentCell(etatLu(l.Etat, l.Demonstration))
		note := ""
		if l.OuverteEtat != nil {
			note = nomVersion(l.OuverteNom) + typo.NBSP + ": " + lexique.Libelle(lexique.EtatsContrat, *l.OuverteEtat)
		}
		p.Rows = append(p.Rows, []web.Cell{{Texte: l.Titre, Href: lien.Objet(objet, l.ID), Note: note}, state,
			web.TextCell(typo.Nombre(int64(l.Signees)) + typo.NBSP + "sur" + typo.NBSP + typo.Nombre(int64(l.Parties))), web.TextCell(typo.Nombre(int64(l.EnRetard)))})
	}
	return p
}

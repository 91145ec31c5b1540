package echeance

import (
	"net/url"
	"strconv"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

// retardRow is what an organisation is late with; nil is the préfecture.
type retardRow struct {
	OrganismeID *int64
	Organisme   string
	Decisions   int
	Remontees   int
	Signatures  int
	Autres      int
	Total       int
}

// blocRetards is the part of the dashboard of the préfecture that tells who is late, and with what.
func (s *Service) blocRetards(b *pg.Batch, par droits.Compte) func() *web.Bloc {
	if !par.Role.Prefecture() {
		return nil
	}
	var all []retardRow
	addRetards(b, &all)
	return func() *web.Bloc {
		return &web.Bloc{ID: "bloc-retards", Titre: "Qui est en retard", Contenu: web.DataTable(tableRetards(all)),
			Liens: []web.Lien{{Texte: "Toutes les échéances en retard", Href: lien.EcheancesFiltre(url.Values{paramPeriode: {periodeRetard}})}}}
	}
}

// tableRetards is the table of who is late; each number leads to its échéances.
func tableRetards(all []retardRow) web.TableProps {
	t := web.TableProps{ID: "retards", Caption: "Échéances en retard par organisme", CaptionHidden: true, Vide: "Personne n’est en retard.", Columns: []web.Column{{Titre: "Organisme"},
		{Titre: "Décisions", Numeric: true}, {Titre: "Chiffres", Numeric: true}, {Titre: "Signatures", Numeric: true}, {Titre: "Autres", Numeric: true}, {Titre: "Total", Numeric: true}}}
	for _, r := range all {
		name, owner := "Préfecture", organismePrefecture
		if r.OrganismeID != nil {
			name, owner = r.Organisme, strconv.FormatInt(*r.OrganismeID, 10)
		}
		count := func(n int, sorte string) web.Cell {
			if n == 0 {
				return web.TextCell("0")
			}
			v := url.Values{paramPeriode: {periodeRetard}, paramOrganisme: {owner}}
			if sorte != "" {
				v.Set(paramSorte, sorte)
			}
			return web.LinkCell(typo.Nombre(int64(n)), lien.EcheancesFiltre(v))
		}
		returns := "remontee"
		if r.OrganismeID == nil {
			returns = "remontee_publier"
		}
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(name), count(r.Decisions, "decision"), count(r.Remontees, returns), count(r.Signatures, "contrat_signature"),
			web.TextCell(typo.Nombre(int64(r.Autres))), count(r.Total, "")})
	}
	return t
}

package organisme

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
	"portail/internal/journal"
	"portail/internal/pg"
)

// identiteFiche is the organisation of a record, with the number of people who act in it.
type identiteFiche struct {
	Organisme
	Comptes int
}

// Kinds of what a record is tied to.
const (
	lienNom          = "nom"          // Nom, Detail: acronym, Le: last day
	lienContact      = "contact"      // ID, Nom: fonction, Detail: courriel, Complement: téléphone
	lienComite       = "comite"       // ID, Nom
	lienPredecesseur = "predecesseur" // ID, Nom, Detail: acronym, Le: closed on
	lienContrat      = "contrat"      // Nom, Detail: code, Complement: SIREN of the EPCI
)

// rattachement is one thing that a record is tied to; what its fields hold depends on Sorte.
type rattachement struct {
	Sorte      string
	ID         int64
	Nom        string
	Detail     string
	Complement string
	Le         *time.Time
}

// readFiche reads a record in one round trip.
func readFiche(ctx context.Context, db *pgxpool.Pool, par droits.Compte, id int64) (fiche, error) {
	v := fiche{Par: par}
	var b pg.Batch
	pg.AddOne(&b, &v.identiteFiche, `SELECT `+colonnes+`,
		(SELECT count(DISTINCT f.compte_id) FROM fonction f JOIN compte c ON c.id = f.compte_id
		 WHERE f.organisme_id = o.id AND f.fin IS NULL AND c.desactive_le IS NULL) AS comptes`+depuis+`WHERE o.id = $1`, id)
	addRattachements(&b, &v.Rattachements, id)
	addParties(&b, &v.Parties, id)
	journal.AddHistorique(&b, &v.Historique, objet, id)
	return v, b.RunAs(ctx, db, par)
}

// addRattachements queues what a record is tied to. The contracts are those of the EPCI of that SIREN; while the SIRET of an EPCI is
// unknown, its very name finds them.
func addRattachements(b *pg.Batch, into *[]rattachement, id int64) {
	pg.Add(b, into, `
		SELECT sorte, id, nom, detail, complement, le FROM (
		SELECT 'nom' AS sorte, id, nom, sigle AS detail, '' AS complement, jusqu_au AS le FROM organisme_ancien_nom WHERE organisme_id = $1
		UNION ALL
		SELECT 'contact', id, fonction, courriel, telephone, NULL FROM organisme_contact WHERE organisme_id = $1
		UNION ALL
		SELECT 'comite', comite_id, comite, '', '', NULL FROM organisme_comite WHERE organisme_id = $1
		UNION ALL
		SELECT 'predecesseur', id, nom, sigle, '', ferme_le FROM organisme WHERE successeur_id = $1
		UNION ALL
		SELECT 'contrat', 0, c.nom, c.code, c.epci, NULL FROM contrat_anct c
		WHERE c.epci <> '' AND c.epci = (
			SELECT coalesce(left(o.siret, 9), (SELECT min(t.code) FROM territoire t
				WHERE o.nature = 'epci' AND t.niveau = 'epci' AND sans_accent(t.nom) = sans_accent(o.nom) HAVING count(*) = 1))
			FROM organisme o WHERE o.id = $1)
		) r ORDER BY sorte, le DESC, nom COLLATE "fr-x-icu", id`, id)
}

// addParties queues what a record is party to, the latest first.
func addParties(b *pg.Batch, into *[]partie, id int64) {
	pg.Add(b, into, `SELECT sorte, objet, objet_id, libelle, etat, debut, fin, total FROM (
			SELECT sorte, objet, objet_id, libelle, etat, debut, fin, count(*) OVER (PARTITION BY sorte)::int AS total,
				row_number() OVER (PARTITION BY sorte ORDER BY fin DESC NULLS FIRST, libelle, objet_id) AS rang
			FROM organisme_partie WHERE organisme_id = $1) p
		WHERE rang <= $2 ORDER BY sorte, rang`, id, maxParties)
}

// candidat is an organisation that another may be merged into.
type candidat struct {
	ID                 int64
	Nom, Sigle, Nature string
}

// maxCandidats is how many are offered: a search finds the others.
const maxCandidats = 30

// listCandidats are the open organisations that a search finds, the given one aside.
func listCandidats(ctx context.Context, q pg.Q, id int64, search string) ([]candidat, error) {
	f := Filtres{Q: search, Etat: etatOuvert, Tri: "nom"}
	if len(f.mots()) > 0 {
		f.Tri = triPertinence
	}
	var r requete
	sql := "WITH " + r.choisis(f) + ` SELECT o.id, o.nom, o.sigle, o.nature FROM choisis c JOIN organisme o USING (id)
		WHERE o.id <> ` + r.arg(id) + ` ORDER BY ` + r.ordre(f) + ` LIMIT ` + r.arg(maxCandidats)
	return pg.List[candidat](ctx, q, sql, r.args...)
}

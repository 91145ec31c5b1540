package donnees

// enVigueur are the published texts that count today, one a contract; progress is the last that was told of an engagement y.
const (
	enVigueur = `(SELECT DISTINCT ON (x.contrat_id) x.* FROM contrat_version x WHERE x.publiee_le IS NOT NULL
		ORDER BY x.contrat_id, coalesce(x.effet_le <= current_date, false) DESC, x.numero DESC)`
	progres = ` LEFT JOIN LATERAL (SELECT s.avancement, s.valeur, s.valeur_le FROM contrat_suivi s WHERE s.lignee = y.lignee ORDER BY s.id DESC LIMIT 1) s ON true `
)

const contratsPublies = `
	SELECT c.id, v.titre, c.generation::bigint, t.code, t.nom, v.debut, v.fin, v.signe_le, v.avenant::bigint, contrat_etat(v.etat, v.effet_le, v.fin, c.denonce_le),
		(SELECT string_agg(q.code, '|' ORDER BY q.code) FROM contrat_qpv k JOIN qpv q ON q.id = k.qpv_id WHERE k.version_id = v.id), e.nombre, e.atteints, c.demonstration
	FROM ` + enVigueur + ` v JOIN contrat c ON c.id = v.contrat_id LEFT JOIN territoire t ON t.id = c.epci_id
	CROSS JOIN LATERAL (SELECT count(*) AS nombre, count(*) FILTER (WHERE s.avancement = 'atteint') AS atteints
		FROM contrat_engagement y` + progres + `WHERE y.version_id = v.id) e
	ORDER BY c.id`

const engagementsPublies = `
	SELECT y.lignee, c.id, a.titre, o.titre, y.texte, organisme_nom_au(p.organisme_id, coalesce(v.signe_le, current_date)), q.code, y.credits, y.montant::float8,
		y.annee_debut::bigint, y.annee_fin::bigint, y.echeance, nullif(y.indicateur, ''), y.reference_valeur::float8, y.reference_le, y.cible_valeur::float8, y.cible_le,
		nullif(y.cible_source, ''), coalesce(s.avancement, 'a_engager'), s.valeur::float8, s.valeur_le, c.demonstration
	FROM ` + enVigueur + ` v JOIN contrat c ON c.id = v.contrat_id
	JOIN contrat_engagement y ON y.version_id = v.id JOIN contrat_objectif o ON o.id = y.objectif_id JOIN contrat_axe a ON a.id = o.axe_id
	JOIN contrat_partie p ON p.id = y.partie_id LEFT JOIN qpv q ON q.id = a.qpv_id` + progres + `
	ORDER BY c.id, a.ordre, a.id, o.ordre, o.id, y.ordre, y.id`

// changements date the sets that are kept in the portal itself.
var changements = map[string]string{
	"contrats-publies": `(SELECT max(le) FROM contrat_publication)`,
	"engagements":      `(SELECT max(le) FROM (SELECT le FROM contrat_publication UNION ALL SELECT le FROM contrat_suivi) d)`,
}

// majLe is when a set last changed.
func majLe(j Jeu) string {
	if change := changements[j.Code]; change != "" {
		return change
	}
	return `(SELECT max(faite_le) FROM importation WHERE ` + provenances[j.Code] + `)`
}

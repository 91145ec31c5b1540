package accueil

// mot is a word of the glossary.
type mot struct{ Terme, Sens string }

// glossaire explains, in alphabetical order, the words that the pages use.
var glossaire = []mot{
	{"ANCT", "Agence nationale de la cohésion des territoires. Elle publie la liste et les contours des quartiers prioritaires, et la liste des contrats de ville."},
	{"Cité éducative", "Démarche qui réunit, autour des écoles et collèges d’un quartier, l’État, la commune et les associations."},
	{"Contrat de ville", "Accord signé pour plusieurs années par l’État, l’intercommunalité, les communes et leurs partenaires. Il dit ce qu’ils feront ensemble pour les quartiers."},
	{"Délégué ou déléguée du préfet", "Agent de l’État présent dans les quartiers, interlocuteur des habitants, des associations et des élus."},
	{"EPCI", "Établissement public de coopération intercommunale : une intercommunalité, par exemple une communauté d’agglomération."},
	{"Fiche", "Page d’un quartier : son contour, ses communes, ses chiffres, son contrat de ville, les lieux utiles à proximité."},
	{"France services", "Lieu d’accueil où l’on est aidé pour les démarches de la vie quotidienne : impôts, santé, retraite, emploi, famille…"},
	{"GeoJSON", "Format de fichier qui décrit des contours sur une carte ; les logiciels de cartographie l’ouvrent."},
	{"INSEE", "Institut national de la statistique et des études économiques. Il publie les chiffres des quartiers."},
	{"Millésime", "Année à laquelle un chiffre se rapporte. Ce n’est pas l’année de sa publication : il faut souvent deux à quatre ans pour établir un chiffre."},
	{"NPNRU", "Nouveau programme national de renouvellement urbain : démolition, construction et rénovation de logements et d’équipements."},
	{"ODS", "Format de classeur ouvert, lu par LibreOffice et par les autres tableurs."},
	{"Quartier prioritaire (QPV)", "Quartier prioritaire de la politique de la ville : quartier dont les habitants ont des revenus faibles au regard de leur agglomération et de la France. La liste est fixée par décret."},
	{"REP, REP+", "Réseaux d’éducation prioritaire : écoles et collèges qui reçoivent davantage de moyens."},
	{"Secret statistique", "Règle qui interdit de publier un nombre si petit qu’on pourrait reconnaître des personnes. Le chiffre est alors remplacé par « n.c. », non communiqué."},
	{"Taux de pauvreté", "Part des habitants dont le niveau de vie est inférieur à 60 % du niveau de vie médian du pays."},
	{"ZFU-TE", "Zone franche urbaine – territoire entrepreneur : zone où des entreprises peuvent être exonérées d’impôts, jusqu’à une date fixée."},
}

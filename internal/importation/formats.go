package importation

// formats are the ways in which each kind of file is written, most telling first.
var formats map[Kind][]*format

func init() { // the formats' functions read the table again: a plain initialiser would be a cycle
	formats = map[Kind][]*format{
		QPV:           {qpvList},
		Contours:      {qpvContours},
		Indicateurs:   {figuresLong, figuresComparison, unemployment, figuresWide},
		Territoires:   {communeList, epciList, departementList, territoryContours},
		Contrats:      {contractList},
		Lieux:         {franceServices},
		BAN:           {addresses},
		AdultesRelais: {fundedPosts},
	}
}

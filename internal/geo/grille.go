package geo

import "github.com/paulmach/orb"

// centre is the middle of mainland France: both sheets start there, so that a
// path of one fits the other once multiplied by the ratio of their units.
var centre = orb.Point{2.5, 46.5}

// GrilleCarte is the sheet of the maps of a département or of the country. Its
// unit is half a pixel of a map of the Vosges 1 200 pixels wide.
var GrilleCarte = Plan{Origine: centre, Unite: 50, Tolerance: 170}

// GrilleFiche is the sheet of a quarter on its own page, where a street counts.
var GrilleFiche = Plan{Origine: centre, Unite: 2, Tolerance: 2}

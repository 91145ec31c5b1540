package export

// Cellule is a text of a foreign file as a cell of a file of ours: nothing that a spreadsheet could run as a formula, no
// character that it could not read.
func Cellule(s string) string { return neutral(clean(s)) }

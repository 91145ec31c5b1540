package journal

// ParseFiltres reads the query of the page.
var ParseFiltres = parseFiltres

// ParPage is the length of a page.
const ParPage = parPage

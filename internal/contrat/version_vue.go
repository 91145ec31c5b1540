package contrat

import (
	"portail/web"
)

func (k comparaison) options() []web.Option {
	var all []web.Option
	for _, v := range k.Textes {
		if v.Numero != k.Numero {
			all = append(all, web.Option{Value: numero(int64(v.Numero)), Label: v.Nom(), Selected: v.Numero == k.Avec.Numero})
		}
	}
	return all
}

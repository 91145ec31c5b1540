package pg

// tellWho sets what the functions moi_…() of the schema read; true bounds it to the transaction.
const tellWho = `SELECT set_config('app.compte', $1, true), set_config('app.organisme', $2, true),
	set_config('app.role', $3, true), set_config('app.qpv', $4, true)`

// Package bench measures how fast the portal is, beside bare handlers on the same machine in the same run: figures alone
// would say more of the machine than of the portal. `make bench` prints the table that the README shows.
//
// The portal is its real binary in a process of its own; the bare handlers are another process; this process makes the load,
// over loopback, with a client that does as little as it can. All share the machine with Postgres. Rounds of the portal and
// of its reference take turns, so that what else the machine does weighs on both; a ratio is the median of the rounds.
package bench

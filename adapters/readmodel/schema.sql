-- The tables of one read model; its own columns stand behind the state.
CREATE TABLE checkpoint (
	one      INTEGER PRIMARY KEY CHECK (one = 1),
	model    TEXT    NOT NULL,
	version  INTEGER NOT NULL,
	ordinal  INTEGER NOT NULL,  -- how many of the ledger's records are applied
	hash     BLOB    NOT NULL,  -- running hash of those records
	token    TEXT    NOT NULL,  -- where the log resumes
	ready    INTEGER NOT NULL,  -- 0 while it is being rebuilt beside another
	stopped  TEXT    NOT NULL   -- why it stopped; '' while it follows
) STRICT;

CREATE TABLE rows (
	key          TEXT    NOT NULL,
	from_ordinal INTEGER NOT NULL,  -- the event that made this version
	to_ordinal   INTEGER,           -- the event that replaced it; NULL while it is current
	state        BLOB    NOT NULL{{columns}},  -- the row as JSON, then what it is found by
	PRIMARY KEY (key, from_ordinal)
) STRICT, WITHOUT ROWID;

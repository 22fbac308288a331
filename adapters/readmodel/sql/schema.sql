-- The tables of one generation of the read models, for models given as a template's
-- data. Indexes stand in indexes.sql: a generation that is being built gets them last.
CREATE TABLE generation (
	one     INTEGER PRIMARY KEY CHECK (one = 1),
	ledger  TEXT    NOT NULL,  -- id of the ledger whose events it holds
	models  TEXT    NOT NULL,  -- names and versions of its models
	state   TEXT    NOT NULL,  -- building, paused or ready
	ordinal INTEGER NOT NULL,  -- checkpoint: how many of the ledger's records are applied
	hash    BLOB    NOT NULL,  -- running hash of those records
	token   TEXT    NOT NULL   -- where the log resumes
) STRICT;

-- Every text that stands in the other tables, once: a key, a type, a date as written.
-- They are numbered in the order in which they come up.
CREATE TABLE texts (
	number INTEGER PRIMARY KEY,
	text   TEXT NOT NULL
) STRICT;

-- The same for sets of words: few sets come up, so a word is looked for in all of them.
CREATE TABLE sets (
	number INTEGER PRIMARY KEY,
	text   TEXT NOT NULL  -- the words, with a line break before and behind each
) STRICT;

-- The journal: every record of the log. A UUID stands as its 16 bytes, every other
-- text as a number; NULL stands for the empty text.
CREATE TABLE events (
	ordinal     INTEGER PRIMARY KEY,
	stream      INTEGER NOT NULL,
	revision    INTEGER NOT NULL,
	type        INTEGER NOT NULL,
	version     INTEGER NOT NULL,
	occurred    INTEGER NOT NULL,
	recorded    INTEGER NOT NULL,  -- milliseconds since 1970
	latest      INTEGER NOT NULL,  -- the greatest recorded up to here
	actor       INTEGER,
	unit        INTEGER,
	id          ANY NOT NULL,
	command     ANY,
	cause       ANY,
	correlation ANY,
	hash        BLOB NOT NULL      -- running hash up to here
) STRICT;

-- What the events say, of those from which a model folds a row.
CREATE TABLE data (
	ordinal INTEGER PRIMARY KEY,
	data    BLOB NOT NULL
) STRICT;

-- By which events a key is named: the first of them, then the distance of each further
-- one from the one before it, as a variable-length integer.
CREATE TABLE names (
	key   INTEGER NOT NULL,
	first INTEGER NOT NULL,
	rest  BLOB    NOT NULL,
	PRIMARY KEY (key, first)
) STRICT, WITHOUT ROWID;
{{range .}}
-- The versions of the rows of the model {{.Name}}, one for each event of a row's key.
CREATE TABLE model_{{.Name}} (
	ordinal  INTEGER PRIMARY KEY,  -- the event that made the version
	ended    INTEGER,              -- the event that made the next one; NULL while it is current
	previous INTEGER,              -- the version before it
	key      INTEGER NOT NULL
{{- range .Columns}},
	c_{{.Name}} INTEGER
{{- end}}
) STRICT;
{{end}}
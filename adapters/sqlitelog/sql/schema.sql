-- A Twinledger log, format 1. The application id is "TwLg" in ASCII.
PRAGMA application_id = 1417104487;
PRAGMA user_version = 1;

-- Streams are numbered in the order in which they began, so that the index on
-- (stream, revision) grows at its end and not all over.
CREATE TABLE streams (
	number INTEGER PRIMARY KEY,
	name   TEXT NOT NULL UNIQUE
) STRICT;

-- Ordinals are 1, 2, 3 … without a gap; the writer assigns them. Stream,
-- revision and id repeat what the bytes say, and every reading compares them.
CREATE TABLE records (
	ordinal  INTEGER PRIMARY KEY,
	stream   INTEGER NOT NULL REFERENCES streams (number),
	revision INTEGER NOT NULL,
	id       TEXT NOT NULL,
	bytes    BLOB NOT NULL,
	UNIQUE (stream, revision)
) STRICT;

-- A slip in a shell must not rewrite history.
CREATE TRIGGER records_are_never_changed BEFORE UPDATE ON records
BEGIN
	SELECT raise(ABORT, 'a record is never changed');
END;

CREATE TRIGGER records_are_never_deleted BEFORE DELETE ON records
BEGIN
	SELECT raise(ABORT, 'a record is never deleted');
END;

CREATE TRIGGER streams_are_never_renamed BEFORE UPDATE ON streams
BEGIN
	SELECT raise(ABORT, 'a stream is never renamed');
END;

CREATE TRIGGER streams_are_never_deleted BEFORE DELETE ON streams
BEGIN
	SELECT raise(ABORT, 'a stream is never deleted');
END;

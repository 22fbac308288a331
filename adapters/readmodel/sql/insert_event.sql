INSERT INTO events (ordinal, stream, revision, type, version, occurred, recorded, latest, actor, unit, id, command, cause, correlation, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

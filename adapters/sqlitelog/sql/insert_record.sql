INSERT INTO records (ordinal, stream, revision, id, bytes) VALUES (?, ?, ?, ?, ?)

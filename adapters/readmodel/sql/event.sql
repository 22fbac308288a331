-- One event as its envelope and data say it, but for what stays sealed in the log.
-- Compared with a bare parameter, SQLite would prepare the statement anew for every
-- value: it looks whether the value makes a partial index of events of use.
SELECT stream.text, e.revision, type.text, e.version, occurred.text, e.recorded, actor.text, unit.text,
	e.id, e.command, e.cause, e.correlation, d.data
FROM events e
JOIN data d ON d.ordinal = e.ordinal
JOIN texts stream ON stream.number = e.stream
JOIN texts type ON type.number = e.type
JOIN texts occurred ON occurred.number = e.occurred
LEFT JOIN texts actor ON actor.number = e.actor
LEFT JOIN texts unit ON unit.number = e.unit
WHERE e.ordinal = CAST(? AS INTEGER)

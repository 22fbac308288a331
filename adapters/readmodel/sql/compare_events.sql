SELECT e.ordinal, e.ordinal, stream.text, stream.text, e.revision, type.text, e.version, occurred.text, e.recorded, e.latest, actor.text, unit.text,
	e.id, e.command, e.cause, e.correlation, e.hash
FROM events e
LEFT JOIN texts stream ON stream.number = e.stream
LEFT JOIN texts type ON type.number = e.type
LEFT JOIN texts occurred ON occurred.number = e.occurred
LEFT JOIN texts actor ON actor.number = e.actor
LEFT JOIN texts unit ON unit.number = e.unit
WHERE e.ordinal <= ?
ORDER BY e.ordinal

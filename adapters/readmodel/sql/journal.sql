SELECT e.ordinal, stream.text, e.revision, type.text, e.version, occurred.text, e.recorded, actor.text, unit.text,
	e.id, e.command, e.cause, e.correlation, e.hash
FROM events e
JOIN texts stream ON stream.number = e.stream
JOIN texts type ON type.number = e.type
JOIN texts occurred ON occurred.number = e.occurred
LEFT JOIN texts actor ON actor.number = e.actor
LEFT JOIN texts unit ON unit.number = e.unit

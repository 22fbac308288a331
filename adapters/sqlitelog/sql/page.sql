-- A record whose stream is missing must be seen and refused, hence LEFT.
SELECT r.ordinal, coalesce(s.name, ''), r.revision, r.id, r.bytes
FROM records r
LEFT JOIN streams s ON s.number = r.stream
WHERE r.ordinal > ?
ORDER BY r.ordinal
LIMIT ?

SELECT r.ordinal, s.name, r.revision, r.id, r.bytes
FROM streams s
JOIN records r ON r.stream = s.number
WHERE s.name = ? AND r.revision > ?
ORDER BY r.revision
LIMIT ?

SELECT r.ordinal, coalesce(s.name, ''), r.revision, r.id, r.bytes
FROM records r
LEFT JOIN streams s ON s.number = r.stream
ORDER BY r.ordinal DESC
LIMIT 1

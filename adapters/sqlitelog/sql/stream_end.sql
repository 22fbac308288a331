SELECT s.number, coalesce((SELECT max(r.revision) FROM records r WHERE r.stream = s.number), -1)
FROM streams s
WHERE s.name = ?

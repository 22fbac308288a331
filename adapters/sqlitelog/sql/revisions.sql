-- The first record that does not follow its stream's one before it, in revision
-- as in ordinal. The index on (stream, revision) holds all that is asked.
SELECT coalesce(s.name, ''), r.revision
FROM (
	SELECT stream, revision, ordinal,
		lag(revision, 1, -1) OVER following AS revision_before,
		lag(ordinal, 1, 0) OVER following AS ordinal_before
	FROM records
	WINDOW following AS (PARTITION BY stream ORDER BY revision)
) r
LEFT JOIN streams s ON s.number = r.stream
WHERE r.revision <> r.revision_before + 1 OR r.ordinal <= r.ordinal_before
LIMIT 1

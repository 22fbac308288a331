SELECT ordinal, revision, id, bytes
FROM records
WHERE stream = ? AND revision > ? AND revision <= ?
ORDER BY revision

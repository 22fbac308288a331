-- A row's version and those before it, newest first.
WITH RECURSIVE chain (ordinal, previous) AS (
	SELECT ordinal, previous FROM model_{{.Name}} WHERE ordinal = ?
	UNION ALL
	SELECT m.ordinal, m.previous FROM chain JOIN model_{{.Name}} m ON m.ordinal = chain.previous
)
SELECT ordinal FROM chain

-- All rows of names, and whether the key of each has a text.
SELECT n.first, n.rest, EXISTS (SELECT 1 FROM texts t WHERE t.number = n.key) FROM names n

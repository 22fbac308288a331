-- How a key's ordinals are cut into rows does not matter, so all rows of a key are
-- one for whoever compares.
SELECT k.text, n.first, k.text, n.rest
FROM names n
JOIN texts k ON k.number = n.key
WHERE n.first <= ?
ORDER BY k.text, n.first

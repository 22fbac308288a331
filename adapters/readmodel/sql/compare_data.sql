SELECT ordinal, ordinal, '', data FROM data WHERE ordinal <= ? ORDER BY ordinal

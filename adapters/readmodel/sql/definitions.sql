-- What the file is made of: its tables and indexes, and whatever else somebody added.
SELECT type, name, coalesce(sql, '') FROM sqlite_master ORDER BY type, name

INSERT INTO streams (name) VALUES (?)

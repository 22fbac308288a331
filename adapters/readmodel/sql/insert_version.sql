INSERT INTO model_{{.Name}} (ordinal, ended, key, previous{{range .Columns}}, c_{{.Name}}{{end}})
VALUES (?, ?, ?, ?{{range .Columns}}, ?{{end}})

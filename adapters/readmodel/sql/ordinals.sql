-- Every ordinal that lies beyond the checkpoint, with its table. What the rows of names
-- hold after their first ordinal must be decoded and is not looked at here.
SELECT 'events', ordinal FROM events WHERE ordinal > ?1
UNION ALL SELECT 'data', ordinal FROM data WHERE ordinal > ?1
{{- range .}}
UNION ALL SELECT '{{.Name}}', ordinal FROM model_{{.Name}} WHERE ordinal > ?1
UNION ALL SELECT '{{.Name}}', ended FROM model_{{.Name}} NOT INDEXED WHERE ended > ?1
UNION ALL SELECT '{{.Name}}', previous FROM model_{{.Name}} NOT INDEXED WHERE previous > ?1
{{- end}}
LIMIT 1

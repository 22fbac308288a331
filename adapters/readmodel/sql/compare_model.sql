SELECT v.ordinal, v.ordinal, k.text, CASE WHEN v.ended <= ?1 THEN v.ended END, v.previous
{{- range .Columns}}, {{if .Table}}{{.Name}}_text.text{{else}}v.c_{{.Name}}{{end}}{{end}}
FROM model_{{.Name}} v
LEFT JOIN texts k ON k.number = v.key
{{- range .Columns}}{{if .Table}}
LEFT JOIN {{.Table}} {{.Name}}_text ON {{.Name}}_text.number = v.c_{{.Name}}
{{- end}}{{end}}
WHERE v.ordinal <= ?1
ORDER BY v.ordinal

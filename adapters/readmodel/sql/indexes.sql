CREATE UNIQUE INDEX texts_by_text ON texts (text);
CREATE UNIQUE INDEX sets_by_text ON sets (text);
CREATE INDEX events_by_stream ON events (stream);
CREATE INDEX events_by_correlation ON events (correlation) WHERE correlation IS NOT NULL;
CREATE INDEX events_by_cause ON events (cause) WHERE cause IS NOT NULL;
{{range $model := .}}
CREATE INDEX model_{{.Name}}_by_key ON model_{{.Name}} (key);
{{- range .Indexed}}
CREATE INDEX model_{{$model.Name}}_by_{{.}} ON model_{{$model.Name}} (c_{{.}});
{{- end}}
{{end}}
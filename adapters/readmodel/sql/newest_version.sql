SELECT coalesce(max(ordinal), 0) FROM model_{{.Name}} WHERE key = ?

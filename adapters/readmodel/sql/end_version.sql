UPDATE model_{{.Name}} SET ended = ? WHERE ordinal = ?

package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"twinledger/domain/command"
	"twinledger/domain/fault"
	"twinledger/domain/intake"
)

// mostImportBytes is a file of the size that is read at all, with what goes
// around it.
const mostImportBytes = 51 << 20

// importTimeout bounds an import, which takes a minute for each 30,000 rows.
const importTimeout = time.Hour

// The media types of files to import.
const (
	multipartType = "multipart/form-data"
	workbookType  = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	csvType       = "text/csv"
	anyFileType   = "application/octet-stream"
)

// The parts of a form that brings a file.
const (
	filePart    = "file"
	optionsPart = "options"
)

type importSent struct {
	Acting
	Formatted
	District string `query:"district" maxLength:"200" doc:"Key or name of the district; needed when the ledger has several." example:"某县"`
	Source   string `query:"source" maxLength:"200" doc:"The sender's name, the same each time; the file's name without its ending by default." example:"清涧二小"`
	DryRun   string `query:"dry_run" enum:"true,false" doc:"Only say what each row would become." example:"true"`
	File     string `query:"file" maxLength:"255" doc:"Name of the file; needed unless a form brings it." example:"records.xlsx"`
}

// formJSON describes the form for the document.
type formJSON struct {
	File    fileJSON      `json:"file" doc:"The file, with its name." example:"日期,共同体,类别"`
	Options ImportOptions `json:"options,omitempty" doc:"The choices, as JSON; they go before the parameters."`
}

// A fileJSON is a part that is a file.
type fileJSON struct{}

// Schema returns the description.
func (fileJSON) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "binary"}
}

// A brokenOff is an import's error with the report of what came before it.
type brokenOff struct {
	report ImportReport
	err    error
}

// Error returns the error's text.
func (b brokenOff) Error() string { return b.err.Error() }

// Unwrap returns the error.
func (b brokenOff) Unwrap() error { return b.err }

var (
	errNoFile = fault.New(fault.Invalid, "import.no-file",
		"请求中没有文件：请以表单的 file 部分提交，或以正文提交并用参数 file 写明文件名。", "The request brings no file: send it as the part file of a form, or as the body with its name as the parameter file.")
	errBadForm = fault.New(fault.Invalid, "import.bad-form",
		"表单无法读取：请按 multipart/form-data 提交 file 和 options。", "The form cannot be read: send file and options as multipart/form-data.")
)

func (s *server) importOperations() {
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	post(s, huma.Operation{
		OperationID: "import-file", Path: importsPath, Tags: []string{"commands"},
		Summary: "导入文件 Import a file",
		Description: "Takes in every row that was not taken before, and says of each what became of it. Sent again it goes on where it was broken off. " +
			"A problem that comes after rows were read brings the report of them. " +
			"The report lists the first 200 rows of each outcome and counts all; as a table, or with the option whole, it lists every row.",
		RequestBody: &huma.RequestBody{Required: true, Description: "The file, by itself or in a form", Content: map[string]*huma.MediaType{
			multipartType: {Schema: schemaOf[formJSON](s)}, workbookType: {Schema: binary}, csvType: {Schema: binary}, anyFileType: {Schema: binary},
		}},
		Responses: alsoCSV(written[ImportReport](s, "What became of the rows", http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity), "200", "201"),
	}, s.importFile)
}

func (s *server) importFile(ctx context.Context, in *importSent, r *http.Request) (reply, error) {
	order := ImportOrder{File: in.File, Actor: in.actor(), ImportOptions: ImportOptions{
		District: in.District, Options: intake.Options{Source: in.Source, DryRun: in.DryRun == "true"},
	}}
	kind, parameters, err := mediaType(r, multipartType, workbookType, csvType, anyFileType)
	if err != nil {
		return reply{}, err
	}
	if kind == multipartType {
		err = order.readForm(multipart.NewReader(http.MaxBytesReader(nil, r.Body, mostImportBytes), parameters["boundary"]))
	} else {
		order.Content, err = body(r, mostImportBytes)
	}
	if err != nil {
		return reply{}, err
	}
	if order.File == "" || order.Content == nil {
		return reply{}, errNoFile
	}
	table, whole := wantsCSV(r, in.Format), order.Whole
	order.Whole = whole || table
	report, err := s.CommandGateway.Import(ctx, order)
	if err != nil {
		if !whole {
			report = report.Bounded()
		}
		if len(report.Rows) > 0 || report.Comparison != nil {
			err = brokenOff{report, err}
		}
		return reply{}, err
	}
	var answer reply
	if table {
		var b bytes.Buffer
		err = report.WriteCSV(&b)
		answer = reply{contentType: csvContentType, body: b.Bytes()}
	} else {
		answer, err = encoded(report)
	}
	if report.Token != "" {
		answer.status = http.StatusCreated
	}
	return answer, err
}

// readForm takes file and options from a form.
func (o *ImportOrder) readForm(form *multipart.Reader) error {
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return formFault(err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return formFault(err)
		}
		switch part.FormName() {
		case filePart:
			o.Content = content
			if name := part.FileName(); name != "" {
				o.File = path.Base(name)
			}
		case optionsPart:
			if err := readOptions(content, &o.ImportOptions); err != nil {
				return err
			}
		default:
			return errBadForm.With("part", part.FormName())
		}
	}
}

func formFault(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok || errors.Is(err, errUploadTooSlow.fault) {
		return bodyFault(err)
	}
	return errBadForm.Because(err)
}

// readOptions lays what the client gives over options.
func readOptions(raw []byte, options *ImportOptions) error {
	if !json.Valid(raw) {
		return errBadForm.With("part", optionsPart)
	}
	return command.DecodeStrictly(raw, options)
}

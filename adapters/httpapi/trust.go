package httpapi

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"twinledger/domain/fault"
)

// What somebody who may not write is refused with.
var (
	errNoCredential = refusal{status: http.StatusUnauthorized, fault: fault.New(fault.Refused, "http.no-credential",
		"写入需要凭据：serve 启动时把它写入数据文件夹的 serve.json；请在 Authorization 中以 Bearer 给出。",
		"Writing needs the credential that serve wrote to serve.json in its data folder when it started; send it as Bearer in Authorization.")}
	errWrongCredential = refusal{status: http.StatusUnauthorized, fault: fault.New(fault.Refused, "http.wrong-credential",
		"凭据不对；serve 每次启动都会换新，请重新读取 serve.json。", "The credential is not right; it is new whenever serve starts, so read serve.json again.")}
	errOtherSite = refusal{status: http.StatusForbidden, fault: fault.New(fault.Refused, "http.other-site",
		"不接受其他网站的网页发来的写入请求。", "Requests to write from another site's pages are not taken.")}
	errMediaType = refusal{status: http.StatusUnsupportedMediaType, fault: fault.New(fault.Invalid, "http.media-type",
		"不支持这种正文类型；请改用所列的 Content-Type。", "This kind of body is not taken; send one of the listed Content-Types.")}
)

// trusted lets through only who holds the secret, and no page of another site.
func (s *server) trusted(ctx huma.Context, next func(huma.Context)) {
	r, w := humachi.Unwrap(ctx)
	if err := s.origins.Check(r); err != nil {
		s.fail(w, r, errOtherSite)
		return
	}
	if _, given := credential(r); !given {
		w.Header().Set("WWW-Authenticate", `Bearer realm="twinledger"`)
		s.fail(w, r, errNoCredential)
		return
	}
	if !s.holdsSecret(r) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="twinledger", error="invalid_token"`)
		s.fail(w, r, errWrongCredential)
		return
	}
	next(ctx)
}

// credential returns the bearer token that a request brings, if it brings one.
// The scheme's case does not matter, as RFC 9110, section 11.1, says.
func credential(r *http.Request) (token string, given bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return token, strings.EqualFold(scheme, "Bearer")
}

func (s *server) holdsSecret(r *http.Request) bool {
	token, given := credential(r)
	return given && subtle.ConstantTimeCompare([]byte(token), []byte(s.Secret)) == 1
}

// mediaType returns the body's media type with its parameters, which must be one
// of those that are taken.
func mediaType(r *http.Request, taken ...string) (string, map[string]string, error) {
	sent, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	for _, one := range taken {
		if err == nil && sent == one {
			return sent, parameters, nil
		}
	}
	refused := errMediaType
	refused.fault = refused.fault.With("content_type", r.Header.Get("Content-Type")).With("taken", strings.Join(taken, " "))
	return "", nil, refused
}

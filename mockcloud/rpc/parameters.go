package rpc

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// maxBody bounds a form body. A create call with 20 volumes of 90 config files
// of 32 KB in Base64 is below it; no documented limit is known.
const maxBody = 100 << 20

// readParameters collects the parameters of query and form body.
func readParameters(r *http.Request) (map[string]string, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		return nil, Errorf(http.StatusMethodNotAllowed, "UnsupportedHTTPMethod", "Use GET or POST.")
	}
	params := map[string]string{}
	if err := addParameters(params, r.URL.RawQuery); err != nil {
		return params, err
	}
	body, err := formBody(r)
	if err != nil {
		return params, err
	}
	return params, addParameters(params, body)
}

func formBody(r *http.Request) (string, error) {
	if r.Method != http.MethodPost {
		return "", nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return "", err
	}
	if len(body) == 0 {
		return "", nil
	}
	if len(body) > maxBody {
		return "", Errorf(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The body is over %d bytes.", maxBody)
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/x-www-form-urlencoded" {
		return "", Errorf(http.StatusUnsupportedMediaType, "UnsupportedMediaType",
			"A body must be application/x-www-form-urlencoded.")
	}
	return string(body), nil
}

func addParameters(params map[string]string, encoded string) error {
	values, err := url.ParseQuery(encoded)
	if err != nil {
		// The parser's text repeats the bad part, which may be a secret.
		return Errorf(http.StatusBadRequest, "InvalidParameter", "The parameters are not well encoded.")
	}
	for name, list := range values {
		if _, twice := params[name]; twice || len(list) > 1 {
			return InvalidParameter(name, "it was given more than once")
		}
		params[name] = list[0]
	}
	return nil
}

// commonParameters belong to the front door. Those of resource owners are
// accepted and ignored, as the SDKs know them.
var commonParameters = map[string]bool{
	"Action": true, "Version": true, "Format": true, "AccessKeyId": true, "SecurityToken": true,
	"Signature": true, "SignatureMethod": true, "SignatureVersion": true, "SignatureType": true,
	"SignatureNonce": true, "Timestamp": true, "RegionId": true,
	"OwnerId": true, "OwnerAccount": true, "ResourceOwnerId": true, "ResourceOwnerAccount": true,
}

// businessParameters are what is left for the action.
func businessParameters(params map[string]string) map[string]string {
	own := make(map[string]string, len(params))
	for name, value := range params {
		if top, _, _ := strings.Cut(name, "."); !commonParameters[top] {
			own[name] = value
		}
	}
	return own
}

// Package wire is a minimal client of Alibaba Cloud's RPC protocol for the
// mock's own tests. It is written from the protocol's description and shares
// nothing with the server, so that the two cannot agree on a mistake.
//
// https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism
package wire

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sort"
	"strings"
	"time"
)

// Client signs and sends calls.
type Client struct {
	URL             string
	Method          string // "" is POST
	Body            bool   // parameters in a form body, not in the query
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string
	RegionID        string
	Version         string
}

// Failure is an error answer.
type Failure struct {
	Status    int
	Code      string
	Message   string
	RequestID string `json:"RequestId"`
	HostID    string `json:"HostId"`
	Recommend string
}

// Error implements error.
func (f *Failure) Error() string { return fmt.Sprintf("%d %s: %s", f.Status, f.Code, f.Message) }

// Params are the parameters of a call; they win over the common ones.
type Params map[string]string

// Call sends an action and decodes its answer into out, unless that is nil.
func (c Client) Call(action string, params Params, out any) error {
	request, err := c.Request(action, params)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		f := &Failure{Status: response.StatusCode}
		if err := json.Unmarshal(text, f); err != nil {
			return fmt.Errorf("status %d with body %q", response.StatusCode, text)
		}
		return f
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}

// Request makes a signed request.
func (c Client) Request(action string, params Params) (*http.Request, error) {
	if c.Method == "" {
		c.Method = http.MethodPost
	}
	all := c.common(action)
	for k, v := range params {
		all[k] = v
	}
	if _, given := all["Signature"]; !given {
		all["Signature"] = Sign(c.Method, c.AccessKeySecret, all)
	}
	encoded := canonical(all)
	if c.Body {
		request, err := http.NewRequest(c.Method, c.URL+"/", strings.NewReader(encoded))
		if err == nil {
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		return request, err
	}
	return http.NewRequest(c.Method, c.URL+"/?"+encoded, nil)
}

func (c Client) common(action string) Params {
	all := Params{
		"Action": action, "Version": c.Version, "Format": "JSON", "RegionId": c.RegionID,
		"AccessKeyId": c.AccessKeyID, "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0",
		"SignatureType": "", "SignatureNonce": rand.Text(),
		"Timestamp": time.Now().UTC().Format("2006-01-02T15:04:05Z"),
	}
	if c.SecurityToken != "" {
		all["SecurityToken"] = c.SecurityToken
	}
	return all
}

// Sign computes the signature of version 1.0.
func Sign(method, secret string, params Params) string {
	unsigned := Params{}
	for k, v := range params {
		if k != "Signature" {
			unsigned[k] = v
		}
	}
	text := method + "&" + escape("/") + "&" + escape(canonical(unsigned))
	h := hmac.New(sha1.New, []byte(secret+"&"))
	io.WriteString(h, text)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func canonical(params Params) string {
	pairs := make([]string, 0, len(params))
	for k := range params {
		pairs = append(pairs, k)
	}
	sort.Strings(pairs)
	for i, k := range pairs {
		pairs[i] = escape(k) + "=" + escape(params[k])
	}
	return strings.Join(pairs, "&")
}

// escape is RFC 3986 byte by byte.
func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-_.~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

package rpc

import (
	"crypto/hmac"
	"net/http"
	"sync"
	"time"
)

// Credential opens the front door. SecurityToken and Expires belong to STS
// credentials only.
type Credential struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string
	Expires         time.Time // zero: never
}

// signatureWindow is how far a request's timestamp may be from the server's
// time; the signature page says 15 minutes
// (https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism).
const signatureWindow = 15 * time.Minute

// authenticator decides who calls.
type authenticator struct {
	now func() time.Time

	mu     sync.Mutex
	keys   map[string]Credential
	nonces map[string]time.Time // nonce -> end of its window
	swept  time.Time
}

func newAuthenticator(now func() time.Time, credentials []Credential) *authenticator {
	a := &authenticator{now: now, keys: map[string]Credential{}, nonces: map[string]time.Time{}}
	for _, c := range credentials {
		a.keys[c.AccessKeyID] = c
	}
	return a
}

// add makes a credential known; one with the same id is replaced.
func (a *authenticator) add(c Credential) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.keys[c.AccessKeyID] = c
}

// check answers nil when the parameters were signed by a known key, lately,
// and never before.
func (a *authenticator) check(method string, params map[string]string) *Error {
	for _, name := range []string{"AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp"} {
		if params[name] == "" {
			return MissingParameter(name)
		}
	}
	if params["SignatureMethod"] != "HMAC-SHA1" {
		return InvalidParameter("SignatureMethod", "use HMAC-SHA1")
	}
	if params["SignatureVersion"] != "1.0" {
		return InvalidParameter("SignatureVersion", "use 1.0")
	}
	if params["SignatureType"] != "" {
		return InvalidParameter("SignatureType", "only access keys are supported, leave it empty")
	}
	if err := a.checkTime(params["Timestamp"]); err != nil {
		return err
	}
	return a.checkKey(method, params)
}

func (a *authenticator) checkTime(timestamp string) *Error {
	t, err := time.Parse("2006-01-02T15:04:05Z", timestamp)
	if err != nil {
		return Errorf(http.StatusBadRequest, "InvalidTimeStamp.Format",
			"Specified time stamp or date value is not well formatted.")
	}
	if age := a.now().Sub(t).Abs(); age > signatureWindow {
		return Errorf(http.StatusBadRequest, "InvalidTimeStamp.Expired",
			"Specified time stamp or date value is expired.")
	}
	return nil
}

func (a *authenticator) checkKey(method string, params map[string]string) *Error {
	a.mu.Lock()
	defer a.mu.Unlock()
	key, known := a.keys[params["AccessKeyId"]]
	if !known {
		return Errorf(http.StatusNotFound, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
	}
	text := stringToSign(method, params)
	if !hmac.Equal([]byte(signature(key.AccessKeySecret, text)), []byte(params["Signature"])) {
		// The real service repeats its string to sign here. It holds every
		// parameter, secrets included, so the mock keeps it to itself.
		return Errorf(http.StatusBadRequest, "SignatureDoesNotMatch",
			"Specified signature is not matched with our calculation.")
	}
	if err := a.checkToken(key, params["SecurityToken"]); err != nil {
		return err
	}
	return a.useNonce(key.AccessKeyID + "\x00" + params["SignatureNonce"])
}

func (a *authenticator) checkToken(key Credential, token string) *Error {
	switch {
	case key.SecurityToken == "" && token == "":
		return nil
	case token == "":
		return Errorf(http.StatusBadRequest, "MissingSecurityToken", "SecurityToken is mandatory for this action.")
	case key.SecurityToken != token:
		return Errorf(http.StatusBadRequest, "InvalidSecurityToken.MismatchWithAccessKey",
			"Specified SecurityToken mismatch with the AccessKey.")
	case !key.Expires.IsZero() && !a.now().Before(key.Expires):
		return Errorf(http.StatusBadRequest, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
	}
	return nil
}

// useNonce refuses a nonce that was used within the signature window; the
// caller holds the lock.
func (a *authenticator) useNonce(nonce string) *Error {
	now := a.now()
	if now.Sub(a.swept) > signatureWindow {
		for n, end := range a.nonces {
			if now.After(end) {
				delete(a.nonces, n)
			}
		}
		a.swept = now
	}
	if end, used := a.nonces[nonce]; used && !now.After(end) {
		return Errorf(http.StatusBadRequest, "SignatureNonceUsed", "Specified signature nonce was used already.")
	}
	// A timestamp may lie ahead by one window and be valid for one more.
	a.nonces[nonce] = now.Add(2 * signatureWindow)
	return nil
}

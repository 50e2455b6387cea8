package alicloud

import (
	"sort"
	"strings"
)

// maxMessage bounds what of the service's text reaches a log line; the longest
// documented message has about 300 characters.
const maxMessage = 400

// minSecret is the shortest value that is struck out: shorter ones would
// match parts of ordinary words.
const minSecret = 4

// hints say what to check for the codes that a wrong set-up brings; they
// replace the service's text, which for a signature holds the whole string
// to sign.
var hints = map[string]string{
	"InvalidAccessKeyId.NotFound": "the access key id is unknown; check the key and the account's site",
	"InvalidAccessKeyId":          "the access key id is not accepted; check that it is enabled",
	"SignatureDoesNotMatch":       "the access key secret does not belong to the access key id",
	"IncompleteSignature":         "the access key secret does not belong to the access key id",
	"InvalidSecurityToken":        "the security token is expired or not valid; get a new one",
	"MissingSecurityToken":        "the access key is a temporary one and needs its security token",
	"InvalidTimeStamp":            "the request's time is off; set this machine's clock",
}

func hint(code string) (string, bool) {
	best, text := -1, ""
	for prefix, h := range hints {
		if len(prefix) > best && strings.HasPrefix(code, prefix) {
			best, text = len(prefix), h
		}
	}
	return text, best >= 0
}

// cleanMessage makes the service's text printable: one line, bounded, without
// the values that must not be seen.
func cleanMessage(code, message string, secrets []string) string {
	if h, ok := hint(code); ok {
		return h
	}
	for _, s := range secrets {
		if len(s) >= minSecret {
			message = strings.ReplaceAll(message, s, "[redacted]")
		}
	}
	message = strings.Join(strings.Fields(message), " ")
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage], "") + "..."
	}
	return message
}

// secretValues collects what a request and its key hold that must not be seen.
func secretValues(r *Request, key AccessKey) []string {
	out := []string{key.Secret, key.Token}
	if r.Product.Secret == nil {
		return out
	}
	for name, value := range r.Params {
		if r.Product.Secret(name) {
			out = append(out, value)
		}
	}
	// Longest first: a secret may be part of another.
	sort.Slice(out, func(i, j int) bool { return len(out[i]) > len(out[j]) })
	return out
}

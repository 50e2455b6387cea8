package rpc

import (
	"testing"

	"github.com/ebb-node/ebb/mockcloud/internal/wire"
)

// TestPublishedSignature is the worked example of Alibaba's signature page
// (https://www.alibabacloud.com/help/doc-detail/28139.htm).
func TestPublishedSignature(t *testing.T) {
	params := map[string]string{
		"Timestamp": "2016-02-23T12:46:24Z", "Format": "XML", "AccessKeyId": "testid",
		"Action": "DescribeRegions", "SignatureMethod": "HMAC-SHA1",
		"SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf", "Version": "2014-05-26", "SignatureVersion": "1.0",
	}
	if got := signature("testsecret", stringToSign("GET", params)); got != "OLeaidS1JvxuMvnyHOwuJ+uX5qY=" {
		t.Errorf("signature %s", got)
	}
	// Computed from the page's rules with Python's hmac and urllib.
	if got := signature("testsecret", stringToSign("POST", params)); got != "MxbnVAM4w6sft9xjVpe/GCKueuk=" {
		t.Errorf("POST signature %s", got)
	}
}

// TestSignaturesAgreeWithAnIndependentClient compares with the test client,
// which encodes by itself, over texts that encoders get wrong.
func TestSignaturesAgreeWithAnIndependentClient(t *testing.T) {
	for _, text := range []string{"", " ", "+", "*", "~", "%7E", "a/b?c=d&e", "é中\x00\n", `["x","y"]`, "-_.!'()"} {
		params := map[string]string{"Action": "A", "B." + text: text, "Signature": "ignored"}
		want := wire.Sign("POST", "k", params)
		if got := signature("k", stringToSign("POST", params)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

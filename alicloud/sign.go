package alicloud

import (
	"context"
	"net/http"
	"strings"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
)

// signer turns a Request into a signed HTTP request with the SDK's core.
//
// Only the core's request and signature are used, not its client: the client
// is a data race when shared, cannot be cancelled, prints URLs when the
// environment says DEBUG=sdk, and puts the string to sign into errors.
type signer struct {
	region    string
	maxURL    int
	userAgent string
}

func (s *signer) sign(ctx context.Context, r *Request, at endpoint, key AccessKey) (*http.Request, error) {
	rpc := new(requests.RpcRequest)
	rpc.InitWithApiInfo(r.Product.Name, r.Product.Version, r.Action, "", "")
	rpc.SetScheme(at.scheme)
	rpc.SetDomain(at.host)
	rpc.Headers["x-sdk-core-version"] = sdk.Version
	s.placeParams(rpc, r.Params)

	provider := credentials.NewStaticSTSCredentialsProvider(key.ID, key.Secret, key.Token)
	if err := auth.Sign(rpc, nil, s.region, provider); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, rpc.GetMethod(), rpc.BuildUrl(), rpc.GetBodyReader())
	if err != nil {
		return nil, transportCause(err)
	}
	for name, value := range rpc.GetHeaders() {
		req.Header[name] = []string{value}
	}
	req.Header.Set("User-Agent", strings.TrimSpace(sdk.DefaultUserAgent+" "+s.userAgent))
	return req, nil
}

// placeParams puts parameters into the query, where the API documents them,
// as long as the URL stays short enough for the servers on the way. Beyond
// that (inline config files) they go into the form body. Other RPC products of
// the cloud read both alike and the signature covers both; that ECI does is
// not documented, so the body is used only where the query would fail.
func (s *signer) placeParams(rpc *requests.RpcRequest, params map[string]string) {
	place := rpc.QueryParams
	if queryLength(params)+protocolLength > s.maxURL {
		place = rpc.FormParams
	}
	for name, value := range params {
		place[name] = value
	}
}

// protocolLength is room for the parameters of the protocol: host, action,
// signature, nonce, time and a security token of about 1 KiB.
const protocolLength = 1536

// queryLength is how long the parameters are in a URL, taking the longest form
// of every byte that may need escaping.
func queryLength(params map[string]string) int {
	n := 0
	for name, value := range params {
		n += len(name) + escapedLength(value) + len("&=")
	}
	return n
}

func escapedLength(s string) int {
	n := 0
	for i := range len(s) {
		if c := s[i]; c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			n++
			continue
		}
		n += len("%00")
	}
	return n
}

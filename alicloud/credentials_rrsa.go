package alicloud

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"k8s.io/utils/clock"
)

// RoleExchange turns a pod's OIDC token into temporary keys of a RAM role:
// RRSA, RAM Roles for Service Accounts
// (https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc).
type RoleExchange struct {
	RoleARN     string
	ProviderARN string
	TokenFile   string
	// SessionName shows in the audit log; default "ebb".
	SessionName string
	// Region and VPC choose the default endpoint.
	Region string
	VPC    bool
	// Endpoint overrides it: a host or a URL, HTTPS unless it says http://.
	Endpoint string
	Clock    clock.PassiveClock
}

const (
	stsVersion = "2015-04-01"
	// sessionSeconds is STS' default and the most that a role allows without
	// being changed.
	sessionSeconds = "3600"
)

// NewRRSA yields the temporary keys of a role; the token file is read anew for
// each exchange, because the kubelet replaces it.
func NewRRSA(x RoleExchange) (Credentials, error) {
	for _, f := range []struct{ value, env string }{
		{x.RoleARN, envRole}, {x.ProviderARN, envOIDCProvider}, {x.TokenFile, envOIDCToken},
	} {
		if f.value == "" {
			return nil, fmt.Errorf("credentials: RRSA: %s is not set", f.env)
		}
	}
	if x.SessionName == "" {
		x.SessionName = "ebb"
	}
	at, err := x.endpoint()
	if err != nil {
		return nil, fmt.Errorf("credentials: RRSA: STS endpoint: %w", err)
	}
	client := &http.Client{Timeout: defaultTimeout, Transport: newTransport()}
	return newSession(x.Clock, func(ctx context.Context) (temporary, error) {
		key, err := x.fetch(ctx, client, at)
		if err != nil {
			return temporary{}, fmt.Errorf("credentials: RRSA: role %s: %w", x.RoleARN, err)
		}
		return key, nil
	}), nil
}

func (x RoleExchange) endpoint() (endpoint, error) {
	switch {
	case x.Endpoint != "":
		return parseEndpoint(x.Endpoint)
	case x.Region == "":
		return parseEndpoint("sts.aliyuncs.com")
	case x.VPC:
		return parseEndpoint("sts-vpc." + x.Region + ".aliyuncs.com")
	}
	return parseEndpoint("sts." + x.Region + ".aliyuncs.com")
}

func (x RoleExchange) fetch(ctx context.Context, client *http.Client, at endpoint) (temporary, error) {
	token, err := os.ReadFile(x.TokenFile)
	if err != nil {
		return temporary{}, fmt.Errorf("%s: %w", envOIDCToken, err)
	}
	// The action is not signed: the token is the proof.
	query := url.Values{
		"Action": {"AssumeRoleWithOIDC"}, "Version": {stsVersion}, "Format": {"JSON"},
		"Timestamp": {time.Now().UTC().Format("2006-01-02T15:04:05Z")},
	}
	form := url.Values{
		"RoleArn": {x.RoleARN}, "OIDCProviderArn": {x.ProviderARN}, "OIDCToken": {strings.TrimSpace(string(token))},
		"RoleSessionName": {x.SessionName}, "DurationSeconds": {sessionSeconds},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at.String()+"/?"+query.Encode(), strings.NewReader(form.Encode()))
	if err != nil {
		return temporary{}, fmt.Errorf("endpoint %s is not usable", at)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := client.Do(req)
	if err != nil {
		return temporary{}, fmt.Errorf("cannot reach %s: %w", at, transportCause(err))
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxCredentialAnswer))
	if err != nil {
		return temporary{}, fmt.Errorf("the answer of %s broke off: %w", at, transportCause(err))
	}
	return decodeRoleKey(resp.StatusCode, body, strings.TrimSpace(string(token)))
}

func decodeRoleKey(status int, body []byte, token string) (temporary, error) {
	var a struct {
		Code        string
		Message     string
		Credentials sessionKey
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return temporary{}, fmt.Errorf("STS answers HTTP %d without JSON", status)
	}
	if status != http.StatusOK {
		return temporary{}, fmt.Errorf("STS answers %s: %s (HTTP %d)", a.Code, cleanMessage(a.Code, a.Message, []string{token}), status)
	}
	return a.Credentials.temporary("RRSA")
}

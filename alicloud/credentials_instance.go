package alicloud

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"k8s.io/utils/clock"
)

// InstanceRole is the RAM role of the ECS instance that the program runs on
// (https://www.alibabacloud.com/help/en/ecs/user-guide/attach-an-instance-ram-role-to-an-ecs-instance).
type InstanceRole struct {
	// RoleName is asked from the metadata service when empty.
	RoleName string
	// MetadataURL is the metadata service; default http://100.100.100.200.
	MetadataURL string
	Clock       clock.PassiveClock

	note string // what else was looked for, for the error
}

const (
	metadataURL = "http://100.100.100.200"
	// metadataTimeout: the service answers from the host; off Alibaba Cloud the
	// address leads nowhere.
	metadataTimeout = 3 * time.Second
	// metadataTokenSeconds is how long a metadata token lives; it is used for
	// two reads.
	metadataTokenSeconds = "60"
	maxCredentialAnswer  = 64 << 10
)

// NewInstanceRole yields the temporary keys of an instance's role.
func NewInstanceRole(r InstanceRole) Credentials {
	if r.MetadataURL == "" {
		r.MetadataURL = metadataURL
	}
	// No proxy: the metadata service exists on the machine's own network only.
	client := &http.Client{Timeout: metadataTimeout, Transport: &http.Transport{DisableKeepAlives: true}}
	return newSession(r.Clock, func(ctx context.Context) (temporary, error) {
		key, err := r.fetch(ctx, client)
		if err != nil {
			return temporary{}, fmt.Errorf("credentials: instance role: %w%s", err, r.note)
		}
		return key, nil
	})
}

func (r InstanceRole) fetch(ctx context.Context, client *http.Client) (temporary, error) {
	const path = "/latest/meta-data/ram/security-credentials/"
	token := r.token(ctx, client)
	role := r.RoleName
	if role == "" {
		name, err := r.read(ctx, client, http.MethodGet, path, token)
		if err != nil {
			return temporary{}, err
		}
		if role = strings.TrimSpace(string(name)); role == "" {
			return temporary{}, fmt.Errorf("the instance has no RAM role")
		}
	}
	body, err := r.read(ctx, client, http.MethodGet, path+role, token)
	if err != nil {
		return temporary{}, err
	}
	return decodeInstanceKey(body, role)
}

// token opens the hardened mode of the service; without an answer the normal
// mode is tried, since the hardened one may be absent.
func (r InstanceRole) token(ctx context.Context, client *http.Client) string {
	body, err := r.read(ctx, client, http.MethodPut, "/latest/api/token", "")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(body))
}

func (r InstanceRole) read(ctx context.Context, client *http.Client, method, path, token string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(r.MetadataURL, "/")+path, nil)
	if err != nil {
		return nil, fmt.Errorf("metadata address is not a URL")
	}
	if method == http.MethodPut {
		req.Header.Set("X-aliyun-ecs-metadata-token-ttl-seconds", metadataTokenSeconds)
	}
	if token != "" {
		req.Header.Set("X-aliyun-ecs-metadata-token", token)
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the metadata service does not answer: %w", transportCause(err))
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotFound {
		return nil, fmt.Errorf("the instance has no such RAM role")
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the metadata service answers HTTP %d", resp.StatusCode)
	}
	return io.ReadAll(io.LimitReader(resp.Body, maxCredentialAnswer))
}

func decodeInstanceKey(body []byte, role string) (temporary, error) {
	var a struct {
		sessionKey
		Code string
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return temporary{}, fmt.Errorf("the metadata service's answer for role %s is not JSON", role)
	}
	if a.Code != "Success" {
		return temporary{}, fmt.Errorf("the metadata service answers %q for role %s", a.Code, role)
	}
	return a.temporary("instance role " + role)
}

// sessionKey is a temporary key on the wire of both STS and the metadata
// service.
type sessionKey struct {
	AccessKeyID     string `json:"AccessKeyId"`
	AccessKeySecret string
	SecurityToken   string
	Expiration      time.Time
}

func (k sessionKey) temporary(source string) (temporary, error) {
	if k.AccessKeyID == "" || k.AccessKeySecret == "" || k.SecurityToken == "" || k.Expiration.IsZero() {
		return temporary{}, fmt.Errorf("the answer lacks a part of the key")
	}
	return temporary{
		AccessKey: AccessKey{ID: k.AccessKeyID, Secret: k.AccessKeySecret, Token: k.SecurityToken, Source: source},
		expires:   k.Expiration,
	}, nil
}

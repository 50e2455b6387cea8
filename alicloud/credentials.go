package alicloud

import (
	"context"
	"errors"
	"fmt"
)

// AccessKey signs calls. Printing one shows where it came from and nothing
// else.
type AccessKey struct {
	ID     string
	Secret string
	Token  string // for temporary keys
	Source string // where it came from: "environment", "RRSA", ...
}

// String hides the key.
func (k AccessKey) String() string { return "access key from " + k.Source }

// GoString hides the key from %#v.
func (k AccessKey) GoString() string { return k.String() }

// Credentials yield the access key to sign the next call with. They are safe
// for concurrent use.
type Credentials interface {
	Get(ctx context.Context) (AccessKey, error)
}

// expirer is what Credentials can be that get their keys from elsewhere: a key
// that the service refuses as expired is thrown away.
type expirer interface {
	expire(AccessKey)
}

type static AccessKey

func (s static) Get(context.Context) (AccessKey, error) { return AccessKey(s), nil }

// StaticKey is an access key that is known; token is empty unless the key is a
// temporary one of STS.
func StaticKey(id, secret, token string) (Credentials, error) {
	return staticKey(AccessKey{ID: id, Secret: secret, Token: token, Source: "configuration"})
}

func staticKey(k AccessKey) (Credentials, error) {
	if k.ID == "" {
		return nil, errors.New("credentials: the access key id is empty")
	}
	if k.Secret == "" {
		return nil, errors.New("credentials: the access key secret is empty")
	}
	return static(k), nil
}

// Environment variables of Alibaba Cloud's tools
// (https://help.aliyun.com/zh/sdk/developer-reference/v2-manage-go-access-credentials).
const (
	envID           = "ALIBABA_CLOUD_ACCESS_KEY_ID"
	envSecret       = "ALIBABA_CLOUD_ACCESS_KEY_SECRET"
	envToken        = "ALIBABA_CLOUD_SECURITY_TOKEN"
	envRole         = "ALIBABA_CLOUD_ROLE_ARN"
	envOIDCProvider = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
	envOIDCToken    = "ALIBABA_CLOUD_OIDC_TOKEN_FILE"
	envInstanceRole = "ALIBABA_CLOUD_ECS_METADATA"
)

// EnvironmentKey reads the access key from environment variables.
func EnvironmentKey(getenv func(string) string) (Credentials, error) {
	id, secret := getenv(envID), getenv(envSecret)
	if id == "" {
		return nil, fmt.Errorf("credentials: %s is not set", envID)
	}
	if secret == "" {
		return nil, fmt.Errorf("credentials: %s is set and %s is not", envID, envSecret)
	}
	return staticKey(AccessKey{ID: id, Secret: secret, Token: getenv(envToken), Source: "environment"})
}

// CredentialOptions choose where the access key comes from.
type CredentialOptions struct {
	// Getenv is os.Getenv.
	Getenv func(string) string
	// STS is the exchange that RRSA uses.
	STS RoleExchange
	// Instance is the metadata service that is asked last.
	Instance InstanceRole
}

// NewCredentials takes the first source that the environment speaks of: an
// access key, then RRSA (a role by OIDC token), and without either the RAM
// role of the instance. A source that is set by half is an error.
func NewCredentials(o CredentialOptions) (Credentials, error) {
	if o.Getenv(envID) != "" || o.Getenv(envSecret) != "" {
		return EnvironmentKey(o.Getenv)
	}
	if o.Getenv(envOIDCToken) != "" || o.Getenv(envOIDCProvider) != "" {
		o.STS.RoleARN = o.Getenv(envRole)
		o.STS.ProviderARN = o.Getenv(envOIDCProvider)
		o.STS.TokenFile = o.Getenv(envOIDCToken)
		return NewRRSA(o.STS)
	}
	if o.Instance.RoleName == "" {
		o.Instance.RoleName = o.Getenv(envInstanceRole)
	}
	o.Instance.note = fmt.Sprintf("; neither %s nor %s is set", envID, envOIDCToken)
	return NewInstanceRole(o.Instance), nil
}

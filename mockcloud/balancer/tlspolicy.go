package balancer

import "crypto/tls"

// TLSPolicy names the protocol versions and cipher suites of an HTTPS
// listener.
// https://www.alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/tls-security-policies
type TLSPolicy string

// The policies.
const (
	TLSPolicy10             TLSPolicy = "tls_cipher_policy_1_0"
	TLSPolicy11             TLSPolicy = "tls_cipher_policy_1_1"
	TLSPolicy12             TLSPolicy = "tls_cipher_policy_1_2"
	TLSPolicy12Strict       TLSPolicy = "tls_cipher_policy_1_2_strict"
	TLSPolicy12StrictWith13 TLSPolicy = "tls_cipher_policy_1_2_strict_with_1_3"
)

// strictSuites have forward secrecy. The documents also list CBC suites with
// SHA-256 and SHA-384 hashes, which Go has only in part.
var strictSuites = []uint16{
	tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
	tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
	tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
}

// looseSuites are for old clients.
var looseSuites = append([]uint16{
	tls.TLS_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_RSA_WITH_AES_128_CBC_SHA256,
	tls.TLS_RSA_WITH_AES_128_CBC_SHA,
	tls.TLS_RSA_WITH_AES_256_CBC_SHA,
	tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA,
}, strictSuites...)

// cipherPolicy is what a TLSPolicy stands for.
type cipherPolicy struct {
	min, max uint16
	suites   []uint16
}

var cipherPolicies = map[TLSPolicy]cipherPolicy{
	TLSPolicy10:             {tls.VersionTLS10, tls.VersionTLS12, looseSuites},
	TLSPolicy11:             {tls.VersionTLS11, tls.VersionTLS12, looseSuites},
	TLSPolicy12:             {tls.VersionTLS12, tls.VersionTLS12, looseSuites},
	TLSPolicy12Strict:       {tls.VersionTLS12, tls.VersionTLS12, strictSuites},
	TLSPolicy12StrictWith13: {tls.VersionTLS12, tls.VersionTLS13, strictSuites},
}

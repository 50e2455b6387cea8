package kubelet

import (
	"context"
	"crypto/sha256"
	"net/http"
	"strings"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// authenticate finds out who calls: by client certificate, which the TLS
// handshake has verified, or by bearer token. Nil means nobody known.
func (g *Gate) authenticate(r *http.Request) (*user, error) {
	if r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
		subject := r.TLS.VerifiedChains[0][0].Subject
		return &user{name: subject.CommonName, groups: subject.Organization}, nil
	}
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if token = strings.TrimSpace(token); !ok || !strings.EqualFold(scheme, "Bearer") || token == "" {
		return nil, nil
	}
	return remember(r.Context(), g.tokens, sha256.Sum256([]byte(token)),
		func(ctx context.Context) (*user, time.Duration, error) { return g.review(ctx, token) })
}

// review asks the API server whose token it is.
func (g *Gate) review(ctx context.Context, token string) (*user, time.Duration, error) {
	answer, err := g.kube.AuthenticationV1().TokenReviews().Create(ctx,
		&authenticationv1.TokenReview{Spec: authenticationv1.TokenReviewSpec{Token: token}}, metav1.CreateOptions{})
	if err != nil || !answer.Status.Authenticated {
		return nil, denyTTL, err
	}
	of := answer.Status.User
	who := &user{name: of.Username, uid: of.UID, groups: of.Groups, extra: map[string][]string{}}
	for k, v := range of.Extra {
		who.extra[k] = v
	}
	return who, tokenTTL, nil
}

package resolve

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// defaultTokenSeconds is the API's default for a projected token.
// https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken
const defaultTokenSeconds = 3600

// extendedTokenSeconds is what the API server's own admission asks for; it
// answers with a token that is valid for a year, for clients that never read
// the file again.
// https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
const extendedTokenSeconds = 3607

// projectedVolume gathers the files of all sources.
func (r *resolver) projectedVolume(field string, v *corev1.Volume) {
	f := newFileSet(v.Projected.DefaultMode)
	for i := range v.Projected.Sources {
		r.projection(fmt.Sprintf("%s.sources[%d]", field, i), v.Name, &v.Projected.Sources[i], f)
	}
	r.out.Files[v.Name] = f.volume()
}

func (r *resolver) projection(field, volume string, s *corev1.VolumeProjection, f *fileSet) {
	switch {
	case s.ConfigMap != nil:
		r.objectFiles(field+".configMap", objectName{kindConfigMap, s.ConfigMap.Name}, s.ConfigMap.Items, s.ConfigMap.Optional, f)
	case s.Secret != nil:
		r.objectFiles(field+".secret", objectName{kindSecret, s.Secret.Name}, s.Secret.Items, s.Secret.Optional, f)
	case s.DownwardAPI != nil:
		r.downwardFiles(field+".downwardAPI", s.DownwardAPI.Items, f)
	case s.ServiceAccountToken != nil:
		r.token(field+".serviceAccountToken", volume, s.ServiceAccountToken, f)
	case s.ClusterTrustBundle != nil:
		r.refuse(field+".clusterTrustBundle", "cluster trust bundles are not supported", "mount the certificates from a ConfigMap")
	case s.PodCertificate != nil:
		r.refuse(field+".podCertificate", "pod certificates are not supported: ECI cannot refresh them", "mount a certificate from a Secret")
	default:
		r.refuse(field, "no known source is set", "")
	}
}

// token adds a service account token. ECI never refreshes a file, so a token
// that will expire gets a note.
func (r *resolver) token(field, volume string, t *corev1.ServiceAccountTokenProjection, f *fileSet) {
	if !r.filePath(field+".path", t.Path) {
		return
	}
	seconds := int64(defaultTokenSeconds)
	if t.ExpirationSeconds != nil {
		seconds = *t.ExpirationSeconds
	}
	account := r.pod.Spec.ServiceAccountName
	if account == "" {
		account = "default"
	}
	token, err := r.get.ServiceAccountToken(r.ctx, r.pod.Namespace, account, r.pod, t.Audience, seconds)
	if err != nil {
		r.wait(field, ReasonFailedTokenRequest, fmt.Errorf("requesting a token of service account %q: %w", account, err))
		return
	}
	if seconds != extendedTokenSeconds || t.Audience != "" {
		r.note(Warning(ReasonTokenNotRefreshed, fmt.Sprintf(
			"the token %q of volume %q expires after %d s and is not refreshed: files of a container group do not change", t.Path, volume, seconds)))
	}
	f.add(t.Path, []byte(token), nil)
}

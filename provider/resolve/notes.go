package resolve

import corev1 "k8s.io/api/core/v1"

// Note is something that belongs on the pod as an event.
type Note struct {
	Type    string // corev1.EventTypeNormal or corev1.EventTypeWarning
	Reason  string
	Message string // names objects and fields, never their content
}

// Warning returns a Note of type Warning.
func Warning(reason, message string) Note {
	return Note{Type: corev1.EventTypeWarning, Reason: reason, Message: message}
}

// The reasons of notes about ConfigMaps and Secrets are those that
// virtual-kubelet uses, because its tests and its users look for them.
// https://github.com/virtual-kubelet/virtual-kubelet/blob/v1.13.0/internal/podutils/env.go
const (
	ReasonOptionalConfigMapNotFound      = "OptionalConfigMapNotFound"
	ReasonOptionalConfigMapKeyNotFound   = "OptionalConfigMapKeyNotFound"
	ReasonFailedToReadOptionalConfigMap  = "FailedToReadOptionalConfigMap"
	ReasonMandatoryConfigMapNotFound     = "MandatoryConfigMapNotFound"
	ReasonMandatoryConfigMapKeyNotFound  = "MandatoryConfigMapKeyNotFound"
	ReasonFailedToReadMandatoryConfigMap = "FailedToReadMandatoryConfigMap"

	ReasonOptionalSecretNotFound      = "OptionalSecretNotFound"
	ReasonOptionalSecretKeyNotFound   = "OptionalSecretKeyNotFound"
	ReasonFailedToReadOptionalSecret  = "FailedToReadOptionalSecret"
	ReasonMandatorySecretNotFound     = "MandatorySecretNotFound"
	ReasonMandatorySecretKeyNotFound  = "MandatorySecretKeyNotFound"
	ReasonFailedToReadMandatorySecret = "FailedToReadMandatorySecret"

	ReasonInvalidEnvironmentVariableNames = "InvalidEnvironmentVariableNames"
)

// Reasons that virtual-kubelet does not have.
const (
	// ReasonFailedToReadServices: the service environment is not complete yet.
	ReasonFailedToReadServices = "FailedToReadServices"
	// ReasonFailedTokenRequest: the API server issued no service account token.
	ReasonFailedTokenRequest = "FailedTokenRequest"
	// ReasonTokenNotRefreshed: a projected token will expire inside the pod.
	ReasonTokenNotRefreshed = "TokenNotRefreshed"
	// ReasonPullSecret is the reason that a kubelet uses for a pull secret
	// that cannot be read; the pull is tried without it.
	ReasonPullSecret = "FailedToRetrieveImagePullSecret"
	// ReasonClaimNotReady: a persistent volume claim is missing or unbound.
	ReasonClaimNotReady = "PersistentVolumeClaimNotReady"
)

// note adds n once.
func (r *resolver) note(n Note) {
	for _, have := range r.notes {
		if have == n {
			return
		}
	}
	r.notes = append(r.notes, n)
}

// wait records that the pod has to wait, with a note saying for what.
func (r *resolver) wait(field, reason string, err error) {
	r.note(Warning(reason, err.Error()))
	r.errs = append(r.errs, &PendingError{Field: field, Reason: reason, Err: err})
}

// refuse records that the pod asks for something that cannot be had.
func (r *resolver) refuse(field, reason, hint string) {
	r.errs = append(r.errs, &UnsupportedError{Field: field, Reason: reason, Hint: hint})
}

// Package shape builds the Deployment of a revision's reserve.
//
// In flow the revision's standard Deployment, the reserve's settings, the instance
// specs that were chosen for it, and where its pods may run. Out flows the reserve
// Deployment: a copy of the standard's template, so that the reserve answers as the
// revision does, with other labels, another size and another place.
//
// The labels are what makes it work beside an unmodified Knative (measured): the
// pods keep serving.knative.dev/revisionUID, by which they get requests, and lose
// serving.knative.dev/revision, by which the autoscaler would count them and never
// reach zero. The Deployment selects by a label of its own, so that a pod can be
// taken out of the endpoints without being replaced.
//
// The package is pure; it must not know the API server, nor when a reserve is
// wanted.
package shape

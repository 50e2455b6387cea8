// Package settings reads what a revision's annotations say of its reserve.
//
// In flow the annotations of a Revision, which are those of the service's
// spec.template; out flow checked values, or an error that names the key, the value
// and what is allowed. The package is pure; it must not know what is done with a
// setting.
package settings

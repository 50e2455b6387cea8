package shape

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// AnnotationSource is on the reserve Deployment and its pods: what they were built
// from, as a hash, so that they are built anew when that changes.
const AnnotationSource = "ebb-node.github.io/reserve-source"

// Source is the hash of all that decides about a reserve but the choice of specs:
// that changes with stock and prices, and is made when pods are.
func Source(in Input) string {
	text, err := json.Marshal([]any{version, in.Standard.Spec.Template, in.Settings, in.Place})
	if err != nil {
		panic(err) // plain structs of the API: they can always be written
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// version changes when the same input is built otherwise.
const version = 2

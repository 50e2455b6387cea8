package translate

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// annotations translates those annotations that concern the group as a whole
// and not one of the pod's fields.
func (t *translator) annotations() {
	t.placement()
	t.images()
	t.network()
	t.system()
	t.passOn()
	t.refused()
	t.ignored()
	t.unknown()
}

// field is the path of an annotation.
func field(key string) string {
	return "metadata.annotations[" + Prefix + key + "]"
}

// value is an annotation without blanks around it; empty counts as absent.
func (t *translator) value(key string) string {
	return strings.TrimSpace(t.pod.Annotations[Prefix+key])
}

// first is the value of the first of several keys of one meaning.
func (t *translator) first(keys ...string) (key, value string) {
	for _, key := range keys {
		if v := t.value(key); v != "" {
			return key, v
		}
	}
	return keys[0], ""
}

// boolean reads "true" or "false"; absent is false.
func (t *translator) boolean(keys ...string) bool {
	key, v := t.first(keys...)
	switch strings.ToLower(v) {
	case "true":
		return true
	case "false", "":
	default:
		t.refuse(field(key), fmt.Sprintf("%q is neither true nor false", v), "")
	}
	return false
}

// integer reads a whole number between low and high; false means that there
// is no valid one.
func (t *translator) integer(key string, low, high int) (int, bool) {
	v := t.value(key)
	if v == "" {
		return 0, false
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < low || n > high {
		t.refuse(field(key), fmt.Sprintf("%q is not a whole number from %d to %d", v, low, high), "")
		return 0, false
	}
	return n, true
}

// choice reads one of several words, whatever its case, and returns it as the
// API spells it.
func (t *translator) choice(key string, words ...string) (string, bool) {
	v := t.value(key)
	if v == "" {
		return "", false
	}
	word, ok := matchWord(v, words)
	if !ok {
		t.refuse(field(key), fmt.Sprintf("%q is not one of %s", v, strings.Join(words, ", ")), "")
	}
	return word, ok
}

func matchWord(v string, words []string) (string, bool) {
	for _, w := range words {
		if strings.EqualFold(w, v) {
			return w, true
		}
	}
	return "", false
}

// list reads a comma list of at most limit items.
func (t *translator) list(limit int, keys ...string) []string {
	key, v := t.first(keys...)
	items := splitList(v)
	if len(items) > limit {
		t.refuse(field(key), fmt.Sprintf("has %d items and %d are allowed", len(items), limit), "")
		return nil
	}
	return items
}

// splitList splits a comma list; blanks and empty items don't count.
func splitList(v string) []string {
	var items []string
	for _, item := range strings.Split(v, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// ignore warns of annotations that have no effect.
func (t *translator) ignore(why string, keys ...string) {
	for _, key := range keys {
		if t.value(key) != "" {
			t.warn(ReasonAnnotationIgnored, fmt.Sprintf("%s has no effect: %s", field(key), why))
		}
	}
}

// unknown warns of annotations that look like ECI's and are none, since they
// may be misspelt.
func (t *translator) unknown() {
	for _, key := range slices.Sorted(maps.Keys(t.pod.Annotations)) {
		name, ours := strings.CutPrefix(key, Prefix)
		if ours && strings.HasPrefix(name, "eci-") && !knownKeys[name] {
			t.warn(ReasonUnknownAnnotation, fmt.Sprintf("%s is not known and has no effect", field(name)))
		}
	}
}

// knownKeys has every key that some part of the package knows.
var knownKeys = func() map[string]bool {
	known := map[string]bool{}
	for _, keys := range [][]string{handledKeys, writtenKeys} {
		for _, key := range keys {
			known[key] = true
		}
	}
	for _, p := range passedOn {
		known[p.key] = true
	}
	for _, n := range numbered {
		known[n.key] = true
	}
	for _, r := range refusedKeys {
		known[r.key] = true
	}
	for key := range ignoredKeys {
		known[key] = true
	}
	return known
}()

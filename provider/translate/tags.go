package translate

import (
	"fmt"
	"strings"

	"github.com/ebb-node/ebb/eci"
)

// Limits of tags.
// https://github.com/aliyun/aliyun-openapi-meta (eci/CreateContainerGroup)
const (
	maxTags     = 20
	maxTagKey   = 64
	maxTagValue = 128
)

// tags puts the user's tags after the node's.
func (t *translator) tags() {
	t.request.Tags = append(t.request.Tags, t.config.Tags...)
	v := t.value(keyCustomTags)
	if v == "" {
		return
	}
	tags, err := parseTags(v)
	if err != nil {
		t.refuse(field(keyCustomTags), err.Error(), "")
		return
	}
	for _, tag := range tags {
		if hasTag(t.config.Tags, tag.Key) {
			t.refuse(field(keyCustomTags), fmt.Sprintf("key %q is used by the node", tag.Key), "choose another key")
		}
	}
	t.request.Tags = append(t.request.Tags, tags...)
	if n := len(t.request.Tags); n > maxTags {
		t.refuse(field(keyCustomTags), fmt.Sprintf("makes %d tags and %d are allowed, of which the node uses %d", n, maxTags, len(t.config.Tags)), "")
	}
}

// parseTags parses "k1:v1,k2:v2". A value may hold colons.
func parseTags(v string) ([]eci.KeyValue, error) {
	var tags []eci.KeyValue
	for _, item := range splitList(v) {
		key, value, _ := strings.Cut(item, ":")
		tag := eci.KeyValue{Key: strings.TrimSpace(key), Value: strings.TrimSpace(value)}
		if err := checkTag(item, tag); err != nil {
			return nil, err
		}
		if hasTag(tags, tag.Key) {
			return nil, fmt.Errorf("key %q appears twice", tag.Key)
		}
		tags = append(tags, tag)
	}
	return tags, nil
}

// checkTag looks at the whole item for what may not stand in a key and would
// be cut off by its colon.
func checkTag(item string, tag eci.KeyValue) error {
	lower := strings.ToLower(item)
	switch {
	case tag.Key == "":
		return fmt.Errorf("an item has no key; items are key:value")
	case len([]rune(tag.Key)) > maxTagKey:
		return fmt.Errorf("key %q is longer than %d characters", tag.Key, maxTagKey)
	case len([]rune(tag.Value)) > maxTagValue:
		return fmt.Errorf("the value of key %q is longer than %d characters", tag.Key, maxTagValue)
	case strings.HasPrefix(lower, "aliyun"), strings.HasPrefix(lower, "acs:"):
		return fmt.Errorf("%q begins with aliyun or acs:, which are reserved", item)
	case strings.HasPrefix(lower, "http://"), strings.HasPrefix(lower, "https://"):
		return fmt.Errorf("%q has a URL where the key should be", item)
	}
	return nil
}

func hasTag(tags []eci.KeyValue, key string) bool {
	for _, t := range tags {
		if t.Key == key {
			return true
		}
	}
	return false
}

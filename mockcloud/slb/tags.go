package slb

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// tag as the newer actions write it: Tag.1.Key, Tag.1.Value.
type tag struct {
	Key   string
	Value string
}

// tags of one object, in the order in which they came.
type tags []tag

// tagView is a tag as answers write it.
type tagView struct {
	TagKey   string
	TagValue string
}

type tagViews struct{ Tag []tagView }

// Limits of tags (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-tagresources).
const (
	tagsPerResource = 20
	tagKeyLength    = 64
	tagValueLength  = 128
)

var reservedTagPrefixes = []string{"aliyun", "acs:", "http://", "https://"}

// with answers the tags with more; the same key overwrites.
func (t tags) with(more []tag, limit int) (tags, error) {
	next := slices.Clone(t)
	for _, m := range more {
		if err := m.validate(); err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(next, func(old tag) bool { return old.Key == m.Key }); i >= 0 {
			next[i].Value = m.Value
		} else {
			next = append(next, m)
		}
	}
	if len(next) > limit {
		return nil, refuse("TagCountLimit", "Tags count limit exceeded: %d are wanted, %d allowed.", len(next), limit)
	}
	return next, nil
}

func (t tag) validate() error {
	switch {
	case t.Key == "" || utf8.RuneCountInString(t.Key) > tagKeyLength:
		return rpc.InvalidParameter("Tag.Key", "1 to %d characters are wanted", tagKeyLength)
	case utf8.RuneCountInString(t.Value) > tagValueLength:
		return rpc.InvalidParameter("Tag.Value", "at most %d characters are wanted", tagValueLength)
	}
	for _, prefix := range reservedTagPrefixes {
		if strings.HasPrefix(t.Key, prefix) {
			return rpc.InvalidParameter("Tag.Key", "it must not begin with %s", prefix)
		}
	}
	return nil
}

// has reports whether a tag is there; one without value matches any.
func (t tags) has(wanted tag) bool {
	return slices.ContainsFunc(t, func(own tag) bool {
		return own.Key == wanted.Key && (wanted.Value == "" || own.Value == wanted.Value)
	})
}

func (t tags) hasAll(wanted []tag) bool {
	return !slices.ContainsFunc(wanted, func(w tag) bool { return !t.has(w) })
}

func (t tags) list() []tagView {
	views := make([]tagView, 0, len(t))
	for _, own := range t {
		views = append(views, tagView{own.Key, own.Value})
	}
	return views
}

func (t tags) view() tagViews { return tagViews{t.list()} }

// parseTags reads the older parameter Tags: [{"TagKey":"k","TagValue":"v"}].
func parseTags(text string) ([]tag, error) {
	entries, err := parseEntries(text, "TagKey", "TagValue")
	if err != nil {
		return nil, rpc.InvalidParameter("Tags", "%v", err)
	}
	list := make([]tag, 0, len(entries))
	for _, e := range entries {
		list = append(list, tag{e["TagKey"], e["TagValue"]})
	}
	return list, nil
}

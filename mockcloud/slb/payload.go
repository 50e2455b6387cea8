package slb

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// parseEntries reads a JSON parameter: a list of objects whose values are
// strings or numbers. Keys may begin in upper or lower case, as both are in
// use: the documents write ServerId and "100", the cloud controller manager
// serverId and 100. Entries come back with keys as documented.
func parseEntries(text string, known ...string) ([]map[string]string, error) {
	var raw []map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return nil, fmt.Errorf("a JSON list of objects is wanted")
	}
	entries := make([]map[string]string, 0, len(raw))
	for i, object := range raw {
		entry, err := parseEntry(object, known)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", i+1, err)
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

func parseEntry(object map[string]json.RawMessage, known []string) (map[string]string, error) {
	entry := make(map[string]string, len(object))
	for key, raw := range object {
		name := documentedKey(key, known)
		if name == "" {
			return nil, fmt.Errorf("the key %q is not known", key)
		}
		if _, twice := entry[name]; twice {
			return nil, fmt.Errorf("the key %s is there twice", name)
		}
		text, err := scalar(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		entry[name] = text
	}
	return entry, nil
}

// documentedKey is the known key that differs in the case of the first letter
// at most, or "".
func documentedKey(key string, known []string) string {
	i := slices.IndexFunc(known, func(k string) bool {
		return key == k || key == strings.ToLower(k[:1])+k[1:]
	})
	if i < 0 {
		return ""
	}
	return known[i]
}

func scalar(raw json.RawMessage) (string, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text, nil
	}
	var number json.Number
	if err := json.Unmarshal(raw, &number); err != nil {
		return "", fmt.Errorf("a string or a number is wanted")
	}
	return number.String(), nil
}

// parseIDs reads a JSON list of strings, such as RuleIds.
func parseIDs(text string) ([]string, error) {
	var ids []string
	err := json.Unmarshal([]byte(text), &ids)
	return ids, err
}

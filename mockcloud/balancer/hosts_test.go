package balancer

import "testing"

func TestTheMoreSpecificDomainWins(t *testing.T) {
	table := newHosts[string]()
	for _, d := range []string{"www.aliyun.com", "*.aliyun.com", "*.market.aliyun.com", "MiXed.Example.com"} {
		table.set(d, d)
	}
	for host, want := range map[string]string{
		// The table of the documents.
		"www.aliyun.com":         "www.aliyun.com",
		"market.aliyun.com":      "*.aliyun.com",
		"info.market.aliyun.com": "*.market.aliyun.com",

		"a.b.market.aliyun.com": "*.market.aliyun.com",
		"x.www.aliyun.com":      "*.aliyun.com",
		"aliyun.com":            "",
		".aliyun.com":           "",
		"notaliyun.com":         "",
		"com":                   "",
		"":                      "",
		"mixed.example.com":     "MiXed.Example.com",
	} {
		if got, found := table.find(host); got != want || found != (want != "") {
			t.Errorf("find(%q) = %q, %v; want %q", host, got, found, want)
		}
	}
}

func TestAHostIsComparedWithoutPortCaseAndRoot(t *testing.T) {
	for given, want := range map[string]string{
		"a.example.com":      "a.example.com",
		"A.Example.COM:8080": "a.example.com",
		"a.example.com.":     "a.example.com",
		"a.example.com.:80":  "a.example.com",
		"10.0.0.1:80":        "10.0.0.1",
		"[fd00::1]:80":       "fd00::1",
		"[fd00::1]":          "fd00::1",
		"":                   "",
	} {
		if got := canonicalHost(given); got != want {
			t.Errorf("canonicalHost(%q) = %q, want %q", given, got, want)
		}
	}
}

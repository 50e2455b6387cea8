package gateway

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// namesOf writes "a.com=cert" as hosts; certificates cover what a name says
// after a slash.
func namesOf(text string) (out []serverName) {
	for _, word := range strings.Fields(text) {
		host, cert, _ := strings.Cut(word, "=")
		cert, covers, wild := strings.Cut(cert, "/")
		n := serverName{host: host, certificate: cert, covers: []string{host}}
		if wild {
			n.covers = []string{covers}
		}
		out = append(out, n)
	}
	return out
}

func TestExtensions(t *testing.T) {
	for _, test := range []struct{ name, hosts, want string }{
		{"none", "", ""},
		{"the default needs none", "a.com=std b.com=std", ""},
		{"each certificate its host", "a.com=std b.com=x c.com=y", "b.com=x c.com=y"},
		{"one wildcard for two hosts", "a.com=std a.w.com=x/*.w.com b.w.com=x/*.w.com", "*.w.com=x"},
		{"one host needs no wildcard", "a.com=std a.w.com=x/*.w.com", "a.w.com=x"},
		{"no wildcard that is not in the certificate", "a.com=std a.w.com=x/*.v.com b.w.com=x/*.v.com", "a.w.com=x b.w.com=x"},
		{"an exact name beats the wildcard", "a.w.com=x/*.w.com b.w.com=x/*.w.com c.w.com=y", "*.w.com=x c.w.com=y"},
		{"hosts of the default below the wildcard", "s.w.com=std a.w.com=x/*.w.com b.w.com=x/*.w.com c.w.com=x/*.w.com", "*.w.com=x s.w.com=std"},
		{"a wildcard that saves nothing", "s.w.com=std a.w.com=x/*.w.com b.w.com=x/*.w.com", "a.w.com=x b.w.com=x"},
		{"of two for a host the first wins", "a.com=std b.com=x b.com=y", "b.com=x"},
		{"a host of the default before a wildcard host", "s.w.com=std *.w.com=x/*.w.com", "*.w.com=x s.w.com=std"},
		{"a host before a wildcard host", "a.w.com=x/*.w.com *.w.com=x/*.w.com", "*.w.com=x"},
		{"a wildcard host with a certificate of its own", "a.w.com=x/*.w.com b.w.com=x/*.w.com *.w.com=y/*.w.com", "*.w.com=y a.w.com=x b.w.com=x"},
		{"a wildcard host", "a.com=std *.w.com=x/*.w.com", "*.w.com=x"},
	} {
		var got []string
		for _, e := range extensions(namesOf(test.hosts), "std") {
			got = append(got, e.Domain+"="+e.Certificate)
		}
		if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: -want +got\n%s", test.name, diff)
		}
	}
}

package eci

import (
	"errors"
	"testing"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

func code(err error) string {
	var e *rpc.Error
	if errors.As(err, &e) {
		return e.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestRoundUp(t *testing.T) {
	tests := []struct {
		want, got size
		spot      bool
		code      string
	}{
		{want: size{0.25, 0.5}, got: size{0.25, 0.5}},
		{want: size{0.1, 0.1}, got: size{0.25, 0.5}},
		{want: size{0.25, 1.5}, got: size{0.5, 2}},
		{want: size{2, 3}, got: size{2, 4}},
		{want: size{0, 20}, got: size{4, 32}},
		{want: size{3, 1}, got: size{4, 2}},
		{want: size{9, 1}, got: size{12, 12}},
		{want: size{64, 512}, got: size{64, 512}},
		{want: size{0.5, 1}, spot: true, got: size{2, 1}},
		{want: size{65, 1}, code: "InvalidParameter.CPU.Memory"},
		{want: size{1, 513}, code: "InvalidParameter.CPU.Memory"},
	}
	for _, test := range tests {
		got, err := roundUp(test.want, test.spot)
		if got != test.got || code(err) != test.code {
			t.Errorf("roundUp(%v, spot %v) = %v, %v; want %v %s", test.want, test.spot, got, err, test.got, test.code)
		}
	}
}

func of(cpu, memory float64) containerRequest {
	var c containerRequest
	c.Cpu, c.Memory = &cpu, &memory
	return c
}

func TestRequestedSize(t *testing.T) {
	ignored := of(8, 16)
	ignored.EnvironmentVar = []environmentVar{{Key: "__ECI_RESOURCE_IGNORE__", Value: "TRUE"}}
	two := 2.0
	tests := []struct {
		name    string
		request createRequest
		want    size
		code    string
	}{
		{"nothing said", createRequest{Container: []containerRequest{{}}}, size{2, 4}, ""},
		{"sum", createRequest{Container: []containerRequest{of(1, 2), of(0.5, 1)}}, size{1.5, 3}, ""},
		{"one says nothing", createRequest{Container: []containerRequest{of(1, 2), {}}}, size{1, 2}, ""},
		{"ignored container", createRequest{Container: []containerRequest{of(1, 2), ignored}}, size{1, 2}, ""},
		{"greater init container", createRequest{
			Container:     []containerRequest{of(1, 2)},
			InitContainer: []initContainerRequest{of(0.5, 8).initContainerRequest},
		}, size{1, 8}, ""},
		{"group wins", createRequest{Cpu: &two, Memory: &two, Container: []containerRequest{of(8, 16)}}, size{2, 2}, ""},
		{"cpu without memory", createRequest{Cpu: &two}, size{}, "InvalidParameter.CPU.Memory"},
	}
	for _, test := range tests {
		got, err := test.request.requestedSize()
		if got != test.want || code(err) != test.code {
			t.Errorf("%s: %v, %v; want %v %s", test.name, got, err, test.want, test.code)
		}
	}
}

func TestInstanceTypes(t *testing.T) {
	catalogue, err := defaultInstanceTypes()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]size{
		"ecs.t6-c1m1.large": {2, 2}, "ecs.t5-lc2m1.nano": {1, 0.5},
		"ecs.c6.large": {2, 4}, "ecs.g7.xlarge": {4, 16}, "ecs.r8.4xlarge": {16, 128},
	} {
		if got, ok := instanceType(catalogue, name); !ok || got != want {
			t.Errorf("%s = %v, %v; want %v", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "ecs.c6", "ecs.z9.large", "c6.large", "ecs.c6.0xlarge", "2-4Gi"} {
		if got, ok := instanceType(catalogue, name); ok {
			t.Errorf("%q is known as %v", name, got)
		}
	}
}

func TestReadInstanceTypesRefusesWhatItCannotRead(t *testing.T) {
	for _, text := range []string{"", "a,b\n1,2\n", "instance_type,vcpu,memory_gib\necs.x.large,two,4\n"} {
		if _, err := readInstanceTypes(text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

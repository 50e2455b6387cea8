package eci

import (
	"strings"
	"testing"
)

func TestValidate(t *testing.T) {
	good := func() *CreateRequest {
		return &CreateRequest{
			Name: "web", ClientToken: "t", Containers: []Container{{Name: "app", Image: "i"}},
			InitContainers: []Container{{Name: "init", Image: "i"}},
			Volumes:        []Volume{{Name: "v", EmptyDir: &EmptyDir{}}},
		}
	}
	if err := validate(good()); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		change func(*CreateRequest)
		want   string
	}{
		{"no name", func(r *CreateRequest) { r.Name = "" }, "a name and a container are required"},
		{"no container", func(r *CreateRequest) { r.Containers = nil }, "a name and a container are required"},
		{"long token", func(r *CreateRequest) { r.ClientToken = strings.Repeat("x", 65) }, "ClientToken: 65"},
		{"many tags", func(r *CreateRequest) { r.Tags = make([]KeyValue, 21) }, "Tags: 21"},
		{"many containers", func(r *CreateRequest) { r.Containers = make([]Container, 21) }, "Containers: 21"},
		{"many volumes", func(r *CreateRequest) { r.Volumes = make([]Volume, 21) }, "Volumes: 21"},
		{"init probe", func(r *CreateRequest) { r.InitContainers[0].Readiness = &Probe{} }, "init container init: ECI takes no probes"},
		{"init hook", func(r *CreateRequest) { r.InitContainers[0].PreStop = &Handler{} }, "init container init"},
		{"empty probe", func(r *CreateRequest) { r.Containers[0].Liveness = &Probe{} }, "container app: liveness probe: none of"},
		{"probe header", func(r *CreateRequest) {
			r.Containers[0].Readiness = &Probe{Handler: Handler{HTTPGet: &HTTPGet{Port: 80, Headers: []KeyValue{{"a", "b"}}}}}
		}, "container app: readiness probe: ECI takes no host and no headers"},
		{"long probe", func(r *CreateRequest) { r.Containers[0].Liveness = &Probe{Handler: Handler{Exec: make([]string, 21)}} }, "21 words"},
		{"no volume type", func(r *CreateRequest) { r.Volumes[0].EmptyDir = nil }, "volume v: has 0 types"},
		{"two volume types", func(r *CreateRequest) { r.Volumes[0].NFS = &NFS{} }, "volume v: has 2 types"},
		{"large file", func(r *CreateRequest) {
			r.Volumes[0] = Volume{Name: "v", ConfigFile: &ConfigFile{Files: []File{{Path: "f", Content: make([]byte, 32<<10+1)}}}}
		}, "volume v: file f has 32769 bytes"},
		{"extra twice", func(r *CreateRequest) { r.Extra = map[string]string{"ContainerGroupName": "x"} }, "ContainerGroupName is set by a field"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := good()
			tt.change(r)
			err := validate(r)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !IsInvalid(err) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
		})
	}
}

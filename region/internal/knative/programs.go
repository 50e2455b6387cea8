package knative

import (
	"path"
	"strings"
)

// Version is that of the module knative.dev/serving, and the tag of all images
// that are made here.
const Version = "v0.50.0"

// Programs are the import paths of Knative Serving's programs.
var Programs = []string{
	"knative.dev/serving/cmd/activator",
	"knative.dev/serving/cmd/autoscaler",
	"knative.dev/serving/cmd/controller",
	"knative.dev/serving/cmd/queue",
	"knative.dev/serving/cmd/webhook",
}

// testImages is where the pods of Knative's ingress conformance suite have
// their programs.
const testImages = "knative.dev/networking/test/test_images"

// TestPrograms are the import paths of the programs that run in the pods of
// Knative's ingress conformance suite.
var TestPrograms = []string{
	testImages + "/grpc-ping",
	testImages + "/httpproxy",
	testImages + "/retry",
	testImages + "/runtime",
	testImages + "/timeout",
	testImages + "/wsserver",
}

// Repository is the repository of a program's image, without a registry.
func Repository(program string) string { return program }

// EntryPoint is the path of a program in its image, as ko has it
// (https://ko.build/features/static-assets/).
func EntryPoint(program string) string { return "/ko-app/" + path.Base(program) }

// koPrefix marks the import path of a program where YAML wants an image
// (https://ko.build/features/k8s/).
const koPrefix = "ko://"

// reference is the image that stands for a ko reference.
func reference(registry, text string) (string, bool) {
	program, ok := strings.CutPrefix(text, koPrefix)
	return registry + "/" + Repository(program) + ":" + Version, ok
}

package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/sirupsen/logrus"
	vklog "github.com/virtual-kubelet/virtual-kubelet/log"
)

func TestVersion(t *testing.T) {
	var out bytes.Buffer
	cmd := root()
	cmd.SetArgs([]string{"version"})
	cmd.SetOut(&out)
	if err := cmd.ExecuteContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.HasPrefix(got, "v1.") || !strings.Contains(got, "-ebb-dev") {
		t.Errorf("version %q", got)
	}
}

func TestAMissingKubeconfigIsNamed(t *testing.T) {
	cmd := root()
	cmd.SetArgs([]string{"run", "--region=cn-hangzhou", "--cluster-id=shop", "--node-ip=10.0.0.9", "--kubeconfig=/nowhere/config"})
	if err := cmd.ExecuteContext(context.Background()); err == nil || !strings.Contains(err.Error(), "/nowhere/config") {
		t.Errorf("got %v", err)
	}
}

// Libraries print requests and objects at debug level; those may hold what
// must not be seen.
func TestLibrariesDoNotLogAtDebugLevel(t *testing.T) {
	log := newLog(&options{logLevel: "debug", logFormat: formatText})
	var out bytes.Buffer
	log.SetOutput(&out)
	libraryLog(log, "x").Debug("a whole object")
	libraryLog(log, "x").Info("a line")
	if got := out.String(); strings.Contains(got, "object") || !strings.Contains(got, "a line") {
		t.Errorf("log %q", got)
	}
	if log.GetLevel() != logrus.DebugLevel || vklog.L == nil {
		t.Error("the log is not set up")
	}
}

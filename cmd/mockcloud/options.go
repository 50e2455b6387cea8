package main

import (
	"fmt"
	"os"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/spf13/pflag"

	"github.com/ebb-node/ebb/mockcloud"
	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// The environment variables of the access key. It is no flag, since flags are
// visible to every user of the machine.
const (
	envKeyID     = "MOCKCLOUD_ACCESS_KEY_ID"
	envKeySecret = "MOCKCLOUD_ACCESS_KEY_SECRET"
)

// options are the flags as they were written.
type options struct {
	listen, adminListen string
	certFile, keyFile   string
	logLevel            string

	region         string
	vSwitches      []string
	securityGroups []string
	quotas         string
	latencies      map[string]string
	speed          float64
	execProtocol   string

	runtime string
	runc    runcOptions
	slb     slbOptions
}

// runcOptions are those of the runtime that really runs containers.
type runcOptions struct {
	stateDir     string
	bridge       string
	gateway      string
	mirrors      map[string]string
	plainHTTP    []string
	cgroups      string
	cgroupParent string
	rootless     bool
}

func defaultOptions() *options {
	return &options{
		listen: "127.0.0.1:8080", logLevel: "info", region: mockcloud.DefaultRegion,
		quotas: "documented", speed: 1, execProtocol: "auto", runtime: "simulated",
		runc: runcOptions{stateDir: "/var/lib/mockcloud", bridge: "mockcloud0", cgroups: "auto"},
	}
}

func (o *options) bind(f *pflag.FlagSet) {
	f.StringVar(&o.listen, "listen", o.listen, "address of the cloud")
	f.StringVar(&o.adminListen, "admin-listen", "", "address of the admin endpoint, which asks for no password (off if empty)")
	f.StringVar(&o.certFile, "tls-cert-file", "", "certificate of the cloud; with it and its key it speaks HTTPS")
	f.StringVar(&o.keyFile, "tls-private-key-file", "", "private key of the certificate")
	f.StringVar(&o.logLevel, "log-level", o.logLevel, "error, warn, info or debug (a line per call)")

	f.StringVar(&o.region, "region", o.region, "region id")
	f.StringArrayVar(&o.vSwitches, "vswitch", nil, "a vSwitch as id=zone=cidr, repeatable; the first is the default")
	f.StringArrayVar(&o.securityGroups, "security-group", nil, "a security group id, repeatable; the first is the default")
	f.StringVar(&o.quotas, "quotas", o.quotas, "call limits: documented or lifted")
	f.StringToStringVar(&o.latencies, "latency", nil,
		"durations: create, delete or any action=... for answers; schedule, pull, start, ready, stop=... for simulated groups; "+
			"slb-write, slb-configuring, slb-effect=... for load balancers")
	f.Float64Var(&o.speed, "speed", o.speed, "how many seconds of the cloud pass in one")
	f.StringVar(&o.execProtocol, "exec-protocol", o.execProtocol, "frames of exec sessions: auto (channel if the client offers it) or plain")

	f.StringVar(&o.runtime, "runtime", o.runtime, "what groups run on: simulated or runc")
	o.runc.bind(f)
	o.slb.bind(f)
}

func (o *runcOptions) bind(f *pflag.FlagSet) {
	f.StringVar(&o.stateDir, "state-dir", o.stateDir, "runc: directory for images, containers and logs")
	f.StringVar(&o.bridge, "bridge", o.bridge, "runc: bridge that groups are attached to")
	f.StringVar(&o.gateway, "gateway", "", "runc: address of the bridge with its network, such as 10.244.0.1/16")
	f.StringToStringVar(&o.mirrors, "registry-mirror", nil, "runc: host=address of a registry that stands in for another, repeatable")
	f.StringArrayVar(&o.plainHTTP, "plain-http-registry", nil, "runc: a registry without TLS, repeatable")
	f.StringVar(&o.cgroups, "cgroups", o.cgroups, "runc: auto, on or off")
	f.StringVar(&o.cgroupParent, "cgroup-parent", "", "runc: cgroup below which groups have theirs")
	f.BoolVar(&o.rootless, "rootless", false, "runc: every container runs as the one user of this user namespace")
}

// credential reads the access key.
func credential() (rpc.Credential, error) {
	c := rpc.Credential{AccessKeyID: os.Getenv(envKeyID), AccessKeySecret: os.Getenv(envKeySecret)}
	if c.AccessKeyID == "" || c.AccessKeySecret == "" {
		return c, fmt.Errorf("set %s and %s: the access key that callers must sign with", envKeyID, envKeySecret)
	}
	return c, nil
}

func (o *options) logger() (*logrus.Entry, error) {
	level, err := logrus.ParseLevel(o.logLevel)
	if err != nil {
		return nil, fmt.Errorf("--log-level %q: use error, warn, info or debug", o.logLevel)
	}
	log := logrus.New()
	log.SetLevel(level)
	log.SetFormatter(&logrus.TextFormatter{FullTimestamp: true, TimestampFormat: time.RFC3339Nano})
	return logrus.NewEntry(log), nil
}

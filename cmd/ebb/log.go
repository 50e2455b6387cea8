package main

import (
	"github.com/bombsimon/logrusr/v4"
	"github.com/sirupsen/logrus"
	vklog "github.com/virtual-kubelet/virtual-kubelet/log"
	vklogrus "github.com/virtual-kubelet/virtual-kubelet/log/logrus"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
)

// newLog sets up the one log of the process, and leads the logs of
// virtual-kubelet, client-go and controller-runtime into it.
func newLog(o *options) *logrus.Logger {
	log := logrus.New()
	level, err := logrus.ParseLevel(o.logLevel)
	if err != nil { // complete has checked it
		level = logrus.InfoLevel
	}
	log.SetLevel(level)
	log.SetFormatter(&logrus.TextFormatter{FullTimestamp: true, DisableColors: true})
	if o.logFormat == formatJSON {
		log.SetFormatter(&logrus.JSONFormatter{})
	}
	vklog.L = vklogrus.FromLogrus(libraryLog(log, "virtual-kubelet"))
	klog.SetLogger(logrusr.New(libraryLog(log, "client-go")))
	ctrl.SetLogger(logrusr.New(libraryLog(log, "controller-runtime")))
	return log
}

// libraryLog is the log for a library. At info and above it says what the
// process says; below, libraries print whole objects and request bodies, which
// may hold what must not be seen, so their debug level is left out.
func libraryLog(log *logrus.Logger, name string) *logrus.Entry {
	quiet := &logrus.Logger{
		Out: log.Out, Hooks: log.Hooks, Formatter: log.Formatter, ExitFunc: log.ExitFunc,
		Level: min(log.GetLevel(), logrus.InfoLevel),
	}
	return quiet.WithField("component", name)
}

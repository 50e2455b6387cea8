package mockcloud

import (
	"errors"
	"net"
	"net/http"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// Server is a cloud on loopback ports.
type Server struct {
	*Cloud

	URL             string // of the cloud
	AdminURL        string // of the admin endpoint
	Endpoint        string // host:port of URL, what clients call an endpoint or domain
	RegionID        string
	AccessKeyID     string
	AccessKeySecret string
	VSwitchID       string
	SecurityGroupID string

	servers []*http.Server
}

// NewServer starts a cloud over plain HTTP on ports of 127.0.0.1.
func NewServer(c Config) (*Server, error) {
	c = c.withDefaults()
	cloud, err := New(c)
	if err != nil {
		return nil, err
	}
	s := &Server{
		Cloud: cloud, RegionID: c.RegionID, VSwitchID: c.VSwitches[0].ID, SecurityGroupID: c.SecurityGroups[0],
		AccessKeyID: c.Credentials[0].AccessKeyID, AccessKeySecret: c.Credentials[0].AccessKeySecret,
	}
	if s.Endpoint, err = s.serve(cloud.Handler()); err == nil {
		var admin string
		admin, err = s.serve(cloud.AdminHandler())
		s.URL, s.AdminURL = "http://"+s.Endpoint, "http://"+admin
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Credential is the first key that opens the cloud.
func (s *Server) Credential() rpc.Credential {
	return rpc.Credential{AccessKeyID: s.AccessKeyID, AccessKeySecret: s.AccessKeySecret}
}

// Close ends the listeners, connections and groups.
func (s *Server) Close() error {
	var errs []error
	for _, server := range s.servers {
		errs = append(errs, server.Close())
	}
	return errors.Join(append(errs, s.Cloud.Close())...)
}

func (s *Server) serve(handler http.Handler) (addr string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler}
	s.servers = append(s.servers, server)
	go server.Serve(listener)
	return listener.Addr().String(), nil
}

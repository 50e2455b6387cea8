package rpc

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// failure is the documented error body.
type failure struct {
	Code      string
	Message   string
	RequestId string
	HostId    string
	Recommend string
}

// encode makes the body and status of an answer, and its code for the record.
func (s *Server) encode(x *exchange, r *http.Request, answer any, err error) (body []byte, status int, code string) {
	if err == nil {
		if body, err = withRequestID(answer, x.id); err == nil {
			return body, http.StatusOK, ""
		}
	}
	refusal := s.asError(x, err)
	body, _ = json.Marshal(failure{
		Code: refusal.Code, Message: refusal.Message, RequestId: x.id, HostId: r.Host,
		Recommend: recommend(x, refusal.Code),
	})
	return body, refusal.Status, refusal.Code
}

// recommend is the help page that real errors point to.
func recommend(x *exchange, code string) string {
	query := url.Values{"q": {code}, "product": {x.product}, "requestId": {x.id}}
	return "https://api.alibabacloud.com/troubleshoot?" + query.Encode()
}

// withRequestID encodes an answer and puts RequestId in front of its members.
func withRequestID(answer any, id string) ([]byte, error) {
	if answer == nil {
		answer = struct{}{}
	}
	members, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	body := []byte(`{"RequestId":"` + id + `"`)
	if !bytes.Equal(members, []byte("{}")) {
		body = append(body, ',')
	}
	return append(body, members[1:]...), nil
}

// requestID is a random UUID in upper case, as the service writes them.
func requestID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%X-%X-%X-%X-%X", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

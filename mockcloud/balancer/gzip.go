package balancer

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// compressible are the types that the listener compresses: UNVERIFIED, the
// documents only say that certain types are.
var compressible = []string{
	"text/xml", "text/plain", "text/css",
	"application/javascript", "application/x-javascript",
	"application/rss+xml", "application/atom+xml", "application/xml", "application/json",
}

// compressMinimum is the smallest body worth it, in bytes: UNVERIFIED, what
// Tengine's ancestor does by default.
const compressMinimum = 20

// compress replaces the body with its gzip form, piece by piece, if the
// client takes it and the type is on the list.
func compress(response *http.Response) {
	if !wantsGzip(response) {
		return
	}
	response.Body = newGzipBody(response.Body)
	response.ContentLength = -1
	header := response.Header
	header.Set("Content-Encoding", "gzip")
	header.Add("Vary", "Accept-Encoding")
	header.Del("Content-Length")
	header.Del("Accept-Ranges")
	if tag := header.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		header.Set("ETag", "W/"+tag)
	}
}

func wantsGzip(response *http.Response) bool {
	request, header := response.Request, response.Header
	kind, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	switch {
	case request.Method == http.MethodHead, request.ProtoMajor == 1 && request.ProtoMinor == 0:
		return false
	case response.StatusCode != 200 && response.StatusCode != 403 && response.StatusCode != 404:
		return false
	case header.Get("Content-Encoding") != "", strings.Contains(header.Get("Cache-Control"), "no-transform"):
		return false
	case response.ContentLength >= 0 && response.ContentLength < compressMinimum:
		return false
	}
	return slices.Contains(compressible, kind) && acceptsGzip(request.Header["Accept-Encoding"])
}

func acceptsGzip(accepted []string) bool {
	for coding := range strings.SplitSeq(strings.Join(accepted, ","), ",") {
		name, quality, _ := strings.Cut(coding, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			return strings.Trim(quality, " q=0.") != "" || strings.TrimSpace(quality) == ""
		}
	}
	return false
}

// gzipBody compresses what it reads, and lets go of each piece at once, so
// that a stream stays one.
type gzipBody struct {
	source io.ReadCloser
	writer *gzip.Writer
	ready  bytes.Buffer
	piece  []byte
	err    error // of the source; io.EOF once all is compressed
}

func newGzipBody(source io.ReadCloser) *gzipBody {
	b := &gzipBody{source: source, piece: make([]byte, copyBuffer)}
	b.writer = gzip.NewWriter(&b.ready)
	return b
}

func (b *gzipBody) Read(p []byte) (int, error) {
	for b.ready.Len() == 0 {
		if b.err != nil {
			return 0, b.err
		}
		b.fill()
	}
	return b.ready.Read(p)
}

// fill compresses the next piece of the source. Writing into memory can't fail.
func (b *gzipBody) fill() {
	n, err := b.source.Read(b.piece)
	if n > 0 {
		_, _ = b.writer.Write(b.piece[:n])
		_ = b.writer.Flush()
	}
	if err == io.EOF {
		_ = b.writer.Close()
	}
	b.err = err
}

func (b *gzipBody) Close() error { return b.source.Close() }

package objects

import (
	"golang.org/x/sync/singleflight"
	utilcache "k8s.io/apimachinery/pkg/util/cache"
	"k8s.io/utils/clock"
)

// cache remembers objects for a short time. Failures are not remembered: an
// object that a pod waits for should be found as soon as it exists.
type cache[T any] struct {
	objects *utilcache.LRUExpireCache
	flights singleflight.Group
}

func newCache[T any](c clock.PassiveClock) *cache[T] {
	return &cache[T]{objects: utilcache.NewLRUExpireCacheWithClock(memorySize, c)}
}

// get returns the object of a key, which read fetches when it is not
// remembered; those who ask at the same time share one read.
func (c *cache[T]) get(key string, read func() (T, error)) (T, error) {
	if v, ok := c.objects.Get(key); ok {
		return v.(T), nil
	}
	v, err, _ := c.flights.Do(key, func() (any, error) {
		if v, ok := c.objects.Get(key); ok { // another flight has just landed
			return v, nil
		}
		v, err := read()
		if err == nil {
			c.objects.Add(key, v, memory)
		}
		return v, err
	})
	return v.(T), err
}

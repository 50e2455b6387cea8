package runtime

import "errors"

// ErrNotFound says that a runtime does not know the group or container.
var ErrNotFound = errors.New("no such container group or container")

// ErrNotRunning says that a container does not run at this moment.
var ErrNotRunning = errors.New("container is not running")

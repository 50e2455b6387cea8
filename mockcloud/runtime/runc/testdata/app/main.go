// Command app is what the containers of the tests run. Its arguments are
// steps, done one after the other: "print=hello" "sleep=1s" "exit=3".
package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

var steps = map[string]func(string){
	"print":              func(s string) { fmt.Println(s) },
	"printf":             func(s string) { fmt.Print(s) },
	"printerr":           func(s string) { fmt.Fprintln(os.Stderr, s) },
	"exit":               func(s string) { os.Exit(number(s)) },
	"sleep":              func(s string) { time.Sleep(duration(s)) },
	"wait":               wait,
	"wait-then":          waitThen,
	"remove":             func(s string) { must(os.Remove(s)) },
	"serve-tls":          serveTLS,
	"burn-for":           burnFor,
	"line":               line,
	"leave-with-streams": leaveWithStreams,
	"stubborn":           func(string) { signal.Ignore(syscall.SIGTERM); fmt.Println("stubborn"); forever() },
	"env":                func(s string) { fmt.Println(os.Getenv(s)) },
	"cat":                cat,
	"write":              write,
	"try-write":          tryWrite,
	"ls":                 ls,
	"mode":               mode,
	"status":             status,
	"hostname":           func(string) { name, err := os.Hostname(); must(err); fmt.Println(name) },
	"cwd":                func(string) { dir, err := os.Getwd(); must(err); fmt.Println(dir) },
	"input":              input,
	"stdin":              func(string) { _, err := io.Copy(os.Stdout, os.Stdin); must(err) },
	"tty":                tty,
	"winch":              winch,
	"serve":              serve,
	"get":                get,
	"dial":               dial,
	"burn":               burn,
	"alloc":              alloc,
	"exists":             func(s string) { _, err := os.Stat(s); must(err) },
	"first":              first,
	"wait-for":           waitFor,
	"processes":          processes,
	"leave":              leave,
	"lines":              lines,
}

func main() {
	for _, arg := range os.Args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		step, ok := steps[name]
		if !ok {
			must(fmt.Errorf("no step %q", name))
		}
		step(value)
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	must(err)
	return n
}

func duration(s string) time.Duration {
	d, err := time.ParseDuration(s)
	must(err)
	return d
}

// wait ends well at SIGTERM, after the given time.
func wait(s string) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM)
	fmt.Println("waiting")
	<-c
	if s != "" {
		time.Sleep(duration(s))
	}
	fmt.Println("terminated")
	os.Exit(0)
}

// waitThen waits for SIGTERM and then for a file.
func waitThen(path string) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM)
	<-c
	fmt.Println("told to end")
	waitFor(path)
}

func cat(path string) {
	b, err := os.ReadFile(path)
	must(err)
	os.Stdout.Write(b)
}

// write=path:content
func write(s string) {
	path, content, _ := strings.Cut(s, ":")
	must(os.WriteFile(path, []byte(content), 0o644))
}

func tryWrite(s string) {
	path, content, _ := strings.Cut(s, ":")
	if err := os.WriteFile(path, []byte(content), 0); err != nil {
		fmt.Println("refused")
		return
	}
	fmt.Println("written")
}

func ls(path string) {
	entries, err := os.ReadDir(path)
	must(err)
	for _, e := range entries {
		fmt.Println(e.Name())
	}
}

func mode(path string) {
	info, err := os.Stat(path)
	must(err)
	fmt.Printf("%o\n", info.Mode().Perm())
}

// status prints a line of /proc/self/status.
func status(key string) {
	b, err := os.ReadFile("/proc/self/status")
	must(err)
	for _, line := range strings.Split(string(b), "\n") {
		if strings.HasPrefix(line, key+":") {
			fmt.Println(strings.Join(strings.Fields(line), " "))
		}
	}
}

// input says whether standard input may bring something yet.
func input(string) {
	must(syscall.SetNonblock(0, true))
	if _, err := syscall.Read(0, make([]byte, 1)); err == syscall.EAGAIN {
		fmt.Println("open")
		return
	}
	fmt.Println("at its end")
}

func winsize() (rows, columns uint16, err error) {
	var size [4]uint16
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, 1, syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size)))
	if errno != 0 {
		err = errno
	}
	return size[0], size[1], err
}

func tty(string) {
	_, _, err := winsize()
	fmt.Println("tty", err == nil)
}

// winch prints the terminal's size once it is not 0 by 0.
func winch(string) {
	for {
		rows, columns, err := winsize()
		must(err)
		if rows != 0 {
			fmt.Println("size", columns, rows)
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// serve=port[:file] answers requests: with 200, if the file exists, otherwise
// with 503. It does not return.
func serve(s string) {
	port, file, _ := strings.Cut(s, ":")
	must(http.ListenAndServe(":"+port, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.Host, r.URL.Path, r.UserAgent(), r.Header.Get("X-Test"))
		if file != "" {
			if _, err := os.Stat(file); err != nil {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		}
		fmt.Fprintln(w, "served")
	})))
}

// serveTLS=port:directory of key and certificate
func serveTLS(s string) {
	port, dir, _ := strings.Cut(s, ":")
	must(http.ListenAndServeTLS(":"+port, dir+"/crt", dir+"/key", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
}

func get(url string) {
	response, err := http.Get(url)
	must(err)
	defer response.Body.Close()
	_, err = io.Copy(os.Stdout, response.Body)
	must(err)
}

func dial(address string) {
	conn, err := net.DialTimeout("tcp", address, 5*time.Second)
	must(err)
	conn.Close()
	fmt.Println("connected")
}

// burn keeps a number of processors busy for ever.
func burn(s string) {
	for range number(s) {
		go func() {
			for {
			}
		}()
	}
	forever()
}

func forever() {
	for {
		time.Sleep(time.Hour)
	}
}

// burnFor uses so much time of a processor.
func burnFor(s string) {
	for wanted := duration(s); ; {
		var used syscall.Rusage
		must(syscall.Getrusage(syscall.RUSAGE_SELF, &used))
		if time.Duration(used.Utime.Nano()+used.Stime.Nano()) >= wanted {
			return
		}
	}
}

// line reads a line.
func line(string) {
	var text string
	_, err := fmt.Scanln(&text)
	must(err)
	fmt.Println("read", text)
}

// alloc takes so many MiB and touches them.
func alloc(s string) {
	for range number(s) {
		held = append(held, bytes.Repeat([]byte{1}, 1<<20))
	}
}

var held [][]byte

// first=path:code exits with the code unless the file exists, and makes it.
func first(s string) {
	path, code, _ := strings.Cut(s, ":")
	if _, err := os.Stat(path); err == nil {
		return
	}
	must(os.WriteFile(path, nil, 0o644))
	os.Exit(number(code))
}

func waitFor(path string) {
	for {
		if _, err := os.Stat(path); err == nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// processes prints the names of all processes.
func processes(string) {
	files, err := os.ReadDir("/proc")
	must(err)
	for _, f := range files {
		if comm, err := os.ReadFile("/proc/" + f.Name() + "/comm"); err == nil && f.Name()[0] <= '9' {
			fmt.Print(string(comm))
		}
	}
}

// leave starts a process that stays behind.
func leave(string) {
	cmd := exec.Command("/app", "sleep=1h")
	must(cmd.Start())
	fmt.Println("left", cmd.Process.Pid)
}

// leaveWithStreams starts a process that keeps our streams open.
func leaveWithStreams(string) {
	cmd := exec.Command("/app", "sleep=1h")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	must(cmd.Start())
}

// lines prints so many numbered lines.
func lines(s string) {
	for i := range number(s) {
		fmt.Println("line", i)
	}
}

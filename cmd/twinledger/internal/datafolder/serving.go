package datafolder

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"twinledger/domain/event"
)

// A Serving says where the serve that holds a folder answers, and what who may
// write to it sends. It stands in the folder, readable by its owner only, while
// serve runs. One that was left behind by a process that was killed leads nowhere:
// the next serve has another secret.
type Serving struct {
	Address string `json:"address"` // http://host:port
	Secret  string `json:"secret"`
	PID     int    `json:"pid"` // for a person who looks for the process
}

func servingPath(folder string) string { return filepath.Join(folder, "serve.json") }

// AddressOf returns where a listener is reached from this machine.
func AddressOf(listener net.Listener) string {
	address := listener.Addr().String()
	if tcp, ok := listener.Addr().(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		loopback := net.IPv4(127, 0, 0, 1)
		if tcp.IP.To4() == nil {
			loopback = net.IPv6loopback
		}
		address = (&net.TCPAddr{IP: loopback, Port: tcp.Port}).String()
	}
	return "http://" + address
}

// Write puts s into the folder, whole or not at all.
func (s Serving) Write(folder string) error {
	b, err := event.Marshal(s)
	if err != nil {
		return fmt.Errorf("write serve.json: %w", err)
	}
	// CreateTemp makes files that only their owner may read.
	f, err := os.CreateTemp(folder, "serve-*.json")
	if err != nil {
		return fmt.Errorf("write serve.json: %w", err)
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), servingPath(folder))
	}
	if err != nil {
		return fmt.Errorf("write serve.json: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

// Remove takes s out of the folder.
func (Serving) Remove(folder string) error {
	if err := os.Remove(servingPath(folder)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove serve.json: %w", err)
	}
	return nil
}

// ReadServing returns what stands in the folder; the zero serving when nothing
// does, or nothing whole.
func ReadServing(folder string) (Serving, error) {
	var s Serving
	b, err := os.ReadFile(servingPath(folder))
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("read serve.json: %w", err)
	}
	if json.Unmarshal(b, &s) != nil {
		return Serving{}, nil
	}
	return s, nil
}

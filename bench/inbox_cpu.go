package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of /proc/pid/stat, the same on every Linux.
const clockTick = 10 * time.Millisecond

// cpuOf is the processor time that processes, and the children of the last,
// have used; 0 where the system does not tell.
func cpuOf(pid, parent int) time.Duration {
	total := statOf(pid).own
	if parent == 0 {
		return total
	}
	server := statOf(parent)
	total += server.own + server.ended
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is right
	for _, path := range stats {
		child, err := strconv.Atoi(strings.Split(path, "/")[2])
		if err != nil {
			continue
		}
		if s := statOf(child); s.parent == parent {
			total += s.own
		}
	}
	return total
}

type processStat struct {
	parent     int
	own, ended time.Duration // of itself, and of children that have ended
}

func statOf(pid int) processStat {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return processStat{}
	}
	_, after, _ := strings.Cut(string(text), ") ") // the name before it may hold anything
	fields := strings.Fields(after)
	if len(fields) < 15 {
		return processStat{}
	}
	ticks := func(i int) time.Duration {
		n, _ := strconv.ParseInt(fields[i], 10, 64)
		return time.Duration(n) * clockTick
	}
	parent, _ := strconv.Atoi(fields[1])
	return processStat{parent, ticks(11) + ticks(12), ticks(13) + ticks(14)}
}

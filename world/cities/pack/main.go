// Command pack reads the places that pick.js prints, adds the time zone of each
// and writes places.tsv.gz, the file that package world embeds. The zone is
// worked out here so that a demo starts without loading the world's boundaries.
package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"

	"github.com/vacancyhq/vacancy/world/zones"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: pack FILE < lines of pick.js")
	}
	if err := pack(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func pack(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	// No name and no time in the header: the same places give the same bytes.
	out, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		zone, err := zoneOf(lines.Text())
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\t%s\n", lines.Text(), zone)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return file.Close()
}

func zoneOf(line string) (string, error) {
	fields := strings.Split(line, "\t")
	if len(fields) != 7 {
		return "", fmt.Errorf("want 7 fields: %q", line)
	}
	lat, err := strconv.ParseFloat(fields[2], 64)
	if err != nil {
		return "", err
	}
	lon, err := strconv.ParseFloat(fields[3], 64)
	if err != nil {
		return "", err
	}
	zone, ok := zones.At(lat, lon)
	if !ok {
		return "", fmt.Errorf("no zone: %q", line)
	}
	return zone, nil
}

package main

import (
	"strings"
	"testing"
)

// Errors go to logs and screens: none repeats a password.
func TestBadSearchAddressIsNotRepeated(t *testing.T) {
	for _, address := range []string{
		"opensearch:http://vacancy:s3cret@host:port", "opensearch:http://vacancy:s3cret%@host:9200",
		"elasticsearch:http://vacancy:s3cret@host:port", "elasticsearch:http://vacancy:s3cret%@host:9200",
		"opensearch:vacancy:s3cret@host:9200", "http://vacancy:s3cret@host:9200",
	} {
		_, err := openCluster(address)
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"opensearch:http://vacancy:s3cret@host:9200", "elasticsearch:http://a:9200,http://b:9200"} {
		if _, err := openCluster(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

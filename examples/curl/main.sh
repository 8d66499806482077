#!/usr/bin/env bash
# Logs once at each level through sluice-logger.sh.
set -euo pipefail
SLUICE_SOURCE=curl-logger
. "$(dirname "$0")/sluice-logger.sh"

sluice_log debug 1 'Reading prices'
sluice_log info 2 'Processing prices.txt'
sluice_log warning 3 'Price of SL-1004 is old: "93 days"'
sluice_log error 4 'Cannot use line 7 of prices.txt: expected a price, got n/a'
sluice_log critical 5 'Price of SL-1031 is below zero: -4.5'
sluice_log info 6 'Done processing prices.txt'
sluice_flush
echo "$sluice_put of 6 events put"

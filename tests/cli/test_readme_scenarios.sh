#!/bin/sh
# The commands in the README files of scenarios work.
. "$(dirname "$0")/readme.inc"

run_blocks scenarios/README.md scenarios/rare-earth/README.md scenarios/backtests/world-2025/README.md scenarios/sweeps/README.md
exit $bad

#!/bin/sh
# What a sweep adds to its runs: 2,000 short runs of the toy network, 250 numbers of each. The share of time inside runs at 2
# threads, 2 threads against 1, bytes a run in the merged file.
root=$(cd "$(dirname "$0")/../.." && pwd)
L=${LODESTONE:-$root/build/lodestone}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cp -R "$root/tests/cli/toy" "$dir" && cd "$dir" || exit 1
cat > toy/s.cfg << 'END'
title = "bench"; base = "baseline.cfg"; scenarios = [ "licence.cfg" ]; set = [ "horizon_d=350" ]; seed = 1;
factors = ( { id = "share"; path = "rules.toy-inspect.share"; range = [0.1, 0.5]; }, { id = "approval"; path = "offices.office.approval"; range = [0.5, 1]; } );
design = { method = "sobol"; points = 64; }; replications = { first = 16; };
outputs = (
  { id = "ore"; column = "group_made"; where = { group_tier = "mine"; }; by = "week"; },
  { id = "magnets"; column = "group_made"; where = { group_tier = "magnet"; }; by = "week"; },
  { id = "motors"; column = "group_made"; where = { group_tier = "component"; }; by = "week"; },
  { id = "cars"; column = "group_made"; where = { group_tier = "vehicle"; }; by = "week"; },
  { id = "all"; column = "group_made"; by = "week"; }
);
END
# run THREADS: seconds, share of them inside runs.
run() {
    "$L" sweep run toy/s.cfg -o "t$1" --threads "$1" --progress json 2> log > /dev/null || exit 1
    awk -F '[:,}]' -v t="$1" '/"end"/ { for (i = 1; i < NF; i++) { if ($i ~ /elapsed_s/) e = $(i + 1); if ($i ~ /in_runs_s/) r = $(i + 1) } print e, r / e / t }' log
}
one=$(run 1) && two=$(run 2) && "$L" sweep merge toy/s.cfg -o t2 --to m.h5 --quiet || exit 1
echo "$one $two $(stat -c %s m.h5) $("$L" sweep status toy/s.cfg -o t2 --json | sed 's/.*"done": \([0-9]*\).*/\1/')" |
    awk '{ printf "sweep: %d runs, 250 numbers each: 1 thread %.2f s, %.1f %% inside runs; 2 threads %.2f s, %.1f %% inside runs, %.2f x; merged %.0f bytes a run, 10^5 runs %.0f MB\n", $6, $1, 100 * $2, $3, 100 * $4, $1 / $3, $5 / $6, $5 / $6 / 10 }'

#!/bin/sh
# run --precision: runs in steps until the mean loss is known well enough.
. "$(dirname "$0")/tap.inc"

run() {
    "$L" run toy/baseline.cfg toy/deny.cfg toy/licence.cfg "$@"
}

ok 'it ends at a look, and says why' 'exits 0 run --precision 5% -o a.h5 && says out "satisfied after " "the mean loss is known to within" "5 % was asked" && silent err'
n=$(sed -n 's/^satisfied after \([0-9]*\) runs.*/\1/p' out)
ok 'after 30 runs or some tens more' '[ "$n" -ge 30 ] && [ "$n" -lt 300 ] && [ $((n % 10)) = 0 ]'
ok 'what is shown is as tight as that' '
"$L" show a.h5 > out &&
tr "\n" " " < out | sed "s/  */ /g" | grep -oE "mean [0-9.]+ m USD \(95 % interval [0-9.]+ m to [0-9.]+ m\)" > means &&
[ "$(wc -l < means)" = 2 ] && awk "{ if ((\$9 - \$7) / 2 > 0.0505 * \$2) exit 1 }" means &&
tr "\n" " " < out | grep -q "Runs were added in steps: satisfied after"'
ok 'a look before would not have been' '
exits 0 run --precision 5% --max-runs $((n - 10)) -o less.h5 && [ "$n" -gt 30 ] && says out "maximum hit after $((n - 10)) runs"'
ok 'the runs are those of --runs' '
run --runs "$n" -o b.h5 --quiet && "$L" export a.h5 --csv a --quiet && "$L" export b.h5 --csv b --quiet &&
for f in b/data_*.csv b/axis_*.csv; do cmp "$f" "a/${f#b/}" || exit 1; done'
ok 'the same bytes with one core' 'run --precision 5% --threads 1 -o c.h5 --quiet && cmp a.h5 c.h5'
ok 'a run of it is done again from the file' 'exits 0 "$L" rerun a.h5 --run $((n - 1)) && says out identical'
ok 'with a trace' 'exits 0 run --precision 20% --trace -o t.h5 --quiet && "$L" verify t.h5'
ok 'one scenario by itself' 'exits 0 "$L" run toy/deny.cfg --precision 10% -o d.h5 && says out "runs: the "'
ok 'no loss in any run' 'exits 0 "$L" run toy/baseline.cfg --precision 5% -o d.h5 && says out "satisfied after 30 runs: the loss is the same in all runs"'
ok 'fewer than 30 before the first look: a word' 'exits 0 run --precision 50% --runs 20 -o d.h5 && says err "20 runs before the first look"'
rm -f ./*.h5
ok 'what makes no sense: 2, all faults at once' '
exits 2 run --precision five --runs 5 --max-runs 20 && says err "--precision = five: must be a part of the loss" "--runs = 5:" && nothing_written'
ok 'more runs before the first look than in all: 2' 'exits 2 run --precision 5% --runs 50 --max-runs 40 && says err "--max-runs = 40: must be 50 or more" && nothing_written'
ok '--max-runs alone: 2' 'exits 2 run --max-runs 40 && says err "--max-runs goes with --precision" && nothing_written'
exit $bad

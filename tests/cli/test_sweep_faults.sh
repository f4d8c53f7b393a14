#!/bin/sh
# What a sweep cannot be is told before any run; what fails and what is odd is told the same by all commands.
. "$(dirname "$0")/tap.inc"

grid='design = { method = "grid"; levels = 2; }; replications = { first = 1; };'
# sweep NAME FACTORS OUTPUTS [DESIGN]: writes toy/NAME.cfg.
sweep() {
    cat > "toy/$1.cfg" << END
title = "Toy"; base = "baseline.cfg"; scenarios = [ "licence.cfg" ]; set = [ "horizon_d=60", "warm_up_d=10" ]; seed = 5;
factors = ( $2 );
outputs = ( $3 );
${4:-$grid}
END
}
share='{ id = "share"; path = "rules.toy-inspect.share"; range = [0.1, 0.5]; }'
cars='{ id = "cars"; column = "started"; where = { plant_country = "JP"; }; }'
refused() { exits 2 "$L" sweep plan "toy/$1.cfg" && exits 2 "$L" sweep run "toy/$1.cfg" && [ ! -e "$1.sweep" ]; }
done_and_merged() { "$L" sweep run "toy/$1.cfg" --quiet && "$L" sweep merge "toy/$1.cfg" --quiet; }

# Names in the merged file.
sweep axis "$share" '{ id = "plant"; column = "started"; by = "plant"; }'
sweep axes "$share" "{ id = \"a\"; column = \"started\"; by = \"plant\"; }, { id = \"b\"; column = \"started\"; by = \"plant\"; where = { plant_country = \"JP\"; }; },
  { id = \"b_plant\"; column = \"started\"; }"
sweep enough "$share" '{ id = "enough"; column = "started"; }'
ok 'an output with the name of an axis or a column is refused' 'refused axis && says err "toy/axis.cfg:3: id = \"plant\": is the name of the axis that the output plant keeps" && refused axes && says err "toy/axes.cfg:4: id = \"b_plant\"" && refused enough && says err "is taken"'

# Factors that change what is looked at, or nothing at all.
sweep longer '{ id = "days"; path = "horizon_d"; values = [60, 90]; }' '{ id = "made"; column = "group_made"; by = "week"; }'
sweep later '{ id = "begin"; path = "start"; values = [ "2026-01-05", "2026-03-02" ]; }' '{ id = "made"; column = "group_made"; until = "2026-02-01"; }'
ok 'an output that is not there at all points is told before any run' 'refused longer && says err "toy/longer.cfg: at point 1: output made: week has other labels at this point" && refused later && says err "keeps nothing of the column group_made"'
for key in seed runs; do sweep $key "{ id = \"f\"; path = \"$key\"; values = [1, 2]; }" "$cars"; done
sweep network '{ id = "f"; path = "network"; values = [ "chain", "chain2" ]; }' "$cars"
cp -R toy/chain toy/chain2
ok 'keys that points cannot change are no factors' 'refused seed && says err "toy/seed.cfg:2: path = \"seed\": is no factor: luck" && refused runs && says err "is no factor: replications" && refused network && says err "is no factor: all points have the same tables"'
sweep twice "$share, { id = \"again\"; path = \"rules.toy-inspect.share\"; range = [0.2, 0.3]; }" "$cars"
ok 'two factors with one path are refused' 'refused twice && says err "path = \"rules.toy-inspect.share\": is the path of the factor share already"'
sweep column '{ id = "policy"; path = "rules.toy-inspect.share"; range = [0.1, 0.5]; }' "$cars"
ok 'a factor with the name of a column of experiments.csv is refused' 'refused column && says err "id = \"policy\": is taken"'
sweep quote '{ id = "f"; table = "sites"; column = "allocation"; how = "value"; values = [ "fifo", "a\"b\\c" ]; }' "$cars"
ok 'a text with quotes is told as it is' 'refused quote && says err "allocation = '\''a\"b\\c'\'': must be one of"'

sweep blanks '{ id = "a"; path = "rules.toy-inspect.share"; }, { id = "act"; path = "rules.toy-licence.action"; }' "$cars" 'design = { method = "list"; file = "blanks.csv"; }; replications = { first = 1; };'
printf 'a,act\n0.2,licence\n 0.3,deny\n0.4,\n' > toy/blanks.csv
ok 'cells of a list: no blanks at the ends, nothing empty' 'refused blanks && says err "blanks.csv:3: a = \" 0.3\": must not be empty, nor begin or end with a blank" "blanks.csv:4: act = \"\": must not be empty"'

# Points that fail: the same is kept whatever path the sweep file was given by.
sweep fails '{ id = "a"; table = "sites"; column = "cover_d"; range = [1, 100]; }, { id = "b"; table = "sites"; column = "cover_d"; range = [1, 150]; }' "$cars" \
    'design = { method = "list"; file = "points.csv"; }; replications = { first = 1; };'
printf 'a,b\n1,1\n100,1\n1,150\n50,100\n' > toy/points.csv
ok 'runs that fail: the same bytes by another path' 'exits 1 "$L" sweep run toy/fails.cfg --quiet && says err "licence, point 3, run 0: sites.csv" "set by sweep:2" "2 of 8 runs failed" && exits 1 "$L" sweep merge toy/fails.cfg && says out "8 runs, 2 failed" &&
(cd toy && exits 1 "$L" sweep run fails.cfg -o ../there --quiet) && exits 1 "$L" sweep merge toy/fails.cfg -o there --to there.h5 && cmp fails.h5 there.h5'
ok 'a run that failed fails again' 'exits 0 "$L" rerun fails.h5 --point 3 --run 0 && says out "licence: failed now: sites.csv" && exits 1 "$L" rerun fails.h5 --point 3 --run 0 -o no.h5 && says err "the point cannot be loaded" && [ ! -e no.h5 ]'

# What other commands say of a sweep and of a run out of it.
sweep two "$share" "$cars"
done_and_merged two
ok 'commands for single studies say what a sweep is' 'for c in "show two.h5" "why two.h5" "why two.h5 --site jp.car"; do exits 2 "$L" $c && says err "two.h5: is a sweep" || exit; done'
ok 'one scenario of a run: the others are not done again' 'exits 0 "$L" rerun two.h5 --point 1 --run 0 --scenario licence -o one.h5 && exits 0 "$L" rerun one.h5 --run 0 && says out "run 0: identical" && exits 2 "$L" rerun one.h5 --run 3 && says err "the file has one run, 0" && exits 2 "$L" rerun one.h5 --run 0 --scenario baseline'
mv toy/licence.cfg toy/sweep-2.cfg
sed 's/licence.cfg/sweep-2.cfg/' toy/two.cfg > toy/named.cfg
done_and_merged named
ok 'a scenario whose name begins with sweep-' 'exits 0 "$L" rerun named.h5 --point 1 --run 0'
mv toy/sweep-2.cfg toy/licence.cfg

# SALib has the uncertainties only: their points are the rows of a policy.
sweep crossed "$share, { id = \"approval\"; path = \"offices.office.approval\"; range = [0.5, 1]; }, { id = \"who\"; path = \"rules.toy-licence.action\"; values = [ \"licence\", \"deny\" ]; kind = \"lever\"; }" "$cars" \
    'design = { uncertainties = { method = "saltelli"; points = 8; chance = true; }; };'
done_and_merged crossed
ok 'the problem of SALib has the rows of a policy' '"$L" export crossed.h5 --csv crossed --quiet && grep -qF "\"names\": [\"share\", \"approval\", \"chance\"]" crossed/problem.json && [ "$(awk -F, "\$6 == 1 && \$7 == \"licence\"" crossed/experiments.csv | wc -l)" -eq 40 ]'

# Loading a point is counted once for all its runs.
sweep runs16 "$share" "$cars" 'design = { method = "grid"; levels = 2; }; replications = { first = 16; };'
ok 'the time of what is done is that of the parts' '"$L" sweep run toy/runs16.cfg --threads 1 --progress json 2> log.json > /dev/null && "$L" sweep status toy/runs16.cfg --json > st.json && python3 - << "PY"
import json
a = json.loads([x for x in open("log.json") if "\"end\"" in x][0])
b = json.load(open("st.json"))
want = a["in_runs_s"] + a["loading_s"]
assert abs(b["run_s"] * b["done"] - want) <= 0.02 * want + 1e-3, (a, b)
PY'
exit $bad

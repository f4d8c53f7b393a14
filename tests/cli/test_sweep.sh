#!/bin/sh
# Sweeps: plan, run, status, merge; the same bytes however the runs are shared out.
. "$(dirname "$0")/tap.inc"

cat > toy/factors.inc << 'END'
title = "Toy chain: what decides the cars";
base = "baseline.cfg";
scenarios = [ "licence.cfg" ];
set = [ "horizon_d=60", "warm_up_d=30" ];
seed = 5;
factors = (
  { id = "share"; path = "rules.toy-inspect.share"; range = [0.1, 0.5]; },
  { id = "cover"; table = "sites"; where = { country = "JP"; }; column = "cover_d"; range = [0.5, 2.0]; scale = "log"; },
  { id = "approval"; path = "offices.office.approval"; values = [0.5, 0.75, 1]; kind = "lever"; }
);
outputs = (
  { id = "started"; column = "started"; where = { plant_country = "JP"; }; times = "plant_value"; },
  { id = "waits"; column = "queue_wait"; reduce = "mean"; },
  { id = "stops"; column = "stop_days"; by = "plant"; },
  { id = "first_week"; column = "group_made"; from = "2026-01-05"; until = "2026-01-11"; by = "group_country"; }
);
END
{ cat toy/factors.inc; echo 'design = { method = "lhs"; points = 4; }; replications = { first = 20; };'; } > toy/s.cfg
run() { "$L" sweep run toy/s.cfg --quiet "$@"; }
merge() { "$L" sweep merge toy/s.cfg --quiet "$@"; }

ok 'plan --dry-run writes nothing' 'exits 0 "$L" sweep plan toy/s.cfg --dry-run && silent err && says out "uncertain  2 factors, lhs: 4 points" "levers     1 factor, grid: 3 points" "20 of each scenario at a point, 480 in all" "core-hours" && [ ! -e s.sweep ]'
ok 'plan writes the design' 'exits 0 "$L" sweep plan toy/s.cfg && "$L" verify s.sweep/plan.h5 --quiet && "$L" export s.sweep/plan.h5 --csv p --quiet && [ "$(grep -c "" p/data_point-factor.csv)" -eq 37 ]'
ok 'before any run all is missing' 'exits 75 "$L" sweep status toy/s.cfg && says out "0 of 480 runs done" "480 missing"'
ok 'one thread' 'exits 0 run --threads 1 && silent err && silent out && merge --to one.h5 && "$L" verify one.h5 --quiet'
ok 'status: all done' 'exits 0 "$L" sweep status toy/s.cfg && says out "480 of 480 runs done (100.0 %), 0 failed, 0 missing"'
ok 'nothing is done twice' 'exits 0 "$L" sweep run toy/s.cfg && says out "nothing is left to do" && [ "$(ls s.sweep | wc -l)" -eq 2 ]'
ok 'two threads: the same bytes' 'run -o two --threads 2 && merge -o two --to two.h5 && cmp one.h5 two.h5'
ok 'seven shards in any order: the same bytes' 'for i in 4 7 1 2; do run -o seven --shard $i/7 || exit; done; run -o seven --shard 6/7 & run -o seven --shard 3/7 && run -o seven --shard 5/7 && wait && merge -o seven --to seven.h5 && cmp one.h5 seven.h5'
ok 'another N after a part is gone: the same bytes' 'rm seven/shard-[356]-* && exits 75 "$L" sweep status toy/s.cfg -o seven --json && says out "\"missing_shards\": [3, 5, 6]" && exits 75 "$L" sweep merge toy/s.cfg -o seven --to x.h5 && says err "runs are missing; shard" && [ ! -e x.h5 ] && run -o seven --shard 2/2 && run -o seven --shard 1/2 && merge -o seven --to seven.h5 && cmp one.h5 seven.h5'
ok 'the same work done twice is no harm' 'cp two/shard-* seven && merge -o seven --to seven.h5 && cmp one.h5 seven.h5'
ok 'a part of what there is' 'rm -f seven/*2-of-2* seven/*1-of-1* && merge -o seven --to part.h5 --partial && "$L" export part.h5 --csv part --quiet && grep -q incomplete part/data_point.csv && grep -q missing part/data_scenario-point-run.csv'
ok 'scratch: written elsewhere, moved at the end' 'exits 0 run -o far --scratch near && [ -z "$(ls near)" ] && ls far/*.done && merge -o far --to far.h5 && cmp one.h5 far.h5'

# A point is a study like others.
"$L" export one.h5 --csv one --quiet
at() { awk -F, -v p="$1" -v f="$2" '$1 == p && $2 == f { print $3 }' one/data_point-factor.csv; }
cat > point.cfg << END
set = ( { id = "cover"; table = "sites"; where = { country = "JP"; }; column = "cover_d"; multiply = $(at 7 cover); source = "factor cover of a sweep"; } );
END
ok 'a point equals `run --set --over` to the bit' '
"$L" run toy/licence.cfg --over point.cfg --set horizon_d=60 --set warm_up_d=30 --seed 5 --runs 20 --set "rules.toy-inspect.share=$(at 7 share)" --set "offices.office.approval=$(at 7 approval)" -o r.h5 --quiet &&
/usr/bin/python3 - << "PY"
import h5py, numpy as np
s, r = h5py.File("one.h5"), h5py.File("r.h5")
def labels(f, name): return [x.decode() for x in f[name][()]]
plants = labels(r, "plant")
assert (s["stops"][1, 7] == r["stop_days"][0]).all() and s["stops"].shape == (2, 12, 20, len(plants)), s["stops"].shape
jp = np.array(labels(r, "plant_country")) == "JP"
x = np.zeros(20)
for k in np.flatnonzero(jp):
    x += r["started"][0, :, k] * r["plant_value"][k]
assert (s["started"][1, 7] == x).all() and len(set(x)) > 10, x
assert s["x"].shape == (12, 3)
PY'
ok 'rerun from the file alone' 'mkdir -p empty && cd empty && exits 0 "$L" rerun ../one.h5 --point 7 --run 3 && says out "point 7, run 3: identical, all" && exits 0 "$L" rerun ../one.h5 --point 11 --run 19 --scenario licence -o one.h5 && "$L" verify one.h5 --quiet'
ok 'rerun: what there is not' 'exits 2 "$L" rerun one.h5 --run 3 && exits 2 "$L" rerun one.h5 --point 12 --run 3 && says err "--point = 12: the file has 12 points, from 0" && exits 2 "$L" rerun r.h5 --point 1 --run 3'
ok 'export for EMA Workbench and SALib' '[ "$(head -n 1 one/experiments.csv)" = "share,cover,approval,scenario,policy,model,point,run" ] && [ "$(grep -c "" one/experiments.csv)" -eq 481 ] && [ "$(grep -c "" one/outcomes.csv)" -eq 481 ] && head -n 1 one/outcomes.csv | grep -q "^started,waits,stops:" && python3 -c "import json; p = json.load(open(\"one/problem.json\")); assert p[\"num_vars\"] == 2 and p[\"names\"] == [\"share\", \"cover\"] and p[\"bounds\"] == [[0.1, 0.5], [0.5, 2]], p"'

ok 'a run of it by itself can be shown' 'exits 0 "$L" rerun one.h5 --point 7 --run 3 -o run.h5 && exits 0 "$L" show run.h5 && exits 2 "$L" show one.h5 && says err "one.h5: is a sweep: lodestone sense says"'

# What belongs together.
ok 'parts of another sweep are refused' 'sed "s/points = 4/points = 5/" toy/s.cfg > toy/o.cfg && exits 2 "$L" sweep run toy/o.cfg -o two && says err "two/shard-1-of-1." "belongs to another sweep: the sweep file differs" && exits 2 "$L" sweep merge toy/o.cfg -o two'
ok 'a plan of another sweep is refused' 'exits 2 "$L" sweep run toy/o.cfg -o s.sweep && says err "s.sweep/plan.h5: is of another sweep file"'
ok 'so are parts of other scenarios' 'cp toy/licence.cfg kept && sed "s/share = 0.3/share = 0.4/; s/validity_d = 90/validity_d = 91/" kept > toy/licence.cfg && exits 2 "$L" sweep status toy/s.cfg -o two; cp kept toy/licence.cfg; says err "belongs to other scenarios or tables than there are now"'
ok 'a comment is no other sweep' '{ echo "// a comment"; cat toy/s.cfg; } > toy/c.cfg && exits 0 "$L" sweep status toy/c.cfg -o two'

# Until it is enough.
cat > toy/stop.cfg << 'END'
title = "until it is known well enough"; base = "baseline.cfg"; scenarios = [ "licence.cfg" ]; set = [ "horizon_d=60", "warm_up_d=30" ];
factors = ( { id = "sigma"; path = "offices.office.review_d.sigma"; values = [0.01, 2.5]; } ); design = { method = "grid"; };
replications = { first = 30; max = 50; step = 10; stop = ( { output = "review"; against_base = true; half = 18.0; } ); };
outputs = ( { id = "review"; column = "review_days"; } );
END
ok 'a stopping rule: some points need more runs; the same bytes by shards' '
"$L" sweep run toy/stop.cfg -o st --quiet && "$L" sweep merge toy/stop.cfg -o st --to st.h5 --quiet && "$L" export st.h5 --csv st-csv --quiet && cat st-csv/data_point.csv &&
grep -q "0,0,30,satisfied" st-csv/data_point.csv && grep -q "1,0,50,maximum" st-csv/data_point.csv && "$L" sweep run toy/stop.cfg -o st2 --shard 2/2 --quiet && exits 75 "$L" sweep status toy/stop.cfg -o st2 && "$L" sweep run toy/stop.cfg -o st2 --shard 1/2 --threads 1 --quiet && "$L" sweep merge toy/stop.cfg -o st2 --to st2.h5 --quiet && cmp st.h5 st2.h5'

# A function in place of scenarios.
cat > f.cfg << 'END'
title = "Ishigami"; model = "ishigami"; seed = 1;
factors = ( { id = "c"; }, { id = "a"; }, { id = "b"; } ); design = { method = "saltelli"; points = 16; };
END
ok 'a function' 'exits 0 "$L" sweep run f.cfg --quiet && exits 0 "$L" sweep merge f.cfg --quiet && exits 0 "$L" rerun f.h5 --point 11 --run 0 && "$L" export f.h5 --csv f --quiet && [ "$(head -n 1 f/experiments.csv)" = "c,a,b,scenario,policy,model,point,run" ]'

# Runs that fail: lo and mode are lawful each, but not together.
cat > toy/bad.cfg << 'END'
title = "a list with a point that cannot be"; base = "baseline.cfg"; scenarios = [ "licence.cfg" ]; set = [ "horizon_d=60", "warm_up_d=30" ];
factors = ( { id = "lo"; path = "rules.toy-inspect.delay_d.lo"; }, { id = "mode"; path = "rules.toy-inspect.delay_d.mode"; } );
design = { method = "list"; file = "points.csv"; }; replications = { first = 2; };
outputs = ( { id = "started"; column = "started"; } );
END
printf 'mode,lo\n6,1\n10,2\n9,8\n6.5,7\n' > toy/points.csv
ok 'a point that fails: the others go on' 'exits 1 "$L" sweep run toy/bad.cfg --quiet && says err "licence, point 3, run 1: licence.cfg:" "lo <= mode <= hi" "4 of 16 runs failed" && exits 1 "$L" sweep status toy/bad.cfg && says out "12 of 16 runs done (75.0 %), 4 failed, 0 missing"'
ok 'it is merged, and the file says which' 'exits 1 "$L" sweep merge toy/bad.cfg && says out "4 failed" && "$L" verify bad.h5 --quiet && "$L" export bad.h5 --csv bad --quiet && [ "$(grep -c failed bad/data_scenario-point-run.csv)" -eq 4 ] && [ "$(tail -n 1 bad/outcomes.csv)" = "" ] && exits 0 "$L" rerun bad.h5 --point 2 --run 1'
ok 'failed runs are done again only when asked' 'exits 1 "$L" sweep run toy/bad.cfg && says out "nothing is left to do" "--retry-failed" && exits 1 "$L" sweep run toy/bad.cfg --retry-failed --quiet && exits 1 "$L" sweep merge toy/bad.cfg --to bad2.h5 --quiet && cmp bad.h5 bad2.h5'

ok 'usage' 'exits 2 "$L" sweep && exits 0 "$L" sweep --help && exits 2 "$L" sweep plna toy/s.cfg && says err "did you mean '\''plan'\''?" && exits 2 "$L" sweep run toy/s.cfg --shard 8/7 && says err "--shard = 8/7: must be i/N" && exits 2 "$L" sweep run toy/none.cfg && says err "toy/none.cfg: there is no such file" && exits 0 "$L" sweep merge --help'
exit $bad

#!/bin/sh
# sense: what decides an output of a sweep.
. "$(dirname "$0")/tap.inc"

sweep() { "$L" sweep run "$1.cfg" --quiet && "$L" sweep merge "$1.cfg" --quiet; }
# value FILE METHOD NAME MEASURE: a cell of what -o wrote.
value() { awk -F, -v m="$2" -v n="\"$3\"" -v s="$4" '$1 == m && $2 == n && $3 == s { print $4 }' "$1"; }
# near X Y D: do they differ by D at most?
near() { awk -v x="$1" -v y="$2" -v d="$3" 'BEGIN { exit !(x != "" && x - y <= d && y - x <= d) }' || { echo "$1 is not within $3 of $2"; return 1; }; }

# Functions whose indices are known (analysis/testbed.h): within 0.02 at N = 4096, with this seed.
cat > ishigami.cfg << 'END'
title = "Ishigami"; model = "ishigami"; seed = 20260106;
factors = ( { id = "x1"; }, { id = "x2"; }, { id = "x3"; } ); design = { method = "saltelli"; points = 4096; };
END
cat > g.cfg << 'END'
title = "Sobol's g-function"; model = "g-function"; seed = 20260106;
factors = ( { id = "x1"; }, { id = "x2"; }, { id = "x3"; }, { id = "x4"; }, { id = "x5"; }, { id = "x6"; } ); design = { method = "saltelli"; points = 4096; };
END
sed 's/"saltelli"; points = 4096/"morris"; trajectories = 40/' g.cfg > morris.cfg
sed 's/"saltelli"; points = 4096/"lhs"; points = 400/' g.cfg > ranks.cfg
ok 'Ishigami: indices within 0.02' 'sweep ishigami && exits 0 "$L" sense ishigami.h5 -o i.csv && silent err && says out "Sobol'\'' indices, 4096 base rows" &&
near "$(value i.csv sobol x1 first)" 0.3139 0.02 && near "$(value i.csv sobol x2 first)" 0.4424 0.02 && near "$(value i.csv sobol x3 first)" 0 0.02 &&
near "$(value i.csv sobol x1 total)" 0.5576 0.02 && near "$(value i.csv sobol x2 total)" 0.4424 0.02 && near "$(value i.csv sobol x3 total)" 0.2437 0.02'
ok 'g-function: indices within 0.02' 'sweep g && exits 0 "$L" sense g.h5 -o g.csv --quiet && silent out &&
near "$(value g.csv sobol x1 first)" 0.7163 0.02 && near "$(value g.csv sobol x2 first)" 0.1791 0.02 && near "$(value g.csv sobol x3 first)" 0.0237 0.02 && near "$(value g.csv sobol x6 first)" 0.0001 0.02 &&
near "$(value g.csv sobol x1 total)" 0.7872 0.02 && near "$(value g.csv sobol x2 total)" 0.2422 0.02'
ok 'g-function by Morris: the factors in their order' 'sweep morris && exits 0 "$L" sense morris.h5 && says out "Elementary effects (Morris), 40 trajectories" && [ "$(sed -n "s/^\(x[0-9]\) .*/\1/p" out | head -n 4 | tr "\n" " ")" = "x1 x2 x3 x4 " ]'
ok 'g-function by ranks: says that it cannot be told so' 'sweep ranks && exits 0 "$L" sense ranks.h5 && says out "Regression on ranks, 400 points" "below 0.7"'
ok 'a box: where Ishigami is high' 'exits 0 "$L" sense ishigami.h5 --good less --threshold 9 --prim && says out "Where it is above 9" "box 1:" "quasi-p" "(coverage)"'
ok 'the same bytes each time, 100 columns at most' 'cp out was && "$L" sense ishigami.h5 --good less --threshold 9 --prim > out && cmp was out && [ "$(awk "length > 100" out | wc -l)" -eq 0 ]'
ok 'a table of boxes says whose a limit is' 'exits 0 "$L" sense ishigami.h5 --good less --threshold 9 --prim --quiet -o p.csv && x=$(value p.csv prim "box 1: x1" above) && y=$(value p.csv prim "box 2: x1" above) && [ -n "$x" ] && [ -n "$y" ] && [ "$x" != "$y" ]'
ok 'nearly all are worse: no box is looked for, and that is said' 'exits 0 "$L" sense ishigami.h5 --good less --threshold -5 --prim && says out "as dense as --density asks" && ! grep -q "no box" out && exits 0 "$L" sense ishigami.h5 --good less --threshold -5 --prim --density 100 && says out "box 1:"'

# A sweep of scenarios, with levers and luck.
cat > toy/s.cfg << 'END'
title = "Toy"; base = "baseline.cfg"; scenarios = [ "licence.cfg" ]; set = [ "horizon_d=60", "warm_up_d=30" ]; seed = 5;
factors = (
  { id = "approval"; path = "offices.office.approval"; range = [0.2, 1.0]; },
  { id = "review"; path = "offices.office.review_d.median"; range = [5, 60]; scale = "log"; },
  { id = "reviewers"; path = "offices.office.reviewers"; values = [1, 16]; kind = "lever"; } );
design = { method = "saltelli"; points = 32; chance = true; };
outputs = ( { id = "review_days"; column = "review_days"; }, { id = "stops"; column = "stop_days"; by = "plant"; } );
END
"$L" sweep run toy/s.cfg --quiet && "$L" sweep merge toy/s.cfg --quiet
ok 'the share of luck' 'exits 0 "$L" sense s.h5 --against base && says out "review_days in licence, less baseline (" "levers at their point 0" "chance  " "chance: the share of luck" "2 points of levers: say --good"'
ok 'regret and satisficing of levers' 'exits 0 "$L" sense s.h5 --good less --threshold 40 --lever 1 && says out "Regret of levers (less is good) at 64 points" "reviewers = 1 " "reviewers = 16" "Share of the 64 points of the uncertainties at which it is at most 40" && exits 0 "$L" sense morris.h5 --good less --threshold 1 && says out "Share of the 40 points"'
ok 'an output with labels' 'exits 2 "$L" sense s.h5 --output stops && says err "say stops:LABEL" && exits 2 "$L" sense s.h5 --output stops:jp.car.cat && says err "did you mean '\''jp.car.car'\''?" && exits 0 "$L" sense s.h5 --output stops:jp.car.car'
ok 'runs of each point: luck between them' 'sed "s/\"saltelli\"; points = 32; chance = true/\"lhs\"; points = 30/; s/^outputs/replications = { first = 2; }; outputs/" toy/s.cfg > toy/r.cfg && "$L" sweep run toy/r.cfg --quiet && "$L" sweep merge toy/r.cfg --quiet && exits 0 "$L" sense r.h5 && says out "luck: single runs of a point differ by a standard deviation of"'
# Where a factor moves all runs alike luck decides nothing between points; listed numbers are ranked by what they are.
sed '/^factors/,/^  { id = "reviewers/d; s/^design.*/factors = ( { id = "review"; path = "offices.office.review_d.median"; values = [30, 7, 14, 50, 22]; } ); design = { method = "grid"; }; replications = { first = 2; };/' toy/s.cfg > toy/n.cfg
sed 's/30, 7, 14, 50, 22/7, 14, 22, 30, 50/' toy/n.cfg > toy/m.cfg
for f in n m; do "$L" sweep run toy/$f.cfg --quiet && "$L" sweep merge toy/$f.cfg --quiet; done
ok 'the order of a list of numbers does not matter' 'exits 0 "$L" sense n.h5 -o n.csv --quiet && exits 0 "$L" sense m.h5 -o m.csv --quiet && near "$(value n.csv ranks review coefficient)" "$(value m.csv ranks review coefficient)" 1e-9'
ok 'luck that all points share is none between them' 'exits 0 "$L" sense n.h5 --scenario baseline && says out "luck: single runs" && ! grep -q "of the variance" out'
sed 's/"lhs"; points = 30/"saltelli"; points = 8; chance = true/' toy/r.cfg > toy/c.cfg
ok 'with luck as a factor points share no runs: all luck counts' '"$L" sweep run toy/c.cfg --quiet && "$L" sweep merge toy/c.cfg --quiet && exits 0 "$L" sense c.h5 -o c.csv && "$L" export c.h5 --csv c --quiet && python3 - << "PY"
import csv
y = {}
for e, o in zip(csv.DictReader(open("c/experiments.csv")), csv.DictReader(open("c/outcomes.csv"))):
    if e["model"] == "licence":
        y.setdefault(int(e["point"]), []).append(float(o["review_days"]))
mean = lambda x: sum(x) / len(x)
var = lambda x: sum((v - mean(x)) ** 2 for v in x) / (len(x) - 1)
want = mean([var(x) for x in y.values()]) / 2 / var([mean(x) for x in y.values()])
got = [float(r["value"]) for r in csv.DictReader(open("c.csv")) if r["method"] == "noise" and r["measure"] == "share"][0]
assert 0 < want and abs(got - min(1, want)) < 1e-9, (got, want)
PY'
# Nothing is uncertain: what the levers do is told as for other factors.
sed 's/{ id = "approval".*\]; }/{ id = "approval"; path = "offices.office.approval"; range = [0.2, 1.0]; kind = "lever"; }/; s/{ id = "review".*log"; }/{ id = "review"; path = "offices.office.review_d.median"; range = [5, 60]; kind = "lever"; }/; s/{ id = "reviewers".*; }/{ id = "reviewers"; path = "offices.office.reviewers"; range = [1, 16]; scale = "integer"; kind = "lever"; }/' toy/s.cfg > toy/l.cfg
sed 's/kind = "lever"; //' toy/l.cfg > toy/u.cfg
for f in l u; do "$L" sweep run toy/$f.cfg --quiet && "$L" sweep merge toy/$f.cfg --quiet; done
ok 'levers alone are factors as well' 'exits 0 "$L" sense u.h5 -o u.csv --quiet && exits 0 "$L" sense l.h5 -o l.csv && says out "Sobol" "chance: the share of luck" && [ "$(grep -c sobol l.csv)" -eq 9 ] && cmp u.csv l.csv && exits 0 "$L" sense l.h5 --good more --threshold 40 --prim && says out "of 64 points (PRIM)"'
cat > toy/w.cfg << END
title = "Words"; base = "baseline.cfg"; set = [ "horizon_d=30", "warm_up_d=5" ];
factors = ( { id = "name"; path = "title"; values = [ $(seq -s, 65 | sed 's/[0-9][0-9]*/"w&"/g') ]; }, { id = "retry"; path = "retry_d"; range = [10, 30]; } );
design = { method = "lhs"; points = 70; }; replications = { first = 1; }; outputs = ( { id = "served"; column = "served"; } );
END
ok 'more words than a box can name: 2' '"$L" sweep run toy/w.cfg --quiet && "$L" sweep merge toy/w.cfg --quiet && exits 2 "$L" sense w.h5 --good more --threshold 3000 --prim && says err "--prim: name has 65 words; at most 64" && exits 0 "$L" sense w.h5 && says out "regression on ranks: the output is the same in all rows"'
ok 'usage' 'exits 2 "$L" sense s.h5 --output stop && says err "did you mean '\''stops'\''?" && exits 2 "$L" sense s.h5 --scenario licnce && exits 2 "$L" sense s.h5 --prim && says err "--threshold X and --good" && exits 2 "$L" sense morris.h5 --prim --good more --threshold 1 && exits 2 "$L" sense s.h5 --lever 2 && exits 2 "$L" sense none.h5 && "$L" run toy/baseline.cfg --runs 1 -o b.h5 --quiet && exits 2 "$L" sense b.h5 && exits 2 "$L" sense s.sweep/plan.h5'
exit $bad

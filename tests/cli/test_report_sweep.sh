#!/bin/sh
# report of a sweep: its numbers are those that `sense` finds; large ones stay small and quick.
. "$(dirname "$0")/tap.inc"

sweep() { "$L" sweep run "$1.cfg" --quiet && "$L" sweep merge "$1.cfg" --quiet; }
cat > ishigami.cfg << 'END'
title = "Ishigami </script><img src=x onerror=alert(1)>"; model = "ishigami"; seed = 20260106;
factors = ( { id = "x1"; }, { id = "x2"; }, { id = "x3"; } ); design = { method = "saltelli"; points = 512; };
END
sed 's/"saltelli"; points = 512/"morris"; trajectories = 40/' ishigami.cfg > morris.cfg
sed 's/"saltelli"; points = 512/"lhs"; points = 300/' ishigami.cfg > ranks.cfg
sed 's/points = 512/points = 20000/' ishigami.cfg > large.cfg
cat > toy/s.cfg << 'END'
title = "Toy"; base = "baseline.cfg"; scenarios = [ "licence.cfg" ]; set = [ "horizon_d=60", "warm_up_d=30" ]; seed = 5;
factors = (
  { id = "approval"; path = "offices.office.approval"; range = [0.2, 1.0]; },
  { id = "review"; path = "offices.office.review_d.median"; range = [5, 60]; scale = "log"; },
  { id = "reviewers"; path = "offices.office.reviewers"; values = [1, 16]; kind = "lever"; } );
design = { uncertainties = { method = "lhs"; points = 30; }; levers = { method = "grid"; }; }; replications = { first = 2; };
outputs = ( { id = "review_days"; column = "review_days"; }, { id = "stops"; column = "stop_days"; by = "plant"; } );
END
for f in ishigami morris ranks large toy/s; do sweep $f; done
cat > same.py << 'END'
# same.py PAGE TABLE WHAT SIDE: what the page says of the output WHAT is what stands in the table of `sense`.
import csv, json, math, re, sys

page, table, what, side = sys.argv[1:5]
data = json.loads(re.search('<script type="application/json" id="data-sweep">(.*?)</script>', open(page).read(), re.S).group(1))
view = [v for v in data["views"] if v["what"] == what][0]
side = [s for s in view["sides"] if s["good"] == side][0]
seen = 0

def same(got, row, key="value"):
    global seen
    want = row[key]
    assert (got is None) == (want == "") and (want == "" or got == float("%.4g" % float(want))), (row, key, got)
    seen += 1

def triple(got, row):
    for x, key in zip(got, ("value", "low", "high")):
        same(x, row, key)

factor = {r["name"]: r for r in view["ranking"]}
lever = {r["name"]: r for r in side["levers"]}
for row in csv.DictReader(open(table)):
    method, name, measure = row["method"], row["name"], row["measure"]
    if (method, measure) in (("sobol", "first"), ("sobol", "total"), ("morris", "mu_star")):
        triple(factor[name][measure], row)
    elif method == "morris":
        same(factor[name][measure], row)
    elif measure == "coefficient":
        triple(factor[name]["rank"], row)
    elif measure in ("variance", "r2", "run_sd"):
        same(view[measure], row)
    elif (method, measure) == ("noise", "share"):
        same(view["luck"], row)
    elif method == "regret" and measure == "best":
        triple(lever[name]["best"], row)
    elif method == "regret":
        same(lever[name][measure], row)
    elif method == "satisficing":
        if name != "all":
            triple(lever[name]["share"], row)
    elif method == "prim":
        box, _, f = name.partition(": ")
        box = side["boxes"][int(box.split()[1]) - 1]
        if f:
            at = [l for l in box["limits"] if data["factors"][l["factor"]]["id"] == f and l["side"] == measure]
            same(at[0]["at"], row)
        else:
            same(box[measure], row)
    else:
        raise AssertionError(row)
assert seen >= int(sys.argv[5]), seen
END
# browse PAGE NUMBERS: all of a page in a browser (report.mjs).
page=$root/build/page
browse() { node "$root/tests/cli/report.mjs" "$page/node_modules" full "$1" "$2" "$root/build/screenshots" || bad=1; }
# agrees FILE WHAT SIDE LEAST OPTION...: the page and the table of a sweep, made with the same options.
agrees() {
    file=$1 what=$2 side=$3 least=$4
    shift 4
    exits 0 "$L" report "$file.h5" "$@" && silent err && [ "$(cat out)" = "$file.html" ] &&
        exits 0 "$L" sense "$file.h5" "$@" $prim -o t.csv --quiet && /usr/bin/python3 same.py "$file.html" t.csv "$what" "$side" "$least"
}
prim=
ok 'Sobol'\'' indices are those of sense' 'agrees ishigami "y in ishigami" less 19'
prim=--prim
ok 'boxes at a threshold are' 'agrees ishigami "y in ishigami" less 25 --good less --threshold 9'
prim=
ok 'elementary effects are' 'agrees morris "y in ishigami" less 15'
ok 'regression on ranks is' 'agrees ranks "y in ishigami" less 10'
ok 'levers, luck and differences are' 'agrees s "review_days in licence, less baseline" less 20 --good less --threshold 40 --against base --lever 1'
ok 'an output with labels, and all of its labels' 'agrees s "stops:jp.car.car in licence" more 6 --output stops:jp.car.car --good more --threshold 1 && exits 0 "$L" report s.h5 --output stops && says s.html "\"what\":\"stops:jp.motor.motor in licence\"" && ! grep -q review_days\ in s.html'
ok 'all outputs, scenarios and differences are there to choose' 'exits 0 "$L" report s.h5 && [ "$(grep -o "\"what\":" s.html | wc -l)" -eq 15 ]'
ok 'names are text' 'exits 0 "$L" report ishigami.h5 && says ishigami.html "<h1>Ishigami &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;</h1>" && ! grep -q "<img" ishigami.html'
ok 'without a threshold a tenth of the points is bad, and that is said' 'says ishigami.html "(the 90 % quantile) at 103 of 1024 points" "(the 10 % quantile)"'
ok 'means over points are those of the outcomes' '"$L" export ranks.h5 --csv r --quiet && exits 0 "$L" report ranks.h5 && /usr/bin/python3 - << "PY"
import csv, json, math, re
data = json.loads(re.search("id=\"data-sweep\">(.*?)</script>", open("ranks.html").read(), re.S).group(1))
rows = [({k: float(v) for k, v in e.items() if k in ("x1", "x2")}, float(o["y"])) for e, o in zip(csv.DictReader(open("r/experiments.csv")), csv.DictReader(open("r/outcomes.csv")))]
near = lambda got, y: abs(got - sum(y) / len(y)) <= 5.1e-4 * abs(got)  # four digits
place = lambda x, n: min(n - 1, int((x + math.pi) / (2 * math.pi) * n))
view = data["views"][0]
mean, low, high, n = view["trend"][0]
for b in range(20):
    y = [y for x, y in rows if place(x["x1"], 20) == b]
    assert n[b] == len(y) and near(mean[b], y), (b, n[b], mean[b])
s = [s for s in view["surface"] if {s["x"], s["y"]} == {0, 1}][0]
fx, fy = ("x1", "x2") if s["x"] == 0 else ("x2", "x1")
empty = 0
for j in range(12):
    for i in range(12):
        y = [y for x, y in rows if place(x[fx], 12) == i and place(x[fy], 12) == j]
        got, n = s["mean"][12 * j + i], s["n"][12 * j + i]
        assert n == len(y) and (got is None) == (not y) and (not y or near(got, y)), (i, j, got, y)
        empty += not y
assert empty > 0 and sum(s["n"]) == 300
PY'
ok 'a hundred thousand points: under 5 MB, a thousand are drawn' 'exits 0 "$L" report large.h5 && [ "$(wc -c < large.html)" -lt 5000000 ] && /usr/bin/python3 - << "PY"
import json, re
data = json.loads(re.search("id=\"data-sweep\">(.*?)</script>", open("large.html").read(), re.S).group(1))
assert data["points"] == 100000 and len(data["here"][0]) == 1000 and sum(data["views"][0]["trend"][0][3]) == 100000
PY'
ok 'the same bytes each time' 'exits 0 "$L" report s.h5 -o 1.html && exits 0 "$L" report s.h5 -o 2.html && cmp 1.html 2.html'
# In a browser, where the script was built: tables against what sense says.
cat > table.py << 'END'
# table.py TABLE FIGURE HEADING=MEASURE...: what report.mjs compares the figure's table with.
import csv, json, sys

rows = list(csv.DictReader(open(sys.argv[1])))
of = lambda measure: {r["name"]: float(r["value"]) for r in rows if r["measure"] == measure and r["value"]}
print(json.dumps([{"figure": sys.argv[2], "columns": {h: of(m) for h, m in (a.split("=") for a in sys.argv[3:])}}]))
END
if [ -s "$page/page.js" ]; then
    "$L" report ishigami.h5 > out && "$L" sense ishigami.h5 -o t.csv --quiet && python3 table.py t.csv factors "total index=total" "first index=first" > n.json
    browse ishigami.html n.json
    "$L" report morris.h5 > out && "$L" sense morris.h5 -o t.csv --quiet && python3 table.py t.csv factors "mu*=mu_star" "sigma=sigma" > n.json
    browse morris.html n.json
    "$L" report s.h5 --good less > out && "$L" sense s.h5 --good less -o t.csv --quiet && python3 table.py t.csv levers "worst regret=max" "90 %=p90" "median=p50" "mean=mean" "best at=best" > n.json
    browse s.html n.json
fi
rm -f ./*.html
ok 'wrong use: 2, no page' 'exits 2 "$L" report s.h5 --output stop && says err "did you mean '\''stops'\''?" && exits 2 "$L" report s.h5 --scenario licnce && exits 2 "$L" report s.h5 --threshold 4 && says err "--threshold X and --good" && exits 2 "$L" report s.h5 --against s.h5 && says err "must be base" && exits 2 "$L" report s.h5 --lever 2 && exits 2 "$L" report s.h5 --country JP && exits 2 "$L" report ishigami.h5 --against base && says err "is the base" && "$L" sweep plan toy/s.cfg --quiet && exits 2 "$L" report s.sweep/plan.h5 && says err "it has no runs yet" && "$L" run toy/baseline.cfg --runs 1 -o b.h5 --quiet && exits 2 "$L" report b.h5 --good less && says err "are for sweeps" && ! ls ./*.html'
exit $bad

#!/bin/sh
# The world of 2010 and the stop of that autumn: served in its steady state, bound to China for nine tenths, and
# none of Japan's final demand lost.
. "$(dirname "$0")/tap.inc"

ok 'a run of both' 'exits 0 "$L" run "$root/scenarios/japan-2010-baseline.cfg" "$root/scenarios/japan-2010-stop.cfg" --runs 2 -o y.h5 --quiet && silent err && exits 0 "$L" export y.h5 --csv y --quiet && exits 0 "$L" rerun y.h5 --run 1 && says out identical'
cat > look.py << 'PY'
import csv, re

def rows(name):
    return list(csv.DictReader(open(f"y/data_{name}.csv")))

def cn_imports(scenario, origin, months):
    total = 0.0
    for r in rows("scenario-run-flow-month"):
        m = re.match(r"(..)>JP~(ox|met)\.", r["flow"])
        if r["scenario"] == scenario and m and (origin is None or m[1] == origin) and r["month"][:7] in months:
            total += float(r["imports"]) / 2
    return total

markets = rows("scenario-run-market")
base, stop = "japan-2010-baseline", "japan-2010-stop"
year = [f"2010-{m:02d}" for m in range(1, 13)]
PY
ok 'without controls every market is served' 'python3 - << "PY"
exec(open("look.py").read())
for r in markets:
    if r["scenario"] == base:
        assert float(r["served"]) >= 0.995 * float(r["demand"]), r
PY'
ok 'nine tenths of the oxides and metals that reach Japan come from China, about 20000 t a year' 'python3 - << "PY"
exec(open("look.py").read())
china, all = cn_imports(base, "CN", year), cn_imports(base, None, year)
assert 0.85 < china / all < 0.95, (china, all)
assert 16e6 < china < 22e6, china
PY'
ok 'nothing comes in November, and more than usual after it' 'python3 - << "PY"
exec(open("look.py").read())
assert cn_imports(stop, "CN", ["2010-11"]) == 0
assert cn_imports(stop, "CN", ["2011-01"]) > 1.2 * cn_imports(base, "CN", ["2011-01"])
PY'
ok 'Japan loses no final demand by it' 'python3 - << "PY"
exec(open("look.py").read())
for r in markets:
    if r["scenario"] == stop and r["market"].startswith("mkt.jp."):
        assert float(r["lost"]) == 0, r
PY'
exit $bad

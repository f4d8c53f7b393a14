#!/bin/sh
# The world of 2010, its export quota and the stop of that autumn: served in its steady state, bound to China for
# nine tenths, and none of Japan's final demand lost.
. "$(dirname "$0")/tap.inc"

s=$root/scenarios
ok 'a run of all four' 'exits 0 "$L" run "$s/network-2010.cfg" "$s/japan-2010-baseline.cfg" "$s/japan-2010-stop.cfg" "$s/japan-2010-quota.cfg" --runs 2 -o y.h5 --audit --quiet && silent err && exits 0 "$L" export y.h5 --csv y --quiet'
ok 'again from the file alone: the same bits' 'mkdir empty && cd empty && exits 0 "$L" rerun ../y.h5 --run 1 && says out identical && silent err'
ok 'the pair alone as well' 'exits 0 "$L" run "$s/japan-2010-baseline.cfg" "$s/japan-2010-stop.cfg" --runs 1 -o two.h5 --quiet && exits 0 "$L" rerun two.h5 --run 0 && says out identical'
cat > look.py << 'PY'
import csv, re

none, base, stop, quota = "network-2010", "japan-2010-baseline", "japan-2010-stop", "japan-2010-quota"
year = [f"2010-{m:02d}" for m in range(1, 13)]

def rows(name):
    return list(csv.DictReader(open(f"y/data_{name}.csv")))

flows = [r for r in rows("scenario-run-flow-month") if re.search(r"~(ox|met)\.", r["flow"])]
markets = rows("scenario-run-market")

# Tonnes of oxides and metals, mean of the runs; the countries as patterns.
def sent(what, scenario, origin, destination, months):
    return sum(float(r[what]) for r in flows if r["scenario"] == scenario and r["month"][:7] in months
               and re.match(f"{origin}>{destination}~", r["flow"])) / 2 / 1000

def used(scenario, rule, months):
    return sum(float(r["quota_used"]) for r in rows("scenario-run-rule-month")
               if (r["scenario"], r["rule"]) == (scenario, rule) and r["month"][:7] in months) / 2 / 1000
PY
look() {
    ok "$1" "python3 - << 'PY'
exec(open('look.py').read())
$2
PY"
}
look 'without controls every market is served' '
for r in markets:
    if r["scenario"] == none:
        assert float(r["served"]) >= 0.995 * float(r["demand"]), r'
look 'nine tenths of the oxides and metals that reach Japan come from China, about 20000 t a year, half of what China sends' '
china, all = sent("imports", none, "CN", "JP", year), sent("imports", none, "..", "JP", year)
assert 0.85 < china / all < 0.95, (china, all)
assert 19e3 < china < 24e3, china
world = sent("exports", none, "CN", "..", year)
assert 38e3 < world < 45e3 and 0.45 < china / world < 0.55, (china, world)'
look 'the quota as it worked binds in December, and the goods go in January' '
out = sent("exports", base, "CN", "..", year)
assert 0.99 * 39813 < used(base, "cn-2010-quota", year) <= 39813
assert out < 1.005 * 39813, out
assert sent("exports", base, "CN", "..", year[:11]) > 0.97 * sent("exports", none, "CN", "..", year[:11])
assert sent("exports", base, "CN", "..", ["2010-12"]) < 0.8 * sent("exports", none, "CN", "..", ["2010-12"])
assert sent("exports", base, "CN", "..", ["2011-01"]) > 1.2 * sent("exports", none, "CN", "..", ["2011-01"])'
look 'with the stop it does not bind' '
assert used(stop, "cn-2010-quota", year) < 0.998 * 39813'
look 'the quota as issued: the first batch does not bind, the second ends trade in September' '
assert used(quota, "cn-2010-quota", year) < 0.99 * 22282
assert 7975 < used(quota, "cn-2010-quota-2", year) <= 7976
assert sent("exports", quota, "CN", "..", ["2010-10", "2010-11", "2010-12"]) == 0
assert sent("exports", quota, "CN", "..", ["2010-08"]) > 0.9 * sent("exports", base, "CN", "..", ["2010-08"])
assert used(quota, "cn-2011-quota", ["2011-01"]) > 14500'
look 'under the stop nothing leaves for Japan, others are served as before' '
assert sent("exports", stop, "CN", "JP", ["2010-10"]) == 0
assert sent("imports", stop, "CN", "JP", ["2010-11"]) == 0
autumn = ["2010-10", "2010-11"]
assert sent("exports", stop, "CN", "(?!JP)..", autumn) > 0.97 * sent("exports", base, "CN", "(?!JP)..", autumn)'
look 'and after it more than usual comes' '
winter = ["2010-12", "2011-01", "2011-02"]
assert sent("imports", stop, "CN", "JP", winter) > 1.15 * sent("imports", base, "CN", "JP", winter)
assert sent("imports", stop, "CN", "JP", ["2010-12"]) > 1.2 * sent("imports", none, "CN", "JP", ["2010-12"])'
look 'Japan loses no final demand by it' '
n = 0
for r in markets:
    if r["scenario"] == stop and r["market"].startswith("mkt.jp."):
        assert float(r["lost"]) == 0, r
        n += 1
assert n > 10, n'

# Five years of the quotas kept, and the same with responses: two files, as their tables differ.
ok 'the quotas kept for five years, and the market that answers' 'exits 0 "$L" run "$s/world-2010-quota-kept.cfg" --runs 1 -o kept.h5 --audit --quiet && exits 0 "$L" run "$s/world-2010-recovery.cfg" --runs 1 -o recovery.h5 --audit --quiet && silent err'
cat > long.py << 'PY'
import re, warnings, xarray
warnings.simplefilter("ignore")
kept, recovery = (xarray.open_dataset(f, engine="h5netcdf").isel(scenario=0, run=0) for f in ("kept.h5", "recovery.h5"))

def used(r, what):      # of users of oxides and metals outside China
    return float(r[what][r.market.astype(str).str.match(r"mkt\.(jp|kr|eu|us|xx)\.materials~(ox|met)\.")].sum())

def arrived(r, year):   # oxides, not from China
    pick = (r.flow_origin != "CN") & (r.flow_destination != "CN") & r.flow_product.astype(str).str.match(r"ox\.")
    return float(r.imports[pick].sum("flow").sel(month=year).sum())
PY
look5() {
    ok "$1" "/usr/bin/python3 - << 'PY'
exec(open('long.py').read())
$2
PY"
}
look5 'the quotas bind from the second batch on' '
tonnes = kept.quota_used.sum("month") / 1000
assert float(tonnes.sel(rule="cn-2010-quota")) < 22282
for rule, most in ("cn-2010-quota-2", 7976), ("cn-2011-quota", 14508), ("cn-2011-quota-2", 15738), ("cn-2012-quota", 3 * 30996):
    assert 0.99 * most < float(tonnes.sel(rule=rule)) < 1.001 * most, (rule, tonnes)'
look5 'without responses more than an eighth of demand is lost to users outside China, with them less than half of that' '
lost = used(kept, "lost")
assert lost > used(kept, "demand") / 8, lost
assert used(recovery, "lost") < lost / 2'
look5 'demand that stays away and demand that is left are the demand of the pair' '
assert used(recovery, "priced_out") > 0.05 * used(kept, "demand")
assert abs(used(recovery, "demand") + used(recovery, "priced_out") - used(kept, "demand")) < 1, "demand"'
look5 'supply from outside China grows, with responses only' '
assert arrived(recovery, "2014") > 3 * arrived(recovery, "2010")
assert arrived(kept, "2014") < 1.3 * arrived(kept, "2010")'
exit $bad

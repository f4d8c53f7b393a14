#!/bin/sh
# report of what `critical` wrote: by itself, and in the page of a study. The numbers are those of the file.
. "$(dirname "$0")/tap.inc"

"$L" critical toy/baseline.cfg --days 90 --runs 20 -o c.h5 > table 2> log
"$L" run toy/baseline.cfg toy/licence.cfg --runs 2 -o s.h5 --quiet
cat > page.py << 'END'
import json, re, sys

def block(name, page):
    m = re.search('<script type="application/json" id="data-%s">(.*?)</script>' % name, open(page).read(), re.S)
    return json.loads(m.group(1)) if m else None
END
ok 'a page of its own: says its name' 'exits 0 "$L" report c.h5 && silent err && [ "$(cat out)" = c.html ] && says c.html "one site after the other" "for 90 days from 2026-01-05"'
ok 'its means, medians and order are those of the file' '/usr/bin/python3 - << "PY"
import numpy, xarray
from page import block
d = xarray.open_dataset("c.h5", engine="h5netcdf").isel(scenario=0)
rows = block("critical", "c.html")["rows"]
assert [r["text"][0] for r in rows] == ["jp.car", "jp.motor", "cn.magnet", "cn.mine"], rows
def same(got, want):
    assert got == float("%.4g" % want), (got, want)
for r in rows:
    x = d.sel(target=r["text"][0])
    same(r["loss"][0], x.loss_usd.mean())
    same(r["net"][0], x.net_usd.mean())
    for got, c in zip(r["days"], ("survive_d", "stop_d", "recover_d")):
        m = numpy.sort(x[c].fillna(numpy.inf).values)[(x.run.size - 1) // 2]
        if got is not None:
            same(got, m)
        else:
            assert numpy.isinf(m) or c == "recover_d", (r, c, m)
PY'
ok 'so is the interval of the table' '/usr/bin/python3 - << "PY"
import re
from page import block
lo, hi = re.search("interval of the mean loss: (.*) m to (.*) m USD", open("table").read()).groups()
at, low, high = block("critical", "c.html")["rows"][0]["loss"]
assert low < at < high and "%.3g" % (low / 1e6) == "%g" % float(lo) and "%.3g" % (high / 1e6) == "%g" % float(hi), (low, high, lo, hi)
PY'
ok 'in the page of a study' 'exits 0 "$L" report s.h5 --critical c.h5 -o s.html && /usr/bin/python3 -c "
from page import block
assert block(\"critical\", \"s.html\") == block(\"critical\", \"c.html\") and len(block(\"time\", \"s.html\")[\"series\"]) > 0" && says s.html "<a href=\"#critical\">" "from s.h5 and c.h5"'
ok 'without it no such section' 'exits 0 "$L" report s.h5 -o n.html && ! grep -q "data-critical" n.html'
ok 'the same bytes each time' 'exits 0 "$L" report c.h5 -o d.html && cmp c.html d.html'
page=$root/build/page
if [ -s "$page/page.js" ]; then
    /usr/bin/python3 - << 'PY'
import json, numpy, xarray
d = xarray.open_dataset("c.h5", engine="h5netcdf").isel(scenario=0)
of = lambda c: {str(n): float(v) for n, v in zip(d.target_name.values, d[c].mean("run").values)}
median = lambda c: {str(n): v for n, v in zip(d.target_name.values, numpy.sort(d[c].fillna(numpy.inf).values, axis=0)[(d.run.size - 1) // 2]) if numpy.isfinite(v)}
want = [{"figure": "critical", "columns": {"demand lost": of("loss_usd"), "output lost": of("net_usd")}},
        {"figure": "critical", "whole": False, "columns": {"demand short after": median("survive_d"), "a plant of end": median("stop_d")}}]
json.dump(want, open("n.json", "w"))
PY
    node "$root/tests/cli/report.mjs" "$page/node_modules" full c.html n.json "$root/build/screenshots" || bad=1
fi
rm -f ./*.html
ok 'wrong use: 2, no page' 'exits 2 "$L" report s.h5 --critical s.h5 && says err "s.h5: was not written by lodestone critical" && exits 2 "$L" report s.h5 --critical none.h5 && exits 2 "$L" report c.h5 --country JP && says err "only -o and --title are for it" && ! ls ./*.html'
exit $bad

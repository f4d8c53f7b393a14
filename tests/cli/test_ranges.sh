#!/bin/sh
# Every number that can be written in a scenario or a table: at both ends of its range it is taken, just
# beyond them it is refused with the range. The list is that of `lodestone keys`.
. "$(dirname "$0")/tap.inc"

# A scenario with an entry in every list and a rule of every kind, and the tables that the toy does without.
cat > toy/every.cfg << 'END'
extends = "licence.cfg";
offices = ( { id = "office"; priority = ( { id = "p"; rank = 1; } ); staffing = ( { id = "s"; from = "2026-03-01"; } ); } );
rules = (
  { id = "toy-notify"; from = "2026-02-01"; action = "notify"; delay_d = 1.0; },
  { id = "toy-quota"; from = "2026-02-01"; action = "quota"; amount = 1.0; },
  { id = "toy-tax"; from = "2026-02-01"; action = "tax"; rate = 0.1; }
);
detours = ( { id = "d"; from = "2026-02-01"; via = "JP"; extra_d = 1.0; } );
diversions = ( { id = "d"; from = "2026-02-01"; } );
shocks = ( { id = "k"; kind = "lane"; after = "toy-tax"; extra_d = 1.0; }, { id = "f"; kind = "destroy"; from = "2026-02-01"; share = 0.1; }, { id = "g"; kind = "demand"; after = "t"; factor = 0.5; } );
triggers = ( { id = "t"; cover_d = 3.0; } );
prices = ( { id = "p"; product = [ "magnet" ]; } );
marginal = ( { id = "m"; product = [ "magnet" ]; price = "p"; price_min = 1000.0; price_stop = 0.0; } );
reserves = ( { id = "r"; kind = "state"; cover_d = 9.0; } );
recycling = ( { id = "r"; product = [ "car" ]; to_site = "cn.magnet"; to_product = "ore"; collection = 0.1; delay_d = 100.0; steps = ( { id = "s"; from = "2026-03-01"; share = 0.2; } ); } );
hoarding = ( { id = "h"; from = "2026-02-01"; } );
set = ( { id = "m"; table = "sites"; column = "cover_d"; multiply = 1.0; }, { id = "a"; table = "sites"; column = "cover_d"; add = 0.0; } );
END
printf '%s\n' 'category,name,entries,status,source' '1C,materials,10,estimate,toy' > toy/chain/catalogue.csv
printf '%s\n' 'id,recipe,product,substitute,cover_d,status,source' 'x,motor,magnet,ore,10,estimate,toy' > toy/chain/substitutes.csv
echo ',cn.mine,jp.motor,ore,1,rail,3,0,0,yes,estimate,toy' >> toy/chain/lanes.csv
printf '%s\n' 'element,name,value_usd_kg,status,source' 'dy,dysprosium,300,estimate,toy' > toy/chain/elements.csv

"$L" keys --markdown > keys.md
python3 - "$L" << 'PY'
import csv, math, os, re, subprocess, sys

number = r"-?[0-9][0-9.e+-]*"
row = re.compile(r"^\| `(\w+)` \| [^|]* \| [^|]* \| ([^|]*?)(%s) to (%s)(?:, the same in all runs)? \|" % (number, number))
# a line of toy/backtest/backtest.cfg, and what stands before and after the key there
backtest = {"backtest": ("title", "", ";"), "windows": ("windows", "windows = ( { id = \"x\"; from = \"2026-03\"; to = \"2026-03\"; ", "; },"),
            "users": ("users", "users = ( { id = \"x\"; ", "; },"),
            "trough": ("trough", "trough = { ", "; };"), "sanity": ("sanity", "sanity = { ", "; };"),
            "shortfall": ("shortfall", "shortfall = { from = \"2026-02\"; to = \"2026-03\"; ", "; };")}
prefix = {"scenario": "", "offices": "offices.office.", "priority": "offices.office.priority.p.", "staffing": "offices.office.staffing.s.",
          "rules": "rules.toy-licence.", "detours": "detours.d.", "diversions": "diversions.d.", "shocks": "shocks.k.", "triggers": "triggers.t.", "prices": "prices.p.", "marginal": "marginal.m.", "reserves": "reserves.r.", "recycling": "recycling.r.", "steps": "recycling.r.steps.s.", "hoarding": "hoarding.h.", "set": "set."}
prefix.update((kind, f"rules.toy-{kind}.") for kind in ("inspect", "notify", "quota", "tax"))

def keys():
    for line in open("keys.md"):
        if line.startswith("### "):
            part = line[4:].strip()
        elif line.startswith("| `") and row.match(line):
            name, what, lo, hi = row.match(line).groups()
            yield part, name, "whole" in what, float(lo), float(hi)

def beyond(whole, lo, hi):
    if whole:
        return str(int(lo) - 1), str(int(hi) + 1)
    low = -1e-300 if lo == 0 else math.nextafter(lo, -math.inf)
    return repr(low), repr(math.nextafter(hi, math.inf))

def in_observed(part, name, value):
    kept = open("toy/backtest/observed.csv").read()
    with open("toy/backtest/observed.csv", "w") as f:
        f.write(kept.replace(",160,", f",{value},"))
    r = subprocess.run([sys.argv[1], "backtest", "--quiet", "--runs", "1", "toy/backtest", "-o", "x.h5"], capture_output=True, text=True)
    with open("toy/backtest/observed.csv", "w") as f:
        f.write(kept)
    return "observed.csv:2:9: value = " in r.stderr

def load(*more):
    return subprocess.run([sys.argv[1], "check", "--quiet", "toy/every.cfg", *more], capture_output=True, text=True)

def in_scenario(part, name, value):
    path = prefix[part] + (name[0] + "." if part == "set" else "") + name
    if part == "shocks" and name == "share":
        path = "shocks.f.share"
    r = load("--set", f"{path}={value}")
    refused = f"--set {path}={value}: {name} = " in r.stderr and "must be " in r.stderr
    assert r.returncode in (0, 2) and (not refused or r.returncode == 2), r
    # what an override made of a cell is another matter
    assert refused or not any("must be " in l and "; set by " not in l for l in r.stderr.splitlines()), r
    return refused

def in_backtest(part, name, value):
    first, before, after = backtest[part]
    file = "toy/backtest/backtest.cfg"
    kept = open(file).read()
    lines = [l for l in kept.splitlines() if not l.startswith(name + " ")]
    at = next(i for i, l in enumerate(lines) if l.startswith(first))
    if part == "backtest":
        lines.insert(at, "")
    lines[at] = before + name + " = " + value + after
    with open(file, "w") as f:
        f.write("\n".join(lines))
    r = subprocess.run([sys.argv[1], "backtest", "--quiet", "--runs", "1", "toy/backtest", "-o", "x.h5"], capture_output=True, text=True)
    with open(file, "w") as f:
        f.write(kept)
    refused = re.search(r"%s:%d: %s = .*must be " % (re.escape(file), at + 1, name), r.stderr) is not None
    assert r.returncode in (0, 1, 2) and refused == (r.returncode == 2), r
    return refused

def in_table(part, name, value):
    file = f"toy/chain/{part}.csv"
    kept = open(file).read()
    rows = list(csv.reader(kept.splitlines()))
    if name not in rows[0]:
        for r in rows:
            r.insert(0, "" if r is not rows[0] else name)
    rows[1][rows[0].index(name)] = value
    with open(file, "w") as f:
        csv.writer(f, lineterminator="\n").writerows(rows)
    r = load()
    with open(file, "w") as f:
        f.write(kept)
    refused = re.search(r"%s:2:\d+: %s = '%s': .*must be " % (re.escape(file), name, re.escape(value)), r.stderr) is not None
    assert r.returncode in (0, 2) and (not refused or r.returncode == 2), r
    return refused

# No scenario of that name, so that nothing is planned; what is out of range is told before.
sweep = dict.fromkeys(("sweep", "factors", "design", "replications", "stop"), "")

def in_sweep(part, name, value):
    more = {**sweep, part: f"{name} = {value};"}
    with open("toy/sweep.cfg", "w") as f:
        f.write("""title = "x"; base = "none.cfg"; %(sweep)s
factors = ( { id = "f"; path = "retry_d"; %(factors)s } );
design = { %(design)s };
replications = { %(replications)s stop = ( { output = "o"; %(stop)s } ); };
outputs = ( { id = "o"; column = "served"; } );
""" % more)
    r = subprocess.run([sys.argv[1], "sweep", "plan", "toy/sweep.cfg"], capture_output=True, text=True)
    assert r.returncode == 2, r
    return re.search(r"toy/sweep.cfg:\d+: (\S+: )?%s = %s: must be " % (name, re.escape(value)), r.stderr) is not None

bad = n = 0
for part, name, whole, lo, hi in keys():
    put = in_scenario if part in prefix else in_backtest if part in backtest else in_observed if part == "observed" else in_sweep if part in sweep else in_table
    ends = [str(int(x)) if whole else repr(x) for x in (lo, hi)]
    out = beyond(whole, lo, hi)
    n += 1
    try:
        result = [put(part, name, v) for v in (*ends, *out)]
        good = result == [False, False, True, True]
        why = f"refused: {dict(zip((*ends, *out), result))}"
    except AssertionError as e:
        good, why = False, str(e)
    print(f"{'ok' if good else 'not ok'} - {part}.{name}: {ends[0]} and {ends[1]} are taken, {out[0]} and {out[1]} are not")
    if not good:
        print("   ", why)
        bad = 1
if n < 100:
    print(f"not ok - at least 100 numbers have a range: {n}")
    bad = 1
sys.exit(bad)
PY

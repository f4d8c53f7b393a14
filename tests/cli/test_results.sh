#!/bin/sh
# What is done with a file of results: rerun, verify, export, show; and a policy that never is in force.
. "$(dirname "$0")/tap.inc"

"$L" run toy/baseline.cfg toy/deny.cfg toy/licence.cfg -o r.h5 --runs 5 --quiet

# ---- rerun ----
for k in 0 3 4; do
    ok "run $k again is identical" "exits 0 \"\$L\" rerun r.h5 --run $k && says out 'run $k: identical' && silent err"
done
ok 'from the file alone, in an empty folder' 'mkdir empty && cd empty && exits 0 "$L" rerun ../r.h5 --run 1 --audit && ls > ls.txt && [ "$(cat ls.txt | tr "\n" " ")" = "err ls.txt out " ]'
ok 'one scenario' 'exits 0 "$L" rerun r.h5 --run 2 --scenario licence && says out "identical"'
ok 'an unknown scenario: 2, and those there are' 'exits 2 "$L" rerun r.h5 --run 2 --scenario licens && says err "--scenario = licens" "baseline" "licence"'
ok 'a run that is not there: 2' 'exits 2 "$L" rerun r.h5 --run 5 && says err "--run = 5: the file has 5 runs, numbered from 0"'
ok 'with --runs, --seed and --set' 'exits 0 "$L" run toy/licence.cfg -o s.h5 --runs 2 --seed 99 --set rules.toy-licence.approval=0.5 --set forecast_d=45 --quiet && exits 0 "$L" rerun s.h5 --run 1 && says out identical'
ok 'scenarios that differ in runs and seed, both overridden' 'sed "s/^title/runs = 4; seed = 5; title/" toy/deny.cfg > toy/other.cfg && exits 0 "$L" run toy/baseline.cfg toy/other.cfg --runs 2 --seed 3 -o t.h5 --quiet && exits 0 "$L" rerun t.h5 --run 1 && says out identical'
ok '-o writes the run by itself' 'exits 0 "$L" rerun r.h5 --run 3 -o one.h5 && says out "one.h5: run 3 by itself" && "$L" verify one.h5'
ok 'and that file can be done again' 'exits 0 "$L" rerun one.h5 --run 3 && says out "run 3: identical" && exits 2 "$L" rerun one.h5 --run 0'
ok 'it holds the values of the run' '
"$L" export r.h5 --csv all --quiet && "$L" export one.h5 --csv one --quiet &&
grep "^[a-z]*,3," all/data_scenario-run-plant.csv > a && grep "^[a-z]*,3," one/data_scenario-run-plant.csv > b && [ -s a ] && cmp a b'

# Another chance of a licence in the input that the file carries, under a seal that fits.
python3 - << 'PY'
import hashlib
data = open("r.h5", "rb").read()
head = b"\nlodestone seal sha256 "
end = data.rindex(head)
forged = data[:end].replace(b"approval = 0.9;", b"approval = 0.1;")
assert forged != data[:end]
open("forged.h5", "wb").write(forged + head + hashlib.sha256(forged).hexdigest().encode() + b"\n")
PY
ok 'values that are not what the input gives: 1, and the differences' 'exits 1 "$L" rerun forged.h5 --run 1 && says out "licence: served differs in " " values; the first is " && ! grep -e "^deny" -e identical out && silent err'
ok 'the other scenarios of that file are identical' 'exits 0 "$L" rerun forged.h5 --run 1 --scenario deny'
ok 'verify finds it by the digest' 'exits 1 "$L" verify forged.h5 && says err "its digest says"'

# ---- verify ----
ok 'verify a whole file, with its digest' 'exits 0 "$L" verify r.h5 && grep -E "^r.h5: whole, digest [0-9a-f]{64}$" out && silent err'
size=$(wc -c < r.h5)
flips=0 found=0
for at in 0 7 100 1000 5000 $((size / 3)) $((size / 2)) $((size - 2000)) $((size - 100)) $((size - 30)) $((size - 1)); do
    cp r.h5 bad.h5
    byte=$(od -An -tu1 -j "$at" -N 1 r.h5)
    printf "\\$(printf '%03o' $((byte ^ 1)))" | dd of=bad.h5 bs=1 seek="$at" conv=notrunc 2> /dev/null
    flips=$((flips + 1))
    "$L" verify bad.h5 > out 2> err
    [ $? -eq 1 ] && grep -q '^bad.h5: ' err && found=$((found + 1))
done
ok 'a flipped bit anywhere is found' '[ $flips -eq 11 ] && [ $found -eq 11 ]'
ok 'a file cut short is found' 'head -c $((size - 1)) r.h5 > bad.h5 && exits 1 "$L" verify bad.h5 && says err "bad.h5: "'
ok 'an empty file' ': > bad.h5 && exits 1 "$L" verify bad.h5'
ok 'a text' 'exits 1 "$L" verify toy/deny.cfg && says err "toy/deny.cfg: "'
ok 'a folder' 'exits 1 "$L" verify toy && says err "toy: "'
ok 'several files: the worst status' 'exits 1 "$L" verify r.h5 bad.h5 && says out "r.h5: whole" && says err "bad.h5: "'
for c in 'show bad.h5' 'export bad.h5 --csv d' 'rerun bad.h5 --run 0'; do
    ok "a damaged file: $c is 1" "head -c 5000 r.h5 > bad.h5; exits 1 \"\$L\" $c && says err 'bad.h5: ' && silent out && [ ! -e d ]"
done

# ---- export ----
ok 'export' 'exits 0 "$L" export r.h5 --csv tables && says out "tables: tables of r.h5" && [ -s tables/columns.csv ] && [ -s tables/about.csv ]'
ok 'one row for each scenario, run and plant' '[ "$(wc -l < tables/data_scenario-run-plant.csv)" -eq $((3 * 5 * 4 + 1)) ] && head -n 1 tables/data_scenario-run-plant.csv | grep "^scenario,run,plant,planned,started,"'
ok 'demand is what was served, lost and waits' 'python3 - << "PY"
import csv
rows = list(csv.DictReader(open("tables/data_scenario-run-market.csv")))
assert len(rows) == 3 * 5 * 2
for r in rows:
    assert float(r["demand"]) == float(r["served"]) + float(r["lost"]) + float(r["backlog"]), r
PY'
ok 'every column of a table is explained' 'python3 - << "PY"
import csv, glob
told = {(r["file"], r["name"]) for r in csv.DictReader(open("tables/columns.csv"))}
for f in glob.glob("tables/data_*.csv"):
    axes = f[len("tables/data_"):-4].split("-")
    for name in next(csv.reader(open(f)))[0 if axes == ["single"] else len(axes):]:
        assert (f[len("tables/"):], name) in told, (f, name)
PY'
ok 'export into a place where nothing can be made: 1' 'exits 1 "$L" export r.h5 --csv nosuch/dir && says err "nosuch/dir" "no table was written"'

# ---- show ----
ok 'show names plants, dates and the rule' 'exits 0 "$L" show r.h5 && says out "deny" "Car plant" "toy-deny" "2026-0" && silent err'
ok 'show says the same twice' '"$L" show r.h5 > a && "$L" show r.h5 > b && cmp a b'

# ---- policies without effect ----
same_as_baseline() {
    exits 0 "$L" run toy/baseline.cfg "$1" -o same.h5 --runs 4 --quiet && rm -rf same &&
        "$L" export same.h5 --csv same --quiet && python3 - << "PY"
import csv, glob
compared = 0
for f in glob.glob("same/data_scenario-*.csv"):
    by = {}
    for r in csv.reader(open(f)):
        by.setdefault(r[0], []).append(r[1:])
    if "-rule" in f or "-office" in f or "-shock" in f:
        continue  # what rules, offices and shocks there are, and their work
    if list(by) == ["scenario"]:
        continue  # no flow that a rule may hold
    (base, other) = [v for k, v in by.items() if k != "scenario"]
    assert base == other, f
    compared += len(base)
assert compared > 1000, compared
PY
}
ok 'a rule from a day until the same day changes nothing' 'sed "s/from = \"2026-02-01\"/from = \"2026-02-01\"; until = \"2026-02-01\"/; s/^    announced.*//" toy/deny.cfg > toy/none.cfg && grep -q until toy/none.cfg && same_as_baseline toy/none.cfg'
ok 'nor does one that never exists' 'sed "s/action = \"deny\"/action = \"deny\"; probability = 0.0/" toy/deny.cfg > toy/none.cfg && same_as_baseline toy/none.cfg'
ok 'nor one for goods that nobody ships' 'sed "s/cn-magnets/cn-parts/" toy/deny.cfg > toy/none.cfg && same_as_baseline toy/none.cfg'
ok 'nor one after the end' 'sed "s/2026-0[12]-[0-9]*/2027-01-01/" toy/deny.cfg > toy/none.cfg && same_as_baseline toy/none.cfg'
down() {
    printf '%s\n' 'extends = "baseline.cfg"; title = "Toy chain: a plant is down";' "shocks = ( { id = \"fire\"; kind = \"down\"; site = [ \"cn.magnet\" ]; from = \"2026-02-01\"; $1 } );" > toy/down.cfg
}
ok 'nor a shock that does not come' 'down "probability = 0.0;" && same_as_baseline toy/down.cfg'
ok 'one that does is told with its days, and is the cause' 'down "days = 90;" && ! same_as_baseline toy/down.cfg && "$L" check toy/down.cfg > out && says out ", 1 shock)" && "$L" run toy/baseline.cfg toy/down.cfg -o down.h5 --audit --quiet && exits 0 "$L" show down.h5 && says out "shocks  fire (down, 2026-02-01 to 2026-05-01)" "cause   shock fire, 100 %" && "$L" verify down.h5'
ok 'but the rule itself does' '! same_as_baseline toy/deny.cfg'
exit $bad

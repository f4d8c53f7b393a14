#!/bin/sh
# Scenarios that override cells of the tables: `set`.
. "$(dirname "$0")/tap.inc"

cat > toy/lean.cfg << 'END'
extends = "baseline.cfg";
title   = "Toy chain: less stock, no army, a second magnet maker";
set = (
  { id = "z-first"; table = "sites"; where = { country = "JP"; tier = [ "vehicle", "comp*" ]; };
    column = "cover_d"; multiply = 0.5; source = "what if"; },
  { id = "a-second"; table = "sites"; where = { id = "jp.car"; }; column = "cover_d"; add = 1; },
  { id = "no-army"; table = "demand"; where = { end_use = "military"; }; remove_row = true; },
  { id = "half"; table = "lanes"; where = { product = "magnet"; }; column = "share"; value = 0.5; },
  { id = "site"; table = "sites"; source = "made up"; add_row = { id = "vn.magnet"; name = "Other"; country = "VN";
      tier = "magnet"; cover_d = 20; }; },
  { id = "line"; table = "processes"; source = "made up";
    add_row = { id = "vn.magnet.magnet"; site = "vn.magnet"; recipe = "magnet"; capacity_d = 150; cycle_d = 9; }; },
  { id = "ore"; table = "lanes"; source = "made up";
    add_row = { from = "cn.mine"; to = "vn.magnet"; product = "ore"; share = 1; transit_d = "uniform(9,12)"; }; },
  { id = "out"; table = "lanes"; source = "made up";
    add_row = { from = "vn.magnet"; to = "jp.motor"; product = "magnet"; share = 0.5; transit_d = 9; }; },
  { id = "slow"; table = "lanes"; where = { mode = "sea"; }; column = "transit_d"; multiply = 1.25; }
);
END
cat > toy/lean-deny.cfg << 'END'
extends = "lean.cfg";
title   = "and no magnets from China";
rules = ( { id = "toy-deny"; from = "2026-02-01"; origin = [ "CN" ]; destination = [ "JP" ]; list = "cn-magnets";
    action = "deny"; } );
END
two='toy/lean.cfg toy/lean-deny.cfg'

ok 'check' 'exits 0 "$L" check $two && silent err && says out "toy/lean.cfg: no faults" "6 sites in 3 countries"'
ok 'a run, with the audit' 'exits 0 "$L" run $two -o r.h5 --audit --quiet && silent err'
for k in 0 5; do
    ok "run $k again is identical, from the file alone" "mkdir -p empty && cd empty && exits 0 \"\$L\" rerun ../r.h5 --run $k --audit && says out 'run $k: identical' && silent err"
done
ok 'the run by itself can be done again' 'exits 0 "$L" rerun r.h5 --run 2 -o one.h5 --quiet && exits 0 "$L" rerun one.h5 --run 2 && says out "run 2: identical"'
ok 'it is another run than that without' '"$L" run toy/baseline.cfg -o b.h5 --quiet && "$L" export b.h5 --csv b --quiet && "$L" export r.h5 --csv r --quiet && ! cmp -s b/data_scenario-run-market.csv r/data_scenario-run-market.csv && grep "^lean,0,jp.market" r/data_scenario-run-market.csv && [ "$(grep -c "^lean,0,jp.market" r/data_scenario-run-market.csv)" -eq 1 ]'

# Rows from last to first and columns from last to first.
mkdir -p turned/chain && cp toy/*.cfg turned
for t in toy/chain/*.csv; do
    python3 - "$t" "turned/chain/$(basename "$t")" << 'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1])))
rows = [r[::-1] for r in rows[:1] + rows[:0:-1]]
csv.writer(open(sys.argv[2], "w"), lineterminator="\n").writerows(rows)
PY
done
ok 'shuffled rows and columns: the same bytes' '"$L" run turned/lean.cfg turned/lean-deny.cfg -o turned.h5 --quiet && cmp r.h5 turned.h5'
ok 'threads: the same bytes' '"$L" run $two -o t.h5 --threads 3 --quiet && cmp r.h5 t.h5'

# The tables and scenarios that a result holds, as files again: what was done is not done twice.
ok 'the stored input is a study of its own' '
/usr/bin/python3 - << "PY"
import h5py, os
os.makedirs("kept/chain")
for name, text in h5py.File("r.h5")["input"].items():
    with open(("kept/chain/" if name.endswith(".csv") else "kept/") + name, "wb") as f:
        f.write(text[()])
PY
grep -q "applied = true" kept/lean.cfg && "$L" run kept/lean.cfg kept/lean-deny.cfg -o kept.h5 --quiet && cmp r.h5 kept.h5'

# --set reaches into the list.
ok '--set of a factor' 'sed "s/multiply = 0.5/multiply = 0.25/" toy/lean.cfg > turned/other.cfg && cp turned/other.cfg toy/other.cfg && mv toy/lean.cfg lean.kept && mv toy/other.cfg toy/lean.cfg && "$L" run toy/lean.cfg -o a.h5 --quiet; mv lean.kept toy/lean.cfg; "$L" run toy/lean.cfg --set set.z-first.multiply=0.25 -o s.h5 --quiet && same_data a.h5 s.h5 && exits 0 "$L" rerun s.h5 --run 1 && says out identical'
ok 'the file says what was set, show too, and the run by itself' 'echo "retry_d = 20.0;" > over.cfg && "$L" run $two -o c.h5 --quiet --over "$PWD/over.cfg" --set set.slow.multiply=2 --set forecast_d=45 && "$L" show c.h5 > out && tr -s " \n" " " < out > flat && says flat "All scenarios with set.slow.multiply = 2, forecast_d = 45 (--set), on top of over.cfg (--over)" && ! grep -a -F "$PWD" c.h5 && exits 0 "$L" rerun c.h5 --run 1 -o c1.h5 && says out identical && "$L" show c1.h5 | grep "set.slow.multiply = 2" && exits 0 "$L" rerun c1.h5 --run 1 && "$L" run $two -o d.h5 --quiet --set forecast_d=45 && exits 0 "$L" show d.h5 --against r.h5 && tr -s " \n" " " < out > flat && says flat "Scenarios of d.h5 with forecast_d = 45 (--set), the baseline of r.h5 with nothing changed" && "$L" show r.h5 > out && ! grep -e "--set" out'
ok 'a relative name of --over is kept as it was given' '"$L" run toy/lean.cfg -o c.h5 --runs 1 --quiet --over ./over.cfg && "$L" show c.h5 > out && says out "All scenarios with the keys of ./over.cfg (--over)"'
ok '--set of all scenarios alike' 'exits 0 "$L" run $two --set set.slow.multiply=2 -o s.h5 --quiet'
ok '--set out of range names the argument' 'exits 2 "$L" run toy/lean.cfg --set set.z-first.multiply=10000 -o x.h5 && says err "cover_d = '\''50001'\'': must be 0 to 3650; set by toy/lean.cfg:6" "cover_d = '\''200000'\'': must be 0 to 3650; set by --set set.z-first.multiply=10000" && [ ! -e x.h5 ]'
ok '--set of an unknown override' 'exits 2 "$L" run toy/lean.cfg --set set.z-frist.multiply=2 -o x.h5 && says err "there is no entry '\''z-frist'\''; did you mean '\''z-first'\''?"'
ok '--set that takes one out' 'exits 0 "$L" run toy/lean.cfg --set set.no-army.remove=true -o x.h5 --quiet'

# extends
ok 'an override of an inherited one' 'printf "%s\n" "extends = \"lean.cfg\"; title = \"x\"; set = ( { id = \"z-first\"; multiply = 0.25; } );" > toy/more.cfg && "$L" run toy/more.cfg -o m.h5 --quiet && "$L" export m.h5 --csv m --quiet && "$L" run toy/lean.cfg --set set.z-first.multiply=0.25 -o s.h5 --quiet && "$L" export s.h5 --csv s --quiet && sed "s/^more,/lean,/" m/data_scenario-run-plant.csv | cmp - s/data_scenario-run-plant.csv'
ok 'scenarios with other overrides do not fit together' 'exits 2 "$L" run toy/lean.cfg toy/more.cfg -o x2.h5 && says err "toy/more.cfg:1: set differs from toy/lean.cfg:4; scenarios in one file share one network" && [ ! -e x2.h5 ]'
ok 'nor one with and one without' 'exits 2 "$L" run toy/baseline.cfg toy/lean.cfg -o x2.h5 && says err "toy/lean.cfg:4: set differs from toy/baseline.cfg:1" && [ ! -e x2.h5 ]'
ok 'keys' 'exits 0 "$L" keys set && says out "remove_row" "add_row" "where" "multiply"'
exit $bad

#!/bin/sh
# Progress of long commands: lines of JSON, a bar on a terminal, else nothing.
. "$(dirname "$0")/tap.inc"

cat > i.cfg << 'END'
title = "Ishigami"; model = "ishigami"; seed = 1;
factors = ( { id = "x1"; }, { id = "x2"; }, { id = "x3"; } ); design = { method = "saltelli"; points = 2000; };
END
cat > s.cfg << 'END'
title = "Toy"; base = "toy/baseline.cfg"; set = [ "horizon_d=60", "warm_up_d=30" ]; seed = 5;
factors = ( { id = "retry"; path = "retry_d"; range = [20, 60]; } ); design = { method = "grid"; levels = 3; };
outputs = ( { id = "stops"; column = "stop_days"; reduce = "sum"; } );
replications = { first = 2; };
END
"$L" sweep run i.cfg --quiet && "$L" sweep merge i.cfg --quiet

# lines WHAT LAST KEY...: what is in err is lines of JSON; the last count of each of WHAT is whole, the end has the keys.
cat > lines.py << 'END'
import json, math, sys

def number(text):
    raise ValueError(text)

lines = [json.loads(l, parse_constant=number) for l in open("err", encoding="utf-8")]
what, keys = sys.argv[1].split(","), sys.argv[2:]
end = lines.pop()
assert end["event"] == "end" and set(keys) <= set(end) and end["elapsed_s"] >= 0, end
assert lines, "no progress"
for l in lines:
    assert sorted(l) == sorted(["event", "what", "done", "failed", "of", "at_most", "elapsed_s", "left_s"]), l
    assert l["event"] == "progress" and 0 <= l["done"] <= l["of"] and l["elapsed_s"] >= 0, l
    assert l["left_s"] is None or l["left_s"] >= 0, l
    assert isinstance(l["at_most"], bool), l
assert sorted({l["what"] for l in lines}) == sorted(what), lines
for w in what:
    mine = [l for l in lines if l["what"] == w]
    assert all(a["done"] <= b["done"] for a, b in zip(mine, mine[1:])), mine
    assert mine[-1]["done"] == mine[-1]["of"] and mine[-1]["left_s"] == 0, mine[-1]
END
lines() {
    python3 lines.py "$@"
}
# on_terminal COLUMNS COMMAND...: what a terminal of so many columns is sent, in said.
on_terminal() {
    wide=$1
    shift
    env -u COLUMNS TERM="${T:-xterm}" script -qec "stty cols $wide; $*" /dev/null < /dev/null > said
}

ok 'run' 'exits 0 "$L" run toy/baseline.cfg toy/deny.cfg --runs 3 -o a.h5 --progress=json && lines runs runs failed threads events file bytes && [ -s out ]'
ok 'with --quiet the lines come all the same, and nothing else' 'exits 0 "$L" run toy/baseline.cfg --runs 3 -o a.h5 --progress json --quiet && lines runs file && silent out'
ok 'run to a precision says that it may end before' 'exits 0 "$L" run toy/baseline.cfg toy/licence.cfg --precision 50% --max-runs 60 -o b.h5 --progress=json && grep -q "\"at_most\": true" err && grep -c "\"event\": \"end\"" err'
ok 'critical' 'exits 0 "$L" critical toy/baseline.cfg --runs 2 --days 20 -o c.h5 --progress=json && lines runs runs failed threads file bytes'
ok 'back-test' '"$L" backtest toy/backtest --runs 2 -o d.h5 --progress=json > out 2> err; sed -i "/^lodestone backtest: missed/d" err; lines runs runs file bytes'
ok 'sweep run, also when it is quiet and when nothing is left' 'exits 0 "$L" sweep run s.cfg --progress=json && lines runs runs failed missing threads && rm -r s.sweep && exits 0 "$L" sweep run s.cfg --progress=json --quiet && lines runs missing && silent out && exits 0 "$L" sweep run s.cfg --progress=json && grep "\"event\": \"end\", \"runs\": 0" err'
ok 'sense: resamples, then peels' 'exits 0 "$L" sense i.h5 --progress=json -o t.csv && lines resamples points file bytes && exits 0 "$L" sense i.h5 --good less --threshold 9 --prim --progress=json && lines resamples,peels points'
ok 'sense finds the same with and without' '"$L" sense i.h5 --good less --threshold 9 --prim > a && cmp a out'
ok 'a file name that is no UTF-8 is JSON' 'name=$(printf "\"\\\\\\377\\303\\244\\001.h5") && exits 0 "$L" run toy/baseline.cfg --runs 1 -o "$name" --progress=json && lines runs file && rm -f -- "$name"'
for c in 'run toy/baseline.cfg --runs 2 -o a.h5' 'critical toy/baseline.cfg --runs 2 -o c.h5' 'sense i.h5' 'sweep run s.cfg'; do
    ok "no bar where standard error is no terminal: $c" "rm -rf s.sweep; exits 0 \"\$L\" $c && silent err && exits 2 \"\$L\" $c --progress=bar && says err '--progress = bar: must be json'"
done
if command -v script > /dev/null; then
    # What stands in the line at a time is no wider than the terminal, and is taken away.
    for wide in 30 50 80; do
        ok "a bar at $wide columns, taken away at the end" "on_terminal $wide '$L' run toy/baseline.cfg --runs 20 -o a.h5 && tr '\\r' '\\n' < said | grep ' of 20 runs, .* left' && ! tr '\\r' '\\n' < said | grep ' left' | sed 's/.\\[K\$//' | grep -E '^.{$wide,}' && tr '\\r' '\\n' < said | grep -A1 ' of 20 runs' | tail -n 1 | grep -E '^.\\[K20 runs|^.\\[K\$'"
    done
    ok 'COLUMNS says how wide, too' 'on_terminal 80 "COLUMNS=40 $L" run toy/baseline.cfg --runs 20 -o a.h5 && tr "\r" "\n" < said | grep " left" && ! tr "\r" "\n" < said | grep " left" | sed "s/.\[K$//" | grep -E "^.{40,}"'
    ok 'sense has a bar, and its table begins on a clean line' 'on_terminal 80 "$L" sense i.h5 && tr "\r" "\n" < said | grep "of 1000 resamples, .* left" && tr "\r" "\n" < said | grep -E "^.\[Ky in ishigami"'
    ok 'a dumb terminal, --quiet, lines of JSON: no bar' 'T=dumb on_terminal 80 "$L" run toy/baseline.cfg --runs 3 -o a.h5 && ! grep left said && on_terminal 80 "$L" run toy/baseline.cfg --runs 3 -o a.h5 --quiet && silent said && on_terminal 80 "$L" run toy/baseline.cfg --runs 3 -o a.h5 --progress=json && ! grep "of 3 runs" said && says said "\"done\": 3"'
else
    echo 'skipped - no script here: bars are not looked at'
fi
exit $bad

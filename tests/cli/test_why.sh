#!/bin/sh
# Traces of runs, and the questions that they answer.
. "$(dirname "$0")/tap.inc"

two='toy/baseline.cfg toy/licence.cfg'
"$L" run $two -o plain.h5 --runs 3 --quiet
"$L" run $two -o trace.h5 --runs 3 --trace --threads 1 --quiet
"$L" run toy/baseline.cfg toy/deny.cfg -o deny.h5 --runs 3 --quiet

# ---- a trace beside a run ----
ok 'the same bytes for any number of threads' '"$L" run $two -o two.h5 --runs 3 --trace --threads 2 --quiet && cmp trace.h5 two.h5 && "$L" run $two -o seven.h5 --runs 3 --trace --threads 7 --quiet && cmp trace.h5 seven.h5 && "$L" verify trace.h5'
"$L" export plain.h5 --csv plain --quiet && "$L" export trace.h5 --csv trace --quiet
ok 'all other tables are as without it' 'for f in plain/data_*.csv plain/axis_*.csv; do cmp "$f" "trace/${f#plain/}" || exit 1; done && [ -s trace/data_event.csv ] && [ ! -e plain/data_event.csv ]'
ok 'rerun of a file with a trace is identical' 'exits 0 "$L" rerun trace.h5 --run 2 && says out identical'
ok 'events stand by scenario, run and day' 'awk -F, "NR > 1 { k = sprintf(\"%d %03d %s\", \$2, \$3, \$4); if (k < last) bad = 1; last = k; n++ } END { exit bad || n < 5000 }" trace/data_event.csv'
ok 'every kind has its line in analysis/README.md' 'tail -n +2 trace/data_event.csv | cut -d, -f5 | sort -u > kinds && [ "$(grep -c . kinds)" -ge 15 ] && while read -r k; do grep -q "^| \`$k\` |" "$root/analysis/README.md" || { echo "$k"; exit 1; }; done < kinds'
ok 'so has every column, with its unit' 'grep "^event_" trace/columns.csv | while IFS=, read -r name file unit rest; do case $unit in "days since"*) unit=date ;; esac; grep -q "^| \`$name\` | event | $unit |" "$root/analysis/README.md" || { echo "$name $unit"; exit 1; }; done'
ok 'only a site, a product, some days' '"$L" run $two -o some.h5 --runs 1 --trace-site "jp.mot*" --trace-product magnet --trace-from 2026-03-01 --trace-until 2026-03-31 --quiet && "$L" export some.h5 --csv some --quiet && python3 - << "PY"
import csv
sites = [r["site"] for r in csv.DictReader(open("some/axis_site.csv"))]
rows = list(csv.DictReader(open("some/data_event.csv")))
motor = str(sites.index("jp.motor"))
assert 20 < len(rows) < 500, len(rows)
for r in rows:
    assert motor in (r["event_site"], r["event_partner"]) and "2026-03-01" <= r["event_day"] <= "2026-03-31", r
about = {r["name"]: r["value"] for r in csv.DictReader(open("some/about.csv"))}
assert about["trace_site"] == "jp.mot*" and about["trace_until"] == "2026-03-31"
PY'
ok 'no event at all is a trace too' '"$L" run toy/baseline.cfg -o none.h5 --runs 1 --trace-until 2020-01-01 --quiet && "$L" verify none.h5 && "$L" export none.h5 --csv none --quiet && [ "$(wc -l < none/data_event.csv)" -eq 1 ]'
ok 'a site that is not there: 2, nothing written' 'exits 2 "$L" run $two -o bad.h5 --trace-site jp.motr && says err "--trace-site = jp.motr: the network has none of that name; did you mean jp.motor?" && [ ! -e bad.h5 ]'
ok 'a date that is none: 2' 'exits 2 "$L" run $two -o bad.h5 --trace-from soon && says err "--trace-from = soon: must be a date YYYY-MM-DD" && [ ! -e bad.h5 ]'
ok 'the memory of a trace counts' 'exits 1 "$L" run $two -o bad.h5 --runs 40 --trace --max-mem 20M && says err "need about" "--max-mem" && [ ! -e bad.h5 ] && exits 0 "$L" run $two -o good.h5 --runs 40 --max-mem 20M --quiet'

# ---- the chain ----
ok 'by itself: the plant that loses most, from there to the office or its refusal' 'exits 0 "$L" why plain.h5 && says out "licence, run 0, " "Car plant (jp.car)" " 1  20" "Short of motor (steering motor)" " 2  20" "Short of magnet (sintered magnet)" "Root: " "toy-licence" && silent err'
ok 'a licence that is pending ends at the office' 'exits 0 "$L" why plain.h5 --site jp.car --date 2026-05-20 && tr -s " \n" " " < out > flat && says flat "Root: cn.magnet applied at office on 2026-04-09 under toy-licence (98 applications): undecided for 40 days" "stand ready at the gate"'
ok 'a denial ends at the rule' 'exits 0 "$L" why deny.h5 --site jp.car && tr -s " \n" " " < out > flat && says flat "Root: denied for magnet under toy-deny: 2 order lines of jp.motor refused since 2026-02-05" && ! grep "applied" out'
ok 'the same from a trace in the file' 'for q in "" "--site jp.car --date 2026-05-20" "--run 2" "--site jp.motor --product magnet" "--order 40000021" "--scenario baseline --site jp.car --date 2026-03-03"; do "$L" why plain.h5 $q > a && "$L" why trace.h5 $q > b && [ -s a ] && cmp a b || { echo "$q"; exit 1; }; done'
ok 'a trace of a part is not taken for all' '"$L" why some.h5 > a && "$L" why plain.h5 > b && cmp a b'
ok 'nor one that ends before; one that ends later is' '"$L" run $two -o until.h5 --runs 3 --trace-until 2026-05-20 --quiet && "$L" why until.h5 --site jp.car --date 2026-05-20 > a && "$L" why plain.h5 --site jp.car --date 2026-05-20 > b && cmp a b && "$L" why until.h5 --site jp.car --date 2026-05-21 > a && "$L" why plain.h5 --site jp.car --date 2026-05-21 > b && cmp a b'
ok 'no line is wider than 100 columns' '"$L" why plain.h5 > a && "$L" why deny.h5 --width 120 > b && awk "length > 100 { bad = 1 } END { exit bad }" a && awk "length > 120 { bad = 1 } END { exit bad }" b'
ok 'a day on which all went well' 'exits 0 "$L" why plain.h5 --scenario baseline --site jp.car --date 2026-03-03 && says out "No input kept it from starting what it planned."'

ok 'from a market whose customers are lost, over its plants, to the rule' 'exits 0 "$L" why deny.h5 --site jp.market --date 2026-05-20 && tr -s " \n" " " < out > flat && says flat "1 2026-05-20 jp.market, car (car): customers for " " 2 2026-05-20 jp.car, car: planned" " 3 2026-05-19 jp.motor, motor: planned" "Root: denied for magnet under toy-deny: 3 order lines of jp.motor refused since 2026-02-05" && silent err'
ok 'what the market lost is what the trace says' '"$L" run toy/baseline.cfg toy/deny.cfg -o dtrace.h5 --runs 1 --trace --quiet && "$L" why deny.h5 --site jp.market --date 2026-05-20 > a && "$L" why dtrace.h5 --site jp.market --date 2026-05-20 > b && cmp a b && "$L" export dtrace.h5 --csv dtrace --quiet && python3 - << "PY"
import csv, re
rows = [r for r in csv.DictReader(open("dtrace/data_event.csv")) if r["event_kind"] == "lost" and r["event_day"] == "2026-05-20" and r["event_scenario"] == "1"]
said = float(re.search(r"customers for ([0-9,]+) pieces", open("a").read()).group(1).replace(",", ""))
assert rows and abs(sum(float(r["event_quantity"]) for r in rows) - said) < 0.5, (rows, said)
PY'

ok 'of a market without a date: the worst day; on the last day customers who wait' 'exits 0 "$L" why deny.h5 --site jp.market && head -n 1 out | grep -E "deny, run 0, 2026-0[2-5]-[0-9]+: Buyers" && grep -q "are lost\.$" out && silent err && cp out a && "$L" why dtrace.h5 --site jp.market > b && cmp a b && exits 0 "$L" why deny.h5 --site jp.market --date 2026-06-03 && tr -s " \n" " " < out > flat && grep -E "customers for [0-9,]+ pieces (are lost, for [0-9,]+ pieces )?still wait at the end" flat'
ok 'a market that loses nothing' 'exits 2 "$L" why deny.h5 --site jp.market --scenario baseline --run 1 && says err "--site = jp.market: it has no line, and in run 1 no customer of it is lost or waits at the end"'

# ---- on the page of a report ----
# chains PAGE: its chains, with or without a script.
cat > chains.py << 'PY'
import html, json, re, sys
page = open(sys.argv[1], encoding="utf-8").read()
data = re.search(r'id="data-why">(.*?)</script>', page, re.S)
if data:
    print("".join(c["text"] for c in json.loads(data.group(1))["chains"]), end="")
else:
    print("".join(html.unescape(t) for t in re.findall(r"<pre>(.*?)</pre>", page, re.S)), end="")
PY
chains() { python3 chains.py "$1"; }
ok 'its chains are those that why prints, of the run with the median loss' '"$L" report deny.h5 --why 3 -o page.html && chains page.html > have && run=$(sed -n "1s/^deny, run \([0-9]*\), .*/\1/p" have) && for s in jp.car jp.motor; do LC_ALL=C.UTF-8 "$L" why deny.h5 --run "$run" --site $s --width 96; done > want && [ "$(wc -l < want)" -ge 20 ] && cmp have want'
ok 'the same bytes for any number of threads' 'OMP_NUM_THREADS=1 "$L" report deny.h5 --why 3 -o one.html && OMP_NUM_THREADS=5 "$L" report deny.h5 --why 3 -o five.html && cmp one.html five.html && cmp one.html page.html'
ok 'the same against the baseline of another file' '"$L" run toy/deny.cfg -o only.h5 --runs 3 --quiet && "$L" run toy/baseline.cfg -o base.h5 --runs 3 --quiet && "$L" report only.h5 --against base.h5 --why 3 -o other.html && chains other.html > other && cmp have other'
ok 'none unless asked for' '"$L" report deny.h5 -o page.html && chains page.html > empty && [ ! -s empty ] && exits 2 "$L" report deny.h5 --why 101 && says err "--why"'

# ---- one order ----
ok 'the orders that the chain names can be followed' '"$L" why plain.h5 --site jp.car --date 2026-05-20 | sed -n "s/^ *order \([0-9]*\):.*/\1/p" > orders && [ "$(grep -c . orders)" -ge 3 ] && while read -r n; do exits 0 "$L" why plain.h5 --order "$n" && says out "order $n: " "orders " || exit 1; done < orders'
ok 'from placement to receipt, day by day' 'exits 0 "$L" why plain.h5 --order 40000021 && says out "2026-04-09      0  jp.motor: orders 9,719 kg, promised for 2026-04-19" "2026-04-09      0  cn.magnet: applies at office (98 applications) under toy-licence" "Magnet maker (cn.magnet)" && silent err'

# ---- faults ----
ok 'an unknown site' 'exits 2 "$L" why plain.h5 --site jp.cra && says err "--site = jp.cra: the file has none of that name; did you mean jp.car?" && silent out'
ok 'a word out of names, no matter how it is written' 'exits 2 "$L" why plain.h5 --site MAKER && says err "--site = MAKER: the file has none of that name; with it in id or name: cn.magnet, jp.motor" && exits 2 "$L" why plain.h5 --site nosuch && [ "$(cat err)" = "--site = nosuch: the file has none of that name" ]'
ok 'an unknown product' 'exits 2 "$L" why plain.h5 --product magent && says err "--product = magent" "did you mean magnet?"'
ok 'an unknown scenario' 'exits 2 "$L" why plain.h5 --scenario licens && says err "--scenario = licens" "did you mean licence?"'
ok 'a scenario must be named where there are more than two' '"$L" run $two toy/deny.cfg -o three.h5 --runs 1 --quiet && exits 2 "$L" why three.h5 && says err "--scenario is missing: the file has baseline, licence, deny" && [ "$(grep -c . err)" -eq 1 ] && exits 0 "$L" why three.h5 --scenario deny'
ok 'a run that is not there' 'exits 2 "$L" why plain.h5 --run 3 && says err "--run = 3: the file has 3 runs, numbered from 0"'
ok 'a day outside' 'exits 2 "$L" why plain.h5 --date 2027-01-01 && says err "--date = 2027-01-01: the file has days from 2026-01-05 to 2026-06-03"'
ok 'a day that is none' 'exits 2 "$L" why plain.h5 --date May && says err "--date = May: must be a date"'
ok 'an order that is not there' 'exits 2 "$L" why plain.h5 --order 7 && says err "--order = 7: run 0 of licence has no order of that number"'
ok 'a site that makes nothing' 'exits 2 "$L" why plain.h5 --site jp.market --date 2026-03-03 && says err "no line of jp.market planned to start anything"'
ok 'a site that never stops' 'exits 2 "$L" why plain.h5 --site cn.mine && says err "--site = cn.mine: no line of it stops in run 0; give a --date"'
ok 'no file' 'exits 2 "$L" why nosuch.h5 && says err "nosuch.h5: there is no such file"'
exit $bad

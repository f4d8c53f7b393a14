#!/bin/sh
# backtest: a pass, a miss, wrong input, the same bytes, and what is done with its file.
. "$(dirname "$0")/tap.inc"
B=toy/backtest

# ---- the verdict ----
ok 'a pass: 0, table, errors, checks, verdict' 'exits 0 "$L" backtest $B -o b.h5 && says out "BACK-TEST: Toy episode" "scenario  licence, 6 runs; baseline baseline" "2026-03" "March to May" "PASS  " "goal missed" "verdict: PASS, 8 of 8 checks met; 0 of 1 goals met" && silent err && [ -s b.h5 ]'
ok 'no line is wider than 100 columns' '! awk "length > 100" out | grep .'
ok 'observed values and index are those of observed.csv' 'grep -E "^2026-04 +880 .* 587 " out && grep -E "^2026-05 e +160 " out && grep -E "^2025-02 +9000 +- " out && grep -E "^2026-02 d +150 .* 9900 " out'
ok 'stops by group of users; a group without sites has none' 'grep -E "^cars +1 +[0-9.]+ % +[0-9]+ +[0-9]+  Car plants$" out && grep -E "^parts +1 +[0-9.]+ % +[0-9]+ +[0-9]+$" out && grep -E "^upstream +0 +- +- +-$" out && says out "cars: sites that ever stop" "cars: longest stops of those sites"'
ok 'the default name is that of the folder' 'exits 0 "$L" backtest $B/ --runs 2 --quiet && [ -s backtest.h5 ]; silent out'
ok 'a miss: 1, says that the file was written' 'sed -i.kept "s/max_mape = 0.1;/max_mape = 0.0001;/" $B/backtest.cfg && exits 1 "$L" backtest $B -o miss.h5 && says out "FAIL         ends: mean error of the quantity" "verdict: FAIL, 7 of 8 checks met" && says err "missed; the file was written" && "$L" verify miss.h5 --quiet; r=$?; mv $B/backtest.cfg.kept $B/backtest.cfg; [ $r -eq 0 ]'
ok 'a miss, --quiet: 1, nothing on standard output' 'exits 1 "$L" backtest $B -o miss.h5 --quiet --set rules.toy-licence.approval=0.0 && silent out && says err "missed; the file was written"'
ok '--set of a rule that the baseline does not have; of a key that both have' 'exits 1 "$L" backtest $B -o set.h5 --set rules.toy-licence.approval=0.0 --set forecast_d=45 && "$L" verify set.h5 --quiet && grep -a -c "forecast_d = 45" set.h5 | grep 2'
ok '--over: as --set of the same keys; --set comes after it' 'echo "forecast_d = 45.0;" > over.cfg && "$L" backtest $B -o over.h5 --over over.cfg --quiet; "$L" backtest $B -o set.h5 --set forecast_d=45.0 --quiet; same_data over.h5 set.h5 && "$L" backtest $B -o over.h5 --over over.cfg --set forecast_d=30.0 --quiet; same_data over.h5 b.h5'
ok '--over of a file that is not there, or with faults: 2' 'exits 2 "$L" backtest $B -o x.h5 --over nosuch && says err "nosuch: no such file" && echo "forecast = 45.0;" > wrong.cfg && exits 2 "$L" backtest $B -o x.h5 --over wrong.cfg && says err "wrong.cfg:1: unknown key" && [ ! -e x.h5 ]'
ok '--set that neither has: 2' 'exits 2 "$L" backtest $B -o x.h5 --set rules.toy-licens.approval=0.5 && says err "did you mean '\''toy-licence'\''?" && [ ! -e x.h5 ]'
ok 'without baseline, index, windows and limits: PASS with no checks' '
mkdir bare && cp $B/observed.csv bare && printf "title = \"bare\"; scenario = \"deny.cfg\"; measure = \"imports\"; hs = [ \"8505\" ];\n" > bare/backtest.cfg && cp -R toy/chain toy/*.cfg bare &&
exits 0 "$L" backtest bare -o bare.h5 && says out "none: backtest.cfg sets no limit" "verdict: PASS" && "$L" verify bare.h5 --quiet'
ok 'without groups of users all are one' 'grep -E "^all +2 " out'
ok 'a limit on a group without sites: missed' 'sed "s/licence.cfg/baseline.cfg/; /^baseline/d" $B/backtest.cfg > none.cfg && cp -R toy none && mv none.cfg none/backtest/backtest.cfg && exits 1 "$L" backtest none/backtest -o x.h5 && grep -E "^cars +0 +- +- +-" out && says out "FAIL         cars: sites that ever stop: - (limit 100.0 %)" && rm x.h5'
ok 'what plants make' 'sed "s/imports/made/; s/hs = .*/stage = [ \"component\" ];/" bare/backtest.cfg > x && mv x bare/backtest.cfg && exits 0 "$L" backtest bare -o bare.h5 && says out "made in t; stages component" && ! grep "^orders" out'
ok 'by a name under scenarios/backtests/' 'mkdir -p scenarios/backtests && cp -R $B scenarios/backtests/toy-2026 && cp -R toy/. scenarios && exits 0 "$L" backtest toy-2026 --quiet && cmp toy-2026.h5 b.h5'
ok 'control characters of a title never reach the terminal' 'sed "s/Toy episode/\\\\x1b[31mToy/" $B/backtest.cfg | sed "s/Car plants/\\\\x1b[31mCars/" > bare/backtest.cfg && exits 0 "$L" backtest bare -o x.h5 && says out "?[31mToy" "?[31mCars" && ! grep "$(printf "\033")" out'

# ---- bytes ----
ok 'the same bytes with 1 and 2 threads' '"$L" backtest $B -o one.h5 --threads 1 --quiet && "$L" backtest $B -o two.h5 --threads 2 --quiet && cmp one.h5 two.h5 && cmp one.h5 b.h5'
ok 'in another order of rows and columns, with comments' '
cp -R toy other && python3 - << "PY"
import csv
rows = list(csv.reader(open("toy/backtest/observed.csv")))
rows = [r[::-1] for r in rows[:1] + rows[:0:-1]]
csv.writer(open("other/backtest/observed.csv", "w"), lineterminator="\n").writerows(rows)
PY
echo "// more" >> other/backtest/backtest.cfg && "$L" backtest other/backtest -o other.h5 --quiet && cmp b.h5 other.h5'

# ---- the file ----
ok 'verify' 'exits 0 "$L" verify b.h5'
ok 'rerun, from the file alone' 'exits 0 "$L" rerun b.h5 --run 3 && says out "run 3: identical"'
ok 'show' 'exits 0 "$L" show b.h5 && says out "licence: Toy chain: licences for magnets" && silent err'
ok 'export' 'exits 0 "$L" export b.h5 --csv tables && says tables/data_backtest_month.csv "2026-04-01,880," && says tables/data_backtest_check.csv ",met" && says tables/axis_backtest_month.csv "estimate" && says tables/axis_backtest_users.csv "cars,Car plants,vehicle" "upstream,upstream,mine magnet" && says tables/data_backtest_users.csv "upstream,0,,,"'
ok 'who uses goods under a rule: those that buy them, and those that buy what they are in' 'says tables/data_plant.csv plant,backtest_dependent jp.motor.motor,yes jp.car.car,yes cn.mine.ore,no cn.magnet.magnet,no'
ok 'it holds all columns of a run, with the same values' '"$L" run toy/baseline.cfg toy/licence.cfg -o run.h5 --quiet && "$L" export run.h5 --csv plain && for f in plain/data_scenario-run-plant.csv plain/data_scenario-run-flow-month.csv; do cmp "$f" "tables/${f#plain/}" || exit 1; done'
if /usr/bin/python3 -c 'import xarray, h5netcdf' 2> /dev/null; then
    ok 'xarray opens it with labels and dates' '/usr/bin/python3 "$root/tests/analysis/open_xarray.py" b.h5'
    ok 'and finds the series, the band and the verdict' '/usr/bin/python3 - << "PY"
import xarray
d = xarray.open_dataset("b.h5", engine="h5netcdf")
x = d.backtest_simulated.sel(backtest_month="2026-03-01")
assert x.sel(backtest_stat="p10") <= x.sel(backtest_stat="p50") <= x.sel(backtest_stat="p90")
flow = d.exports.sel(scenario="licence", flow="CN>JP~magnet", month="2026-03-01")
assert abs(float(flow.median("run")) - float(x.sel(backtest_stat="p50"))) < 1e-3
assert float(d.backtest_observed.sel(backtest_month="2026-04-01")) == 880
assert d.attrs["backtest_verdict"] == "pass" and int(d.backtest_met.sel(backtest_check="ends.max_mape")) == 1
assert sorted(d.plant.values[d.backtest_dependent.values == 1]) == ["jp.car.car", "jp.motor.motor"]
assert d.backtest_sites.sel(backtest_users="cars") == 1 and 0 <= d.backtest_stopped_share.sel(backtest_users="cars") <= 1
assert str(d.backtest_status.sel(backtest_month="2026-05-01").values) == "estimate"
PY'
fi

# ---- wrong input: title, file, sed program, lines that must be told (their beginnings), and no more ----
cp -R toy good
rm -f x.h5
fault() {
    name=$1 file=$2 program=$3
    shift 3
    rm -rf toy && cp -R good toy && sed "$program" "good/backtest/$file" > "toy/backtest/$file"
    printf '%s\n' "$@" > want
    ok "$name" '! cmp -s good/backtest/$file toy/backtest/$file && exits 2 "$L" backtest $B -o x.h5 && silent out && [ ! -e x.h5 ] && says err "nothing was written" &&
while IFS= read -r line; do awk -v n=0 "index(\$0, ENVIRON[\"line\"]) == 1 { n = 1 } END { exit !n }" err || { echo "not told: $line"; exit 1; }; done < want && [ "$(grep -c -v "^lodestone" err)" -eq "$(wc -l < want)" ]'
}
export line
c=toy/backtest/backtest.cfg o=toy/backtest/observed.csv
fault 'an unknown key' backtest.cfg 's/^title/titel/' "$c:3: unknown key 'titel'; did you mean 'title'?" "$c:1: title is missing"
fault 'a scenario that is not there' backtest.cfg 's/licence.cfg/license.cfg/' "$c:4: scenario = \"license.cfg\": no such file beside this one"
fault 'a baseline that is not there' backtest.cfg 's/baseline.cfg/base.cfg/' "$c:5: baseline = \"base.cfg\": no such file beside this one"
fault 'itself as its scenario' backtest.cfg 's/licence.cfg/backtest.cfg/' "$c:4: scenario = \"backtest.cfg\": must have another name"
fault 'an unknown measure' backtest.cfg 's/"exports"/"export"/' "$c:6: measure = \"export\": must be one of exports, imports, made"
fault 'a country that the network does not have' backtest.cfg 's/\[ "CN" \]/[ "KP" ]/' "$c:7: origin: no flow of this network has 'KP'"
fault 'a product that no flow carries' backtest.cfg '/^product/s/"magnet"/"car"/' "$c:9: product: no flow of this network has 'car'"
fault 'a heading of no product' backtest.cfg 's/"8505"/"2530"/' "$c:10: hs: no flow of this network has '2530'"
fault 'a scale of nothing' backtest.cfg 's/scale     = 1.0/scale = 0.0/' "$c:12: scale = 0.0: must be"
fault 'a month that is none' backtest.cfg 's/base_from = "2026-02"/base_from = "2026-00"/' "$c:13: base_from = \"2026-00\": must be a month YYYY-MM"
fault 'one end of the base only' backtest.cfg '/^base_to/d' "$c:13: base_from = \"2026-02\": give both"
fault 'a window without an end' backtest.cfg 's/ to = "2026-05"; max/ max/' "$c:18: 'spring': needs both from and to"
fault 'a window that was not simulated to its end' backtest.cfg 's/"2026-05" \]/"2026-06" ]/' "$c:19: 'ends': observed.csv has no value above 0 for 2026-06"
fault 'a base before the start' backtest.cfg 's/base_from = "2026-02"/base_from = "2026-01"/' "$c:13: base_from = \"2026-01\": observed.csv has no value above 0 for 2026-01"
fault 'two windows of one id' backtest.cfg 's/id = "ends"/id = "spring"/' "$c:19: "
fault 'a stage of exports' backtest.cfg 's/^unit/stage = [ "magnet" ]; unit/' "$c:11: stage: does not go with measure = \"exports\""
fault 'a share above 1' backtest.cfg 's/max_stopped_share = 1.0/max_stopped_share = 1.5/' "$c:25: max_stopped_share = 1.5: must be 0 to 1"
fault 'a limit of users among those of sanity' backtest.cfg 's/max_open_weeks/max_stop_d/' "$c:23: unknown key 'max_stop_d'"
fault 'a stage that no plant has' backtest.cfg 's/"mine", "magnet"/"mine", "market", "vehicel"/' "$c:27: tiers: no plant of this network has 'market'" "$c:27: tiers: no plant of this network has 'vehicel'"
fault 'two groups of users of one id' backtest.cfg 's/id = "parts"/id = "cars"/' "$c:26: id = \"cars\": this id is given twice"
fault 'a group of users without an id' backtest.cfg 's/id = "parts"; //' "$c:26: must be a group with an id"
fault 'a number for a group' backtest.cfg 's/^trough .*/trough = 5;/' "$c:21: trough = 5: "
fault 'a value below 0' observed.csv 's/,160,/,-160,/' "$o:2:9: value = '-160': must be 0 to"
fault 'a value that is no number' observed.csv 's/,160,/,n.a.,/' "$o:2:9: value = 'n.a.': must be 0 to"
fault 'a month twice' observed.csv 's/^2026-04/2026-03/' "$o:9:1: month = '2026-03': is there already, on line 8"
fault 'a month that is no month' observed.csv 's/^2026-04/April/' "$o:9:1: month = 'April': must be a month YYYY-MM"
fault 'no source' observed.csv 's/160,estimate,toy/160,estimate,/' "$o:2:22: source = ''"
fault 'an unknown column' observed.csv '1s/note/notes/' "$o:1:27: unknown column 'notes'; did you mean 'note'?"
fault 'a month that a window needs' observed.csv '/^2026-04/d' "$c:18: 'spring': observed.csv has no value above 0 for 2026-04" "$c:22: shortfall: observed.csv has no value for 2026-04"
fault 'the year before, for the naive forecast' observed.csv '/^2025-05/d' "$c:18: 'spring': observed.csv has no value for 2025-05" "$c:22: shortfall: observed.csv has no value for 2025-05"
ok 'months that are observed and not simulated' 'rm -rf toy && cp -R good toy && echo "2026-06,1,quoted,toy," >> $o && sed -i.kept "s/\"2026-05\" \]/\"2026-06\" ]/" $c && exits 2 "$L" backtest $B -o x.h5 && says err "$c:19: '\''ends'\'': the scenario runs from 2026-01-05 to 2026-06-03 and lacks days of 2026-06"'
ok 'faults of plan, series, scenario and tables are told in one go' '
rm -rf toy && cp -R good toy && sed "s/^title/titel/" good/backtest/backtest.cfg > $c && sed "s/,160,/,x,/" good/backtest/observed.csv > $o &&
sed "s/validity_d = 90.0/validity_d = 0.0/" good/licence.cfg > toy/licence.cfg && sed "s/,180,/,-180,/" good/chain/processes.csv > toy/chain/processes.csv &&
exits 2 "$L" backtest $B -o x.h5 && says err "$c:3: unknown key" "$o:2:9: value" "toy/licence.cfg:14: validity_d = 0.0" "toy/chain/processes.csv:3:" "nothing was written"'
ok 'a folder that is not there' 'exits 2 "$L" backtest nosuch && says err "nosuch/backtest.cfg: there is no such file" "nosuch/observed.csv: there is no such file"'
ok 'no observed.csv, and a fault of the plan' 'rm -rf toy && cp -R good toy && rm $o && sed "s/^title/titel/" good/backtest/backtest.cfg > $c && exits 2 "$L" backtest $B && says err "$o: there is no such file" "$c:3: unknown key"'
rm -rf toy && cp -R good toy
ok 'where nothing can be written: 1, before any run' 'exits 1 "$L" backtest $B -o nosuch/x.h5 && says err "nosuch/x.h5" "nothing was written" && silent out'
ok '--max-mem' 'exits 1 "$L" backtest $B -o x.h5 --max-mem 1K && says err "--max-mem" && [ ! -e x.h5 ]'
ok 'keys: every part of a back-test' 'exits 0 "$L" keys backtest windows users trough shortfall sanity observed && says out "max_stop_d [d]" "naive_growth, default 1" "max_open_weeks [weeks]" "beat_naive" "made_good_to"'
exit $bad

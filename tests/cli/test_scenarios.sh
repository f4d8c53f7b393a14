#!/bin/sh
# list, new, keys, check: what an analyst does before a run.
. "$(dirname "$0")/tap.inc"

# ---- list ----
mkdir scenarios && cp -R toy/. scenarios
ok 'list: paths and titles, sorted' 'exits 0 "$L" list && grep -n "^scenarios/" out | cut -d" " -f1 > a && printf "1:scenarios/baseline.cfg\n2:scenarios/deny.cfg\n3:scenarios/licence.cfg\n" | cmp - a && says out "Toy chain: no magnets to Japan" "extends baseline.cfg" && silent err'
ok 'list marks a file with faults and goes on' 'cp -R scenarios kept && echo "x =" > scenarios/a.cfg && exits 0 "$L" list && says out "scenarios/a.cfg" "(has faults" "scenarios/licence.cfg"; r=$?; rm -r scenarios; mv kept scenarios; [ $r -eq 0 ]'
ok 'list strips what steers a terminal' 'cp -R scenarios kept && printf "title = \"a\\\\x1b[31mb\";\n" > scenarios/a.cfg && exits 0 "$L" list && says out "a?[31mb"; r=$?; rm -r scenarios; mv kept scenarios; [ $r -eq 0 ]'
ok 'list where there is nothing' 'mkdir bare && cd bare && exits 0 "$L" list && ! grep "^scenarios/" out'
ok 'all shipped scenarios are listed with a title' 'cd "$root" && "$L" list > "$dir/out" && for f in scenarios/*.cfg; do grep -E "^$f  +[^( ]" "$dir/out" || exit 1; done'
ok 'all shipped sweeps have a plan without faults' 'for f in "$root"/scenarios/sweeps/*.cfg; do exits 0 "$L" sweep plan "$f" --dry-run || exit 1; done'

# ---- new ----
ok 'new: a scenario without faults that extends the other' 'exits 0 "$L" new scenarios/mine.cfg --from licence && says out "scenarios/mine.cfg: written" && grep -q "^extends = \"licence.cfg\";" scenarios/mine.cfg && exits 0 "$L" check mine && silent err'
ok 'it changes nothing until something is changed' '"$L" run scenarios/licence.cfg -o a.h5 --quiet && "$L" run scenarios/mine.cfg -o b.h5 --quiet && "$L" export a.h5 --csv a.csv --quiet && "$L" export b.h5 --csv b.csv --quiet && sed "s/^licence,/mine,/" a.csv/data_scenario-run-plant.csv > x && cmp x b.csv/data_scenario-run-plant.csv'
ok 'it names every key of a scenario that has a value' 'for k in start warm_up_d horizon_d runs seed message_s forecast_d lead_weight lead_cap_d retry_d outputs; do grep -q "^//$k = .*;    // .*(" scenarios/mine.cfg || { echo "$k"; exit 1; }; done'
ok 'all its examples may be used as they are' 'sed -E "s,^//([^ ]|  ),\1," scenarios/mine.cfg > scenarios/used.cfg && [ "$(grep -c -v -e ^// -e "^$" scenarios/used.cfg)" -gt 20 ] && exits 0 "$L" check scenarios/used.cfg && silent err && says out "(3 rules, 1 office)"'
ok 'new leaves a file alone that is there' 'cp scenarios/mine.cfg before && exits 2 "$L" new scenarios/mine.cfg --from baseline && says err "scenarios/mine.cfg: is there already" "nothing was written" && cmp before scenarios/mine.cfg'
ok 'new from a folder above, beside and elsewhere' '
mkdir -p scenarios/deep/er away &&
exits 0 "$L" new scenarios/deep/er/a.cfg --from scenarios/deny.cfg && exits 0 "$L" check scenarios/deep/er/a.cfg &&
exits 0 "$L" new b.cfg --from deny && exits 0 "$L" check b.cfg &&
cd away && exits 0 "$L" new c.cfg --from ../scenarios/deny.cfg && exits 0 "$L" check c.cfg && grep -q "^extends = \"../scenarios/deny.cfg\"" c.cfg'
ok 'new from an unknown scenario: 2' 'exits 2 "$L" new d.cfg --from nosuch && says err "nosuch: no such scenario file" && [ ! -e d.cfg ]'
for name in d.txt .cfg 'a b.cfg' .hidden.cfg; do
    ok "new '$name' is refused" "exits 2 \"\$L\" new '$name' --from deny && says err '$name: the name of a scenario is' && [ ! -e '$name' ]"
done
ok 'new where nothing can be made: 1' 'exits 1 "$L" new nosuch/d.cfg --from deny && says err "nosuch/d.cfg: cannot" "nothing was written"'
ok 'a name with a line end stays in its comment' 'sed "s/id = \"toy-deny\";/id = \"toy-deny\"; name = \"a\\\\nruns = 5;\";/" toy/deny.cfg > scenarios/evil.cfg && exits 0 "$L" new scenarios/from-evil.cfg --from evil && grep -q "a?runs = 5" scenarios/from-evil.cfg && ! grep -q "^runs" scenarios/from-evil.cfg'

# ---- keys ----
"$L" keys > all
ok 'keys: every part' 'for p in scenario offices priority staffing rules deny inspect licence notify quota tax detours diversions hoarding shocks prices marginal reserves recycling steps set products entities sites bom processes lanes demand lists catalogue elements calendars stocks distributions; do grep -q "^$p (" all || { echo "$p"; exit 1; }; done'
ok 'keys: a key everywhere it is' 'exits 0 "$L" keys approval && says out "offices (" "rules (" "approval" && ! grep horizon_d out'
ok 'keys: a part' 'exits 0 "$L" keys lanes && says out "transit_d [d]" "share, required" && ! grep "^sites" out'
ok 'keys: unit, default, range' 'exits 0 "$L" keys retry_d && says out "retry_d [d], default 30" "(1 to 3650)"'
ok 'keys: a required one' 'exits 0 "$L" keys title && says out "title, required"'
ok 'keys: a law of chance' 'exits 0 "$L" keys lognormal && says out "lognormal(median,sigma)" "{ dist = \"lognormal\"; median = ...; sigma = ...; }"'
ok 'keys: the nearest of what there is not, 2' 'exits 2 "$L" keys aproval && says err "did you mean '\''approval'\''?"'
ok 'keys --markdown: a table for each part, every row of equal width' 'exits 0 "$L" keys --markdown && grep "^| .horizon_d" out && awk "/^\|---/ { n = gsub(/\|/, \"|\"); next } /^\|/ && n { s = \$0; gsub(/\\\\\\|/, \"\", s); m = gsub(/\|/, \"|\", s); if (m != n && !/unit \| default/ && !/in a scenario also/) { print; bad = 1 } } END { exit bad }" out'
ok 'every key of the shipped scenarios is in the reference' '
sed -e "s,//.*,," -e "s/\"[^\"]*\"/X/g" "$root"/scenarios/*.cfg | grep -oE "[a-z][a-z_0-9]* *=" | tr -d " =" | sort -u > used &&
[ -s used ] && while read -r k; do grep -qE "(^  $k[ ,]|^  $k$|[ (,{]$k( =|[,)]))" all || { echo "$k"; exit 1; }; done < used'
ok 'every column of the shipped tables is in the reference' '
for t in products entities sites bom processes lanes demand lists catalogue elements calendars stocks; do
    "$L" keys $t > part
    for c in $(head -n 1 "$root/scenarios/rare-earth/$t.csv" | tr "," " "); do
        case $c in el_*_g) continue ;; esac
        grep -qE "^  $c([ ,]|$)" part || { echo "$t $c"; exit 1; }
    done
done'

# ---- check ----
rm -f ./*.h5
ok 'check: no faults, the balance sheet, what a run takes' 'exits 0 "$L" check toy/baseline.cfg toy/deny.cfg && says out "toy/baseline.cfg: no faults" "toy/deny.cfg: no faults" "5 sites in 2 countries" "2 scenarios x 6 runs will take about" && silent err && nothing_written'
ok 'check: cars made are cars wanted, all stages used' 'awk "\$2 == \"car\" { made = \$4 } END { exit !(made == 104 * 365) }" out && [ "$(grep -c "%  *[A-Z]" out)" -eq 4 ]'
ok 'check: 100 times the runs take about 100 times the time and more of all' 'exits 0 "$L" check toy/deny.cfg --runs 600 && says out "1 scenario x 600 runs" && cp out a && exits 0 "$L" check toy/deny.cfg --runs 1000000 && says out "1 scenario x 1000000 runs will take about" " GB of memory"'
ok 'the file is about as large as check says' '
"$L" run toy/baseline.cfg toy/licence.cfg --runs 200 -o size.h5 --quiet &&
exits 0 "$L" check toy/baseline.cfg toy/licence.cfg --runs 200 && python3 - << "PY"
import os, re
x, unit = re.search(r"a file of ([0-9.]+) (kB|MB)", open("out").read()).groups()
ratio = float(x) * {"kB": 1e3, "MB": 1e6}[unit] / os.path.getsize("size.h5")
assert 0.6 < ratio < 1.6, ratio
PY'
ok 'check: a ratio of a price that the scenario does not have is told' '
cp -R toy dear && sed -i "s/^title/substitution = true; title/" dear/deny.cfg &&
printf "id,recipe,product,substitute,price_ratio,status,source\nx,motor,magnet,ore,2,estimate,toy\n" > dear/chain/substitutes.csv &&
echo ",cn.mine,jp.motor,ore,1,rail,3,0,0,yes,estimate,toy" >> dear/chain/lanes.csv &&
exits 0 "$L" check dear/deny.cfg && says out "1 row of substitutes.csv has a price_ratio for goods without a price in this scenario, such as x (magnet)"'
ok 'check --quiet prints nothing but faults' 'exits 0 "$L" check toy/deny.cfg --quiet && silent out && silent err'
ok 'check tells faults: 2' 'sed "s/deny\"/dony\"/" toy/deny.cfg > toy/bad.cfg && exits 2 "$L" check toy/bad.cfg && says err "toy/bad.cfg:" && silent out'
for f in "$root"/scenarios/*.cfg; do
    ok "shipped $(basename "$f") has no faults" "exits 0 \"\$L\" check --quiet '$f' && silent err"
done
for d in "$root"/scenarios/backtests/*/; do
    ok "shipped back-test $(basename "$d") has no faults, and passes or misses" "'$L' backtest '$d' --runs 1 --quiet -o b.h5; [ \$? -le 1 ] && '$L' verify b.h5 && [ -f '$d/README.md' ]"
done
exit $bad

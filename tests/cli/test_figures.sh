#!/bin/sh
# The figures of analysis/plots: their numbers are those that show prints and export writes, the same result gives
# the same bytes, and what cannot be drawn is said in one line.
. "$(dirname "$0")/tap.inc"
export PYTHONDONTWRITEBYTECODE=1
plots=$root/analysis/plots
draw() {
    /usr/bin/python3 -W error "$plots/figures.py" "$@"
}
(cd toy && exec "$L" run baseline.cfg licence.cfg deny.cfg --runs 20 -o ../out.h5 --quiet)
"$L" show out.h5 > shown
"$L" export out.h5 --csv tables --quiet
# said SCENARIO: what show says of it against the baseline.
said() {
    sed -n "/^$1 against baseline/,/^-------/p" shown
}
ok 'all six are drawn' 'draw out.h5 -o a > names && [ "$(grep -c "" names)" = 6 ] && for n in output stops causes leads loss trade; do for e in pdf png csv txt; do [ -s a/$n.$e ] || { echo $n.$e; exit 1; }; done; done'
ok 'fonts are embedded as TrueType; no dates' 'for f in a/*.pdf; do grep -qa /FontFile2 $f && ! grep -qaE "/Type3|/CreationDate" $f || { echo $f; exit 1; }; done; ! grep -qaE "tIME|date:" a/*.png'
ok 'the same bytes elsewhere, in another order' 'mkdir away && cd away && TZ=Asia/Tokyo PYTHONHASHSEED=7 LC_ALL=C draw ../out.h5 trade -o b > /dev/null && for f in b/*; do cmp $f ../a/${f#b/} || exit 1; done'
ok 'captions: runs, definition, no line breaks' 'for f in a/*.txt; do [ "$(grep -c "" $f)" = 1 ] && says $f "20 runs" "the baseline" || { echo $f; exit 1; }; done'

# The numbers of three figures in the words of show, in loss.say, stops.say and leads.say.
cat > say.py << 'END'
import sys
import pandas
sys.path.insert(0, sys.argv[1])
from lodestone_plots import usd
short = lambda x: usd(x)[:-4]
read = lambda name: pandas.read_csv(f"a/{name}.csv")
days = lambda x: ("" if x.median_reached else ">") + f"{x.median_d:.0f}"
with open("loss.say", "w") as f:
    for _, x in read("loss").query("minus == 'baseline'").iterrows():
        mean, ends = short(x.mean_usd), f"{short(x.lo_usd)} to {short(x.hi_usd)} {short(x.p05_usd)} to {short(x.p95_usd)}"
        print(x.scenario, f"lost or waiting, USD 0 {mean} {mean} {ends}", file=f)
with open("stops.say", "w") as f:
    for _, x in read("stops").iterrows():
        print(x.scenario, f"{x['name']} {100 * x.stops:.0f} % {x.first_stop} [0-9]+ [0-9]+ -[0-9.]+ % {short(x.lost_usd)}", file=f)
with open("leads.say", "w") as f:
    for s, rows in read("leads").groupby("scenario"):
        promised = rows[rows.orders == "promised"].iloc[0]
        cell = {x.quarter: days(x) for _, x in rows[rows.orders == "during, quarter"].iterrows()}
        print(s, "CN > JP magnet", days(promised), cell["2026-01-01"], cell.get("2026-04-01", "-"), file=f)
END
/usr/bin/python3 say.py "$plots"
# shown_in FILE: each line, a scenario and an expression, is a line of what show says of the scenario.
shown_in() {
    [ -s "$1" ] && while read -r s rest; do
        said "$s" | tr -s ' ' | grep -qE "^ $rest\$" || { echo "$s: $rest"; return 1; }
    done < "$1"
}
ok 'loss: mean, interval (by bootstrap in one) and range are those of show' '[ "$(grep -c "" loss.say)" = 2 ] && shown_in loss.say && says a/loss.txt "licence 81.5 m USD; deny 107 m USD"'
ok 'loss: differences between two scenarios are those of the tables' '
awk -F, "NR == 1 { for (k = 1; k <= NF; k++) at[\$k] = k; next } { loss[\$1, \$2] += \$at[\"loss_usd\"] } END { for (r = 0; r < 20; r++) sum += loss[\"deny\", r] - loss[\"licence\", r]; printf \"%.6g\n\", sum / 20 }" tables/data_scenario-run-market.csv > sum &&
awk -F, "\$1 == \"deny\" && \$2 == \"licence\" { printf \"%.6g\n\", \$4 }" a/loss.csv | diff sum - && [ -s sum ]'
ok 'stops: plants in the order of show, with share, first stop, output lost' '[ "$(grep -c "" stops.say)" = 4 ] && shown_in stops.say && sed -n "s/.*,jp[.]\([a-z]*\),.*/\1/p" a/stops.csv | head -n 2 | tr "\n" " " | grep -qx "car motor "'
# By hand from the table of 28 days: shares of runs in which the motor maker starts less than half.
ok 'stops: shares of runs are those of the tables' '
awk -F, "\$3 == \"jp.motor.motor\" { if (\$1 == \"baseline\") b[\$2, \$4] = \$5; else if (\$1 == \"licence\" && \$5 < 0.5 * b[\$2, \$4]) n[\$4]++ } END { print n[\"2026-02-02\"] / 20, n[\"2026-03-02\"] / 20, n[\"2026-03-30\"] / 20, n[\"2026-04-27\"] / 20 }" tables/data_scenario-run-plant-period.csv > share &&
awk -F, "\$1 == \"licence\" && \$2 == \"jp.motor\" { print \$9, \$10, \$11, \$12 }" a/stops.csv | diff share - && grep -q "0[.]" share'
ok 'output: least 28 days, and when, are those of show' 'for s in licence deny; do set -- $(said $s | tr -s " " | sed -n "s/^ vehicle .* \([0-9]*\) % \(2026-..-..\) > [0-9]*$/\1 \2/p"); [ $# = 2 ] && says a/output.txt "$s $1 % (28 days from $2)" || exit 1; done'
ok 'causes: shares and totals are those of show' 'said licence | tr -s " " | grep -qF " 100.0 % 81.5 m licence pending for magnet under toy-licence" && grep -q "^licence,licence pending for magnet under toy-licence,81523000,100," a/causes.csv && says a/causes.txt "licence 81.5 m USD (74.1 m USD to 89.0 m USD)" "magnet: sintered magnet"'
ok 'leads: medians by quarter, promised ones, are those of show' '[ "$(grep -c "" leads.say)" = 2 ] && shown_in leads.say && grep -q ">" leads.say'
ok 'leads: refused and open of the whole period' 'grep "^deny,during," a/leads.csv | cut -d, -f5 | grep -q "^93" && says a/leads.txt "licence 1 %; deny 93 %"'
ok 'trade: exports by month are those of the tables, by value' '
value=$(awk -F, "NR == 1 { for (k = 1; k <= NF; k++) at[\$k] = k; next } \$at[\"plant_product\"] == \"magnet\" { print \$at[\"plant_value\"] }" tables/axis_plant.csv) &&
awk -F, -v v=$value "NR == 1 { for (k = 1; k <= NF; k++) at[\$k] = k; next } \$3 == \"CN>JP~magnet\" && \$at[\"month\"] == \"2026-03-01\" { sum[\$1] += v * \$at[\"exports\"] / 20 } END { printf \"baseline %.5g\nlicence %.5g\n\", sum[\"baseline\"], sum[\"licence\"] }" tables/data_scenario-run-flow-month.csv > sum &&
awk -F, "\$2 == \"2026-03-01\" && \$1 != \"deny\" { printf \"%s %.5g\n\", \$1, \$3 }" a/trade.csv | diff sum - && grep -q "baseline [1-9]" sum'

cat > toy/fire.cfg << 'END'
extends = "licence.cfg";
shocks = ( { id = "fire"; kind = "down"; site = [ "jp.motor" ]; from = "2026-03-01"; days = 20.0; } );
END
cat > toy/paused.cfg << 'END'
extends = "deny.cfg";
rules = ( { id = "toy-deny"; until = "2026-04-01"; suspended_from = "2026-02-15"; suspended_until = "2026-03-01"; } );
END
(cd toy && "$L" run licence.cfg fire.cfg paused.cfg --runs 2 -o ../two.h5 --quiet && "$L" run deny.cfg --runs 1 -o ../one.h5 --quiet)
echo no > no.h5
cat > open.py << 'END'
import sys
sys.path.insert(0, sys.argv[1])
from leads import phases
from lodestone_plots import Cannot, Result
r = Result("two.h5")
print(*(f"{name} {first} {last}" for s in r.others for name, first, last in r.spans(s)), sep="\n")
print(*(f"{name} {quarters}" for name, quarters in phases(r, 2).items()), sep="\n")
for wrong in (("no.h5",), ("one.h5",), ("out.h5", "DE"), ("out.h5", None, None, ["baseline"])):
    try:
        print(Result(*wrong))
    except Cannot as fault:
        print(fault)
END
/usr/bin/python3 open.py "$plots" > opened
ok 'rules and shocks of the scenario alone, with the pause; quarters in and after them' 'printf "%s\n" "fire 2026-03-01 2026-03-21" "toy-deny 2026-02-01 2026-02-15" "toy-deny 2026-03-01 2026-04-01" "before [False False]" "during [ True False]" "after [False  True]" > want && head -n 6 opened | diff want -'
ok 'what is no result, has one scenario, or no such country or scenario' 'tail -n +7 opened > why && [ "$(grep -c "" why)" = 4 ] && says why "no.h5: cannot be read: " "one.h5: one scenario alone" "DE: a country without" "baseline: no such scenario beside the baseline; there are licence, deny"'
ok 'faults are one line, exit status 2' 'exits 2 draw no.h5 && [ "$(grep -c "" err)" = 1 ] && silent out && exits 2 draw out.h5 pie && says err "pie: no such figure; there are output" && [ "$(grep -c "" err)" = 1 ]'
ok 'what the file has not is said, the rest is drawn' 'exits 0 draw out.h5 leads causes -o c --flow no --scenario deny && says err "leads: not drawn: no: no flow" && [ "$(grep -c "" err)" = 1 ] && [ -s c/causes.pdf ] && [ ! -e c/leads.pdf ] && ! grep -q licence, c/causes.csv'
ok 'a name that looks like mathematics or a formula stays text' '
sed "s/,Car plant,/,=\$x_1\$ plant,/" toy/chain/sites.csv > sites && cp sites toy/chain/sites.csv && (cd toy && "$L" run baseline.cfg deny.cfg --runs 1 -o ../name.h5 --quiet) && draw name.h5 stops -o d > /dev/null && grep -qF ",'\''=\$x_1\$ plant," d/stops.csv'
ok 'make figures says what makes the result' '! make -C "$root" figures FIGURES_FROM=build/none.h5 > log 2>&1 && says log "make demo"'

# MATLAB and R see the dimensions in reverse order: as the comments in README.md say.
sed -n "s/.*h5read(f, [\"']\/*\([a-z_]*\)[\"']);* [#%] \(.*\)/\1 \2/p" "$plots/README.md" > dims
ok 'dimensions in comments for R and MATLAB are the reversed ones' '[ "$(grep -c "" dims)" = 4 ] && /usr/bin/python3 -c "
import xarray
r = xarray.open_dataset(\"out.h5\", engine=\"h5netcdf\")
for line in open(\"dims\"):
    name, dims = line.split(maxsplit=1)
    assert dims.strip() == \" x \".join(reversed(r[name].dims)), line"'
ok 'the steps for MATLAB, on reversed arrays, give what xarray gives' '/usr/bin/python3 -c "
import h5py, numpy, xarray
f = h5py.File(\"out.h5\")
days, kg = f[\"stop_days\"][()].T, f[\"exports\"][()].T
jp, deny = f[\"plant_country\"].asstr()[()] == \"JP\", f[\"scenario\"].asstr()[()] == \"deny\"
r = xarray.open_dataset(\"out.h5\", engine=\"h5netcdf\")
same = r.stop_days.mean(\"run\").sel(scenario=\"deny\")[r.plant_country == \"JP\"].values
assert same.max() > 50 and numpy.allclose(days[jp][:, :, deny].mean(1)[:, 0], same)
flow = f[\"flow\"].asstr()[()] == \"CN>JP~magnet\"
assert numpy.allclose(kg[:, flow][:, :, :, deny].squeeze(), r.exports.sel(flow=\"CN>JP~magnet\", scenario=\"deny\").values.T)"'
exit $bad

#!/bin/sh
# critical: a chain of five sites is ranked as it must be, by sites, lanes and suppliers; the file opens
# elsewhere; threads change nothing; Ctrl-C leaves nothing.
. "$(dirname "$0")/tap.inc"

# Each plant feeds the next, and none has a second source: the nearer to the market, the less stock lies between, the
# sooner and the more is lost.
ranked() {
    exits 0 "$L" critical toy/baseline.cfg --days 90 --runs 3 -o c.h5 "$@" && silent err
}
order() {
    sed -n 's/^ *[0-9]*  \(.*[^ ]\)  *\(CN\|JP\) .*/\1/p' out | sed 's/ *$//' | tr '\n' ';'
}
ok 'sites: from the car plant back to the mine' 'ranked && [ "$(order)" = "Car plant;Motor maker;Magnet maker;Mine;" ] && says out "4 sites and the baseline x 3 runs will take about" "No intervals"'
ok 'the same with an input that is drawn for each run' 'cp out fixed && mv c.h5 fixed.h5 && ranked --set "retry_d={dist=\"uniform\";lo=20.0;hi=40.0;}" && sed -n "/^(means/,\$p" fixed | grep -v " cores in " > a && says out "All scenarios with retry_d = " && sed -n "/^(means/,\$p" out | grep -v " cores in " > b && diff a b; s=$?; mv fixed out; mv fixed.h5 c.h5; [ $s -eq 0 ]'
echo 'forecast_d = { dist = "uniform"; lo = 10.0; hi = 60.0; };' > toy/doubt.cfg
ok 'with a file laid over: as with the same keys set' 'cp out fixed && mv c.h5 fixed.h5 && ranked --over toy/doubt.cfg && mv c.h5 over.h5 && ranked --set "forecast_d={dist=\"uniform\";lo=10.0;hi=60.0;}" && "$L" export c.h5 --csv set --quiet && "$L" export over.h5 --csv over --quiet && "$L" export fixed.h5 --csv plain --quiet && f=data_scenario-run-target.csv && cmp "set/$f" "over/$f" && ! cmp -s "plain/$f" "over/$f"; s=$?; mv fixed out; mv fixed.h5 c.h5; [ $s -eq 0 ]'
cat > toy/drawn.cfg << 'END'
extends = "baseline.cfg";
set = ( { id = "u"; table = "lanes"; column = "cost_usd"; add = { dist = "uniform"; lo = 0.0; hi = 1.0; }; } );
END
ok 'the same with a table that is drawn for each run' 'cp out fixed && exits 0 "$L" critical toy/drawn.cfg --days 90 --runs 3 -o drawn.h5 && sed -n "/^(means/,\$p" out | grep -v " cores in " > b && diff a b; s=$?; mv fixed out; [ $s -eq 0 ]'
ok 'show prints the table again' 'sed "/ will take about /d; / cores in /d" out > a && exits 0 "$L" show c.h5 && diff a out && exits 0 "$L" show c.h5 --top 2 && [ "$(order)" = "Car plant;Motor maker;" ] && says out "2 more do harm (--top)" && exits 2 "$L" show c.h5 --tier magnet && says err "c.h5: was written by lodestone critical"; s=$?; cp a out; [ $s -eq 0 ]'
ok 'each survives longer than the one it feeds' 'awk "/ d / && \$1 ~ /^[0-9]+\$/ { n++; for (i = 3; i <= NF; i++) if (\$i == \"d\") { if (\$(i - 1) < last) exit 1; last = \$(i - 1); break } } END { exit n < 3 }" out'
ok 'no line is longer than 100 columns' 'awk "length > 100 { exit 1 }" out'
ok 'the file is whole, and exports' '"$L" verify c.h5 && "$L" export c.h5 --csv tables && grep -q "^baseline,2,jp.car," tables/data_scenario-run-target.csv && [ "$(grep -c . tables/data_scenario-run-target.csv)" -eq 13 ]'
ok 'xarray opens it with labels' '/usr/bin/python3 - << "PY"
import xarray
d = xarray.open_dataset("c.h5", engine="h5netcdf")
x = d.loss_usd.sel(scenario="baseline", target="jp.car")
assert x.dims == ("run",) and (x > 0).all(), x
assert d.loss_usd.attrs["units"] == "USD" and str(d.target_name.sel(target="jp.motor").item()) == "Motor maker"
assert (d.survive_d.sel(target="jp.car") < d.survive_d.sel(target="jp.motor")).all()
assert d.survive_d.sel(target="cn.mine").isnull().all()
PY'
ok 'the same bytes for one thread and for four' 'mv c.h5 a.h5 && ranked --threads 4 && cmp a.h5 c.h5 && ranked --threads 1 && cmp a.h5 c.h5'
ok 'what a shock of that kind in a scenario does' 'printf "%s\n" "extends = \"baseline.cfg\"; title = \"car plant out\"; shocks = ( { id = \"x\"; kind = \"down\"; site = [ \"jp.car\" ]; from = \"2026-01-05\"; days = 90; } );" > toy/out.cfg && "$L" run toy/baseline.cfg toy/out.cfg --runs 3 -o run.h5 --quiet && /usr/bin/python3 - << "PY"
import xarray
r, c = (xarray.open_dataset(f, engine="h5netcdf") for f in ("run.h5", "c.h5"))
gap = r.loss_usd.sum("market")
assert (abs(gap.sel(scenario="out") - gap.sel(scenario="baseline") - c.loss_usd.sel(scenario="baseline", target="jp.car")) < 1e-6).all()
PY'
ok 'lanes, the nearest to the market first' 'ranked --what lane && sed -n "s/^ *[0-9]*  \([a-z.]*~[a-z.]*~[a-z]*\).*/\1/p" out > lanes && [ "$(head -n 1 lanes)" = jp.car~jp.market~car ] && [ "$(sed -n 4p lanes)" = cn.mine~cn.magnet~ore ]'
ok 'suppliers: the one product that crosses a border' 'ranked --what supplier && says out "sintered magnet" "1 supplier and the baseline x 3 runs" && [ "$(order)" = "sintered magnet;" ]'
ok 'a choice of stage and country' 'ranked --tier magnet --tier vehicle --country CN && [ "$(order)" = "Magnet maker;" ]'
ok 'from 20 runs on with intervals' 'ranked --runs 20 --tier vehicle && says out "interval of the mean loss: "'
ok 'later, or for a day: less' 'ranked --from 2026-05-25 --tier component && says out "-         -         -" && ranked --days 1 --tier component && says out "out for 1 day from" "1 does none"'
ok 'quiet prints nothing' 'ranked --quiet && silent out'
rm -f ./*.h5
ok 'wrong use: exit 2, no file' 'exits 2 "$L" critical toy/baseline.cfg --what port && says err "must be site, lane or supplier" && exits 2 "$L" critical toy/baseline.cfg --from 2025-01-01 && says err "must be a recorded day, 2026-01-05 to 2026-06-03" && exits 2 "$L" critical toy/baseline.cfg --tier nowhere && says err "nothing to take out" && exits 2 "$L" critical toy/baseline.cfg toy/deny.cfg && nothing_written'
ok 'Ctrl-C: exit 130, no file' '{ "$L" critical toy/baseline.cfg --runs 2000 -o s.h5 > out 2> err & pid=$!; sleep 2; kill -INT $pid; wait $pid; [ $? -eq 130 ]; } && says err "no file was written" && nothing_written'
exit $bad

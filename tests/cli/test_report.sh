#!/bin/sh
# lodestone report: the page in a browser, its numbers, what it refuses.
. "$(dirname "$0")/tap.inc"
page=$root/build/page
shots=$root/build/screenshots
browse() {
    node "$root/tests/cli/report.mjs" "$page/node_modules" "$@" || bad=1
}
numbers() {
    /usr/bin/python3 "$root/tests/cli/report_numbers.py" "$1" > numbers.json
}
# The program as it is where there was no Node.js: the script that it holds is empty.
static() {
    /usr/bin/python3 - "$L" "$page/page.js" <<'PY'
import sys
program, script = (open(f, "rb").read() for f in sys.argv[1:])
at = program.index(script)
open("static", "wb").write(program[:at] + b"\0" + program[at + 1:])
PY
    chmod +x static
}
nothing() {
    ! ls ./*.html 2> /dev/null
}

# ---- what it refuses ----

"$L" run toy/baseline.cfg toy/licence.cfg toy/deny.cfg --runs 30 -o toy.h5 --quiet
head -c 20000 toy.h5 > cut.h5
echo 'no result' > text.h5
ok 'a file that is not there, 2' 'exits 2 "$L" report none.h5 && says err none.h5 && silent out && [ "$(wc -l < err)" -eq 1 ] && nothing'
ok 'a file that is no result, 1' 'exits 1 "$L" report text.h5 && says err text.h5 && silent out && [ "$(wc -l < err)" -eq 1 ] && nothing'
ok 'a damaged file, 1' 'exits 1 "$L" report cut.h5 && says err cut.h5 && silent out && [ "$(wc -l < err)" -eq 1 ] && nothing'
ok 'a folder that is not there, 1' 'exits 1 "$L" report toy.h5 -o none/x.html && says err none && silent out && [ "$(wc -l < err)" -eq 1 ] && nothing'
ok 'not over what it is made from, 2' 'exits 2 "$L" report toy.h5 -o toy.h5 && says err toy.h5 && silent out && "$L" verify toy.h5'
ok 'a country of no plant, 2' 'exits 2 "$L" report toy.h5 --country XX && says err XX && silent out && nothing'

# ---- the page ----

ok 'says where the page is' 'exits 0 "$L" report toy.h5 && [ "$(cat out)" = toy.html ] && silent err'
ok 'same file, same bytes' 'exits 0 "$L" report toy.h5 -o again.html && cmp toy.html again.html'
ok 'beside a baseline' '"$L" run toy/baseline.cfg --runs 30 -o base.h5 --quiet && exits 0 "$L" report toy.h5 --against base.h5 -o both.html && says both.html base.h5'
ok 'numbers to compare with' 'numbers toy.h5'

# ---- the script: the same bytes wherever it is built; none where npm cannot install ----

mkdir -p copy/build/page copy/analysis
cp "$root/Makefile" copy
cp -R "$root/analysis/page" copy/analysis/page
ok 'the script that the program holds was built' '[ -s "$page/page.js" ]'
ok 'the script is the same bytes when built elsewhere' '(cd copy/build/page && cp ../../analysis/page/build.mjs . && ln -s "$page/node_modules" . && node build.mjs ../../analysis/page/src/page.js page.js) && cmp "$page/page.js" copy/build/page/page.js'
ok 'without a network: an empty script, one line of warning, 0' 'rm -r copy/build && exits 0 env -u MAKELEVEL -u MAKEFLAGS npm_config_registry=http://127.0.0.1:9 npm_config_cache="$dir/cache" npm_config_fetch_retries=0 make -C copy build/page/page.js && [ ! -s copy/build/page/page.js ] && [ "$(wc -l < err)" -eq 1 ] && says err "reports will be static"'
[ "$bad" -eq 0 ] || exit 1
browse full toy.html numbers.json "$shots"

# ---- other kinds of results ----

cat > toy/sweep.cfg << 'END'
title = "Toy"; base = "baseline.cfg"; scenarios = [ "licence.cfg" ]; set = [ "horizon_d=60", "warm_up_d=30" ]; seed = 5;
factors = (
  { id = "approval"; path = "offices.office.approval"; range = [0.2, 1.0]; },
  { id = "review"; path = "offices.office.review_d.median"; range = [5, 60]; scale = "log"; },
  { id = "reviewers"; path = "offices.office.reviewers"; values = [1, 16]; kind = "lever"; } );
design = { uncertainties = { method = "lhs"; points = 30; }; levers = { method = "grid"; }; }; replications = { first = 2; };
outputs = ( { id = "review_days"; column = "review_days"; }, { id = "stops"; column = "stop_days"; by = "plant"; } );
END
ok 'a page of a sweep' '"$L" sweep run toy/sweep.cfg --quiet && "$L" sweep merge toy/sweep.cfg --quiet && exits 0 "$L" report sweep.h5'
browse other sweep.html "$shots"
ok 'a page of what critical found' '"$L" critical toy/baseline.cfg --runs 2 -o critical.h5 --quiet && exits 0 "$L" report critical.h5'
browse other critical.html "$shots"

ok 'a page of 21 days and 3 runs' '"$L" run toy/baseline.cfg toy/licence.cfg --runs 3 --set horizon_d=21 -o short.h5 --quiet && exits 0 "$L" report short.h5'
browse opens short.html
ok 'a page of one run of one scenario' '"$L" run toy/baseline.cfg --runs 1 -o one.h5 --quiet && exits 0 "$L" report one.h5'
browse opens one.html

# ---- names that are markup ----

evil='</script><img src=x onerror=alert(1)>'
cp -R toy evil
sed -i "s|,Car plant,|,$evil,|; s|,Mine,|,\"\"\"$evil\",|" evil/chain/sites.csv
sed -i "s|,sintered magnet,|,$evil,|; s|,car,vehicle|,$evil,vehicle|" evil/chain/products.csv
sed -i "s|^title .*|title = \"$evil\";|" evil/*.cfg
sed -i "s|id = \"toy-deny\";|&  name = \"$evil\";|" evil/deny.cfg
ok 'names may be anything' '"$L" run evil/baseline.cfg evil/deny.cfg --runs 4 -o evil.h5 --quiet && exits 0 "$L" report evil.h5'
browse names evil.html

# ---- a page without a script ----

ok 'a program without the script' 'static && exits 0 ./static report toy.h5 -o static.html && ! grep "<script" static.html'
browse static static.html numbers.json "$shots"
exit $bad

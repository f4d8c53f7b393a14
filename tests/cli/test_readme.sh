#!/bin/sh
# The README files but those of scenarios: their commands work, and what they list is there.
. "$(dirname "$0")/readme.inc"

run_blocks README.md analysis/README.md analysis/plots/README.md models/README.md sim/README.md tests/README.md
ok 'the answer of why in the root README is what it prints' 'sed -n "/^Mazda lacks motors/,/^\`\`\`\$/p" "$root/README.md" | sed "1,/^\`\`\`text/d; /^\`\`\`\$/d" > said && [ "$(grep -c . said)" -gt 10 ] && "$L" why demo.h5 --scenario japan-2026-broad-licensing --run 0 --site jp.car.mazda | tail -n "$(grep -c "" said)" > printed && diff said printed'
ok 'the root README names every command' 'for c in list new check run critical show why explain backtest sweep sense export rerun verify keys help; do grep -qE "build/lodestone $c" "$root/README.md" || { echo "$c"; exit 1; }; done'
ok 'files and folders that the root README names are there' 'grep -oE "\`[a-z]+/[a-zA-Z/.]*\`" "$root/README.md" | tr -d "\`" | grep -v "^build/" | while read -r f; do [ -e "$root/$f" ] || { echo "$f"; exit 1; }; done'
ok 'the README of scenarios names every one that is shipped' 'for f in "$root"/scenarios/*.cfg; do grep -qF "\`$(basename "$f")\`" "$root/scenarios/README.md" || { echo "$f"; exit 1; }; done'

ok 'the README of models names every file there, and no other' 'sed -n "/^## Files/,/^## The day/p" "$root/models/README.md" | grep -oE "\`[a-z_]+[.][ch]\`" | tr -d "\`" | sort > named && (cd "$root/models" && ls ./*.[ch] | cut -c3- | sort) | diff named -'

# The reference of keys in scenarios/README.md is what the program prints; make keys writes it.
in_readme=$root/scenarios/README.md
parts=$(sed -n 's/^<!-- keys: \(.*\) -->$/\1/p' "$in_readme")
awk '/^<!-- end of keys -->$/ { on = 0 } on { print } /^<!-- keys: / { on = 1 }' "$in_readme" > written.md
ok 'the lines of the keys are those that the program prints' '[ -s written.md ] && "$L" keys --markdown $parts > printed.md && diff written.md printed.md'
ok 'all that a scenario can hold is there: its lists, the lists in them, the kinds of rule' '"$L" keys | sed -n "s/^\([a-z]*\) (\(scenario file\|rules with this action\|where a key takes\).*/\1/p" | sort > all && echo $parts | tr " " "\n" | sort | diff all - && [ "$(grep -c . all)" -ge 15 ]'
ok 'make keys changes nothing in it' 'mkdir -p keys/build/release keys/scenarios && cp "$root/Makefile" keys && cp "$in_readme" keys/scenarios && sed "/^<!-- keys: /,/^<!-- end of keys/{//!d}" "$in_readme" > keys/scenarios/README.md && cd keys && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u SAN -u B "$make" -s keys BIN="$L" && cmp scenarios/README.md "$in_readme"'

in_sweeps=$root/scenarios/sweeps/README.md
awk '/^<!-- end of keys -->$/ { on = 0 } on { print } /^<!-- keys: / { on = 1 }' "$in_sweeps" > written.md
ok 'so are those of a sweep' '[ -s written.md ] && "$L" keys --markdown $(sed -n "s/^<!-- keys: \(.*\) -->$/\1/p" "$in_sweeps") > printed.md && diff written.md printed.md'

# The columns of results in analysis/README.md: all of them, with axes and unit as a result has them. A scenario with
# everything that adds a column.
cat > toy/all.cfg << 'END'
extends = "baseline.cfg";
outputs = "full"; retry_d = { dist = "uniform"; lo = 20.0; hi = 40.0; };
substitution = true;
set = ( { id = "deferrable"; table = "bom"; where = { recipe = "car"; role = "input"; }; column = "kind"; value = "deferrable"; },
  { id = "maybe"; table = "lists"; add_row = { list = "maybe"; kind = "product"; value = "magnet"; probability = 0.5; status = "estimate"; source = "made up"; }; } );
rules = (
  { id = "listed"; from = "2026-02-01"; origin = [ "CN" ]; list = "maybe"; action = "quota"; amount = 1000.0; },
  { id = "military"; from = "2026-02-01"; origin = [ "CN" ]; end_use = [ "military" ]; action = "deny"; suspect_buyer = 0.1; mistaken_action = "deny"; decline = 0.1; decline_d = 30.0; },
  { id = "tax"; from = "2026-02-01"; origin = [ "CN" ]; action = "tax"; rate = 0.1; }
);
detours = ( { id = "round"; from = "2026-02-01"; via = "JP"; extra_d = 10.0; } );
diversions = ( { id = "aside"; from = "2026-02-01"; } );
shocks = ( { id = "fire"; kind = "destroy"; from = "2026-02-01"; share = 0.1; } );
prices = ( { id = "magnet"; product = [ "magnet" ]; home = "CN"; demand_elasticity = 1.0; } );
reserves = ( { id = "state"; kind = "state"; cover_d = 30.0; } );
recycling = ( { id = "cars"; product = [ "car" ]; to_site = "cn.magnet"; to_product = "ore"; collection = 0.1; delay_d = 100.0; } );
hoarding = ( { id = "fear"; announced = true; cover_d = 5.0; } );
share_up_m = 0.1;
END
printf '%s\n' 'id,recipe,product,substitute,cover_d,status,source' 'x,motor,magnet,ore,10,estimate,toy' > toy/chain/substitutes.csv
echo ',cn.mine,jp.motor,ore,1,rail,3,0,0,yes,estimate,toy' >> toy/chain/lanes.csv
"$L" run toy/all.cfg --runs 1 -o all.h5 --quiet && "$L" export all.h5 --csv columns > /dev/null
sed -nE 's/^ *\{+"([a-z_]*)", "(scenario|product element).*/\1/p' "$root/models/columns.c" | sort > coded
# name (axes) unit
awk -F, 'NR > 1 { sub(/^data_/, "", $2); sub(/[.]csv$/, "", $2); gsub(/-/, " ", $2); print $1, "(" $2 ")", $3 }' columns/columns.csv | sort > is
awk -F ' *[|] *' '/^[|] `[a-z_]+` [|] (scenario|product element)/ { gsub(/`/, "", $2); print $2, "(" $3 ")", $4 }' "$root/analysis/README.md" | sort > said
ok 'that scenario has every column of models/columns.c' '[ "$(grep -c . coded)" -ge 60 ] && cut -d" " -f1 is | diff coded -'
ok 'analysis/README.md has each of them once, with axes and unit' '[ -s said ] && diff said is'
ok 'and each of the axes' 'sed "s/.*(\(.*\)).*/\1/" said | tr " " "\n" | sort -u | grep -vE "^(scenario|run)$" > axes && [ -s axes ] && while read -r a; do grep -qE "^[|] [^|]*\`$a\`[^|]* [|][^|]*[|]$" "$root/analysis/README.md" || { echo "$a"; exit 1; }; done < axes'
exit $bad

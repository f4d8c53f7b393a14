#!/bin/sh
# What a sweep cannot be is told before any run; what fails and what is odd is told the same by all commands.
. "$(dirname "$0")/tap.inc"

grid='design = { method = "grid"; levels = 2; }; replications = { first = 1; };'
# sweep NAME FACTORS OUTPUTS [DESIGN]: writes toy/NAME.cfg.
sweep() {
    cat > "toy/$1.cfg" << END
title = "Toy"; base = "baseline.cfg"; scenarios = [ "licence.cfg" ]; set = [ "horizon_d=60", "warm_up_d=10" ]; seed = 5;
factors = ( $2 );
outputs = ( $3 );
${4:-$grid}
END
}
share='{ id = "share"; path = "rules.toy-inspect.share"; range = [0.1, 0.5]; }'
cars='{ id = "cars"; column = "started"; where = { plant_country = "JP"; }; }'
refused() { exits 2 "$L" sweep plan "toy/$1.cfg" && exits 2 "$L" sweep run "toy/$1.cfg" && [ ! -e "$1.sweep" ]; }
done_and_merged() { "$L" sweep run "toy/$1.cfg" --quiet && "$L" sweep merge "toy/$1.cfg" --quiet; }

# Names in the merged file.
sweep axis "$share" '{ id = "plant"; column = "started"; by = "plant"; }'
sweep axes "$share" "{ id = \"a\"; column = \"started\"; by = \"plant\"; }, { id = \"b\"; column = \"started\"; by = \"plant\"; where = { plant_country = \"JP\"; }; },
  { id = \"b_plant\"; column = \"started\"; }"
sweep enough "$share" '{ id = "enough"; column = "started"; }'
ok 'an output with the name of an axis or a column is refused' 'refused axis && says err "toy/axis.cfg:3: id = \"plant\": is the name of the axis that the output plant keeps" && refused axes && says err "toy/axes.cfg:4: id = \"b_plant\"" && refused enough && says err "is taken"'

# Factors that change what is looked at, or nothing at all.
sweep longer '{ id = "days"; path = "horizon_d"; values = [60, 90]; }' '{ id = "made"; column = "group_made"; by = "week"; }'
sweep later '{ id = "begin"; path = "start"; values = [ "2026-01-05", "2026-03-02" ]; }' '{ id = "made"; column = "group_made"; until = "2026-02-01"; }'
ok 'an output that is not there at all points is told before any run' 'refused longer && says err "toy/longer.cfg: at point 1: output made: week has other labels at this point" && refused later && says err "keeps nothing of the column group_made"'
for key in seed runs; do sweep $key "{ id = \"f\"; path = \"$key\"; values = [1, 2]; }" "$cars"; done
sweep network '{ id = "f"; path = "network"; values = [ "chain", "chain2" ]; }' "$cars"
cp -R toy/chain toy/chain2
ok 'keys that points cannot change are no factors' 'refused seed && says err "toy/seed.cfg:2: path = \"seed\": is no factor: luck" && refused runs && says err "is no factor: replications" && refused network && says err "is no factor: all points have the same tables"'
exit $bad

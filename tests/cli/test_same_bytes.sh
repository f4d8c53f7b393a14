#!/bin/sh
# The same input and seed give the same bytes.
. "$(dirname "$0")/tap.inc"

three='toy/baseline.cfg toy/deny.cfg toy/licence.cfg'
"$L" run $three -o one.h5 --threads 1 --audit --quiet
ok 'a second run' '"$L" run $three -o again.h5 --threads 1 --quiet && cmp one.h5 again.h5'
ok '2 threads' '"$L" run $three -o two.h5 --threads 2 --quiet && cmp one.h5 two.h5'
ok '7 threads' '"$L" run $three -o seven.h5 --threads 7 --quiet && cmp one.h5 seven.h5'
ok 'OMP_NUM_THREADS' 'OMP_NUM_THREADS=2 "$L" run $three -o omp.h5 --quiet && cmp one.h5 omp.h5'
ok 'another folder, other paths, no .cfg' 'cp -R toy elsewhere && cd elsewhere && "$L" run baseline deny licence -o ../moved.h5 --quiet && cmp ../one.h5 ../moved.h5'
ok 'with --audit and a line of progress' '"$L" run $three -o audit.h5 --audit --progress=json 2> err > out && cmp one.h5 audit.h5'

# Rows from last to first and columns from last to first (no cell of the toy spans lines).
mkdir -p shuffled/chain && cp toy/*.cfg shuffled
for t in toy/chain/*.csv; do
    python3 - "$t" "shuffled/chain/$(basename "$t")" << 'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1])))
rows = [r[::-1] for r in rows[:1] + rows[:0:-1]]
csv.writer(open(sys.argv[2], "w"), lineterminator="\n").writerows(rows)
PY
done
ok 'rows and columns were turned round' '! cmp -s toy/chain/sites.csv shuffled/chain/sites.csv && head -n 1 shuffled/chain/sites.csv | grep -q "^source,"'
ok 'shuffled rows and columns' '"$L" run shuffled/baseline.cfg shuffled/deny.cfg shuffled/licence.cfg -o shuffled.h5 --quiet && cmp one.h5 shuffled.h5'
ok 'comments and blanks in a scenario' 'cp -R toy spaced && sed -i "s|^rules|\n// more\n  rules|" spaced/deny.cfg && "$L" run spaced/baseline.cfg spaced/deny.cfg spaced/licence.cfg -o spaced.h5 --quiet && cmp one.h5 spaced.h5'

ok '--seed with the seed of the file' '"$L" run $three -o seed7.h5 --seed 7 --quiet && cmp one.h5 seed7.h5'
ok 'another seed, other bytes' '"$L" run $three -o seed8.h5 --seed 8 --quiet && ! cmp -s one.h5 seed8.h5'
ok 'another seed, another digest' '[ "$("$L" verify seed8.h5 | sed "s/.*digest//")" != "$("$L" verify one.h5 | sed "s/.*digest//")" ]'
ok 'other stores and moments change no byte' 'TZ=Asia/Tokyo LANG=de_DE.UTF-8 TMPDIR=/tmp "$L" run $three -o tz.h5 --quiet && cmp one.h5 tz.h5'

# A run does not depend on how many others there are, nor on the scenarios beside it.
"$L" export one.h5 --csv six --quiet
"$L" run $three -o few.h5 --runs 3 --quiet && "$L" export few.h5 --csv three --quiet
"$L" run toy/deny.cfg -o alone.h5 --quiet && "$L" export alone.h5 --csv alone --quiet
ok 'fewer runs are the first of more' 'grep -E "^[a-z]*,[012]," six/data_scenario-run-plant.csv > a && grep -E "^[a-z]*,[012]," three/data_scenario-run-plant.csv > b && [ "$(wc -l < a)" -eq 36 ] && cmp a b'
ok 'a scenario alone gives what it gives beside others' 'grep "^deny," six/data_scenario-run-market.csv > a && grep "^deny," alone/data_scenario-run-market.csv > b && [ "$(wc -l < a)" -eq 12 ] && cmp a b'

# Uncertain inputs: drawn by their names.
cat > uncertain.cfg << 'END'
retry_d = { dist = "uniform"; lo = 10.0; hi = 40.0; };
set = ( { id = "cover"; table = "sites"; where = { tier = "component"; }; column = "cover_d"; multiply = "triangular(0.5,1,2)"; } );
END
u="$three --over uncertain.cfg"
"$L" run $u -o u1.h5 --threads 1 --audit --quiet
ok 'uncertain inputs: 2 threads' '"$L" run $u -o u2.h5 --threads 2 --quiet && cmp u1.h5 u2.h5'
ok 'uncertain inputs: shuffled rows and columns' '"$L" run shuffled/baseline.cfg shuffled/deny.cfg shuffled/licence.cfg --over uncertain.cfg -o us.h5 --quiet && cmp u1.h5 us.h5'
ok 'uncertain inputs: a run again from the file alone' '"$L" rerun u1.h5 --run 3 > out && grep -q "^run 3: identical" out'
ok 'uncertain inputs: the same in all scenarios, others in every run' '"$L" export u1.h5 --csv u --quiet && [ "$(grep -c cover.multiply u/data_scenario-run-uncertain.csv)" -eq 18 ] && [ "$(grep cover.multiply u/data_scenario-run-uncertain.csv | cut -d, -f2,4 | sort -u | wc -l)" -eq 6 ]'
ok 'uncertain inputs: show says how many' '"$L" show u1.h5 > out && grep -q "^  - 2 uncertain inputs" out'
exit $bad

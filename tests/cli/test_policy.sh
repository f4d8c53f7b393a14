#!/bin/sh
# A new kind of rule is one file and one word: the example of models/policy/README.md, built in a copy of the
# sources as the page says, does what the page says.
. "$(dirname "$0")/tap.inc"
page=$root/models/policy/README.md

# block KIND N: the Nth block of the page that is marked so.
block() {
    awk -v kind="$1" -v n="$2" '
        /^```/ && on { exit }
        $0 == "```" kind && ++k == n { on = 1; next }
        on { print }' "$page"
}

mkdir copy
cp -R "$root/Makefile" "$root/.clang-format" "$root/sim" "$root/models" "$root/analysis" "$root/scenarios" copy
block c 1 > copy/models/policy/certificate.c
block cfg 1 > copy/scenarios/certificate.cfg
block sh 1 > build.sh
block sh 2 > use.sh
cp copy/scenarios/certificate.cfg toy
N=$dir/copy/build/lodestone
magnets='--from cn.magnet --to jp.motor --product magnet --use civil --date 2026-04-02'

# Built without optimisation, for the time it takes; by the compiler that the rest was built with.
ok 'the file and the word, built as the page says' '(unset MAKEFLAGS MFLAGS MAKELEVEL SAN B; export CFLAGS=-O0; cd copy && sh -e ../build.sh) > made 2>&1 || { tail -n 20 made; exit 1; }; says made "certificate (rules with this action)" "issue_d [d], required" "abroad_d [d], default 0"'
ok 'two files differ: a new one, and one line' '[ "$(diff -rq "$root/models" copy/models | grep -c .)" = 2 ] && [ "$(diff "$root/models/policy/policy.h" copy/models/policy/policy.h | grep -c "^>")" = 1 ]'
for cc in gcc clang; do
    command -v $cc > /dev/null || continue
    ok "no warning from $cc" "(cd copy && $cc \$(sed 's/^[^ ]* //' build/release/flags) -Werror -fsyntax-only models/policy/certificate.c)"
done
command -v clang-format > /dev/null && ok 'in the style of the sources' '(cd copy && clang-format --dry-run -Werror models/policy/certificate.c models/policy/policy.h)'

ok 'keys: the new word is allowed as an action' 'exits 0 "$N" keys action && says out "one of certificate, deny, inspect, licence, notify, quota, tax"'
ok 'the scenario of the page, on the shipped network' '(cd copy && sh -e ../use.sh) > out 2> err && silent err && says out "scenarios/certificate.cfg: no faults" && [ "$(grep -A 4 "^    papers" out | grep "cn-certificate: " | tr -d " \n")" = cn-certificate:20dcn-certificate:35d ] && [ "$(grep -c "^    papers      cn-2025-18: " out)" = 2 ]'
ok 'what it asks is named by its meaning' 'exits 0 "$N" explain toy/certificate.cfg $magnets && says out "asks        certificate: the buyer brings an end-user certificate" "papers      cn-certificate: 20 d"'

cat > toy/abroad.cfg << 'END'
extends = "certificate.cfg";
set = ( { id = "sold"; table = "entities"; where = { id = "motor-co"; }; column = "parent"; value = "magnet-co"; } );
END
ok 'a firm owned abroad waits longer' 'exits 0 "$N" explain toy/abroad.cfg $magnets && says out "papers      cn-certificate: 35 d"'
ok 'before it is in force it asks nothing' 'exits 0 "$N" explain toy/certificate.cfg $magnets --set rules.cn-certificate.from=2026-05-01 && ! grep -q "^    papers" out'

# lead FILE SCENARIO: days from order to receipt of the magnets, mean over runs.
lead() {
    rm -rf csv && "$N" export "$1" --csv csv > /dev/null && awk -F, -v of="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["scenario"] == of && $at["point"] == "jp.motor~magnet" { s += $at["lead_mean"]; n++ }
        END { if (n == 0) exit 1; print s / n }' csv/data_scenario-run-point.csv
}
# longer DAYS A B: B is so many days more than A, to half a day (transit is drawn by the day of dispatch).
longer() {
    echo "$2, then $3"
    awk -v d="$1" -v a="$2" -v b="$3" 'BEGIN { exit !(b - a > d - 0.5 && b - a < d + 0.5) }'
}
for f in certificate abroad; do
    cat > toy/settled-$f.cfg << END
extends = "$f.cfg";
rules = ( { id = "cn-certificate"; from = "2026-01-05"; } );
END
done
ok 'a run: goods wait for it, and it is the cause' 'exits 0 "$N" run toy/baseline.cfg toy/certificate.cfg -o new.h5 --quiet && exits 0 "$N" show new.h5 && says out "notification for magnet under" && exits 0 "$N" verify new.h5'
# Goods are made meanwhile and leave on the first midnight after it: 20 + 1, customs 1, transit (4 + 6 + 12) / 3.
ok 'where it always held, goods come when its days, customs and transit are over' 'exits 0 "$N" run toy/settled-certificate.cfg -o new.h5 --quiet && longer 29.33 0 $(lead new.h5 settled-certificate)'
ok 'and to a firm owned abroad 15 later than that' 'exits 0 "$N" run toy/settled-abroad.cfg -o abroad.h5 --quiet && longer 15 $(lead new.h5 settled-certificate) $(lead abroad.h5 settled-abroad)'
ok 'a result is run again from the file alone' 'exits 0 "$N" rerun new.h5 --run 1'
sed 's/issue_d = 20.0; abroad_d = 15.0/issue_d = 0.0/' toy/certificate.cfg > toy/nothing.cfg
sed 's/issue_d = 20.0; abroad_d/abroad/' toy/certificate.cfg > toy/wrong.cfg
ok 'its faults have file and line' 'exits 2 "$N" check toy/nothing.cfg && says err "toy/nothing.cfg:4: " "a certificate that takes no days asks for nothing" && exits 2 "$N" check toy/wrong.cfg && says err "toy/wrong.cfg:" "abroad_d" "issue_d"'
ok 'a program without it says which actions there are' 'exits 2 "$L" check toy/certificate.cfg && says err "toy/certificate.cfg:" "one of deny, inspect, licence, notify, quota, tax"'
exit $bad

#!/bin/sh
# Commands, options, help, exit status.
. "$(dirname "$0")/tap.inc"

ok 'no command: help on standard error, 2' 'exits 2 "$L" && says err "usage: lodestone COMMAND" && silent out'
ok 'help and --help are the same, 0' 'exits 0 "$L" help && cp out a && exits 0 "$L" --help && cmp a out && silent err'
ok 'an unknown command suggests the nearest, 2' 'exits 2 "$L" shwo && says err "no command '\''shwo'\''; did you mean '\''show'\''?"'
ok 'an unknown command like no other gets no suggestion' 'exits 2 "$L" xyzzy && says err "xyzzy" && ! grep "did you mean" err'
ok 'help of an unknown command, 2' 'exits 2 "$L" help runn && says err "did you mean '\''run'\''?"'
commands=$("$L" help | sed -n 's/^  \([a-z]*\) .*/\1/p' | grep -v -e lodestone -e help)
ok 'help names all commands' '[ "$(echo $commands)" = "list new check run critical show report why explain sweep sense backtest export rerun verify keys" ]'
for c in $commands; do
    ok "help $c is $c --help, 0" "exits 0 \"\$L\" help $c && cp out a && exits 0 \"\$L\" $c --help && cmp a out && says out 'usage: lodestone $c' '--help' && silent err"
    ok "$c refuses an unknown option, 2" "exits 2 \"\$L\" $c --nonesuch && says err 'lodestone $c: unknown option --nonesuch' 'usage: lodestone $c' && silent out"
    for o in $("$L" help "$c" | sed -n 's/^  \(--*[a-z-]*\).*/\1/p'); do
        case $o in --help) continue ;; esac
        ok "$c knows its option $o" "! { '$L' $c $o=x --nonesuch; '$L' $c $o; } 2>&1 | grep 'unknown option $o'"
    done
done
ok 'an unknown option suggests the nearest' 'exits 2 "$L" run toy/baseline.cfg --thread 2 && says err "did you mean --threads?" && nothing_written'
ok 'an option without its value' 'exits 2 "$L" run toy/baseline.cfg --runs && says err "--runs needs a value: N"'
ok 'a value for an option that takes none' 'exits 2 "$L" run toy/baseline.cfg --audit=1 && says err "--audit takes no value"'
for v in 0 -1 1000001 1.5 ten '' 99999999999999999999 ' 5' 0x10; do
    ok "--runs '$v' is refused" "exits 2 \"\$L\" run toy/baseline.cfg --runs '$v' && says err '--runs = $v: must be a whole number, 1 to 1000000' && nothing_written"
done
for v in -1 9007199254740993; do
    ok "--seed $v is refused" "exits 2 \"\$L\" run toy/baseline.cfg --seed $v && says err '--seed = $v: must be'"
done
for v in 0 1025; do
    ok "--threads $v is refused" "exits 2 \"\$L\" run toy/baseline.cfg --threads $v && says err '--threads = $v: must be'"
done
for v in 0 -5M 5X M 1e9 5MX; do
    ok "--max-mem $v is refused" "exits 2 \"\$L\" run toy/baseline.cfg --max-mem $v && says err '--max-mem = $v: must be a size'"
done
ok '--progress other than json' 'exits 2 "$L" run toy/baseline.cfg --progress=xml && says err "--progress = xml: must be json"'
ok 'run without a scenario' 'exits 2 "$L" run && says err "missing: SCENARIO"'
ok 'explain without its question' 'exits 2 "$L" explain x.cfg && says err "missing: --from SITE, --to SITE, --product P, --use civil|military, --date D"'
ok 'backtest without a folder' 'exits 2 "$L" backtest && says err "missing: DIR"'
ok 'critical without a scenario, or with two' 'exits 2 "$L" critical && says err "missing: SCENARIO" && exits 2 "$L" critical a b && says err "too much"'
ok 'verify without a file' 'exits 2 "$L" verify && says err "missing: FILE"'
ok 'list with too much' 'exits 2 "$L" list here && says err "too much: '\''here'\''"'
ok 'rerun without --run' 'exits 2 "$L" rerun x.h5 && says err "--run K is missing"'
ok 'export without --csv' 'exits 2 "$L" export x.h5 && says err "--csv DIR is missing"'
ok 'new without --from' 'exits 2 "$L" new x.cfg && says err "--from SCENARIO is missing"'
for c in show verify; do
    ok "$c of a file that is not there, 2" "exits 2 \"\$L\" $c nosuch.h5 && says err 'nosuch.h5: there is no such file'"
done
ok 'options after --, are operands' 'exits 2 "$L" run -- --runs && says err "--runs: no such scenario file"'
ok 'options may follow operands and take = or a blank' 'exits 0 "$L" run toy/baseline.cfg -o a.h5 --runs=2 && exits 0 "$L" run --runs 2 toy/baseline.cfg -ob.h5 && cmp a.h5 b.h5'

ok '--version names itself and its libraries' 'exits 0 "$L" --version && says out "lodestone " "HDF5 " "GSL " "libconfig " "compiler " && silent err'
ok 'a full standard output is exit 1' '"$L" keys > /dev/full 2> err; [ $? -eq 1 ] && says err "standard output cannot be written"'
ok 'a closed standard output is exit 1' '"$L" keys >&- 2> err; [ $? -eq 1 ] && says err "standard output cannot be written"'
ok 'a reader that goes away ends it quietly' '{ "$L" keys 2> err; } | head -n 1 > /dev/null; silent err'
ok 'the locale changes nothing' 'LC_ALL=de_DE.UTF-8 "$L" keys > a && LC_ALL=C "$L" keys > b && cmp a b'
exit $bad

#!/bin/sh
# What show prints on a terminal: its width, bars, bold titles; and that a pipe gets the plain text.
. "$(dirname "$0")/tap.inc"

command -v script > /dev/null || { echo 'skipped - what stands on a terminal: no script here'; exit 0; }
"$L" run toy/baseline.cfg toy/licence.cfg toy/deny.cfg --runs 20 --quiet -o x.h5
"$L" critical toy/baseline.cfg --runs 2 --days 20 --quiet -o c.h5
unset NO_COLOR COLUMNS
esc=$(printf '\033')

# on_terminal COLUMNS SHELL-CODE: what a terminal is sent, in said; as text without escapes in plain.
on_terminal() {
    TERM=${T-xterm} LC_ALL=${U-C.UTF-8} script -qec "stty cols $1; $2" /dev/null < /dev/null | tr -d '\r' > said
    sed "s/$esc\[[0-9;]*m//g" said > plain
    [ -s plain ]
}
# wide FILE N: no line is longer than N characters, some line is nearly.
wide() {
    awk -v n="$2" '{ gsub(/[\200-\277]/, "") } length > n { print; bad = 1 } length > n - 6 { near = 1 } END { exit bad || !near }' "$1"
}
ascii() {
    ! LC_ALL=C grep -n '[^ -~]' "$1"
}

LC_ALL=C "$L" show x.h5 > piped
ok 'a pipe: 100 columns, no bars, no escapes, in any locale and terminal' 'wide piped 100 && ascii piped && ! grep -e "  LOSS in" -e "  OUTPUT of" piped && TERM=xterm LC_ALL=C.UTF-8 COLUMNS=140 "$L" show x.h5 | cmp - piped'
for w in 80 100 140; do
    ok "a terminal of $w columns" "on_terminal $w '$L show x.h5' && LC_ALL=C wide plain $w && grep '^  LOSS in .*━' plain && grep '█' plain && grep '^  OUTPUT of' plain"
done
ok 'narrower than 80 is 80, wider than 140 is 140' 'on_terminal 60 "$L show x.h5" && LC_ALL=C wide plain 80 && on_terminal 300 "$L show x.h5" && LC_ALL=C wide plain 140'
ok 'COLUMNS and --width say otherwise' 'on_terminal 140 "COLUMNS=90 $L show x.h5" && LC_ALL=C wide plain 90 && on_terminal 140 "$L show x.h5 --width 110" && LC_ALL=C wide plain 110'
ok 'without bars, at 100 columns, it is the text of the pipe, but for bold' 'on_terminal 100 "$L show x.h5 --plots none" && cmp plain piped && grep -q "^$esc\[1mIN SHORT$esc\[0m" said'
ok 'no word is lost at 80 columns, nor added' '"$L" show x.h5 --all --width 80 | tr -s " \n-" "\n" | sort -u > a && "$L" show x.h5 --all --width 400 | tr -s " \n-" "\n" | sort -u > b && comm -13 a b > lost && ! grep -v -x -e "days," lost'
ok 'NO_COLOR, or a dumb terminal: no escapes; bars stay' 'on_terminal 80 "NO_COLOR=1 $L show x.h5" && ! grep -q "$esc" said && grep -q "█" said && T=dumb on_terminal 80 "$L show x.h5" && ! grep -q "$esc" said && grep -q "█" said'
ok 'an empty NO_COLOR says nothing' 'on_terminal 80 "NO_COLOR= $L show x.h5" && grep -q "$esc\[1m" said'
ok 'without UTF-8, or on the console of Linux: ASCII' 'U=C on_terminal 80 "$L show x.h5" && ascii plain && grep -q "^  LOSS in .*|-|" plain && T=linux on_terminal 80 "$L show x.h5" && ascii plain && grep -q "#" plain'
ok '--plots in a pipe, still without escapes' 'LC_ALL=C.UTF-8 "$L" show x.h5 --plots blocks > a && grep -q "█" a && ! grep -q "$esc" a && "$L" show x.h5 --plots ascii > a && ascii a && grep -q "  OUTPUT of" a && "$L" show x.h5 --plots none | cmp - piped && exits 2 "$L" show x.h5 --plots bars && says err "--plots = bars: must be none, ascii or blocks"'
ok 'what critical found, at 80 columns' 'on_terminal 80 "$L show c.h5" && LC_ALL=C wide plain 80 && "$L" show c.h5 > a && LC_ALL=C wide a 100 && [ "$(grep -c . a)" -ge 8 ]'
ok 'why fits, too' 'on_terminal 80 "$L why x.h5 --scenario deny" && LC_ALL=C wide plain 80 && ! grep -q "$esc" said'
exit $bad

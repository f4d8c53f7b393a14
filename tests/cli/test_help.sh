#!/bin/sh
# The manual page and the completion: both made from the tables of --help.
. "$(dirname "$0")/tap.inc"

# Commands with verbs, and what has options: "run", "sweep run".
"$L" help | sed -n 's/^  \([a-z]*\) .*/\1/p' | grep -v lodestone > commands
"$L" sweep --help | sed -n 's/^  \([a-z]*\) .*/sweep \1/p' | grep -v lodestone > verbs
grep -vx sweep commands | cat - verbs > leaves

ok 'there are commands and verbs' '[ "$(grep -c . commands)" -ge 16 ] && [ "$(grep -c . verbs)" -eq 5 ]'
ok 'help of a verb is the same as its --help' 'while read -r c; do exits 0 "$L" help $c && cp out a && exits 0 "$L" $c --help && cmp a out && says out "usage: lodestone $c " && silent err || exit 1; done < leaves'
ok 'what help cannot give, 2' 'exits 2 "$L" help sweep rnu && says err "did you mean '\''run'\''?" && exits 2 "$L" help --man run && says err "one of them" && exits 2 "$L" help --man --bash && silent out'

# ---- lodestone.1 ----

exits 0 "$L" help --man
cp out lodestone.1
options() { "$L" $1 --help | sed -n 's/^  \(--*[a-z-]*\).*/\1/p'; }
ok 'the page is there, alike each time' 'says lodestone.1 ".TH LODESTONE 1" ".SH EXIT STATUS" && "$L" help --man | cmp - lodestone.1'
ok 'it has a section for every command and verb' 'cat commands verbs | while read -r c; do grep -qx "[.]SS lodestone $c" lodestone.1 || { echo "$c"; exit 1; }; done'
ok 'each holds every option of its --help, and its text' 'while read -r c; do
    sed -n "/^[.]SS lodestone $c\$/,/^[.]S[SH] /p" lodestone.1 | sed "1d;\$d" | sed "s/\\\\-/-/g; s/\\\\fB//g; s/\\\\f[IR]//g" > section
    [ -n "$(options "$c")" ] || exit 1
    for o in $(options "$c"); do [ "$o" = --help ] || grep -qE "^$o( |\$)" section || { echo "$c: $o"; exit 1; }; done
done < leaves'
ok 'it says once what the lines of progress hold, in the words of --help' '"$L" run --help | sed -n "/^--progress=json prints/,\$p" > a && sed -n "/^[.]SH PROGRESS/,/^[.]SH EXIT/p" lodestone.1 | sed "1d;\$d; s/\\\\-/-/g" > b && [ -s a ] && [ "$(tr -s " \n" " " < a)" = "$(tr -s " \n" " " < b)" ]'
ok 'its words are those of --help' 'while read -r c; do
    sed -n "/^[.]SS lodestone $c\$/,/^[.]S[SH] /p" lodestone.1 | sed "1,3d;\$d" | grep -v "^[.]" | sed "s/\\\\-/-/g; s/\\\\f[BIR]//g; s/\\\\(aq/'\''/g; s/\\\\(ga/\`/g; s/\\\\&//g; s/\\\\(ti/~/g" | tr -s " \n" "\n" | grep . | sort > a
    "$L" $c --help | sed "/^--progress=json prints/,\$d" | grep -v -e "^usage:" -e "^options:" -e "^  --help " | tr -s " \n" "\n" | grep . | sort > b
    comm -13 a b > missing; silent missing || { echo "$c"; cat missing; exit 1; }
done < leaves'
if command -v mandoc > /dev/null; then
    ok 'mandoc finds no fault but that it has no date' 'mandoc -Tlint lodestone.1 > lint; ! grep -v "missing date" lint'
else
    echo 'skipped - no mandoc here: the page is not looked at by it'
fi
if command -v groff > /dev/null; then
    ok 'groff finds no fault' 'groff -ww -man -Tascii -z lodestone.1 2> lint && silent lint'
    ok 'no line of it is lost: what roff would take for a request' 'groff -man -Tascii -P-cbou lodestone.1 2> lint | tr -s " \n" "  " > page && says page "cars.csv" || says page "(.cfg)" '
else
    echo 'skipped - no groff here: the page is not looked at by it'
fi

# ---- completion ----

if command -v bash > /dev/null; then
    exits 0 "$L" help --bash
    cp out lodestone.bash
    mkdir -p bin
    ln -sf "$L" bin/lodestone
    PATH=$dir/bin:$PATH
    # complete WORD...: what bash would offer for the last word, sorted.
    cat > complete.bash << 'END'
. ./lodestone.bash
spec=$(complete -p lodestone) && [[ $spec == *'-F '* ]] || exit 1
spec=${spec#*-F }
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
"${spec%% *}" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}" | sort -u
exit 0
END
    offers() {
        bash complete.bash "$@" > offered 2> err && silent err
    }
    only() {
        printf '%s\n' "$@" | sort | diff - offered
    }
    mkdir -p scenarios results
    cp -R toy/. scenarios
    touch a1.h5 a1.csv my.cfg 'two words.h5' ./--output=ID:

    ok 'it is a script without a fault' 'bash -n lodestone.bash 2> err && silent err'
    ok 'commands' 'offers lodestone "" && sort commands | diff - offered && offers lodestone sh && only show'
    ok 'options of the program' 'offers lodestone --v && only --version'
    ok 'verbs of sweep, and their options' 'offers lodestone sweep "" && sed "s/sweep //" verbs | sort | diff - offered && offers lodestone sweep run --sh && only --shard && offers lodestone sweep status --sh && only --shards'
    ok 'every option of every command, and no other' 'while read -r c; do offers lodestone $c - && options "$c" | sort | diff - offered || { echo "$c"; exit 1; }; done < leaves'
    ok 'results where a result is asked for' 'offers lodestone show a1 && only a1.h5 && offers lodestone show --against "" && grep -qx "two words.h5" offered && grep -qx results offered && ! grep -e cfg -e csv offered'
    ok 'scenarios by name and file' 'offers lodestone run "" && for x in baseline deny licence my.cfg results; do grep -qx "$x" offered || exit 1; done && ! grep h5 offered && offers lodestone run --threads 2 lic && only licence'
    ok 'sweep files' 'offers lodestone sweep plan m && only my.cfg && offers lodestone check --over m && only my.cfg'
    ok 'folders' 'offers lodestone export a1.h5 --csv r && only results && offers lodestone backtest r && only results'
    ok 'any file to write' 'offers lodestone run -o a1 && only a1.csv a1.h5'
    ok 'words of an option, also after =' 'offers lodestone explain x --use "" && only civil military && offers lodestone run --progress = && only json && offers lodestone run --progress = j && only json && offers lodestone critical --what l && only lane'
    ok 'nothing where nothing is known' 'offers lodestone run --runs "" && silent offered && offers lodestone list "" && silent offered && offers lodestone nonesuch "" && silent offered'
    ok 'help of commands' 'offers lodestone help "" && sort commands | diff - offered'
else
    echo 'skipped - no bash here: completion is not tried'
fi
ok 'names of scenarios, as they are taken' '"$L" list --names > names && [ "$(grep -c . names)" -ge 1 ] && while read -r n; do "$L" check --quiet "$n" || exit 1; done < names'
exit $bad

#!/bin/sh
# Wrong input: a line for each fault with file, line, key or column, value and what is allowed; exit 2;
# nothing written.
. "$(dirname "$0")/tap.inc"

three='toy/baseline.cfg toy/deny.cfg toy/licence.cfg'
mv toy good
fresh() {
    rm -rf toy
    cp -R good toy
}

# told LINE...: the run of all three scenarios is refused with these lines (their beginnings), and no more.
told() {
    exits 2 "$L" run $three -o x.h5 || return 1
    silent out && nothing_written || return 1
    n=$#
    for line in "$@"; do
        text=$line awk 'index($0, ENVIRON["text"]) == 1 { found = 1 } END { exit !found }' err || {
            echo "it is not said: $line"
            return 1
        }
    done
    [ "$(grep -c -v '^lodestone run: ' err)" -eq "$n" ] || { echo "expected $n lines"; return 1; }
    says err 'nothing was written'
}

fresh
ok 'the toy itself has no fault' 'exits 0 "$L" check $three && silent err'

# The blocks of faults.txt.
replace() {
    old=$2 new=$3 awk '
        { all = all $0 "\n" }
        END {
            at = index(all, ENVIRON["old"])
            if (!at) exit 1
            printf "%s%s%s", substr(all, 1, at - 1), ENVIRON["new"], substr(all, at + length(ENVIRON["old"]))
        }' "good/$1" > "toy/$1"
}

one_fault() {
    [ -n "$title" ] && [ -n "$lines" ] || return
    fresh
    ok "$title" 'replace "$file" "$from" "$to" && eval "told $lines"'
}

quoted() {
    printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}

title='' lines='' count=0
while IFS= read -r row; do
    case $row in
    '  '*) file=${row#  } ;;
    '- '*) from=${row#- } to='' sep='' ;;
    '+') ;;
    '+ '*) to=$to$sep${row#+ } sep='
' ;;
    '> '*) lines="$lines $(quoted "${row#> }")" ;;
    '')
        one_fault
        [ -n "$lines" ] && count=$((count + 1))
        title='' lines=''
        ;;
    *) title=$row ;;
    esac
done << EOF2
$(cat "$root/tests/cli/faults.txt")

EOF2
ok 'at least 180 single faults' '[ $count -ge 180 ]'

# What a text file cannot show.
fresh
ok 'a byte that is not UTF-8, in a table' 'sed "s/sintered magnet/sintered magn$(printf "\351")t/" good/chain/products.csv > toy/chain/products.csv && told "toy/chain/products.csv:3: byte 0xe9 is not UTF-8"'
fresh
ok 'a byte that is not UTF-8, in a scenario' 'printf "\n// \377\n" >> toy/deny.cfg && told "toy/deny.cfg:17: byte 0xff is not UTF-8"'
fresh
ok 'a control character' 'sed "s/sintered magnet/sintered $(printf "\033")[31mmagnet/" good/chain/products.csv > toy/chain/products.csv && told "toy/chain/products.csv:3:17: control character 0x1b"'
fresh
ok 'a NUL byte' 'printf "\na\000b" >> toy/deny.cfg && told "toy/deny.cfg:17: a NUL byte"'
fresh
ok 'control characters of a name never reach the terminal' 'sed "s/Toy chain: no magnets/\\\\x1b[31mToy/" good/deny.cfg > toy/deny.cfg && exits 0 "$L" check toy/deny.cfg && says out "?[31mToy" && ! grep -q "$(printf "\033")" out'
fresh
ok 'an empty table' ': > toy/chain/demand.csv && told "toy/chain/demand.csv:1:1: no header"'
fresh
ok 'a header alone' 'head -n 1 good/chain/demand.csv > toy/chain/demand.csv && exits 0 "$L" run $three -o y --audit --quiet'
fresh
ok 'a table is missing' 'rm toy/chain/lanes.csv && told "toy/chain/lanes.csv: this table is missing"'
fresh
ok 'a table that may be missing' 'rm toy/chain/calendars.csv toy/chain/stocks.csv && exits 0 "$L" run $three -o y --quiet'
fresh
ok 'a folder in place of a table' 'rm toy/chain/lanes.csv && mkdir toy/chain/lanes.csv && told "toy/chain/lanes.csv: is a folder"'
fresh
ok 'a pipe in place of a scenario does not hang' 'rm toy/deny.cfg && mkfifo toy/deny.cfg && told "toy/deny.cfg: is no regular file"'
ok 'a scenario that is not there' 'exits 2 "$L" run nosuch.cfg && says err "nosuch.cfg: no such scenario file" && nothing_written'
fresh

# Columns and tables that the toy does not have: column TABLE COLUMN LINE VALUE adds one, empty but for that line.
column() {
    awk -v name="$2" -v line="$3" -v value="$4" '{ print $0 "," (NR == 1 ? name : NR == line ? value : "") }' \
        "good/chain/$1.csv" > "toy/chain/$1.csv"
}
catalogue='category,name,entries,status,source\n1C,Materials,5,estimate,toy\n'
elements='element,name,value_usd_kg,status,source\n'
fresh
ok 'a row of a list with a probability above 1' 'column lists probability 2 1.5 && told "toy/chain/lists.csv:2:36: probability = '\''1.5'\'': must be 0 to 1"'
ok 'a country that may or may not be in its group' 'column lists probability 2 0.5 && echo "group,country,JP,estimate,toy,0.5" >> toy/chain/lists.csv && told "toy/chain/lists.csv:6:31: probability = '\''0.5'\'': a country belongs to a group or not: 1"'
ok 'a group with an unknown country' 'cp good/chain/lists.csv toy/chain && echo "group,country,XX,estimate,toy" >> toy/chain/lists.csv && told "toy/chain/lists.csv:6:15: value = '\''XX'\'': no site or company is in that country"'
ok 'a category without a catalogue' 'cp good/chain/lists.csv toy/chain && echo "secret,category,1C,estimate,toy" >> toy/chain/lists.csv && told "toy/chain/lists.csv:6:17: value = '\''1C'\'': catalogue.csv has no such category"'
fresh
ok 'an owner with more than all of a company' 'column entities parent_share 3 1.5 && told "toy/chain/entities.csv:3:52: parent_share = '\''1.5'\'': must be 0 to 1"'
fresh
ok 'a category with no entries' 'printf "$catalogue" | sed s/5/0/ > toy/chain/catalogue.csv && told "toy/chain/catalogue.csv:2:14: entries = '\''0'\'': must be a whole number, 1 to 1000000"'
ok 'a category twice' 'printf "${catalogue}1C,Again,5,estimate,toy\n" > toy/chain/catalogue.csv && told "toy/chain/catalogue.csv:3: the same key as in line 2"'
ok 'a catalogue without sources' 'printf "$catalogue" | sed s/toy// > toy/chain/catalogue.csv && told "toy/chain/catalogue.csv:2:25: source = '\'\''"'
ok 'a catalogue with another column' 'printf "$catalogue" | sed s/entries/entry/ > toy/chain/catalogue.csv && told "toy/chain/catalogue.csv:1:15: unknown column '\''entry'\''" "toy/chain/catalogue.csv:1: column entries is missing: entries of the catalogue in it (a whole number, 1 to 1000000)"'
ok 'a list with a category that the catalogue does not have' 'printf "$catalogue" > toy/chain/catalogue.csv && echo "secret,category,1D,estimate,toy" >> toy/chain/lists.csv && told "toy/chain/lists.csv:6:17: value = '\''1D'\'': catalogue.csv has no such category"'
fresh
ok 'an element of negative value' 'printf "${elements}dy,Dysprosium,-1,estimate,toy\n" > toy/chain/elements.csv && told "toy/chain/elements.csv:2:15: value_usd_kg = '\''-1'\'': must be 0 to 1000000000"'
ok 'an element that no product has a column for' 'printf "${elements}eu,Europium,1,estimate,toy\n" > toy/chain/elements.csv && told "toy/chain/elements.csv:2:1: element = '\''eu'\'': products.csv has no column el_eu_g"'
ok 'an element twice' 'printf "${elements}dy,Dysprosium,1,estimate,toy\ndy,Dysprosium,2,estimate,toy\n" > toy/chain/elements.csv && told "toy/chain/elements.csv:3: the same key as in line 2"'
fresh
ok 'days of order of negative length' 'column lanes order_d 3 -1 && told "toy/chain/lanes.csv:3:78: order_d = '\''-1'\'': value must be a number and not negative"'
ok 'days of order in words' 'column lanes order_d 3 soon && told "toy/chain/lanes.csv:3:78: order_d = '\''soon'\'': must be a number, uniform(lo, hi)"'
ok 'days by air out of order' 'column lanes air_d 3 "\"triangular(3,2,1)\"" && told "toy/chain/lanes.csv:3:78: air_d = '\''triangular(3,2,1)'\'': must be lo <= mode <= hi"'
ok 'too many days by air' 'column lanes air_d 3 2000 && told "toy/chain/lanes.csv:3:78: air_d = '\''2000'\'': must be a number or a distribution, mean 0 to 1000"'
fresh

# Between scenarios.
differ() {
    sed "s/^title/$1; title/" good/deny.cfg > toy/deny.cfg
    told "toy/deny.cfg:4: ${1%% *} differs from toy/baseline.cfg:"
}
ok 'scenarios of different starts' 'differ "start = \"2026-01-06\""'
ok 'scenarios of different horizons' 'differ "horizon_d = 100"'
ok 'scenarios of different warm-up' 'differ "warm_up_d = 30"'
ok 'scenarios of different runs' 'differ "runs = 7"'
ok 'scenarios of different seeds' 'differ "seed = 8"'
fresh
ok 'two scenarios of one name' 'mkdir more && sed "s/baseline.cfg/..\/toy\/baseline.cfg/" good/deny.cfg > more/deny.cfg && exits 2 "$L" run toy/deny.cfg more/deny.cfg && says err "more/deny.cfg: another scenario of this study has the same name, toy/deny.cfg"'

# --set.
refused() {
    exits 2 "$L" run toy/licence.cfg --set "$1" -o x.h5 && says err "--set $1: $2" && nothing_written
}
ok '--set without value' 'refused retry_d "must be path=value"'
ok '--set of an unknown key' 'refused retri_d=5 "unknown key '\''retri_d'\''; did you mean '\''retry_d'\''?"'
ok '--set out of range' 'refused retry_d=0 "retry_d = 0: must be 1 to 3650"'
ok '--set of an unknown rule' 'refused rules.toy-licens.approval=0.5 "there is no entry '\''toy-licens'\''; did you mean '\''toy-licence'\''?"'
ok '--set of a text for a number' 'refused retry_d=long "retry_d = \"long\": must be 1 to 3650; this is a text"'
ok '--set of several faults: all are told' 'exits 2 "$L" run toy/licence.cfg --set retry_d=0 --set runs=x --set nosuch.key=1 && [ "$(grep -c "^--set" err)" -eq 3 ]'

# Many faults at once, in one go.
cat > toy/deny.cfg << 'END'
extends = "baseline.cfg";
title   = "many faults";
horizont_d = 100;
retry_d = 0.5;
rules = (
  { id = "one"; from = "2026-13-01"; action = "deny"; probability = 2.0; },
  { id = "two"; from = "2026-02-01"; action = "licence"; office = "nobody"; }
);
END
sed -e 's/,180,/,-180,/' -e 's/1,uniform/x,uniform/' good/chain/processes.csv > toy/chain/processes.csv
sed -e 's/,0.2,/,1.5,/' good/chain/calendars.csv > toy/chain/calendars.csv
sed -e 's/,estimate,toy/,estimate,/' good/chain/lists.csv > toy/chain/lists.csv
ok 'faults of a scenario and of tables are told in one go' '
told "toy/deny.cfg:3: unknown key '\''horizont_d'\''; did you mean '\''horizon_d'\''?" \
    "toy/deny.cfg:4: retry_d = 0.5: must be 1 to 3650" \
    "toy/deny.cfg:6: from = \"2026-13-01\": must be a date YYYY-MM-DD" \
    "toy/deny.cfg:6: probability = 2.0: must be 0 to 1" \
    "toy/deny.cfg:7: office = \"nobody\": there is no office" \
    "toy/chain/processes.csv:3:35: capacity_d = '\''-180'\''" \
    "toy/chain/calendars.csv:2:15: working = '\''1.5'\''" \
    "toy/chain/calendars.csv:3:15: working = '\''1.5'\''" \
    "toy/chain/calendars.csv:4:15: working = '\''1.5'\''" \
    "toy/chain/lists.csv:2:32: source = " "toy/chain/lists.csv:3:29: source = " \
    "toy/chain/lists.csv:4:33: source = " "toy/chain/lists.csv:5:32: source = " && says err "13 faults; nothing was written"'
exit $bad

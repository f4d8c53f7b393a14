#!/bin/sh
# Sweeps that are killed, stopped, and run out of disk: nothing that was finished is lost, status tells
# the truth, and in the end the result is that of the sweep that nobody disturbed.
. "$(dirname "$0")/tap.inc"

cat > toy/s.cfg << 'END'
title = "Toy chain, again and again"; base = "baseline.cfg"; scenarios = [ "licence.cfg" ]; set = [ "horizon_d=60", "warm_up_d=30" ]; seed = 5;
factors = ( { id = "share"; path = "rules.toy-inspect.share"; range = [0.1, 0.5]; }, { id = "approval"; path = "offices.office.approval"; range = [0.5, 1]; } );
design = { method = "sobol"; points = 48; }; replications = { first = 20; };
outputs = ( { id = "started"; column = "started"; where = { plant_country = "JP"; }; }, { id = "orders"; column = "order_lines"; by = "point"; } );
END
sweep() { verb=$1; shift; "$L" sweep "$verb" toy/s.cfg "$@"; }
field() { sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p" status; }

# truth DIR: status adds up, is not below what it was, and a file of what there is has as many runs.
was=0
truth() {
    sweep status -o "$1" --json > status
    [ $? -eq 75 ] || [ "$(field missing)" -eq 0 ] || { echo "status of $1 exits otherwise"; return 1; }
    [ $(($(field done) + $(field missing))) -eq 1920 ] && [ "$(field failed)" -eq 0 ] && [ "$(field done)" -ge $was ] || { cat status; echo "was $was"; return 1; }
    was=$(field done)
    [ "${2:-}" = quick ] && return
    sweep merge -o "$1" --partial --to part.h5 --quiet &&
        [ "$(/usr/bin/python3 -c 'import h5py; print((h5py.File("part.h5")["run_status"][()] == 1).sum())')" -eq "$was" ]
}

sweep run --quiet -o calm && sweep merge -o calm --to calm.h5 --quiet

# Moments from 0 to 120 ms after the start, by a fixed seed; by turns all of it and one of two shards.
killed() {
    for ms in $(awk 'BEGIN { srand(20260106); for (i = 0; i < 50; i++) print int(rand() * 120) }'); do
        n=$((${n:-0} + 1))
        case $((n % 3)) in 0) part= ;; 1) part='--shard 1/2' ;; 2) part='--shard 2/2' ;; esac
        "$L" sweep run toy/s.cfg --quiet -o hurt $part 2> err &
        sleep "0.$(printf %03d $ms)"
        kill -9 $! 2> /dev/null
        wait $! 2> /dev/null
        [ ! -s err ] || { cat err; return 1; }
        if [ $((n % 10)) -eq 0 ]; then truth hurt || return; echo "after $n kills: $was of 1920 runs"; fi
    done
    [ $was -gt 0 ] && [ "$(ls hurt/*.part | wc -l)" -ge 5 ]
}
ok 'killed with -9 at 50 moments: status tells the truth, with more done each time' killed
ok 'resumed: the result of the undisturbed one' 'exits 0 sweep run -o hurt --quiet && exits 0 sweep status -o hurt && sweep merge -o hurt --to hurt.h5 --quiet && cmp calm.h5 hurt.h5'
was=0
ok 'records cut off anywhere are left out, and done again' 'mkdir cut && cp calm/*.done cut/shard-1-of-1.x-1.part && truncate -s 100000 cut/*.part && cp calm/*.done cut/shard-1-of-1.x-2.part && truncate -s 20 cut/shard-1-of-1.x-2.part && : > cut/shard-1-of-1.x-3.part && truth cut && [ $was -gt 100 ] && [ "$(field torn)" -eq 2 ] && sweep run -o cut --quiet && sweep merge -o cut --to cut.h5 --quiet && cmp calm.h5 cut.h5'
was=0
ok 'bytes that were changed are found' 'mkdir bad && cp calm/*.done bad && printf x | dd of="$(ls bad/*.done)" bs=1 seek=60000 conv=notrunc 2> /dev/null && truth bad && [ $was -gt 50 ] && sweep run -o bad --quiet && sweep merge -o bad --to bad.h5 --quiet && cmp calm.h5 bad.h5'

# stopped SIGNAL: the runs in hand are finished, exit status 75.
stopped() {
    was=0
    "$L" sweep run toy/s.cfg --quiet -o "stop-$1" --threads 2 2> err &
    sleep 0.15
    kill -s "$1" $!
    wait $!
    got=$?
    [ $got -eq 75 ] && says err "stopped;" "start it again to go on" || { echo "exit status $got"; return 1; }
    truth "stop-$1" && [ $was -gt 0 ] && [ "$(field torn)" -eq 0 ]
}
ok 'SIGTERM: exit 75' 'stopped TERM'
ok 'SIGUSR1: exit 75' 'stopped USR1'
ok 'resumed after SIGTERM, with scratch' 'sweep run -o stop-TERM --scratch near --quiet && sweep merge -o stop-TERM --to t.h5 --quiet && cmp calm.h5 t.h5'
ok 'SIGTERM with scratch: what was finished comes home' '"$L" sweep run toy/s.cfg --quiet -o home --scratch near 2> err & sleep 0.15; kill -s TERM $!; wait $!; [ $? -eq 75 ] && [ -z "$(ls near)" ] && was=0 && truth home && [ $was -gt 0 ]'

# A disk that is full: a small file system where one can be mounted, else a limit on the size of files.
mkdir full
if mount -t tmpfs -o size=96k lodestone-test full 2> /dev/null; then
    trap 'umount "$dir/full" 2> /dev/null; rm -rf "$dir"' EXIT
    more() { mount -o remount,size=4m full; }
    limit=unlimited why='No space left on device'
else
    echo '# no file system can be mounted here: a limit on the size of files in its place'
    more() { :; }
    limit=128 why='File too large'
fi
was=0
ok "a disk that is full: exit 1, and what was finished stays ($why)" '(ulimit -f $limit && exits 1 sweep run -o full --quiet) && says err "$why" "what was finished is kept" && truth full quick && [ $was -gt 50 ] && [ $was -lt 1920 ]'
ok 'resumed with more room: the result of the undisturbed one' 'more && sweep run -o full --quiet && sweep merge -o full --to full.h5 --quiet && cmp calm.h5 full.h5'
exit $bad

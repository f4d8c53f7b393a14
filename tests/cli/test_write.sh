#!/bin/sh
# The file of results is there whole, or the old one is as it was.
. "$(dirname "$0")/tap.inc"

no_rest() {
    ! ls -A "$@" | grep -e '\.tmp' || { echo "a temporary file was left"; return 1; }
}

ok 'the default name is that of the last scenario, here' 'exits 0 "$L" run toy/baseline.cfg toy/deny.cfg --runs 2 && [ -f deny.h5 ] && says out "deny.h5" && silent err && no_rest'
ok 'the closing line says what it cost' 'grep -E "^4 runs \(2 x 2\) on [0-9]+ cores? in .* s, .* s a run, [0-9]+ events; deny.h5: [0-9.]+ kB$" out'
ok '--quiet prints nothing' 'exits 0 "$L" run toy/baseline.cfg --runs 2 --quiet -o q.h5 && silent out && silent err'
ok '--progress=json prints lines of JSON on standard error' 'exits 0 "$L" run toy/baseline.cfg --runs 3 --progress=json -o j.h5 && python3 -c "
import json
lines = [json.loads(l) for l in open(\"err\")]
assert lines[-1][\"event\"] == \"end\" and lines[-1][\"runs\"] == 3 and lines[-1][\"file\"] == \"j.h5\", lines[-1]
assert [l[\"done\"] for l in lines[:-1]][-1] == 3 and all(l[\"event\"] == \"progress\" for l in lines[:-1])
"'
ok 'no bar where standard error is no terminal' 'exits 0 "$L" run toy/baseline.cfg --runs 2 -o k.h5 && silent err'
ok 'a bar on a terminal, taken away at the end' 'python3 - "$L" << "PY"
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], [sys.argv[1], "run", "toy/baseline.cfg", "--runs", "3", "-o", "bar.h5"])
said = b""
try:
    while part := os.read(fd, 4096):
        said += part
except OSError:
    pass
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
bar, end = said.rsplit(b"\r\033[K", 1)
assert b"3 of 3 runs, " in bar and b" left" in bar and b"##" in bar, said
assert end.startswith(b"3 runs (1 x 3) on "), said
PY'
rm -f ./*.h5

echo 'an earlier result' > old.h5
cp old.h5 kept
same() {
    cmp old.h5 kept && no_rest
}
ok 'a folder that is not there' 'exits 1 "$L" run toy/baseline.cfg -o nosuch/x.h5 && says err "nosuch/x.h5: cannot" "No such file or directory" "nothing was written" && [ ! -e nosuch ]'
ok 'a folder as target' 'mkdir target && exits 1 "$L" run toy/baseline.cfg -o target && says err "target: cannot write: it is a folder" && [ -d target ] && no_rest . target'
ok 'a device as target' 'exits 1 "$L" run toy/baseline.cfg -o /dev/full && says err "/dev/full: cannot write: it is a device"'
ok 'a symbolic link as target is left as it is' 'ln -s old.h5 link.h5 && exits 1 "$L" run toy/baseline.cfg -o link.h5 && says err "symbolic link" && [ -L link.h5 ] && same'
ok 'a place where nothing can be made' 'exits 1 "$L" run toy/baseline.cfg -o /proc/x.h5 && says err "/proc/x.h5: cannot"'
ok 'a file too large (ulimit -f) leaves the earlier one' '(ulimit -f 8; exits 1 "$L" run toy/baseline.cfg -o old.h5) && says err "old.h5: cannot write: File too large" "no file was written" && same'
if mkdir full && mount -t tmpfs -o size=64k none full 2> /dev/null; then
    echo 'an earlier result' > full/old.h5
    ok 'a full disk leaves the earlier file' 'exits 1 "$L" run toy/baseline.cfg -o full/old.h5 && says err "full/old.h5: cannot write: No space left on device" "no file was written" && cmp full/old.h5 kept && no_rest full'
    umount full
fi
ok 'wrong input leaves the earlier file' 'exits 2 "$L" run toy/baseline.cfg --set retry_d=0 -o old.h5 && same'
ok 'too little memory is refused with the figure, before anything is written' 'exits 1 "$L" run toy/baseline.cfg --runs 1000 --max-mem 1M -o old.h5 && says err "1000 runs need about" "of memory; at most 1.0 MB are allowed (--max-mem)" "nothing was written" && same'
ok 'enough memory is not refused' 'exits 0 "$L" run toy/baseline.cfg --max-mem 500M -o fits.h5 --quiet'

# Ctrl-C: long enough a job that it cannot be over in a second.
ok 'Ctrl-C: 130, no file, the earlier one as it was' '
timeout --preserve-status -s INT 1 "$L" run toy/baseline.cfg --runs 1000000 --max-mem 1000G -o old.h5 > out 2> err
[ $? -eq 130 ] && says err "stopped; no file was written" && same'
ok 'a success replaces the earlier file' 'exits 0 "$L" run toy/baseline.cfg --runs 2 -o old.h5 && ! cmp -s old.h5 kept && "$L" verify old.h5 && no_rest'

# A run that fails: a market handles over 10^6 buyers in a second, and buys nothing itself.
cp -R toy crowd
sed -i -e '/^jp.market,/s/,1,5,,/,0,5,,/' crowd/chain/sites.csv
sed -i -e 's/^jp.market,car,military,4,0.5,poisson,,0,,/jp.market,car,military,1e11,0.5,poisson,,0,0,/' crowd/chain/demand.csv
sed -i -e 's/,1000000,/,1,/' crowd/chain/products.csv
sed -i -e 's/^\(\([^,]*,\)\{3\}\)[0-9]*,/\11e13,/' crowd/chain/processes.csv
echo 'jp.market,car,rQ,,,-1e15,1,,0,estimate,toy' >> crowd/chain/stocks.csv
ok 'a run that fails is told, the file is written, 1' 'exits 1 "$L" run crowd/baseline.cfg --runs 1 --threads 1 --set warm_up_d=0 --set horizon_d=3 -o crowd.h5 && says err "baseline, run 0: " "1 of 1 runs failed; the file was written and says which (run_status)" && "$L" verify crowd.h5'
ok 'and is marked in the file' '"$L" export crowd.h5 --csv crowd.csv --quiet && grep "^baseline,0,failed" crowd.csv/data_scenario-run.csv'
ok 'done again it fails again: identical' 'exits 0 "$L" rerun crowd.h5 --run 0 && says out "identical" && says err "messages at one tick"'
exit $bad

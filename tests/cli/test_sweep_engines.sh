#!/bin/sh
# One sweep by each engine: one process with one and with two threads, GNU parallel, mpirun, and a real Slurm that loses
# a node in the middle. The merged files are the same, byte for byte.
. "$(dirname "$0")/tap.inc"
. "$root/tests/cli/slurm.inc"
unset OMP_NUM_THREADS
# Open MPI as root, and more ranks than cores.
OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_ALLOW_RUN_AS_ROOT OMPI_ALLOW_RUN_AS_ROOT_CONFIRM OMPI_MCA_rmaps_base_oversubscribe

cat > toy/engines.cfg << 'END'
title = "One sweep, each engine"; base = "baseline.cfg"; scenarios = [ "licence.cfg" ];
factors = (
  { id = "approval"; path = "offices.office.approval"; range = [0.5, 1.0]; },
  { id = "retry"; path = "retry_d"; range = [10.0, 90.0]; }
);
design = { method = "lhs"; points = 60; }; replications = { first = 20; };
outputs = ( { id = "loss"; column = "loss_usd"; }, { id = "stops"; column = "stop_days"; by = "plant"; } );
END

# merged NAME: NAME.h5 from the folder NAME, and it is what one process made.
merged() {
    "$L" sweep merge toy/engines.cfg -o "$1" --to "$1.h5" --quiet && cmp one.h5 "$1.h5"
}

# The parts of a folder that are being written.
part() {
    find "$1" -name '*.part' -size +0 | grep -c .
}

ok 'one process, one thread' '"$L" sweep run toy/engines.cfg -o one --threads 1 --quiet && "$L" sweep merge toy/engines.cfg -o one --to one.h5 --quiet && "$L" verify one.h5'
ok 'two threads' '"$L" sweep run toy/engines.cfg -o two --threads 2 --quiet && merged two'
ok 'GNU parallel, 7 shards' 'seq 7 | parallel -j2 "$L" sweep run toy/engines.cfg -o seven --shard {}/7 --threads 1 --quiet && [ "$(ls seven/*.done | wc -l)" = 7 ] && merged seven'
ok 'mpirun, 4 ranks' 'mpirun -np 4 "$L" sweep run toy/engines.cfg -o ranks --threads 1 --quiet && [ "$(ls ranks/*-of-4.*done | wc -l)" = 4 ] && merged ranks'

ok 'a dry run prints both scripts and writes nothing' 'exits 0 "$L" sweep submit toy/engines.cfg --slurm --dry-run -o none --tasks 4 && silent err && says out "#SBATCH --array=1-4" "slurm-merge.sh" "--signal=B:USR1@120" && [ ! -e none ]'
ok 'to nothing, too much, nothing left to do, a quote in a path: told, 2' '
exits 2 "$L" sweep submit toy/engines.cfg -o none && says err "say to what: --slurm" &&
exits 2 "$L" sweep submit toy/engines.cfg more --slurm -o none && says err "too much: '"'more'"'; options of sbatch come after --" &&
exits 2 "$L" sweep submit toy/engines.cfg --slurm -o one && says err "one: all runs are done; lodestone sweep merge toy/engines.cfg -o one" &&
exits 2 "$L" sweep submit toy/engines.cfg --slurm -o "no\"ne" && says err "cannot stand in a job script" && [ ! -e none ]'
ok 'scripts that are there are not written over' 'mkdir twice && echo mine > twice/slurm-merge.sh && exits 2 "$L" sweep submit toy/engines.cfg --slurm -o twice && says err "twice/slurm-merge.sh: is there already; hand it to sbatch, or remove it" && [ "$(cat twice/slurm-merge.sh)" = mine ] && [ ! -e twice/slurm-array.sh ]'
ok 'half of what a launcher says: one line, 2' '(export SLURM_ARRAY_TASK_ID=3 && exits 2 "$L" sweep run toy/engines.cfg -o none) && says err "SLURM_ARRAY_TASK_ID is set, but not SLURM_ARRAY_TASK_MIN" && [ "$(grep -c "" err)" = 2 ] && [ ! -e none ]'
ok 'without sbatch: told, nothing written' '(PATH=; exits 1 "$L" sweep submit toy/engines.cfg --slurm -o none --tasks 4); says err "sbatch is not there" && [ ! -e none/slurm-array.sh ]'
ok 'Slurm: four nodes' 'slurm_start'

# The blocks of the README that are marked `sh cluster`, on a sweep that is smaller than the one of that name. Those for
# Slurm are over when its queue is empty.
mkdir -p build scenarios/sweeps
ln -s "$L" build/lodestone
mini=scenarios/sweeps/first.cfg
sed 's/points = 60/points = 6/; s#"\([a-z]*[.]cfg\)"#"../../toy/\1"#g' toy/engines.cfg > $mini
"$L" sweep run $mini -o small --quiet && "$L" sweep merge $mini -o small --to small.h5 --quiet
awk '/^```sh cluster *$/ { f = sprintf("block.%d.sh", ++n); next } /^```/ { f = "" } f { print > f }' "$root/scenarios/sweeps/README.md"
ok 'the README has such blocks' '[ "$(ls block.*.sh | wc -l)" -ge 4 ]'
for b in block.*.sh; do
    rm -rf first.sweep first.h5
    ok "README: $(tail -n 1 "$b" | cut -c 1-60)" "sh -e $b && within 120 '! squeue -h | grep -q .' && \"\$L\" sweep merge $mini --quiet && cmp small.h5 first.h5"
    ls first.sweep > "parts.$b"
done
ok 'there, srun within an array and mpirun made four shards each, unasked' 'for c in srun mpirun; do [ "$(grep -c "of-4[.].*done" "parts.$(grep -l "^$c" block.*.sh)")" = 4 ] || exit 1; done'

ok 'the array and its merge are taken' 'exits 0 "$L" sweep submit toy/engines.cfg --slurm -o nodes --tasks 4 -- --partition=long && silent err && says out "array  job" "merge  job"'
id=$(sed -n 's/^array  job \([0-9]*\) .*/\1/p' out)
# Every task is held as soon as it has kept a run, so that what follows does not depend on how fast they are.
signal_tasks() {
    for f in $(find nodes -name '*.part' -size +0); do
        p=${f##*-}
        kill "$1" "${p%.part}" 2> /dev/null
    done
    return 0
}
hold() {
    end=$(($(date +%s) + 60))
    until signal_tasks -STOP; [ "$(part nodes)" = 4 ]; do
        [ "$(date +%s)" -lt $end ] || return 1
    done
    signal_tasks -STOP # the last one too
}
ok 'four tasks at work' 'hold && [ "$(squeue -h -t R | grep -c .)" = 4 ]'
lost=$(squeue -h -w n3 -o %K)
late=$((lost % 4 + 1))
ok 'a node is lost in the middle' 'slurm_kill n3 && ! ls nodes/shard-"$lost"-of-4.*done'
ok 'another task is told that its time is up' 'scancel --signal=USR1 --batch "${id}_$late" && p=$(ls nodes/shard-"$late"-of-4.*.part) && p=${p##*-} && within 60 "grep -q \"ShdPnd:.*[1-9a-f]\" /proc/${p%.part}/status"; r=$?; signal_tasks -CONT; [ $r -eq 0 ]'
ok 'both go back into the queue' 'for i in $lost $late; do within 60 "scontrol show job ${id}_$i | grep Restarts=1" || exit 1; done'
ok 'and on, without what is done' 'within 120 "! squeue -h -j $id | grep -q ." && for i in $lost $late; do [ "$(find nodes -name "shard-$i-of-4.*" -size +0 | grep -c .)" = 2 ] || { ls -l nodes; exit 1; }; done'
ok 'then comes the merge' 'within 120 "[ -s engines.h5 ]" && cmp one.h5 engines.h5'
exit $bad

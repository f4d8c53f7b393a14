#include "analysis/cli/shard.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* The environment of a test: "NAME=value" one after the other, ended by NULL. */
static const char *const *vars;

static char *env(const char *name)
{
    size_t n = strlen(name);

    for (const char *const *v = vars; *v; v++)
        if (strncmp(*v, name, n) == 0 && (*v)[n] == '=')
            return (char *)(uintptr_t)(*v + n + 1);
    return NULL;
}

#define ENV(...) ((const char *const[]){__VA_ARGS__, NULL})
#define SLURM(id, min, max, step, count)                                                           \
    "SLURM_ARRAY_TASK_ID=" id, "SLURM_ARRAY_TASK_MIN=" min, "SLURM_ARRAY_TASK_MAX=" max,           \
        "SLURM_ARRAY_TASK_STEP=" step, "SLURM_ARRAY_TASK_COUNT=" count
#define SGE(id, first, last, step)                                                                 \
    "SGE_TASK_ID=" id, "SGE_TASK_FIRST=" first, "SGE_TASK_LAST=" last, "SGE_TASK_STEPSIZE=" step
#define OMPI(rank, size) "OMPI_COMM_WORLD_RANK=" rank, "OMPI_COMM_WORLD_SIZE=" size
#define PMI(rank, size) "PMI_RANK=" rank, "PMI_SIZE=" size
#define SRUN(rank, size) "SLURM_PROCID=" rank, "SLURM_STEP_NUM_TASKS=" size

/* i from 1, as in i/N. */
static void is(const char *given, const char *const *e, uint32_t i, uint32_t n, const char *from)
{
    struct sim_err err = SIM_ERR_INIT;
    struct cmd_shard s;

    vars = e;
    if (cmd_shard_find(&s, given, env, &err) != 0)
        fail_msg("refused: %s", err.text);
    assert_int_equal(s.i + 1, i);
    assert_int_equal(s.n, n);
    assert_string_equal(s.from, from);
    assert_int_equal(err.n, 0);
}

static void refused(const char *given, const char *const *e, const char *line)
{
    struct sim_err err = SIM_ERR_INIT;
    struct cmd_shard s;
    size_t n = strlen(line);

    vars = e;
    assert_int_equal(cmd_shard_find(&s, given, env, &err), SIM_EINPUT);
    assert_int_equal(err.n, 1);
    if (strncmp(err.text, line, n) != 0 || strcmp(err.text + n, "\n") != 0)
        fail_msg("says: %s", err.text);
    sim_err_free(&err);
}

static void test_shard_find__alone_without_variables(void **state)
{
    (void)state;
    is(NULL, ENV("HOME=/root"), 1, 1, "");
}

static void test_shard_find__the_option_goes_before_all_variables(void **state)
{
    (void)state;
    is("3/7", ENV("HOME=/root"), 3, 7, "--shard");
    is("1/1", ENV(SLURM("4", "1", "8", "1", "8"), "SGE_TASK_ID=x", PMI("1", "")), 1, 1, "--shard");
    is("1000000/1000000", ENV("PBS_ARRAY_INDEX=3"), 1000000, 1000000, "--shard");
}

static void test_shard_find__an_option_that_is_no_shard(void **state)
{
    const char *const bad[] = {"",
                               "3",
                               "/",
                               "3/",
                               "/7",
                               "0/7",
                               "8/7",
                               "3/7/9",
                               "-1/7",
                               "a/7",
                               "3/b",
                               "3/0",
                               " 3/7",
                               "3 /7",
                               "3/7 ",
                               "1.5/7",
                               "3:7",
                               "1/0x7",
                               "1/1000001",
                               "00000000000000000003/7",
                               "1/99999999999999999999"};

    (void)state;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        char line[160];

        snprintf(line, sizeof line,
                 "--shard = %s: must be i/N with i = 1 to N, N at most 1000000, as 3/7", bad[k]);
        refused(bad[k], ENV("HOME=/root"), line);
    }
}

static void test_shard_find__a_slurm_array_may_begin_anywhere_and_have_a_step(void **state)
{
    const char *from = "SLURM_ARRAY_TASK_ID";

    (void)state;
    is(NULL, ENV(SLURM("0", "0", "7", "1", "8")), 1, 8, from);
    is(NULL, ENV(SLURM("7", "0", "7", "1", "8")), 8, 8, from);
    is(NULL, ENV(SLURM("10", "10", "15", "1", "6")), 1, 6, from);
    is(NULL, ENV(SLURM("14", "10", "16", "2", "4")), 3, 4, from);
    is(NULL, ENV(SLURM("5", "5", "5", "1", "1")), 1, 1, from);
    /* an old Slurm without the count */
    is(NULL,
       ENV("SLURM_ARRAY_TASK_ID=9", "SLURM_ARRAY_TASK_MIN=1", "SLURM_ARRAY_TASK_MAX=9",
           "SLURM_ARRAY_TASK_STEP=4"),
       3, 3, from);
}

/* As seen under Slurm 22.05: `sbatch -n 2 --array=10-16:2` in the script itself (SLURM_PROCID is 0
 * there), and for its `srun -n 2`. */
static void test_shard_find__slurm_steps_count_within_the_task(void **state)
{
    const char *both = "SLURM_ARRAY_TASK_ID x SLURM_PROCID";

    (void)state;
    is(NULL, ENV("SLURM_JOB_ID=2", "SLURM_NTASKS=2", "SLURM_NPROCS=2", "SLURM_PROCID=0"), 1, 1, "");
    is(NULL, ENV(SLURM("12", "10", "16", "2", "4"), "SLURM_NTASKS=2", "SLURM_PROCID=0"), 2, 4,
       "SLURM_ARRAY_TASK_ID");
    is(NULL, ENV("SLURM_NTASKS=3", SRUN("2", "3")), 3, 3, "SLURM_PROCID");
    is(NULL, ENV(SLURM("10", "10", "16", "2", "4"), SRUN("1", "2")), 2, 8, both);
    is(NULL, ENV(SLURM("16", "10", "16", "2", "4"), SRUN("0", "2")), 7, 8, both);
    is(NULL, ENV(SLURM("12", "10", "16", "2", "4"), SRUN("0", "1")), 2, 4, "SLURM_ARRAY_TASK_ID");
}

static void test_shard_find__ranks_of_mpirun_and_pmi(void **state)
{
    (void)state;
    is(NULL, ENV(OMPI("3", "4")), 4, 4, "OMPI_COMM_WORLD_RANK");
    is(NULL, ENV(PMI("0", "2")), 1, 2, "PMI_RANK");
    is(NULL, ENV(OMPI("0", "1")), 1, 1, "");
    is(NULL, ENV(SGE("2", "1", "3", "1"), PMI("1", "2")), 4, 6, "SGE_TASK_ID x PMI_RANK");
}

/* mpirun and mpiexec start one daemon a node by srun: its number is no part of ours. */
static void test_shard_find__mpirun_goes_before_the_srun_below_it(void **state)
{
    (void)state;
    is(NULL, ENV(OMPI("5", "8"), SRUN("1", "2")), 6, 8, "OMPI_COMM_WORLD_RANK");
    is(NULL, ENV(PMI("5", "8"), SRUN("1", "2")), 6, 8, "PMI_RANK");
    is(NULL, ENV(OMPI("5", "8"), PMI("5", "8"), SRUN("x", "2")), 6, 8, "OMPI_COMM_WORLD_RANK");
    is(NULL, ENV(OMPI("0", "1"), SRUN("1", "2")), 2, 2, "SLURM_PROCID");
}

static void test_shard_find__an_sge_array(void **state)
{
    (void)state;
    is(NULL, ENV(SGE("undefined", "undefined", "undefined", "undefined")), 1, 1, "");
    is(NULL, ENV(SGE("21", "1", "41", "10")), 3, 5, "SGE_TASK_ID");
    is(NULL, ENV(SGE("41", "1", "45", "10")), 5, 5, "SGE_TASK_ID");
}

static void test_shard_find__half_of_what_is_needed(void **state)
{
    (void)state;
    refused(NULL, ENV("SLURM_ARRAY_TASK_ID=3"),
            "SLURM_ARRAY_TASK_ID is set, but not SLURM_ARRAY_TASK_MIN: set both, or give --shard "
            "i/N");
    refused(NULL, ENV(SGE("3", "1", "undefined", "1")),
            "SGE_TASK_ID is set, but not SGE_TASK_LAST: set both, or give --shard i/N");
    refused(NULL, ENV("OMPI_COMM_WORLD_RANK=3"),
            "OMPI_COMM_WORLD_RANK is set, but not OMPI_COMM_WORLD_SIZE: set both, or give --shard "
            "i/N");
    refused(NULL, ENV("PMI_SIZE=3", "PMI_RANK="),
            "PMI_SIZE is set, but not PMI_RANK: set both, or give --shard i/N");
    refused(NULL, ENV("SLURM_STEP_NUM_TASKS=3"),
            "SLURM_STEP_NUM_TASKS is set, but not SLURM_PROCID: set both, or give --shard i/N");
    refused(NULL, ENV("PBS_ARRAY_INDEX=3"),
            "PBS_ARRAY_INDEX is set, but nothing says how many tasks the array has; give --shard "
            "\"$PBS_ARRAY_INDEX/N\" for an array of 1 to N");
}

static void test_shard_find__values_that_cannot_be(void **state)
{
    (void)state;
    refused(NULL, ENV(SLURM("9", "1", "8", "1", "8")),
            "SLURM_ARRAY_TASK_ID = 9: must be a whole number, 1 to 8");
    refused(NULL, ENV(SLURM("x", "1", "8", "1", "8")),
            "SLURM_ARRAY_TASK_ID = x: must be a whole number, 1 to 8");
    refused(NULL, ENV(SLURM("1", "1", "8", "0", "8")),
            "SLURM_ARRAY_TASK_STEP = 0: must be a whole number, 1 to 1000000000");
    refused(NULL, ENV(SLURM("1", "5", "4", "1", "8")),
            "SLURM_ARRAY_TASK_MAX = 4: must be a whole number, 5 to 1000000000");
    refused(NULL, ENV(SLURM("11", "10", "16", "2", "4")),
            "SLURM_ARRAY_TASK_ID = 11: must be 10 plus a multiple of SLURM_ARRAY_TASK_STEP = 2");
    refused(NULL, ENV(OMPI("4", "4")), "OMPI_COMM_WORLD_RANK = 4: must be a whole number, 0 to 3");
    refused(NULL, ENV(PMI("-1", "4")), "PMI_RANK = -1: must be a whole number, 0 to 3");
    refused(NULL, ENV(SRUN("0", "0")),
            "SLURM_STEP_NUM_TASKS = 0: must be a whole number, 1 to 1000000");
    refused(NULL, ENV(SLURM("1", "1", "10000", "1", "10000"), PMI("0", "1000")),
            "SLURM_ARRAY_TASK_ID x PMI_RANK: that makes 10000000 shards; at most 1000000 are "
            "allowed");
}

/* --array=1,5,7 has min 1, max 7, step 1 and 3 tasks (Slurm 22.05). */
static void test_shard_find__an_array_with_gaps(void **state)
{
    (void)state;
    refused(NULL, ENV(SLURM("1", "1", "7", "1", "3")),
            "SLURM_ARRAY_TASK_COUNT = 3: the ids of this array have gaps, so they do not say which "
            "part this is; give --shard i/N");
}

static void test_shard_find__launchers_that_contradict_each_other(void **state)
{
    (void)state;
    refused(NULL, ENV(SLURM("1", "1", "8", "1", "8"), SGE("1", "1", "8", "1")),
            "SLURM_ARRAY_TASK_ID and SGE_TASK_ID are both set: unset one, or give --shard i/N");
    refused(NULL, ENV(SGE("1", "1", "8", "1"), "PBS_ARRAY_INDEX=1"),
            "SGE_TASK_ID and PBS_ARRAY_INDEX are both set: unset one, or give --shard i/N");
    refused(NULL, ENV(OMPI("1", "4"), PMI("1", "8")),
            "OMPI_COMM_WORLD_RANK says 1 of 4, PMI_RANK 1 of 8: unset one of them, or give --shard "
            "i/N");
    refused(NULL, ENV(OMPI("1", "4"), PMI("2", "4")),
            "OMPI_COMM_WORLD_RANK says 1 of 4, PMI_RANK 2 of 4: unset one of them, or give --shard "
            "i/N");
}

/* The shards of 3 array tasks with 4 ranks each are 1 to 12, each once. */
static void test_shard_find__all_tasks_and_ranks_together_are_each_shard_once(void **state)
{
    int seen[12] = {0};

    (void)state;
    for (int task = 0; task < 3; task++)
        for (int rank = 0; rank < 4; rank++) {
            struct sim_err err = SIM_ERR_INIT;
            struct cmd_shard s;
            char id[40], procid[40];

            snprintf(id, sizeof id, "SLURM_ARRAY_TASK_ID=%d", 20 + 5 * task);
            snprintf(procid, sizeof procid, "SLURM_PROCID=%d", rank);
            vars = ENV(id, procid, "SLURM_ARRAY_TASK_MIN=20", "SLURM_ARRAY_TASK_MAX=30",
                       "SLURM_ARRAY_TASK_STEP=5", "SLURM_ARRAY_TASK_COUNT=3",
                       "SLURM_STEP_NUM_TASKS=4");
            assert_int_equal(cmd_shard_find(&s, NULL, env, &err), 0);
            assert_int_equal(s.n, 12);
            assert_in_range(s.i, 0, 11);
            seen[s.i]++;
        }
    for (int i = 0; i < 12; i++)
        assert_int_equal(seen[i], 1);
}

static void threads_are(int64_t given, const char *const *e, int want)
{
    struct sim_err err = SIM_ERR_INIT;

    vars = e;
    assert_int_equal(cmd_shard_threads(&given, env, &err), 0);
    assert_int_equal(given, want);
}

static void test_shard_threads__the_option_then_openmp_then_slurm(void **state)
{
    struct sim_err err = SIM_ERR_INIT;
    int64_t n = 0;

    (void)state;
    threads_are(0, ENV("HOME=/root"), 0);
    threads_are(-1, ENV("SLURM_CPUS_PER_TASK=6"), 6);
    threads_are(3, ENV("SLURM_CPUS_PER_TASK=6", "OMP_NUM_THREADS=2"), 3);
    threads_are(0, ENV("SLURM_CPUS_PER_TASK=6", "OMP_NUM_THREADS=2"), 0);
    threads_are(0, ENV("SLURM_CPUS_PER_TASK=6", "OMP_NUM_THREADS="), 6);
    vars = ENV("SLURM_CPUS_PER_TASK=two");
    assert_int_equal(cmd_shard_threads(&n, env, &err), SIM_EINPUT);
    assert_string_equal(err.text, "SLURM_CPUS_PER_TASK = two: must be a whole number, 1 to 1024\n");
    sim_err_free(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shard_find__alone_without_variables),
        cmocka_unit_test(test_shard_find__the_option_goes_before_all_variables),
        cmocka_unit_test(test_shard_find__an_option_that_is_no_shard),
        cmocka_unit_test(test_shard_find__a_slurm_array_may_begin_anywhere_and_have_a_step),
        cmocka_unit_test(test_shard_find__slurm_steps_count_within_the_task),
        cmocka_unit_test(test_shard_find__ranks_of_mpirun_and_pmi),
        cmocka_unit_test(test_shard_find__mpirun_goes_before_the_srun_below_it),
        cmocka_unit_test(test_shard_find__an_sge_array),
        cmocka_unit_test(test_shard_find__half_of_what_is_needed),
        cmocka_unit_test(test_shard_find__values_that_cannot_be),
        cmocka_unit_test(test_shard_find__an_array_with_gaps),
        cmocka_unit_test(test_shard_find__launchers_that_contradict_each_other),
        cmocka_unit_test(test_shard_find__all_tasks_and_ranks_together_are_each_shard_once),
        cmocka_unit_test(test_shard_threads__the_option_then_openmp_then_slurm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}

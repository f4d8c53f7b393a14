#include "analysis/cli/shard.h"

#include "sim/source.h"

#include <string.h>

enum { N_ARRAY = 3, N_RANK = 3, MAX_ID = 1000000000, MAX_THREADS = 1024 };

static const struct array {
    const char *id, *first, *last, *step, *count;
} arrays[N_ARRAY] = {{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX",
                      "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT"},
                     {"SGE_TASK_ID", "SGE_TASK_FIRST", "SGE_TASK_LAST", "SGE_TASK_STEPSIZE", NULL},
                     {"PBS_ARRAY_INDEX", NULL, NULL, NULL, NULL}};

/* The last is told by its size only: SLURM_PROCID alone is that of a batch script. */
static const struct rank {
    const char *rank, *size;
} ranks[N_RANK] = {{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                   {"PMI_RANK", "PMI_SIZE"},
                   {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS"}};
enum { SRUN = 2 };

/* Part i of n, i counted from 0; n = 0: not said. */
struct part {
    int64_t i, n;
    const char *name;
};

/* A variable that is set. SGE sets its own to "undefined" where there is no array. */
static const char *text_of(cmd_env *env, const char *name)
{
    const char *s = name ? env(name) : NULL;

    return s && *s && strcmp(s, "undefined") != 0 ? s : NULL;
}

/* The variable `name`, which `with` makes necessary. */
static int read_whole(cmd_env *env, const char *name, const char *with, int64_t lo, int64_t hi,
                      int64_t *to, struct sim_err *err)
{
    const char *s = text_of(env, name);

    if (s == NULL)
        return sim_err_add(err, SIM_EINPUT, "%s is set, but not %s: set both, or give --shard i/N",
                           with, name);
    if (sim_text_int(s, to) != 0 || *to < lo || *to > hi)
        return sim_err_add(err, SIM_EINPUT, "%s = %s: must be a whole number, %lld to %lld", name,
                           s, (long long)lo, (long long)hi);
    return 0;
}

static int array_gaps(const struct array *a, int64_t count, struct sim_err *err)
{
    return sim_err_add(err, SIM_EINPUT,
                       "%s = %lld: the ids of this array have gaps, so they do not say which part "
                       "this is; give --shard i/N",
                       a->count, (long long)count);
}

static int read_array(const struct array *a, cmd_env *env, struct part *to, struct sim_err *err)
{
    int64_t id, first, last, step, count;
    int rc;

    if (a->first == NULL)
        return sim_err_add(err, SIM_EINPUT,
                           "%s is set, but nothing says how many tasks the array has; give "
                           "--shard \"$%s/N\" for an array of 1 to N",
                           a->id, a->id);
    rc = read_whole(env, a->first, a->id, 0, MAX_ID, &first, err);
    if (rc == 0)
        rc = read_whole(env, a->last, a->id, first, MAX_ID, &last, err);
    if (rc == 0)
        rc = read_whole(env, a->step, a->id, 1, MAX_ID, &step, err);
    if (rc == 0)
        rc = read_whole(env, a->id, a->id, first, last, &id, err);
    if (rc != 0)
        return rc;
    if ((id - first) % step != 0)
        return sim_err_add(err, SIM_EINPUT, "%s = %lld: must be %lld plus a multiple of %s = %lld",
                           a->id, (long long)id, (long long)first, a->step, (long long)step);
    *to = (struct part){(id - first) / step, (last - first) / step + 1, a->id};
    if (text_of(env, a->count) == NULL)
        return 0;
    rc = read_whole(env, a->count, a->id, 1, MAX_ID, &count, err);
    return rc == 0 && count != to->n ? array_gaps(a, count, err) : rc;
}

/* The one array that the variables tell of. */
static int find_array(cmd_env *env, struct part *to, struct sim_err *err)
{
    int rc = 0;

    for (int k = 0; k < N_ARRAY && rc == 0; k++) {
        if (text_of(env, arrays[k].id) == NULL)
            continue;
        if (to->n)
            return sim_err_add(err, SIM_EINPUT,
                               "%s and %s are both set: unset one, or give --shard i/N", to->name,
                               arrays[k].id);
        rc = read_array(&arrays[k], env, to, err);
    }
    return rc;
}

static int read_rank(const struct rank *r, cmd_env *env, struct part *to, struct sim_err *err)
{
    int rc = read_whole(env, r->size, r->rank, 1, CMD_MAX_SHARDS, &to->n, err);

    to->name = r->rank;
    return rc == 0 ? read_whole(env, r->rank, r->size, 0, to->n - 1, &to->i, err) : rc;
}

/* The first that tells of more than one process; a launcher of one says nothing. */
static int find_rank(cmd_env *env, struct part *to, struct sim_err *err)
{
    for (int k = 0; k < N_RANK; k++) {
        const struct rank *r = &ranks[k];
        struct part p = {0};
        int rc;

        if (text_of(env, r->size) == NULL && (k == SRUN || text_of(env, r->rank) == NULL))
            continue;
        if (k == SRUN && to->n > 0)
            return 0;
        rc = read_rank(r, env, &p, err);
        if (rc != 0)
            return rc;
        if (p.n == 1)
            continue;
        if (to->n > 0 && (p.i != to->i || p.n != to->n))
            return sim_err_add(err, SIM_EINPUT,
                               "%s says %lld of %lld, %s %lld of %lld: unset one of them, or give "
                               "--shard i/N",
                               to->name, (long long)to->i, (long long)to->n, p.name, (long long)p.i,
                               (long long)p.n);
        *to = to->n > 0 ? *to : p;
    }
    return 0;
}

static int read_given(struct cmd_shard *to, const char *given, struct sim_err *err)
{
    size_t digits = strcspn(given, "/");
    int64_t i, n;
    char first[16];

    snprintf(first, sizeof first, "%.*s", (int)digits, given);
    if (given[digits] != '/' || digits >= sizeof first || sim_text_int(first, &i) != 0 ||
        sim_text_int(given + digits + 1, &n) != 0 || n > CMD_MAX_SHARDS || i < 1 || i > n)
        return sim_err_add(err, SIM_EINPUT,
                           "--shard = %s: must be i/N with i = 1 to N, N at most %d, as 3/7", given,
                           CMD_MAX_SHARDS);
    *to = (struct cmd_shard){(uint32_t)(i - 1), (uint32_t)n, "--shard"};
    return 0;
}

int cmd_shard_find(struct cmd_shard *to, const char *given, cmd_env *env, struct sim_err *err)
{
    struct part task = {0, 0, ""}, rank = {0, 0, ""};
    int64_t tasks, size;
    int rc;

    *to = (struct cmd_shard){.n = 1};
    if (given)
        return read_given(to, given, err);
    rc = find_array(env, &task, err);
    if (rc == 0)
        rc = find_rank(env, &rank, err);
    if (rc != 0)
        return rc;
    tasks = task.n ? task.n : 1;
    size = rank.n ? rank.n : 1;
    snprintf(to->from, sizeof to->from, "%s%s%s", task.name, task.n && rank.n ? " x " : "",
             rank.name);
    if (tasks * size > CMD_MAX_SHARDS)
        return sim_err_add(err, SIM_EINPUT, "%s: that makes %lld shards; at most %d are allowed",
                           to->from, (long long)(tasks * size), CMD_MAX_SHARDS);
    to->i = (uint32_t)(task.i * size + rank.i);
    to->n = (uint32_t)(tasks * size);
    return 0;
}

int cmd_shard_threads(int64_t *threads, cmd_env *env, struct sim_err *err)
{
    static const char name[] = "SLURM_CPUS_PER_TASK";

    if (*threads > 0)
        return 0;
    *threads = 0;
    if (text_of(env, "OMP_NUM_THREADS") != NULL || text_of(env, name) == NULL)
        return 0;
    return read_whole(env, name, name, 1, MAX_THREADS, threads, err);
}

#include "analysis/cli/sweep.h"

#include "analysis/cli/slurm.h"
#include "analysis/file.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Slurm's own limit (MaxArraySize) is 1001 if the site has no other: ids to 1000. */
enum { MAX_TASKS = 1000 };

/* Memory to ask for: what was measured with a margin, as other points may need more; what a process
 * and its shell begin with (15 MB here); the design, and the table of what is done (for 10^6 points
 * 145 MB in a task, 290 MB in the merge); columns while they are made, packed and read back. */
static const double memory_margin = 1.5, memory_base = 200e6, memory_point = 400, memory_copies = 3;

struct options {
    const char *dir;
    int slurm, dry_run;
    int64_t minutes, tasks, threads;
};

#define AT(field) offsetof(struct options, field)
static const struct cmd_option options[] = {
    {"--slurm", NULL, CMD_FLAG, 0, 0, AT(slurm), "to Slurm, by sbatch (the only one so far)"},
    {"--dry-run", NULL, CMD_FLAG, 0, 0, AT(dry_run), "print the scripts, write and submit nothing"},
    {"-o", "DIR", CMD_TEXT, 0, 0, AT(dir), "folder of the sweep (default: its name, .sweep)"},
    {"--minutes", "M", CMD_WHOLE, 1, 100000, AT(minutes),
     "length of a task to aim at (default: 60)"},
    {"--tasks", "N", CMD_WHOLE, 1, 1000000, AT(tasks), "tasks of the array, instead of --minutes"},
    {"--threads", "T", CMD_WHOLE, 1, 1024, AT(threads), "cores of a task (default: 1)"},
    {0}};

static const struct cmd_usage usage = {
    .name = "sweep submit",
    .operands = "X.cfg --slurm [-- SBATCH-OPTION...]",
    .what =
        "Writes two job scripts into the folder of the sweep, an array of tasks that do it and\n"
        "a merge that waits for them, and hands them to sbatch.",
    .least = 1,
    .most = 1000,
    .options = options,
    .more =
        "What stands after -- goes into both scripts as it is: -- --partition=long --account=me.\n"
        "The number of tasks comes from a measured run; a task may take twice the time before\n"
        "Slurm ends it, and then goes back into the queue and on from where it stopped. The\n"
        "scripts may be edited and handed to sbatch again."};

/* ---- paths ---- */

/* Everything that the command holds. */
struct submit {
    struct options o;
    struct cmd_sweep sweep;
    struct cmd_sweep_cost cost;
    double left, seconds; /* runs that are missing; what they take on one core */
    struct cmd_slurm job;
    char here[PATH_MAX], program[PATH_MAX], file[PATH_MAX], dir[PATH_MAX];
    char script[2][PATH_MAX + 32]; /* array, merge */
    char *text[2];                 /* owned */
};

/* The path from the root; 0 where there is no room. */
static int absolute(const char *here, const char *path, char to[PATH_MAX])
{
    int n = *path == '/' ? snprintf(to, PATH_MAX, "%s", path)
                         : snprintf(to, PATH_MAX, "%s/%s", here, path);

    return n < PATH_MAX;
}

static int find_paths(struct submit *s, const char *file, struct sim_err *err)
{
    ssize_t n = readlink("/proc/self/exe", s->program, sizeof s->program - 1);

    if (n < 0 || getcwd(s->here, sizeof s->here) == NULL)
        return sim_err_add(err, SIM_EIO, "the paths of this folder and of lodestone are not known");
    s->program[n] = '\0';
    if (!absolute(s->here, file, s->file) || !absolute(s->here, s->sweep.dir, s->dir))
        return sim_err_add(err, SIM_EINPUT, "%s, %s: such paths are too long", file, s->sweep.dir);
    snprintf(s->script[0], sizeof s->script[0], "%s/slurm-array.sh", s->dir);
    snprintf(s->script[1], sizeof s->script[1], "%s/slurm-merge.sh", s->dir);
    return 0;
}

/* ---- scripts ---- */

static int print_script(void (*print)(const struct cmd_slurm *, FILE *),
                        const struct cmd_slurm *job, char **text, struct sim_err *err)
{
    size_t n;
    FILE *to = open_memstream(text, &n);

    if (to == NULL)
        return sim_err_add(err, SIM_ENOMEM, "out of memory for a script");
    print(job, to);
    return fclose(to) == 0 ? 0 : sim_err_add(err, SIM_ENOMEM, "out of memory for a script");
}

static int make_scripts(struct submit *s, struct sim_err *err)
{
    int rc = cmd_slurm_check(&s->job, err);

    if (rc == 0)
        rc = print_script(cmd_slurm_array, &s->job, &s->text[0], err);
    if (rc == 0)
        rc = print_script(cmd_slurm_merge, &s->job, &s->text[1], err);
    return rc;
}

/* What the user may have changed is not written over. */
static int write_scripts(const struct submit *s, struct sim_err *err)
{
    int rc = 0;

    for (int k = 0; k < 2; k++)
        if (access(s->script[k], F_OK) == 0)
            rc = sim_err_add(err, SIM_EINPUT,
                             "%s: is there already; hand it to sbatch, or remove it to have it "
                             "written anew",
                             s->script[k]);
    if (rc == 0)
        rc = ana_file_folder(s->dir, err);
    for (int k = 0; k < 2 && rc == 0; k++)
        rc = ana_file_put(s->script[k], s->text[k], strlen(s->text[k]), err);
    return rc;
}

static int hand_over(const struct submit *s, struct sim_err *err)
{
    char job[2][32];
    int rc = cmd_slurm_submit(s->script[0], NULL, job[0], err);

    if (rc != 0) {
        unlink(s->script[0]);
        unlink(s->script[1]);
        return rc;
    }
    printf("array  job %s  %s\n", job[0], s->script[0]);
    rc = cmd_slurm_submit(s->script[1], job[0], job[1], err);
    if (rc != 0)
        return sim_err_add(err, rc, "try again: sbatch --dependency=afterany:%s %s", job[0],
                           s->script[1]);
    printf("merge  job %s  %s\n", job[1], s->script[1]);
    return 0;
}

/* ---- sizes ---- */

/* Measures a run, and counts those that the folder does not have yet. */
static int measure(struct submit *s, struct sim_err *err)
{
    struct cmd_sweep_state state;
    double units = 0;
    int rc = cmd_sweep_look(&state, &s->sweep, err);

    for (size_t u = 0; rc == 0 && u < cmd_sweep_units(&s->sweep); u++) {
        uint64_t left = cmd_sweep_left(&s->sweep, &state, u);

        s->left += (double)left;
        units += left > 0;
    }
    cmd_sweep_state_free(&state);
    if (rc == 0 && s->left == 0)
        rc = sim_err_add(err, SIM_EINPUT, "%s: all runs are done; lodestone sweep merge %s -o %s",
                         s->sweep.dir, s->sweep.s.file, s->sweep.dir);
    if (rc == 0)
        rc = cmd_sweep_probe(&s->cost, &s->sweep, err);
    s->seconds = s->left * s->cost.run_s + units * s->cost.load_s;
    return rc;
}

static double task_s(const struct submit *s)
{
    return s->seconds / (double)s->o.threads / s->job.tasks;
}

static void size_job(struct submit *s)
{
    double units = ceil((double)cmd_sweep_units(&s->sweep) / (double)s->o.threads);
    double n =
        s->o.tasks > 0
            ? (double)s->o.tasks
            : fmin(MAX_TASKS, ceil(s->seconds / (double)s->o.threads / 60 / (double)s->o.minutes));

    s->job.tasks = (int)fmax(1, fmin(n, units));
    s->job.threads = (int)s->o.threads;
    s->job.minutes = (int)fmin(INT_MAX, 5 + ceil(2 * task_s(s) / 60));
    s->job.bytes = memory_margin * s->cost.memory * (double)s->o.threads;
    s->job.merge_bytes = memory_copies * s->cost.file_bytes;
    s->job.bytes += memory_base + memory_point * (double)s->sweep.design.n_point;
    s->job.merge_bytes += memory_base + memory_point * (double)s->sweep.design.n_point;
}

static void print_sizes(const struct submit *s)
{
    char each[24], run[24], bytes[24];

    cmd_seconds(task_s(s), each);
    cmd_seconds(s->cost.run_s, run);
    cmd_bytes(s->job.bytes, bytes);
    printf("%.0f runs of %s: %d task%s of about %s on %d core%s, %s of memory each\n", s->left, run,
           s->job.tasks, s->job.tasks == 1 ? "" : "s", each, s->job.threads,
           s->job.threads == 1 ? "" : "s", bytes);
}

/* ---- the command ---- */

static int submit(struct submit *s, const struct cmd_args *args, struct sim_err *err)
{
    int rc = cmd_sweep_load(&s->sweep, args->operand[0], s->o.dir, err);

    if (rc == 0)
        rc = find_paths(s, args->operand[0], err);
    if (rc == 0)
        rc = measure(s, err);
    if (rc != 0)
        return rc;
    s->job.name = s->sweep.stem;
    s->job.program = s->program;
    s->job.sweep = s->file;
    s->job.dir = s->dir;
    s->job.here = s->here;
    s->job.option = (const char *const *)(args->operand + 1);
    s->job.n_option = args->n - 1;
    size_job(s);
    rc = make_scripts(s, err);
    if (rc == 0 && !s->o.dry_run)
        rc = write_scripts(s, err);
    if (rc != 0)
        return rc;
    print_sizes(s);
    if (!s->o.dry_run)
        return hand_over(s, err);
    for (int k = 0; k < 2; k++)
        printf("\n---- %s\n%s", s->script[k], s->text[k]);
    return 0;
}

int cmd_sweep_submit(int argc, char **argv)
{
    struct submit *s = calloc(1, sizeof *s);
    struct sim_err err = SIM_ERR_INIT;
    struct cmd_args args;
    int status;

    if (s == NULL)
        sim_out_of_memory(sizeof *s);
    s->o.minutes = 60;
    s->o.threads = 1;
    status = cmd_parse(&usage, argc, argv, &s->o, &args);
    if (status == CMD_GO_ON && !s->o.slurm)
        status = cmd_misuse(&usage, "say to what: --slurm");
    if (status == CMD_GO_ON && args.n > 1 && args.operand[1][0] != '-')
        status =
            cmd_misuse(&usage, "too much: '%s'; options of sbatch come after --", args.operand[1]);
    if (status == CMD_GO_ON) {
        status = submit(s, &args, &err);
        status = cmd_end("sweep submit", status, &err, NULL);
        cmd_sweep_free(&s->sweep);
    }
    free(s->text[0]);
    free(s->text[1]);
    free(s);
    return status;
}

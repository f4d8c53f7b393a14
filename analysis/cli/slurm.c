#include "analysis/cli/slurm.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int check_text(const char *what, const char *text, struct sim_err *err)
{
    for (const char *p = text; *p; p++)
        if (iscntrl((unsigned char)*p) || strchr("'\"\\", *p))
            return sim_err_add(err, SIM_EINPUT,
                               "%s = %s: cannot stand in a job script: it holds a quote, a "
                               "backslash or a control character",
                               what, text);
    return 0;
}

int cmd_slurm_check(const struct cmd_slurm *s, struct sim_err *err)
{
    int rc = check_text("the program", s->program, err);

    rc |= check_text("the sweep file", s->sweep, err);
    rc |= check_text("the folder", s->dir, err);
    rc |= check_text("this folder", s->here, err);
    for (int i = 0; i < s->n_option; i++)
        rc |= check_text("an option of sbatch", s->option[i], err);
    return rc ? SIM_EINPUT : 0;
}

/* sbatch puts numbers where it finds a % in the name of an output file. */
static void put_output(const struct cmd_slurm *s, const char *tail, FILE *to)
{
    fputs("#SBATCH --output=\"", to);
    for (const char *p = s->dir; *p; p++)
        fputs(*p == '%' ? "%%" : (char[]){*p, '\0'}, to);
    fprintf(to, "/%s\"\n", tail);
}

/* The words as the user gave them; each option begins a line. Those that come last count. */
static void put_options(const struct cmd_slurm *s, FILE *to)
{
    for (int i = 0; i < s->n_option; i++) {
        const char *word = s->option[i];
        int plain = strpbrk(word, " #") == NULL && *word;

        fprintf(to, plain ? "%s%s" : "%s\"%s\"",
                *word != '-' ? " "
                : i          ? "\n#SBATCH "
                             : "#SBATCH ",
                word);
    }
    fputs(s->n_option ? "\n" : "", to);
}

static double mebibytes(double bytes)
{
    return ceil(bytes / (1 << 20));
}

static void put_begin(const struct cmd_slurm *s, const char *tail, FILE *to)
{
    fprintf(to, "#SBATCH --job-name=\"%s%s\"\n", s->name, tail);
    fprintf(to, "#SBATCH --chdir=\"%s\"\n", s->here);
}

void cmd_slurm_array(const struct cmd_slurm *s, FILE *to)
{
    fprintf(to,
            "#!/bin/bash\n"
            "# The shards of a sweep, one a task. To do some again: sbatch --array=3,7 THIS-FILE\n"
            "# What is finished is not done again, and each task may be ended at any time.\n");
    put_begin(s, "", to);
    put_output(s, "slurm-%A_%a.out", to);
    fprintf(to,
            "#SBATCH --array=1-%d\n"
            "#SBATCH --nodes=1 --ntasks=1 --cpus-per-task=%d\n"
            "#SBATCH --mem=%.0fM\n"
            "#SBATCH --time=%d\n"
            "#SBATCH --requeue --open-mode=append\n"
            "#SBATCH --signal=B:USR1@120\n",
            s->tasks, s->threads, mebibytes(s->bytes), s->minutes);
    put_options(s, to);
    fprintf(to,
            "shards=%d # as many as the array had at first, however many are done again\n"
            "# module load gsl hdf5\n"
            "scratch=() # where the file system is slow: scratch=(--scratch \"$TMPDIR\")\n"
            "\n"
            "# 120 s before its time is up Slurm sends USR1. The run in hand is finished, the\n"
            "# program ends with 75, and the task goes back into the queue.\n"
            "trap 'late=1; kill -USR1 \"$run\" 2> /dev/null' USR1\n"
            "trap 'kill -TERM \"$run\" 2> /dev/null' TERM\n"
            "'%s' sweep run '%s' -o '%s' \\\n"
            "    --shard \"$SLURM_ARRAY_TASK_ID/$shards\" --quiet \"${scratch[@]}\" &\n"
            "run=$!\n"
            "while kill -0 \"$run\" 2> /dev/null; do wait \"$run\"; done # a signal ends a wait\n"
            "wait \"$run\"\n"
            "status=$?\n"
            "if [ \"$status\" -eq 75 ] && [ -n \"$late\" ] && "
            "[ \"${SLURM_RESTART_COUNT:-0}\" -lt 100 ]; then\n"
            "    scontrol requeue \"$SLURM_JOB_ID\" && sleep 60\n"
            "fi\n"
            "exit \"$status\"\n",
            s->tasks, s->program, s->sweep, s->dir);
}

void cmd_slurm_merge(const struct cmd_slurm *s, FILE *to)
{
    fprintf(to, "#!/bin/bash\n"
                "# The one file of a sweep, from its shards.\n");
    put_begin(s, "-merge", to);
    put_output(s, "slurm-%j.out", to);
    fprintf(to,
            "#SBATCH --nodes=1 --ntasks=1\n"
            "#SBATCH --mem=%.0fM\n"
            "#SBATCH --requeue --open-mode=append\n",
            mebibytes(s->merge_bytes));
    put_options(s, to);
    fprintf(to, "'%s' sweep merge '%s' -o '%s'\n", s->program, s->sweep, s->dir);
}

/* ---- sbatch ---- */

/* In the child. */
static _Noreturn void be_sbatch(const char *script, const char *after, const int pipe[2])
{
    char depend[64];
    const char *argv[5] = {"sbatch", "--parsable"};
    int n = 2;

    snprintf(depend, sizeof depend, "--dependency=afterany:%s", after ? after : "");
    if (after)
        argv[n++] = depend;
    argv[n] = script;
    dup2(pipe[1], STDOUT_FILENO);
    close(pipe[0]);
    close(pipe[1]);
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(errno == ENOENT ? 127 : 126);
}

/* Reads all, keeps what fits. */
static void read_all(int fd, char *to, size_t size)
{
    size_t n = 0;
    char rest[256];
    ssize_t got;

    do {
        got = n + 1 < size ? read(fd, to + n, size - 1 - n) : read(fd, rest, sizeof rest);
        if (got > 0 && n + 1 < size)
            n += (size_t)got;
    } while (got > 0 || (got < 0 && errno == EINTR));
    to[n] = '\0';
}

int cmd_slurm_submit(const char *script, const char *after, char job[32], struct sim_err *err)
{
    int fd[2], status = 0;
    pid_t child;

    if (pipe(fd) != 0)
        return sim_err_add(err, SIM_EIO, "cannot start sbatch: %s", strerror(errno));
    child = fork();
    if (child == 0)
        be_sbatch(script, after, fd);
    close(fd[1]);
    if (child > 0)
        read_all(fd[0], job, 32);
    close(fd[0]);
    if (child < 0)
        return sim_err_add(err, SIM_EIO, "cannot start sbatch: %s", strerror(errno));
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    job[strspn(job, "0123456789_")] = '\0'; /* ;CLUSTER may follow */
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return sim_err_add(err, SIM_EIO, "sbatch is not there: is this a machine of the cluster?");
    if (status != 0 || *job == '\0')
        return sim_err_add(err, SIM_EIO, "%s: sbatch did not take it", script);
    return 0;
}

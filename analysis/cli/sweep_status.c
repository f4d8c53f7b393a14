#include "analysis/cli/sweep.h"

#include "sim/batch.h"

#include <stdlib.h>
#include <string.h>

struct options {
    const char *out;
    int64_t shards;
    int json;
};

#define AT(field) offsetof(struct options, field)
static const struct cmd_option options[] = {
    {"-o", "DIR", CMD_TEXT, 0, 0, AT(out),
     "folder of the parts (default: the sweep file's name, .sweep)"},
    {"--shards", "N", CMD_WHOLE, 1, 1000000, AT(shards),
     "tell what is missing in each of N shards (default: as last run)"},
    {"--json", NULL, CMD_FLAG, 0, 0, AT(json), "as one line of JSON, on standard output"},
    {0}};

static const struct cmd_usage usage = {
    .name = "sweep status",
    .operands = "X.cfg",
    .what = "How far a sweep is: runs done, failed and missing, by shard, and what the rest will "
            "take.",
    .least = 1,
    .most = 1,
    .options = options,
    .more = "Reads the parts only, and may be asked while others run. Exit status 0: all is done; "
            "75: not\n"
            "yet; 1: all is done, but runs failed."};

enum { MAX_LINES = 20 };

struct shard {
    uint64_t left, all;
};

/* Tasks of each shard that are missing, and all of them. */
static struct shard *by_shard(const struct cmd_sweep *w, const struct cmd_sweep_state *s,
                              uint32_t n)
{
    struct shard *to = calloc(n, sizeof *to);

    if (to == NULL)
        sim_out_of_memory(n);
    for (size_t u = 0; u < cmd_sweep_units(w); u++) {
        uint32_t point, from, until;

        cmd_sweep_unit(w, u, &point, &from, &until);
        until = s->ended[point] ? s->ended[point] : until;
        to[u % n].left += cmd_sweep_left(w, s, u);
        to[u % n].all += (uint64_t)(until - from) * w->n_scenario;
    }
    return to;
}

static void tell_shards(const struct shard *x, uint32_t n)
{
    int lines = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (x[i].left == 0)
            continue;
        if (++lines <= MAX_LINES)
            printf("  shard %u/%u: %llu of %llu missing\n", i + 1, n, (unsigned long long)x[i].left,
                   (unsigned long long)x[i].all);
    }
    if (lines > MAX_LINES)
        printf("  ... and %d more shards\n", lines - MAX_LINES);
}

static void tell(const struct cmd_sweep *w, const struct cmd_sweep_state *s, const struct shard *x,
                 uint32_t n, uint64_t left, uint64_t all)
{
    double each = s->done + s->failed ? s->files.seconds / (double)(s->done + s->failed) : 0;
    char bytes[24], rest[24];

    cmd_bytes(s->files.bytes, bytes);
    cmd_seconds(each * (double)left, rest);
    cmd_print(stdout, w->dir);
    printf(": %llu of %llu runs done (%.1f %%), %llu failed, %llu missing%s\n",
           (unsigned long long)s->done, (unsigned long long)all,
           100 * (double)s->done / (double)all, (unsigned long long)s->failed,
           (unsigned long long)left, w->s.n_stop && left ? " at most" : "");
    printf("  %llu part files, %s; %llu complete, %llu cut off in the middle of a run (nothing "
           "else is lost)\n",
           (unsigned long long)s->files.files, bytes, (unsigned long long)s->files.sealed,
           (unsigned long long)s->files.torn);
    if (left && each > 0)
        printf("  the rest takes about %s on one core (%.3g core-hours)\n", rest,
               each * (double)left / 3600);
    if (n > 1)
        tell_shards(x, n);
}

static void tell_json(const struct cmd_sweep *w, const struct cmd_sweep_state *s,
                      const struct shard *x, uint32_t n, uint64_t left, uint64_t all)
{
    double each = s->done + s->failed ? s->files.seconds / (double)(s->done + s->failed) : 0;
    const char *comma = "";

    printf("{\"points\": %zu, \"scenarios\": %u, \"runs\": %u, \"all\": %llu, \"done\": %llu, "
           "\"failed\": %llu, \"missing\": %llu, \"files\": %llu, \"sealed\": %llu, \"torn\": "
           "%llu, \"bytes\": %.0f, \"run_s\": %.6g, \"left_s\": %.6g, \"shards\": %u, "
           "\"missing_shards\": [",
           w->design.n_point, w->n_scenario, w->runs, (unsigned long long)all,
           (unsigned long long)s->done, (unsigned long long)s->failed, (unsigned long long)left,
           (unsigned long long)s->files.files, (unsigned long long)s->files.sealed,
           (unsigned long long)s->files.torn, s->files.bytes, each, each * (double)left, n);
    for (uint32_t i = 0; i < n; i++)
        if (x[i].left) {
            printf("%s%u", comma, i + 1);
            comma = ", ";
        }
    printf("]}\n");
}

static int status_of(const struct cmd_sweep *w, const struct cmd_sweep_state *s,
                     const struct options *o)
{
    uint32_t n = o->shards ? (uint32_t)o->shards : s->shards;
    struct shard *x = by_shard(w, s, n);
    uint64_t left = 0, all = 0;

    for (uint32_t i = 0; i < n; i++) {
        left += x[i].left;
        all += x[i].all;
    }
    if (o->json)
        tell_json(w, s, x, n, left, all);
    else
        tell(w, s, x, n, left, all);
    free(x);
    return left ? CMD_SWEEP_AGAIN : s->failed ? CMD_FAILED : CMD_DONE;
}

int cmd_sweep_status(int argc, char **argv)
{
    struct options o = {0};
    struct cmd_args args;
    struct cmd_sweep w;
    struct cmd_sweep_state s = {0};
    struct sim_err err = SIM_ERR_INIT;
    int rc = cmd_parse(&usage, argc, argv, &o, &args), status = 0;

    if (rc != CMD_GO_ON)
        return rc;
    rc = cmd_sweep_load(&w, args.operand[0], o.out, &err);
    if (rc == 0)
        rc = cmd_sweep_look(&s, &w, &err);
    if (rc == 0)
        status = status_of(&w, &s, &o);
    cmd_sweep_state_free(&s);
    cmd_sweep_free(&w);
    rc = cmd_end("sweep status", rc, &err, NULL);
    return rc ? rc : status;
}

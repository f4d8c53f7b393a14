#include "analysis/ledger.h"

#include "analysis/ledger_inner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct reader {
    const char *path;
    FILE *from;
    uint64_t at; /* end of the last whole record */
    unsigned char *buf;
    size_t cap, n; /* bytes of the record's own */
    int kind;
    double *value;
    struct ana_ledger_head head;
};

static uint64_t get(const unsigned char *from, int bytes)
{
    uint64_t x = 0;

    for (int i = 0; i < bytes; i++)
        x |= (uint64_t)from[i] << 8 * i;
    return x;
}

/* The next whole record; 0 where there is none. */
static int next(struct reader *r)
{
    unsigned char front[ANA_LEDGER_FRONT], check[ANA_LEDGER_CHECK];
    size_t need;

    if (fread(front, 1, sizeof front, r->from) != sizeof front)
        return 0;
    r->n = (size_t)get(front, 4);
    r->kind = front[4];
    if (r->n > ANA_LEDGER_MOST)
        return 0;
    need = ANA_LEDGER_FRONT + r->n + ANA_LEDGER_CHECK + 1;
    if (need > r->cap) {
        unsigned char *p = realloc(r->buf, need);

        if (p == NULL)
            sim_out_of_memory(need);
        r->buf = p;
        r->cap = need;
    }
    memcpy(r->buf, front, sizeof front);
    need -= ANA_LEDGER_FRONT + 1;
    if (fread(r->buf + ANA_LEDGER_FRONT, 1, need, r->from) != need)
        return 0;
    ana_ledger_check(r->buf, ANA_LEDGER_FRONT + r->n, check);
    if (memcmp(check, r->buf + ANA_LEDGER_FRONT + r->n, sizeof check) != 0)
        return 0;
    r->buf[ANA_LEDGER_FRONT + r->n] = '\0';
    r->at += ANA_LEDGER_FRONT + r->n + ANA_LEDGER_CHECK;
    return 1;
}

/* ---- the head ---- */

static int read_head(struct reader *r)
{
    char magic[sizeof ANA_LEDGER_MAGIC - 1];
    struct ana_ledger_head *h = &r->head;

    if (fread(magic, 1, sizeof magic, r->from) != sizeof magic ||
        memcmp(magic, ANA_LEDGER_MAGIC, sizeof magic) != 0)
        return 0;
    r->at = sizeof magic;
    if (!next(r) || r->kind != ANA_LEDGER_IS_HEAD)
        return 0;
    return sscanf((const char *)r->buf + ANA_LEDGER_FRONT,
                  "version %63s sweep %64s input %64s points %u scenarios %u runs %u values %u "
                  "shard %u shards %u",
                  h->version, h->sweep, h->input, &h->points, &h->scenarios, &h->runs, &h->values,
                  &h->shard, &h->shards) == 9;
}

static int check_head(const struct reader *r, const struct ana_ledger_head *want,
                      struct sim_err *err)
{
    const struct ana_ledger_head *h = &r->head;

    if (strcmp(h->version, want->version) != 0)
        return sim_err_add(err, SIM_EINPUT,
                           "%s: was written by version %s, this is %s; parts of a sweep must be of "
                           "one version",
                           r->path, h->version, want->version);
    if (strcmp(h->sweep, want->sweep) != 0)
        return sim_err_add(err, SIM_EINPUT,
                           "%s: belongs to another sweep: the sweep file differs; give another "
                           "folder (-o) or remove this file",
                           r->path);
    if (strcmp(h->input, want->input) != 0)
        return sim_err_add(err, SIM_EINPUT,
                           "%s: belongs to other scenarios or tables than there are now; give "
                           "another folder (-o) or remove this file",
                           r->path);
    if (h->points != want->points || h->scenarios != want->scenarios || h->runs != want->runs ||
        h->values != want->values || h->shard >= h->shards)
        return sim_err_add(err, SIM_EINPUT, "%s: its head does not fit the sweep", r->path);
    return 0;
}

/* ---- records ---- */

static int give_task(struct reader *r, const struct ana_ledger_visit *v, struct sim_err *err)
{
    const unsigned char *at = r->buf + ANA_LEDGER_FRONT;
    struct ana_ledger_task t = {.point = (uint32_t)get(at, 4),
                                .scenario = (uint32_t)get(at + 4, 4),
                                .run = (uint32_t)get(at + 8, 4),
                                .status = at[12]};
    uint32_t seconds = (uint32_t)get(at + 13, 4);
    size_t numbers = 8 * (size_t)r->head.values;

    if (t.point >= r->head.points || t.scenario >= r->head.scenarios || t.run >= r->head.runs ||
        (t.status == SIM_DONE && r->n != ANA_LEDGER_TASK + numbers))
        return sim_err_add(err, SIM_ERUN, "%s: a record does not fit the sweep", r->path);
    memcpy(&t.seconds, &seconds, 4);
    at += ANA_LEDGER_TASK;
    for (size_t i = 0; t.status == SIM_DONE && i < r->head.values; i++) {
        uint64_t bits = get(at + 8 * i, 8);

        memcpy(&r->value[i], &bits, 8);
    }
    if (t.status == SIM_DONE)
        t.value = r->value;
    else
        t.message = (const char *)at;
    return v->task(v->ctx, r->path, &t, err);
}

static int give_point(const struct reader *r, const struct ana_ledger_visit *v, struct sim_err *err)
{
    const unsigned char *at = r->buf + ANA_LEDGER_FRONT;
    uint32_t point = (uint32_t)get(at, 4), runs = (uint32_t)get(at + 4, 4);

    if (r->n != ANA_LEDGER_POINT || point >= r->head.points || runs > r->head.runs)
        return sim_err_add(err, SIM_ERUN, "%s: a record does not fit the sweep", r->path);
    return v->end_point(v->ctx, point, runs, at[8]);
}

static int give_all(struct reader *r, const struct ana_ledger_visit *v, struct sim_err *err)
{
    uint64_t tasks = 0, size;
    int rc = 0, sealed = 0;

    r->value = malloc(8 * (size_t)r->head.values + 8);
    if (r->value == NULL)
        sim_out_of_memory(8 * (size_t)r->head.values);
    while (rc == 0 && !sealed && next(r)) {
        if (r->kind == ANA_LEDGER_IS_SEAL) {
            sealed = r->n == ANA_LEDGER_SEAL && get(r->buf + ANA_LEDGER_FRONT, 8) == tasks;
            break;
        }
        tasks++;
        if (r->kind == ANA_LEDGER_IS_TASK && r->n >= ANA_LEDGER_TASK && v->task)
            rc = give_task(r, v, err);
        else if (r->kind == ANA_LEDGER_IS_POINT && v->end_point)
            rc = give_point(r, v, err);
    }
    if (rc == 0 && ferror(r->from))
        rc = sim_err_add(err, SIM_EIO, "%s: %s", r->path, strerror(errno));
    if (rc != 0 || v->file == NULL)
        return rc;
    (void)fseeko(r->from, 0, SEEK_END);
    size = (uint64_t)ftello(r->from);
    v->file(v->ctx, r->path, &r->head, sealed, size > r->at ? size - r->at : 0);
    return 0;
}

/* A part may have got its last name since the folder was listed: `path` is then changed. */
static FILE *open_part(char *path)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT) {
        strcpy(strrchr(path, '.'), ".done");
        fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    }
    return fd < 0 ? NULL : fdopen(fd, "rb");
}

static int read_file(char *path, const struct ana_ledger_head *head,
                     const struct ana_ledger_visit *v, struct sim_err *err)
{
    struct reader r = {.path = path, .from = open_part(path)};
    int rc = 0;

    if (r.from == NULL)
        return sim_err_add(err, SIM_EIO, "%s: %s", path, strerror(errno));
    if (read_head(&r))
        rc = check_head(&r, head, err);
    else if (v->file)
        v->file(v->ctx, path, NULL, 0, r.at);
    if (rc == 0 && r.head.shards > 0)
        rc = give_all(&r, v, err);
    fclose(r.from);
    free(r.buf);
    free(r.value);
    return rc;
}

/* ---- the folder ---- */

static int is_part(const char *name)
{
    const char *dot = strrchr(name, '.');

    return strncmp(name, "shard-", 6) == 0 && dot &&
           (strcmp(dot, ".part") == 0 || strcmp(dot, ".done") == 0);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Paths of all part files, sorted; the caller frees them. */
static char **list_parts(const char *dir, size_t *n, struct sim_err *err, int *rc)
{
    DIR *d = opendir(dir);
    char **list = NULL;
    size_t cap = 0;

    *n = 0;
    *rc = d || errno == ENOENT ? 0 : sim_err_add(err, SIM_EIO, "%s: %s", dir, strerror(errno));
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
        size_t size = strlen(dir) + strlen(e->d_name) + 2;

        if (!is_part(e->d_name))
            continue;
        if (*n == cap) {
            cap = cap ? 2 * cap : 64;
            list = realloc(list, cap * sizeof *list);
        }
        if (list == NULL || (list[*n] = malloc(size)) == NULL)
            sim_out_of_memory(size);
        snprintf(list[(*n)++], size, "%s/%s", dir, e->d_name);
    }
    if (d)
        closedir(d);
    if (*n > 0)
        qsort(list, *n, sizeof *list, by_name);
    return list;
}

int ana_ledger_read(const char *dir, const struct ana_ledger_head *head,
                    const struct ana_ledger_visit *v, struct sim_err *err)
{
    size_t n;
    int rc;
    char **list = list_parts(dir, &n, err, &rc);

    for (size_t i = 0; i < n; i++) {
        int one = rc == 0 || rc == SIM_EINPUT ? read_file(list[i], head, v, err) : 0;

        rc = rc ? rc : one;
        free(list[i]);
    }
    free(list);
    return rc;
}

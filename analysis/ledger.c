#include "analysis/ledger.h"

#include "analysis/file.h"
#include "analysis/ledger_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void ana_ledger_put(unsigned char *to, uint64_t x, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to[i] = (unsigned char)(x >> 8 * i);
}

void ana_ledger_check(const unsigned char *record, size_t n, unsigned char to[ANA_LEDGER_CHECK])
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256_CTX sha;

    SHA256Init(&sha);
    SHA256Update(&sha, record, n);
    SHA256Final(digest, &sha);
    memcpy(to, digest, ANA_LEDGER_CHECK);
}

static int refused(const struct ana_ledger *l, struct sim_err *err)
{
    return sim_err_add(err, SIM_EIO, "%s: %s", l->path, strerror(errno));
}

/* ---- records ---- */

/* Room for a record with `n` bytes of its own; returns where they go. */
static unsigned char *begin(struct ana_ledger *l, int kind, size_t n)
{
    size_t need = ANA_LEDGER_FRONT + n + ANA_LEDGER_CHECK;

    if (need > l->cap) {
        unsigned char *p = realloc(l->buf, need);

        if (p == NULL)
            sim_out_of_memory(need);
        l->buf = p;
        l->cap = need;
    }
    ana_ledger_put(l->buf, n, 4);
    l->buf[4] = (unsigned char)kind;
    return l->buf + ANA_LEDGER_FRONT;
}

/* Appends what was begun: whole, or not at all. */
static int end(struct ana_ledger *l, size_t n, struct sim_err *err)
{
    size_t size = ANA_LEDGER_FRONT + n + ANA_LEDGER_CHECK;
    ssize_t done;

    ana_ledger_check(l->buf, ANA_LEDGER_FRONT + n, l->buf + ANA_LEDGER_FRONT + n);
    do
        done = write(l->fd, l->buf, size);
    while (done < 0 && errno == EINTR);
    if (done == (ssize_t)size) {
        l->at += size;
        return 0;
    }
    if (done >= 0)
        errno = ENOSPC;
    (void)refused(l, err);
    if (ftruncate(l->fd, (off_t)l->at) != 0)
        (void)refused(l, err);
    return SIM_EIO;
}

int ana_ledger_add(struct ana_ledger *l, const struct ana_ledger_task *t, struct sim_err *err)
{
    size_t message = t->status == SIM_DONE ? 0 : strnlen(t->message, ANA_LEDGER_MESSAGE);
    size_t n = ANA_LEDGER_TASK + (t->status == SIM_DONE ? 8 * (size_t)l->head.values : message);
    unsigned char *to = begin(l, ANA_LEDGER_IS_TASK, n);
    uint32_t seconds;
    int rc;

    ana_ledger_put(to, t->point, 4);
    ana_ledger_put(to + 4, t->scenario, 4);
    ana_ledger_put(to + 8, t->run, 4);
    to[12] = (unsigned char)t->status;
    memcpy(&seconds, &t->seconds, 4);
    ana_ledger_put(to + 13, seconds, 4);
    to += ANA_LEDGER_TASK;
    memcpy(to, message ? t->message : "", message);
    for (uint32_t i = 0; t->status == SIM_DONE && i < l->head.values; i++) {
        uint64_t bits;

        memcpy(&bits, &t->value[i], 8);
        ana_ledger_put(to + 8 * (size_t)i, bits, 8);
    }
    rc = end(l, n, err);
    l->tasks += rc == 0;
    return rc;
}

int ana_ledger_end_point(struct ana_ledger *l, uint32_t point, uint32_t runs, int satisfied,
                         struct sim_err *err)
{
    unsigned char *to = begin(l, ANA_LEDGER_IS_POINT, ANA_LEDGER_POINT);

    ana_ledger_put(to, point, 4);
    ana_ledger_put(to + 4, runs, 4);
    to[8] = (unsigned char)satisfied;
    l->tasks++;
    return end(l, ANA_LEDGER_POINT, err);
}

static int add_head(struct ana_ledger *l, struct sim_err *err)
{
    const struct ana_ledger_head *h = &l->head;
    char text[1000];
    int n = snprintf(text, sizeof text,
                     "version %s\nsweep %s\ninput %s\npoints %u\nscenarios %u\nruns %u\nvalues "
                     "%u\nshard %u\nshards %u\n",
                     h->version, h->sweep, h->input, h->points, h->scenarios, h->runs, h->values,
                     h->shard, h->shards);

    memcpy(begin(l, ANA_LEDGER_IS_HEAD, (size_t)n), text, (size_t)n);
    return end(l, (size_t)n, err);
}

/* ---- files ---- */

static int begin_file(struct ana_ledger *l, struct sim_err *err)
{
    static const char magic[] = ANA_LEDGER_MAGIC;

    if (write(l->fd, magic, strlen(magic)) != (ssize_t)strlen(magic)) {
        errno = errno ? errno : ENOSPC;
        return refused(l, err);
    }
    l->at = strlen(magic);
    return add_head(l, err);
}

int ana_ledger_open(struct ana_ledger *l, const char *dir, const struct ana_ledger_head *head,
                    struct sim_err *err)
{
    char host[65] = "";
    size_t size = strlen(dir) + sizeof host + 100;
    int rc;

    *l = (struct ana_ledger){.head = *head, .fd = -1, .path = malloc(size)};
    if (l->path == NULL)
        sim_out_of_memory(size);
    if (gethostname(host, sizeof host - 1) != 0 || *host == '\0')
        strcpy(host, "host");
    for (int k = 0; k < 1000 && l->fd < 0; k++) {
        char again[16] = "";

        if (k > 0)
            snprintf(again, sizeof again, "-%d", k);
        snprintf(l->path, size, "%s/shard-%u-of-%u.%s-%ld%s.part", dir, head->shard + 1,
                 head->shards, host, (long)getpid(), again);
        l->fd =
            open(l->path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (l->fd < 0 && errno != EEXIST)
            break;
    }
    if (l->fd < 0)
        return refused(l, err);
    errno = 0;
    rc = begin_file(l, err);
    if (rc != 0) {
        (void)unlink(l->path);
        ana_ledger_free(l);
    }
    return rc;
}

int ana_ledger_sync(struct ana_ledger *l, struct sim_err *err)
{
    return l->fd < 0 || fsync(l->fd) == 0 ? 0 : refused(l, err);
}

static int seal(struct ana_ledger *l, struct sim_err *err)
{
    ana_ledger_put(begin(l, ANA_LEDGER_IS_SEAL, ANA_LEDGER_SEAL), l->tasks, 8);
    return end(l, ANA_LEDGER_SEAL, err);
}

/* The folder knows the names that were made and changed in it. */
static int sync_folder(const struct ana_ledger *l, struct sim_err *err)
{
    const char *slash = strrchr(l->path, '/');
    char *dir = strndup(l->path, (size_t)(slash - l->path));
    int fd = dir ? open(*dir ? dir : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int rc = fd >= 0 && fsync(fd) == 0 ? 0 : refused(l, err);

    free(dir);
    if (fd >= 0)
        close(fd);
    return rc;
}

int ana_ledger_close(struct ana_ledger *l, int sealed, struct sim_err *err)
{
    char *done = strdup(l->path);
    int rc = 0;

    if (done == NULL)
        sim_out_of_memory(strlen(l->path) + 1);
    strcpy(strrchr(done, '.'), ".done");
    if (l->tasks > 0 && sealed)
        rc = seal(l, err);
    if (rc == 0)
        rc = ana_ledger_sync(l, err);
    if (close(l->fd) != 0 && rc == 0)
        rc = refused(l, err);
    l->fd = -1;
    if (l->tasks == 0 && unlink(l->path) != 0 && rc == 0)
        rc = refused(l, err);
    if (rc == 0 && l->tasks > 0 && sealed) {
        if (rename(l->path, done) != 0)
            rc = refused(l, err);
        else
            strcpy(l->path, done);
    }
    free(done);
    return rc ? rc : sync_folder(l, err);
}

int ana_ledger_move(struct ana_ledger *l, const char *dir, struct sim_err *err)
{
    struct ana_file to = ANA_FILE_INIT;
    const char *name = strrchr(l->path, '/') + 1;
    size_t size = strlen(dir) + strlen(name) + 2;
    char *path = malloc(size), block[1 << 16];
    FILE *from = fopen(l->path, "rb");
    int rc = from && path ? 0 : refused(l, err);

    if (path)
        snprintf(path, size, "%s/%s", dir, name);
    if (rc == 0)
        rc = ana_file_open(&to, path, err);
    while (rc == 0) {
        size_t n = fread(block, 1, sizeof block, from);

        if (n == 0)
            break;
        rc = ana_file_add(&to, block, n, err);
    }
    if (rc == 0 && ferror(from))
        rc = refused(l, err);
    if (rc == 0)
        rc = ana_file_finish(&to, NULL, NULL, err);
    if (rc == 0)
        rc = ana_file_name(&to, err);
    if (from)
        fclose(from);
    ana_file_drop(&to);
    free(path);
    if (rc == 0)
        (void)unlink(l->path);
    else
        sim_err_add(err, SIM_EIO, "%s: is still there, and whole: copy it into %s", l->path, dir);
    return rc;
}

void ana_ledger_free(struct ana_ledger *l)
{
    if (l->fd >= 0)
        close(l->fd);
    free(l->path);
    free(l->buf);
    *l = ANA_LEDGER_INIT;
}

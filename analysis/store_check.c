#include "analysis/store_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "values are digested and stored as they lie in memory: little-endian machines only"
#endif

enum { READ_MAX = 1 << 20, CHILD_FILES = 64, MESSAGE_MAX = 1 << 16 };

/* ---- digest ---- */

static void add_number(struct ana_digest *d, uint64_t x)
{
    SHA256_Update(&d->sha, (const uint8_t *)&x, sizeof x);
}

static void add_text(struct ana_digest *d, const char *s)
{
    size_t n = s ? strlen(s) : 0;

    add_number(d, n);
    SHA256_Update(&d->sha, (const uint8_t *)s, n);
}

static void add_line(struct ana_digest *d, const char *name, const char *long_name,
                     const char *units, size_t n, const char *const *label, const double *value)
{
    size_t i;

    add_text(d, name);
    add_text(d, long_name);
    add_text(d, units);
    add_text(d, label ? "text" : "f64");
    add_number(d, n);
    for (i = 0; label && i < n; i++)
        add_text(d, label[i]);
    if (!label)
        ana_digest_values(d, value, n * sizeof *value);
}

static void add_pairs(struct ana_digest *d, const char *what, const struct sim_text *t, int n)
{
    int i;

    add_text(d, what);
    add_number(d, (uint64_t)n);
    for (i = 0; i < n; i++) {
        add_text(d, t[i].name);
        add_text(d, t[i].text);
    }
}

void ana_digest_begin(struct ana_digest *d, const struct sim_result *r)
{
    int i, j;

    SHA256_Init(&d->sha);
    add_text(d, ANA_STORE_FORMAT);
    add_pairs(d, "attributes", r->attr, r->n_attr);
    add_text(d, "axes");
    add_number(d, (uint64_t)r->n_axis);
    for (i = 0; i < r->n_axis; i++) {
        const struct sim_axis *a = &r->axis[i];

        add_line(d, a->name, a->long_name, a->units, a->n, a->label, a->value);
        add_number(d, (uint64_t)a->n_coord);
        for (j = 0; j < a->n_coord; j++)
            add_line(d, a->coord[j].name, a->coord[j].long_name, a->coord[j].units, a->n,
                     a->coord[j].label, a->coord[j].value);
    }
    add_text(d, "columns");
    add_number(d, (uint64_t)r->n_column);
}

void ana_digest_head(struct ana_digest *d, const struct sim_result *r, const struct sim_column *c)
{
    static const char *const type[] = {"f64", "f32", "i64", "i32", "i8"};
    static const char *const keep[] = {"", "mean", "band"};
    int i;

    add_text(d, c->name);
    add_text(d, c->long_name);
    add_text(d, c->units);
    add_text(d, type[c->type]);
    add_text(d, keep[c->keep]);
    add_text(d, c->meanings);
    add_number(d, (uint64_t)c->n_axis);
    for (i = 0; i < c->n_axis; i++)
        add_text(d, r->axis[c->axis[i]].name);
}

void ana_digest_values(struct ana_digest *d, const void *data, size_t n)
{
    SHA256_Update(&d->sha, data, n);
}

void ana_digest_end(struct ana_digest *d, const struct sim_result *r, char digest[ANA_DIGEST_MAX])
{
    add_pairs(d, "inputs", r->input, r->n_input);
    SHA256_End(&d->sha, digest);
}

void ana_store_digest(const struct sim_result *r, char digest[ANA_DIGEST_MAX])
{
    struct ana_digest d;
    int i;

    ana_digest_begin(&d, r);
    for (i = 0; i < r->n_column; i++) {
        const struct sim_column *c = &r->column[i];

        ana_digest_head(&d, r, c);
        ana_digest_values(&d, c->data, sim_column_n(r, c) * sim_type_size(c->type));
    }
    ana_digest_end(&d, r, digest);
}

/* ---- seal ---- */

static void seal_print(SHA256_CTX *sha, char seal[ANA_SEAL_LEN + 1])
{
    char hex[ANA_DIGEST_MAX];

    SHA256_End(sha, hex);
    snprintf(seal, ANA_SEAL_LEN + 1, "%s%s\n", ANA_SEAL_HEAD, hex);
}

void ana_seal_make(const void *image, size_t n, char seal[ANA_SEAL_LEN + 1])
{
    SHA256_CTX sha;

    SHA256_Init(&sha);
    SHA256_Update(&sha, image, n);
    seal_print(&sha, seal);
}

static int io_fault(const char *path, const char *what, struct sim_err *err)
{
    return sim_err_add(err, SIM_EIO, "%s: cannot %s: %s", path, what, strerror(errno));
}

/* Exactly n bytes, or -1 (errno 0 at an early end). */
static int read_all(int fd, void *to, size_t n)
{
    char *p = to;

    while (n > 0) {
        ssize_t k = read(fd, p, n);

        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0) {
            if (k == 0)
                errno = 0;
            return -1;
        }
        p += k;
        n -= (size_t)k;
    }
    return 0;
}

static int seal_compare(int fd, off_t size, const char *path, char *buf, struct sim_err *err)
{
    char made[ANA_SEAL_LEN + 1], found[ANA_SEAL_LEN + 1] = "";
    SHA256_CTX sha;
    off_t left = size - ANA_SEAL_LEN;
    int hdf5 = 0;

    SHA256_Init(&sha);
    while (left > 0) {
        size_t n = left < READ_MAX ? (size_t)left : READ_MAX;

        if (read_all(fd, buf, n) != 0)
            return io_fault(path, "read it", err);
        if (left == size - ANA_SEAL_LEN)
            hdf5 = n >= 8 && memcmp(buf, "\211HDF\r\n\032\n", 8) == 0;
        SHA256_Update(&sha, (const uint8_t *)buf, n);
        left -= (off_t)n;
    }
    if (left == 0 && read_all(fd, found, ANA_SEAL_LEN) != 0)
        return io_fault(path, "read it", err);
    seal_print(&sha, made);
    if (memcmp(made, found, ANA_SEAL_LEN) == 0)
        return 0;
    if (memcmp(found, ANA_SEAL_HEAD, ANA_SEAL_HEAD_LEN) == 0)
        return sim_err_add(err, SIM_ERUN, "%s: damaged: its bytes do not fit the seal at its end",
                           path);
    if (hdf5)
        return sim_err_add(err, SIM_ERUN,
                           "%s: no seal at its end: cut short, written to by another program, or "
                           "not a Lodestone result",
                           path);
    return sim_err_add(err, SIM_ERUN, "%s: not a Lodestone result (an HDF5 file is expected)",
                       path);
}

int ana_seal_check(const char *path, off_t *size, struct sim_err *err)
{
    struct stat st;
    char *buf = NULL;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    int rc = 0;

    if (fd < 0)
        return io_fault(path, "open it", err);
    if (fstat(fd, &st) != 0)
        rc = io_fault(path, "look at it", err);
    else if (!S_ISREG(st.st_mode))
        rc = sim_err_add(err, SIM_EIO, "%s: cannot read it: %s", path,
                         S_ISDIR(st.st_mode) ? "it is a folder" : "it is not a regular file");
    else if (!(buf = malloc(READ_MAX)))
        rc = sim_err_add(err, SIM_ENOMEM, "%s: out of memory", path);
    else
        rc = seal_compare(fd, st.st_size, path, buf, err);
    if (rc == 0 && size)
        *size = st.st_size;
    free(buf);
    (void)close(fd);
    return rc;
}

/* ---- child ---- */

static void limit(int what, rlim_t soft, rlim_t hard)
{
    struct rlimit now, to;

    if (getrlimit(what, &now) != 0)
        return;
    to.rlim_max = hard < now.rlim_max ? hard : now.rlim_max;
    to.rlim_cur = soft < to.rlim_max ? soft : to.rlim_max;
    (void)setrlimit(what, &to);
}

/* Bytes of address space in use, and half of the machine's memory. */
static rlim_t memory_allowed(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    long page = sysconf(_SC_PAGESIZE), all = sysconf(_SC_PHYS_PAGES);
    unsigned long used = 0;

    if (f) {
        if (fscanf(f, "%lu", &used) != 1)
            used = 0;
        fclose(f);
    }
    if (page <= 0 || all <= 0)
        return RLIM_INFINITY;
    return ((rlim_t)used + (rlim_t)all / 2) * (rlim_t)page;
}

static void write_all(int fd, const void *from, size_t n)
{
    const char *p = from;

    while (n > 0) {
        ssize_t k = write(fd, p, n);

        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return;
        p += k;
        n -= (size_t)k;
    }
}

static _Noreturn void child_work(int fd, unsigned cpu_s, ana_child_work *work, void *ctx,
                                 char *text, size_t n)
{
    struct sim_err mine = SIM_ERR_INIT;
    struct sigaction plain = {.sa_handler = SIG_DFL};
    size_t len;
    int rc;

    (void)sigaction(SIGINT, &plain, NULL);
    (void)sigaction(SIGTERM, &plain, NULL);
    (void)sigaction(SIGSEGV, &plain, NULL);
    (void)sigaction(SIGABRT, &plain, NULL);
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_FSIZE, 0, 0);
    limit(RLIMIT_NOFILE, CHILD_FILES, CHILD_FILES);
    limit(RLIMIT_CPU, cpu_s, cpu_s + 1);
    limit(RLIMIT_AS, memory_allowed(), RLIM_INFINITY);
    rc = work(ctx, text, n, &mine);
    len = mine.len < MESSAGE_MAX ? mine.len : MESSAGE_MAX;
    write_all(fd, &rc, sizeof rc);
    write_all(fd, text, n);
    write_all(fd, &len, sizeof len);
    write_all(fd, mine.text, len);
    _exit(0);
}

/* What the child found; 1 when it did not come to its end. */
static int child_answer(int fd, char *text, size_t n, struct sim_err *err)
{
    char *lines, *line, *rest = NULL;
    size_t len;
    int rc;

    if (read_all(fd, &rc, sizeof rc) != 0 || read_all(fd, text, n) != 0 ||
        read_all(fd, &len, sizeof len) != 0 || len > MESSAGE_MAX)
        return 1;
    lines = malloc(len + 1);
    if (!lines)
        return sim_err_add(err, SIM_ENOMEM, "out of memory");
    if (read_all(fd, lines, len) != 0) {
        free(lines);
        return 1;
    }
    lines[len] = '\0';
    for (line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        sim_err_add(err, rc, "%s", line);
    free(lines);
    return rc;
}

static int child_verdict(const char *path, int status, struct sim_err *err)
{
    int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    if (sig == SIGINT || sig == SIGTERM)
        return sim_err_add(err, SIM_ESTOP, "%s: reading was interrupted", path);
    return sim_err_add(err, SIM_ERUN, "%s: damaged: reading it %s", path,
                       sig == SIGXCPU || sig == SIGKILL ? "took too much time or memory"
                       : sig != 0                       ? "crashed"
                                                        : "failed for want of memory");
}

int ana_child_run(const char *path, unsigned cpu_s, ana_child_work *work, void *ctx, char *text,
                  size_t n, struct sim_err *err)
{
    int fd[2], status = 0, rc;
    pid_t pid;

    if (pipe(fd) != 0)
        return io_fault(path, "read it", err);
    pid = fork();
    if (pid == 0) {
        (void)close(fd[0]);
        child_work(fd[1], cpu_s, work, ctx, text, n);
    }
    (void)close(fd[1]);
    if (pid < 0) {
        (void)close(fd[0]);
        return io_fault(path, "start a process to read it", err);
    }
    rc = child_answer(fd[0], text, n, err);
    (void)close(fd[0]);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return rc == 1 ? child_verdict(path, status, err) : rc;
}

/* ---- verify ---- */

static int verify_all(struct ana_store_in *in, char digest[ANA_DIGEST_MAX], struct sim_err *err)
{
    struct ana_digest d;
    int rc = 0, i;

    ana_digest_begin(&d, &in->r);
    for (i = 0; i < in->r.n_column && rc == 0; i++) {
        const struct sim_column *c = &in->r.column[i];
        size_t n = sim_column_n(&in->r, c) * sim_type_size(c->type);
        char *buf = malloc(n + 1);

        if (!buf)
            return sim_err_add(err, SIM_ENOMEM, "%s: out of memory for column %s", in->path,
                               c->name);
        rc = ana_store_in_load(in, i, buf, err);
        if (rc == 0) {
            ana_digest_head(&d, &in->r, c);
            ana_digest_values(&d, buf, n);
        }
        free(buf);
    }
    ana_digest_end(&d, &in->r, digest);
    if (rc == 0 && strcmp(digest, in->digest) != 0)
        rc = sim_err_add(err, SIM_ERUN, "%s: damaged: its digest says %s, its content has %s",
                         in->path, in->digest, digest);
    return rc;
}

struct verify {
    const char *path;
    off_t size;
};

static int verify_in_child(void *ctx, char *text, size_t n, struct sim_err *err)
{
    const struct verify *v = ctx;
    struct ana_store_in in;
    int rc;

    sim_bug_if(n != ANA_DIGEST_MAX);
    rc = ana_store_in_open(&in, v->path, v->size, err);
    if (rc != 0)
        return rc;
    rc = verify_all(&in, text, err);
    ana_store_in_close(&in);
    return rc;
}

unsigned ana_child_seconds(off_t size)
{
    off_t s = 10 + size / (1 << 20);

    return s < 100000 ? (unsigned)s : 100000;
}

int ana_store_verify(const char *path, char digest[ANA_DIGEST_MAX], struct sim_err *err)
{
    struct verify v = {.path = path};
    int rc = ana_seal_check(path, &v.size, err);

    memset(digest, 0, ANA_DIGEST_MAX);
    if (rc == 0)
        rc = ana_child_run(path, ana_child_seconds(v.size), verify_in_child, &v, digest,
                           ANA_DIGEST_MAX, err);
    return rc;
}

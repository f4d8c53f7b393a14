#include "analysis/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUF_MAX = 1 << 20, TRIES_MAX = 100, SUFFIX_MAX = 48 };

static int fault(const struct ana_file *f, const char *what, struct sim_err *err)
{
    return sim_err_add(err, SIM_EIO, "%s: cannot %s: %s; nothing was changed", f->path, what,
                       strerror(errno));
}

/* ---- open ---- */

static int open_folder(struct ana_file *f, struct sim_err *err)
{
    char *slash = strrchr(f->path, '/');

    f->base = slash ? slash + 1 : f->path;
    if (f->base[0] == '\0' || strcmp(f->base, ".") == 0 || strcmp(f->base, "..") == 0)
        return sim_err_add(err, SIM_EIO, "%s: cannot write: this names a folder, not a file",
                           f->path);
    if (!slash) {
        f->dir_fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    } else if (slash == f->path) {
        f->dir_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    } else {
        *slash = '\0';
        f->dir_fd = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        *slash = '/';
    }
    return f->dir_fd < 0 ? fault(f, "open its folder", err) : 0;
}

/* A name that is taken by something else than a regular file stays as it is. */
static int is_free(const struct ana_file *f, struct sim_err *err)
{
    struct stat st;
    const char *what = "not a regular file";

    if (fstatat(f->dir_fd, f->base, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? 0 : fault(f, "look at it", err);
    if (S_ISREG(st.st_mode))
        return 0;
    if (S_ISLNK(st.st_mode))
        what = "a symbolic link";
    else if (S_ISDIR(st.st_mode))
        what = "a folder";
    else if (S_ISFIFO(st.st_mode))
        what = "a pipe";
    else if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
        what = "a device";
    return sim_err_add(err, SIM_EIO,
                       "%s: cannot write: it is %s; give the name of a regular file, or one that "
                       "does not exist",
                       f->path, what);
}

static int create(struct ana_file *f, struct sim_err *err)
{
    size_t n_path = strlen(f->path);
    int i;

    memcpy(f->tmp, f->path, n_path);
    f->tmp_base = f->tmp + (f->base - f->path);
    for (i = 0; i < TRIES_MAX && f->fd < 0; i++) {
        if (i == 0)
            snprintf(f->tmp + n_path, SUFFIX_MAX, ".tmp-%ld", (long)getpid());
        else
            snprintf(f->tmp + n_path, SUFFIX_MAX, ".tmp-%ld-%d", (long)getpid(), i);
        f->fd = openat(f->dir_fd, f->tmp_base, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                       0666);
        if (f->fd < 0 && errno != EEXIST)
            break;
    }
    if (f->fd < 0)
        return fault(f, "make a temporary file beside it", err);
    f->made = 1;
    return 0;
}

int ana_file_open(struct ana_file *f, const char *path, struct sim_err *err)
{
    size_t n = strlen(path);
    int rc;

    *f = (struct ana_file){.dir_fd = -1, .fd = -1, .used = 1};
    SHA256_Init(&f->sha);
    f->path = malloc(n + 1);
    f->tmp = malloc(n + SUFFIX_MAX);
    f->buf = malloc(BUF_MAX);
    if (f->path && f->tmp && f->buf) {
        memcpy(f->path, path, n + 1);
        rc = open_folder(f, err);
    } else {
        rc = sim_err_add(err, SIM_ENOMEM, "%s: cannot write: out of memory", path);
    }
    if (rc == 0)
        rc = is_free(f, err);
    if (rc == 0)
        rc = create(f, err);
    if (rc != 0)
        ana_file_drop(f);
    return rc;
}

/* ---- write ---- */

static int write_all(struct ana_file *f, const char *p, size_t n, struct sim_err *err)
{
    SHA256_Update(&f->sha, (const uint8_t *)p, n);
    while (n > 0) {
        ssize_t k = write(f->fd, p, n < BUF_MAX ? n : BUF_MAX);

        if (k < 0 && errno == EINTR)
            continue;
        if (k == 0)
            errno = ENOSPC;
        if (k <= 0)
            return fault(f, "write", err);
        p += k;
        n -= (size_t)k;
    }
    return 0;
}

static int flush(struct ana_file *f, struct sim_err *err)
{
    size_t n = f->n_buf;

    f->n_buf = 0;
    return write_all(f, f->buf, n, err);
}

int ana_file_add(struct ana_file *f, const void *data, size_t n, struct sim_err *err)
{
    int rc = 0;

    if (n > BUF_MAX - f->n_buf)
        rc = flush(f, err);
    if (rc != 0 || n > BUF_MAX)
        return rc != 0 ? rc : write_all(f, data, n, err);
    if (n > 0)
        memcpy(f->buf + f->n_buf, data, n);
    f->n_buf += n;
    return 0;
}

/* ---- finish ---- */

static int read_back(struct ana_file *f, struct sim_err *err)
{
    uint8_t was[SHA256_DIGEST_LENGTH], is[SHA256_DIGEST_LENGTH];
    SHA256_CTX sha;
    ssize_t k;

    f->fd = openat(f->dir_fd, f->tmp_base, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (f->fd < 0)
        return fault(f, "open what was written", err);
    SHA256_Init(&sha);
    for (;;) {
        k = read(f->fd, f->buf, BUF_MAX);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            break;
        SHA256_Update(&sha, (const uint8_t *)f->buf, (size_t)k);
    }
    if (k < 0)
        return fault(f, "read back", err);
    SHA256_Final(was, &f->sha);
    SHA256_Final(is, &sha);
    if (memcmp(was, is, sizeof is) != 0)
        return sim_err_add(err, SIM_EIO,
                           "%s: the disk gave back other bytes than were written; nothing was "
                           "changed",
                           f->path);
    (void)close(f->fd);
    f->fd = -1;
    return 0;
}

int ana_file_finish(struct ana_file *f, ana_file_check *check, void *ctx, struct sim_err *err)
{
    int rc = flush(f, err);

    if (rc != 0)
        return rc;
    do
        rc = fsync(f->fd);
    while (rc != 0 && errno == EINTR);
    if (rc != 0)
        return fault(f, "bring it to the disk", err);
    rc = close(f->fd);
    f->fd = -1;
    if (rc != 0)
        return fault(f, "close it", err);
    return check ? check(ctx, f->tmp, err) : read_back(f, err);
}

int ana_file_name(struct ana_file *f, struct sim_err *err)
{
    if (renameat(f->dir_fd, f->tmp_base, f->dir_fd, f->base) != 0)
        return fault(f, "give it its name", err);
    f->made = 0;
    while (fsync(f->dir_fd) != 0) {
        if (errno == EINTR)
            continue;
        if (errno == EINVAL) /* a file system that cannot sync folders: nothing more to do */
            break;
        return sim_err_add(err, SIM_EIO,
                           "%s: was written whole, but its folder cannot be brought to the disk: "
                           "%s",
                           f->path, strerror(errno));
    }
    return 0;
}

void ana_file_drop(struct ana_file *f)
{
    if (!f->used)
        return;
    if (f->fd >= 0)
        (void)close(f->fd);
    if (f->made)
        (void)unlinkat(f->dir_fd, f->tmp_base, 0);
    if (f->dir_fd >= 0)
        (void)close(f->dir_fd);
    free(f->path);
    free(f->tmp);
    free(f->buf);
    *f = ANA_FILE_INIT;
}

/* ---- short forms ---- */

int ana_file_put(const char *path, const char *text, size_t n, struct sim_err *err)
{
    struct ana_file f;
    int rc;

    rc = ana_file_open(&f, path, err);
    if (rc == 0)
        rc = ana_file_add(&f, text, n, err);
    if (rc == 0)
        rc = ana_file_finish(&f, NULL, NULL, err);
    if (rc == 0)
        rc = ana_file_name(&f, err);
    ana_file_drop(&f);
    return rc;
}

int ana_file_try(const char *path, struct sim_err *err)
{
    struct ana_file f;
    int rc = ana_file_open(&f, path, err);

    ana_file_drop(&f);
    return rc;
}

int ana_file_folder(const char *path, struct sim_err *err)
{
    struct stat st;

    if (mkdir(path, 0777) == 0)
        return 0;
    if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return 0;
    return sim_err_add(err, SIM_EIO, "%s: cannot make the folder: %s", path,
                       errno == EEXIST ? "a file of that name is there" : strerror(errno));
}

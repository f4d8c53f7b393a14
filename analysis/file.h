/* Whole files, or none: what is written appears under its name only when all of it is on the disk.
 *
 *     rc = ana_file_open(&f, path, err);
 *     if (rc == 0)
 *         rc = ana_file_add(&f, data, n, err);      any number of times
 *     if (rc == 0)
 *         rc = ana_file_finish(&f, NULL, NULL, err);
 *     if (rc == 0)
 *         rc = ana_file_name(&f, err);
 *     ana_file_drop(&f);                            always
 *
 * Several files can be finished before the first gets its name. Until ana_file_name an earlier file
 * stays as it was, whatever fails, and ana_file_drop removes the temporary. SIGXFSZ must be ignored
 * by the program, so that a file too large is an error like others. */
#ifndef ANA_FILE_H
#define ANA_FILE_H

#include "sim/err.h"

#include <sys/types.h> /* sha2.h needs it */
#include <sha256.h>

struct ana_file {
    char *path, *tmp;            /* owned */
    const char *base, *tmp_base; /* their last parts */
    int dir_fd, fd;              /* -1 when not open */
    int made;                    /* the temporary exists and is ours */
    int used;                    /* ana_file_open was called */
    char *buf;                   /* owned */
    size_t n_buf;
    SHA256_CTX sha; /* of what was written */
};
#define ANA_FILE_INIT ((struct ana_file){0})

/* Makes `path.tmp-<pid>` in the target's folder (O_EXCL, O_NOFOLLOW). A regular file called `path`
 * will be replaced; a symbolic link, folder, pipe or device is refused. Returns 0; SIM_EIO with one
 * line that names the file and the system's reason; SIM_ENOMEM. */
int ana_file_open(struct ana_file *f, const char *path, struct sim_err *err) SIM_CHECKED;

/* Appends n bytes (through a buffer). Returns 0 or SIM_EIO. */
int ana_file_add(struct ana_file *f, const void *data, size_t n, struct sim_err *err) SIM_CHECKED;

/* Looks at the finished temporary file before it gets its name. Returns 0, or a SIM_E* with a line
 * in err. */
typedef int ana_file_check(void *ctx, const char *tmp_path, struct sim_err *err);

/* Writes what is left, syncs, closes and calls `check`; with check NULL reads the file back and
 * compares its SHA-256 with that of what was written. Returns 0; SIM_EIO; SIM_ENOMEM; what check
 * returned. */
int ana_file_finish(struct ana_file *f, ana_file_check *check, void *ctx,
                    struct sim_err *err) SIM_CHECKED;

/* Renames the finished file over `path` and syncs the folder. Returns 0 or SIM_EIO; when only the
 * sync of the folder failed, the new file is in place, and the line says so. */
int ana_file_name(struct ana_file *f, struct sim_err *err) SIM_CHECKED;

/* Removes the temporary, if it has not got its name, and frees. May be called twice, and on
 * ANA_FILE_INIT. */
void ana_file_drop(struct ana_file *f);

/* All of it for one text of n bytes. */
int ana_file_put(const char *path, const char *text, size_t n, struct sim_err *err) SIM_CHECKED;

/* Could `path` be written now? Makes a temporary file there and removes it: to be asked before long
 * work. Returns as ana_file_open. */
int ana_file_try(const char *path, struct sim_err *err) SIM_CHECKED;

/* Makes the folder if it is not there (its parent must be). Returns 0 or SIM_EIO: cannot be made,
 * or is there and is not a folder. */
int ana_file_folder(const char *path, struct sim_err *err) SIM_CHECKED;

#endif

/* What the files store*.c share; for nobody else. */
#ifndef ANA_STORE_INNER_H
#define ANA_STORE_INNER_H

#include "analysis/store.h"

#include <hdf5.h>
#include <sys/types.h> /* sha2.h needs it */
#include <sha256.h>

#define ANA_STORE_FORMAT "lodestone result 1"
#define ANA_STORE_INPUT "input"

/* The seal: last line of the file, "\nlodestone seal sha256 <64 digits>\n". */
#define ANA_SEAL_HEAD "\nlodestone seal sha256 "
enum { ANA_SEAL_HEAD_LEN = sizeof ANA_SEAL_HEAD - 1, ANA_SEAL_LEN = ANA_SEAL_HEAD_LEN + 64 + 1 };

/* Limits of what is believed when a file is read. */
enum {
    ANA_STORE_MAX_ITEMS = 20000,   /* datasets, attributes of one object, inputs */
    ANA_STORE_MAX_AXIS = 50000000, /* points of an axis */
    ANA_STORE_MAX_ON_AXIS = 4000   /* columns on one scale: 64 kB of references */
};

/* ---- store_check.c: digest, seal, child ---- */

/* The digest in parts, so that columns can pass through one buffer: begin, then for each column its
 * head and its values (in any number of pieces), then end. Only the descriptors of r are read. */
struct ana_digest {
    SHA256_CTX sha;
};
void ana_digest_begin(struct ana_digest *d, const struct sim_result *r);
void ana_digest_head(struct ana_digest *d, const struct sim_result *r, const struct sim_column *c);
void ana_digest_values(struct ana_digest *d, const void *data, size_t n);
void ana_digest_end(struct ana_digest *d, const struct sim_result *r, char digest[ANA_DIGEST_MAX]);

/* Writes the seal of the n bytes at image into seal[ANA_SEAL_LEN + 1]. */
void ana_seal_make(const void *image, size_t n, char seal[ANA_SEAL_LEN + 1]);

/* Is `path` a regular file with a seal that fits? Bytes of the file into *size (may be NULL).
 * Returns 0, SIM_EIO or SIM_ERUN. */
int ana_seal_check(const char *path, off_t *size, struct sim_err *err) SIM_CHECKED;

/* Runs `work` in a child process without core dumps, with at most half of the machine's memory on
 * top of what is in use and `cpu_s` seconds of processor time. `text` (n bytes) is what work wrote
 * into its own copy of it. Lines of err added in the child come back. Returns what work returned;
 * SIM_ERUN when the child crashed or ran out of its limits; SIM_ESTOP when interrupted. */
unsigned ana_child_seconds(off_t size); /* of processor time for a file of this size */
typedef int ana_child_work(void *ctx, char *text, size_t n, struct sim_err *err);
int ana_child_run(const char *path, unsigned cpu_s, ana_child_work *work, void *ctx, char *text,
                  size_t n, struct sim_err *err) SIM_CHECKED;

/* ---- store_read.c ---- */

/* An open file: everything but the values of the columns is in `r`, whose column[i].data is NULL
 * until loaded. */
struct ana_store_in {
    const char *path;
    off_t size;
    hid_t file;
    struct sim_result r;
    char digest[ANA_DIGEST_MAX]; /* as the file says */
};

/* Opens without a look at the seal. On failure everything is freed. */
int ana_store_in_open(struct ana_store_in *in, const char *path, off_t size,
                      struct sim_err *err) SIM_CHECKED;
/* Reads the values of column i into `to` (sim_column_n * sim_type_size bytes). */
int ana_store_in_load(struct ana_store_in *in, int i, void *to, struct sim_err *err) SIM_CHECKED;
void ana_store_in_close(struct ana_store_in *in); /* frees r too; may be called twice */

/* ---- store_put.c ---- */

/* The file's bytes without the seal, in *image (the caller frees it). Returns 0, SIM_ERUN (the
 * library refused; one line) or SIM_ENOMEM. */
int ana_image_make(const struct sim_result *r, const char *path, const char digest[ANA_DIGEST_MAX],
                   void **image, size_t *n, struct sim_err *err) SIM_CHECKED;

/* ---- all ---- */

/* Is this the name of a root attribute the file has on its own account? */
int ana_store_own_attr(const char *name);

/* Sets the library up: no printing, no work at exit, no plug-ins. */
void ana_hdf5_begin(void);
/* The library's deepest reason for the last failure, into why[n]; returns why. Call it before any
 * other call. */
const char *ana_hdf5_why(char *why, size_t n);

/* The HDF5 type of values in the file and in memory, which are the same. */
hid_t ana_hdf5_type(enum sim_type t);

#endif

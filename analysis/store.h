/* Results on disk: one netCDF-4-compatible HDF5 file, described in README.md of this folder.
 *
 * The same result gives the same bytes. A file is protected three times: a seal over all its bytes
 * as its last line, which shows any damage before the HDF5 library sees the file; a digest over
 * names and values, which stays the same when another tool rewrites the file without changing it;
 * and a trial in a child process under limits, so that a file made to hurt kills only the child. */
#ifndef ANA_STORE_H
#define ANA_STORE_H

#include "sim/result.h"

enum {
    ANA_DIGEST_MAX = 65,           /* 64 hexadecimal digits and \0 */
    ANA_STORE_PLAIN_MAX = 64 << 10 /* bytes of a column that is stored as it is; more are packed */
};

/* SHA-256 over the canonical content of r: attributes, axes with their coordinates, columns and
 * inputs; names, texts, types, shapes and little-endian values in this order. */
void ana_store_digest(const struct sim_result *r, char digest[ANA_DIGEST_MAX]);

/* Writes r to `path` as a whole or not at all: built in memory, written to a temporary name in the
 * same folder, synced, read back and compared, re-opened with every value compared to r, renamed
 * (file.h says what is refused as a target).
 *
 * Needs memory for twice the file's size and once the largest column beside r. Returns 0; SIM_EIO
 * (the system refused; one line with file and reason); SIM_ENOMEM; SIM_ERUN when r cannot be stored
 * so that others can open it: a name used twice, text that is not UTF-8, an attribute named as one
 * of the file's own, a shape that does not match, more than 4,000 columns on one axis. */
int ana_store_write(const struct sim_result *r, const char *path, struct sim_err *err) SIM_CHECKED;

/* Bytes of the file that ana_store_write would make of r, which is built in memory for it. Returns
 * 0, SIM_ERUN or SIM_ENOMEM as there. */
int ana_store_bytes(const struct sim_result *r, size_t *bytes, struct sim_err *err) SIM_CHECKED;

/* Version of HDF5 that this was compiled for, "1.10.8". */
const char *ana_store_library(void);

enum ana_trust {
    ANA_GUARD, /* try it in a child process first: for any file named by a user */
    ANA_TRUST  /* a file this program has just written itself */
};

/* Reads a file written by ana_store_write. r is filled (freed and zeroed on failure); free it with
 * sim_result_free. Returns 0; SIM_EIO (not there, not readable); SIM_ERUN (damaged, or not a file
 * of ours; one line says what); SIM_ENOMEM; SIM_ESTOP when the child was interrupted. */
int ana_store_read(struct sim_result *r, const char *path, struct sim_err *err) SIM_CHECKED;

/* The same with only the columns named, in the file's order, so that a few numbers of a large file
 * come quickly; axes, attributes and inputs are always read. A name that is not in the file is
 * passed over: sim_result_find says what came. names NULL: all columns. */
int ana_store_read_columns(struct sim_result *r, const char *path, const char *const names[],
                           size_t n, enum ana_trust trust, struct sim_err *err) SIM_CHECKED;

/* Is the file whole? Checks the seal, then reads everything in a child process under limits of
 * memory and processor time, computes the digest anew and compares it with the one in the file,
 * which is handed out. Returns as ana_store_read; SIM_ERUN on any difference. */
int ana_store_verify(const char *path, char digest[ANA_DIGEST_MAX],
                     struct sim_err *err) SIM_CHECKED;

#endif

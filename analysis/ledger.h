/* Part files of a sweep: which tasks are done, and their numbers.
 *
 * A task is one run of one scenario at one point of the design. Each process appends to a file of
 * its own, a record a task, by one write(2); nobody writes to the file of another, so there are no
 * locks. What a sweep has done is all the records of all files of its folder. A file that its
 * writer left in the middle of a record is read up to there. The format is in README.md of this
 * folder. */
#ifndef ANA_LEDGER_H
#define ANA_LEDGER_H

#include "analysis/store.h"

#include <stdint.h>

/* What a file belongs to: its first record. Files of one sweep differ in shard and shards only. */
struct ana_ledger_head {
    char version[64];
    char sweep[ANA_DIGEST_MAX]; /* SHA-256 of the sweep file's canonical text, with its lists */
    char input[ANA_DIGEST_MAX]; /* SHA-256 of scenarios and tables */
    uint32_t points, scenarios;
    uint32_t runs;          /* at most, of a scenario at a point */
    uint32_t values;        /* numbers of a task */
    uint32_t shard, shards; /* 0 .. shards - 1 */
};

struct ana_ledger_task {
    uint32_t point, scenario, run;
    int status;          /* SIM_DONE or SIM_FAILED of sim/batch.h */
    float seconds;       /* that it took, with its part of the loading; in no result */
    const double *value; /* [values] of what is done */
    const char *message; /* of what failed */
};

/* ---- writing ---- */

struct ana_ledger {
    struct ana_ledger_head head;
    char *path; /* owned */
    int fd;     /* -1 = none */
    uint64_t at, tasks;
    unsigned char *buf; /* owned; one record */
    size_t cap;
};
#define ANA_LEDGER_INIT ((struct ana_ledger){.fd = -1})

/* Makes DIR/shard-<i>-of-<N>.<host>-<pid>.part, with i from 1, and writes the head. Not for two
 * threads at once, like all that follow. Returns 0 or SIM_EIO. */
int ana_ledger_open(struct ana_ledger *l, const char *dir, const struct ana_ledger_head *head,
                    struct sim_err *err) SIM_CHECKED;

/* Appends a task; that a point has come to its end after `runs` runs, where a rule says when.
 * Returns 0, or SIM_EIO (disk full): the file then ends with the record before. */
int ana_ledger_add(struct ana_ledger *l, const struct ana_ledger_task *t,
                   struct sim_err *err) SIM_CHECKED;
int ana_ledger_end_point(struct ana_ledger *l, uint32_t point, uint32_t runs, int satisfied,
                         struct sim_err *err) SIM_CHECKED;

/* Everything so far is on the disk afterwards. Returns 0 or SIM_EIO. */
int ana_ledger_sync(struct ana_ledger *l, struct sim_err *err) SIM_CHECKED;

/* Syncs and closes. sealed: with an end record, and renamed to .done. A file without any task is
 * removed. Returns 0 or SIM_EIO. */
int ana_ledger_close(struct ana_ledger *l, int sealed, struct sim_err *err) SIM_CHECKED;

/* Copies the closed file into the folder `dir` as a whole or not at all, and removes the first.
 * Returns 0 or SIM_EIO: the first is then still there, and the line says where. */
int ana_ledger_move(struct ana_ledger *l, const char *dir, struct sim_err *err) SIM_CHECKED;

/* Frees, and closes what is open as it is. May be called twice. */
void ana_ledger_free(struct ana_ledger *l);

/* ---- reading ---- */

/* Called for what the files hold; NULL = passed over. They return 0 or a SIM_E*, which ends the
 * reading. `file` is the path. */
struct ana_ledger_visit {
    void *ctx;
    int (*task)(void *ctx, const char *file, const struct ana_ledger_task *t, struct sim_err *err);
    int (*end_point)(void *ctx, uint32_t point, uint32_t runs, int satisfied);
    /* After each file: was it sealed; bytes at its end that are no whole record, 0 = none. */
    void (*file)(void *ctx, const char *file, const struct ana_ledger_head *head, int sealed,
                 uint64_t torn);
};

/* Goes through all part files of a folder in the order of their names, and in each in the order in
 * which they were written. Files that are not of the sweep `head` are refused, each with a line
 * that says what differs: version, sweep file, input. A folder that is not there is empty. Returns
 * 0; SIM_EINPUT; SIM_EIO; what the visit returned. */
int ana_ledger_read(const char *dir, const struct ana_ledger_head *head,
                    const struct ana_ledger_visit *v, struct sim_err *err) SIM_CHECKED;

#endif

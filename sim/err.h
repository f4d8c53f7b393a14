/* Errors: one convention for the whole program.
 *
 * A function that can fail returns 0 or a negative SIM_E*. The finder of a fault adds one line to
 * `err` that names the place, the key or column, the value and what is allowed; callers clean up
 * and pass the code on. Faults of an input are gathered, so one `err` may hold many lines. A bug in
 * our own code is sim_bug_if: always on, prints and aborts. */
#ifndef SIM_ERR_H
#define SIM_ERR_H

#include <stddef.h>
#include <stdio.h>

#define SIM_CHECKED __attribute__((warn_unused_result))
#define SIM_FORMAT(n, m) __attribute__((format(printf, n, m)))

enum {
    SIM_EINPUT = -1, /* the user's input is wrong: exit status 2 */
    SIM_ENOMEM = -2, /* out of memory, or a limit refused */
    SIM_EIO = -3,    /* the system refused: file, disk, permission */
    SIM_ERUN = -4,   /* a run failed, or the result does not hold */
    SIM_ESTOP = -5   /* stopped by the user */
};

struct sim_err {
    int code;   /* of the first line, 0 if none */
    size_t n;   /* lines added */
    char *text; /* the lines, each ended by \n; owned */
    size_t len, cap;
};
#define SIM_ERR_INIT ((struct sim_err){0})

/* Adds one line (printf style, no newline needed; control characters are replaced by '?').
 *   err   may be NULL: the line is dropped
 *   code  SIM_E*
 * Returns `code`, so that `return sim_err_add(...)` reads well. Lines beyond 1000 are counted but
 * not kept. */
int sim_err_add(struct sim_err *err, int code, const char *fmt, ...) SIM_FORMAT(3, 4);

/* Writes the lines, each with `prefix` before it, then a line that counts those not kept. */
void sim_err_print(const struct sim_err *err, const char *prefix, FILE *to);

/* Frees the text and zeroes; may be called twice. */
void sim_err_free(struct sim_err *err);

/* Ends the program with status 1 after one line that names the bytes refused. For memory that a
 * handler needs: nothing could be unwound there, and `check` and the batch runner estimate first.
 */
_Noreturn void sim_out_of_memory(size_t bytes);

/* Prints where and what, and aborts. */
_Noreturn void sim_bug(const char *file, int line, const char *what);
#define sim_bug_if(cond)                                                                           \
    do {                                                                                           \
        if (__builtin_expect(!!(cond), 0))                                                         \
            sim_bug(__FILE__, __LINE__, #cond);                                                    \
    } while (0)

#endif

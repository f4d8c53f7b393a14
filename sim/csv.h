/* Tables: RFC 4180 text with a header row, read in one pass with file, line and column for every
 * fault. */
#ifndef SIM_CSV_H
#define SIM_CSV_H

#include "sim/arena.h"
#include "sim/keys.h"

struct sim_csv {
    const char *file;    /* name used in messages */
    size_t n_col, n_row; /* rows without the header */
    const char **head;   /* [n_col] */
    int *head_column;    /* [n_col] column in characters where the name begins */
    const char **cell;   /* [n_row * n_col], quotes undone, never NULL */
    int *line;           /* [n_row] line on which the row begins */
    int *column;         /* [n_row * n_col] 1-based column in characters where the cell begins */
    /* for tables that were changed after parsing; NULL if not. All faults name them: */
    const char **set_by; /* [n_row * n_col] place of what gave a cell its text; NULL = the file */
    const char **row_at; /* [n_row] place of what added a row; NULL = the file */
};

/* Parses `text` (n bytes; LF or CRLF, an optional UTF-8 BOM). Faults (all gathered): no header, an
 * empty or repeated column name, a row with too few or too many cells, an unended quote, text after
 * a closing quote, a quote inside an unquoted cell, a control character (a tab too), a blank line,
 * bytes that are not UTF-8, more than 4,096 columns, 16 M cells or 64 MiB. Line ends inside quotes
 * become LF. Everything lives in the arena; `file` is copied. Returns 0 or SIM_EINPUT: the table
 * then holds the rows without fault. One pass. */
int sim_csv_parse(struct sim_csv *t, struct sim_arena *a, const char *file, const char *text,
                  size_t n, struct sim_err *err) SIM_CHECKED;

/* Index of a column, or -1. */
int sim_csv_find(const struct sim_csv *t, const char *head);

/* Reads rows into structs by a key table: rows[i] is a struct of `stride` bytes (zeroed, then
 * filled; strings borrowed from the table's arena). A column that is in no key and does not match
 * `extra` (a prefix such as "el_", or NULL) is a fault with did-you-mean; so is a missing column
 * whose key has no default, a cell that does not fit its key, an empty cell without default, a
 * blank before or after a value. `keys` has no GROUP or LIST. Lists and defaults are in `a`.
 * Returns 0 or SIM_EINPUT; all faults are gathered. */
int sim_csv_rows(const struct sim_csv *t, const struct sim_key *keys, const char *extra, void *rows,
                 size_t stride, struct sim_arena *a, struct sim_err *err) SIM_CHECKED;

/* One fault line "file:line:column: <head> = '<cell>': <what>" for a cell; col -1 = about the whole
 * row. "...; set by <place>" follows for a cell with set_by; a row with row_at is told as
 * "<place>: ...". Returns SIM_EINPUT. */
int sim_csv_fault(const struct sim_csv *t, size_t row, int col, struct sim_err *err,
                  const char *fmt, ...) SIM_FORMAT(5, 6);

/* Where a row stands: "file:line", or its row_at. Returns `to`. */
enum { SIM_CSV_PLACE = 512 };
const char *sim_csv_place(const struct sim_csv *t, size_t row, char to[SIM_CSV_PLACE]);
/* How a fault at row `from` names another row: "line 5", or its place where one of the two was
 * added. Returns `to`. */
const char *sim_csv_other(const struct sim_csv *t, size_t from, size_t row, char to[SIM_CSV_PLACE]);

/* The table as canonical text: header order sorted by name, rows sorted by all cells in that order
 * (memcmp), minimal quoting, LF. Shuffled rows or columns give the same text. In the arena. */
char *sim_csv_print(const struct sim_csv *t, struct sim_arena *a);

#endif

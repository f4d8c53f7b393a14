/* What the files report*.c share; for nobody else. */
#ifndef ANA_REPORT_INNER_H
#define ANA_REPORT_INNER_H

#include "analysis/compare_inner.h"
#include "analysis/critical.h"
#include "analysis/plot.h"
#include "analysis/report.h"

/* Digits that count, of series and of single numbers. */
enum { ANA_REPORT_DIGITS = 4 };

struct ana_report {
    struct ana_text *to;
    const struct ana_compare *c; /* NULL on pages that compare nothing */
    const struct sim_result *r;
    const struct ana_critical_row *critical; /* ranked, of o->critical; NULL without */
    const struct ana_report_options *o;
    struct sim_arena arena;             /* scratch */
    int is_static;                      /* no script: SVG and tables */
    const struct ana_swept_page *swept; /* of a sweep's page; NULL on others */
};

/* A part of the page, and of its list of links: puts itself, or nothing. */
struct ana_report_part {
    const char *id, *name; /* id NULL: the end */
    void (*put)(struct ana_report *);
};

/* ---- report.c ---- */

/* The whole page. Returns 0 or SIM_ENOMEM. */
int ana_report_put(struct ana_report *p, const struct ana_report_part *part,
                   struct sim_err *err) SIM_CHECKED;

/* Begins a section: its heading, what it shows in plain words (escaped; "" = nothing). */
void ana_report_section(struct ana_report *p, const char *id, const char *heading,
                        const char *what);
/* Closes it, after a place for its figures. */
void ana_report_end(struct ana_report *p);
/* The data block of a section, an object: keys follow, then ana_report_data_end. */
void ana_report_data(struct ana_report *p, const char *id);
void ana_report_data_end(struct ana_report *p);
/* Day of a rule in scenario s, of a column "rule_from" ...; NaN: none. */
double ana_report_rule_day(const struct ana_report *p, const char *column, size_t s, size_t rule);
/* Does scenario s have rule i, and the first not, or on other days? Of the first: does it have it?
 */
int ana_report_rule_is_new(const struct ana_report *p, size_t s, size_t i);
const char *ana_report_rule_name(const struct ana_report *p, size_t rule); /* or its id */
/* A key and its number. */
void ana_report_number(struct ana_report *p, const char *key, double x);
/* A date, "2026-04-18", of days since start; NaN: null. */
void ana_report_date(struct ana_report *p, double day);
/* Texts that live as long as the report: as printf; a date, "" for NaN; a cause in the words of
 * `lodestone show`, NULL for -1. */
const char *ana_report_text(struct ana_report *p, const char *fmt, ...) SIM_FORMAT(2, 3);
const char *ana_report_day(struct ana_report *p, double day);
const char *ana_report_cause(struct ana_report *p, int cause);

/* Points of the axis `week` or `month` that lie in the record as a whole: the last may be cut off
 * (of months, those of 28 days at least count), and what is summed up over it would seem to fall.
 */
size_t ana_report_whole(const struct ana_report *p, const char *axis);

/* A paragraph in small print; escaped. */
void ana_report_note(struct ana_report *p, const char *text);

/* For pages without a script: a figure with a title that says what is found (escaped). Then comes
 * its picture (plot.h), then ana_report_figure_end, which adds its table. */
void ana_report_figure(struct ana_report *p, const char *id, const char *title);

/* cell: [n_row][n_column]; text NULL: the number. */
struct ana_report_cell {
    const char *text;
    double x;
};
void ana_report_figure_end(struct ana_report *p, const char *caption, const char *const column[],
                           size_t n_column, const struct ana_report_cell cell[], size_t n_row);
/* A table by itself, for any page. */
void ana_report_table(struct ana_report *p, const char *caption, const char *const column[],
                      size_t n_column, const struct ana_report_cell cell[], size_t n_row);

/* Quantiles over runs that a fan shows: median, 50, 80 and 95 % of runs. */
enum { ANA_REPORT_FAN = 7 };
extern const double ana_report_fan[ANA_REPORT_FAN];
/* One scenario of a fan over time: from x[n_run][n] (NaN: not done) quantiles [FAN][n], scratch. */
double *ana_report_fan_of(struct ana_report *p, const double x[], size_t n_run, size_t n);
/* The same as JSON, each line packed (ana_json_packed). */
void ana_report_fan_put(struct ana_report *p, const double x[], size_t n_run, size_t n);

/* ---- sections: each writes itself, or nothing where the result has not its columns ---- */

void ana_report_answer(struct ana_report *p);
void ana_report_time(struct ana_report *p);
void ana_report_flow(struct ana_report *p);
void ana_report_map(struct ana_report *p);
void ana_report_stop(struct ana_report *p);
void ana_report_why(struct ana_report *p);
void ana_report_lead(struct ana_report *p);
void ana_report_heat(struct ana_report *p);
void ana_report_critical(struct ana_report *p);
void ana_report_limits(struct ana_report *p);

#endif

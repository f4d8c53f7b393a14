/* What the files show*.c share; for nobody else. */
#ifndef ANA_SHOW_INNER_H
#define ANA_SHOW_INNER_H

#include "analysis/markup.h"
#include "analysis/show.h"

enum { ANA_SHOW_MAX_SAID = 200, ANA_SHOW_CELL = 24, ANA_SHOW_LINE = 1600 };

struct ana_show {
    FILE *to;
    struct ana_text *html; /* where notes go, each as <li>; NULL: to `to` */
    const struct ana_compare *c;
    const struct ana_show_options *o;
    const char *said[ANA_SHOW_MAX_SAID]; /* products that were named, for the legend */
    size_t n_said;
    int skewed;   /* an interval by bootstrap was printed */
    int doubtful; /* one was marked */
};

/* A paragraph under construction. What does not fit is cut off. */
struct ana_para {
    char s[8000];
    size_t n;
};

/* ---- show.c ---- */

int ana_show_has(const struct ana_show *s, const struct ana_versus *v); /* is it to be shown? */
const char *ana_show_where(const struct ana_show *s);                   /* "JP" */

/* Sentences for a scenario, nothing where there is nothing to say: which plants stop, and first;
 * what is lost; the main cause of that. */
void ana_show_tell_stops(struct ana_show *s, const struct ana_versus *v, struct ana_para *to);
void ana_show_tell_loss(struct ana_show *s, const struct ana_versus *v, struct ana_para *to);
void ana_show_tell_cause(struct ana_show *s, const struct ana_versus *v, struct ana_para *to);
/* For all of them: whose loss may be the least and the largest. */
void ana_show_tell_order(struct ana_show *s, struct ana_para *to);

/* Final demand of the country that is looked at. */
const struct ana_demand *ana_show_demand_of(const struct ana_show *s, const struct ana_versus *v);

/* Adds the attributes `set` and `over` (either may be NULL): "retry_d = 60,
 * offices.mofcom.reviewers = 500 (--set), on top of uncertain.cfg (--over)". Returns how many there
 * are. */
size_t ana_show_add_changes(struct ana_para *p, const char *set, const char *over);
/* What was changed from outside, so that the titles may not tell what ran; if anything was. */
void ana_show_tell_changes(struct ana_show *s, struct ana_para *to);
void ana_show_changes(struct ana_show *s); /* the same, written */

/* ---- show_text.c ---- */

void ana_para_add(struct ana_para *p, const char *fmt, ...) SIM_FORMAT(2, 3);
/* Writes it, broken at blanks, with `first` before the first line and `indent` blanks before the
 * others, and empties it. */
void ana_para_end(struct ana_show *s, struct ana_para *p, const char *first, size_t indent);
/* A cell of a table: cut to `width` columns, padded at the right (left = 1) or the left. */
void ana_show_cell(const struct ana_show *s, const char *text, size_t width, int left);
/* Is the terminal too narrow for rows with names in them? */
int ana_show_narrow(const struct ana_show *s);
/* The first cell of a row, after `indent` blanks. Where it is narrow a name that does not fit has a
 * line to itself. */
void ana_show_name(const struct ana_show *s, size_t indent, const char *name, size_t width);
/* The same for the title of a table. */
void ana_show_title(const struct ana_show *s, size_t indent, const char *title, size_t width);
/* A line above a list. */
void ana_show_heading(struct ana_show *s, const char *fmt, ...) SIM_FORMAT(2, 3);
void ana_show_strong(const struct ana_show *s, int on);
size_t ana_show_columns(const char *text);
void ana_show_line(const struct ana_show *s, const char *fmt, ...) SIM_FORMAT(2, 3);

void ana_show_usd(char to[ANA_SHOW_CELL], double x);     /* "1.23 bn"; "-" for NaN, "open" */
void ana_show_percent(char to[ANA_SHOW_CELL], double x); /* x in per cent: "12.3 %" */
void ana_show_change(char to[ANA_SHOW_CELL], double with, double base); /* "-12.3 %" */
void ana_show_date(const struct ana_show *s, char to[ANA_SHOW_CELL], double day);
void ana_show_number(char to[ANA_SHOW_CELL], double x, int digits);
/* Two digits that count, never as a power of ten: "1.3", "0.85", "510". */
void ana_show_two(char to[ANA_SHOW_CELL], double x);
void ana_show_quantity(char to[ANA_SHOW_CELL], double x, const char *unit);
/* "lo to hi", or why there is none; f prints one end. */
void ana_show_interval(struct ana_show *s, char to[3 * ANA_SHOW_CELL], const struct ana_effect *e,
                       void (*f)(char[ANA_SHOW_CELL], double));

/* Rows of the lists other than plants, of n. */
size_t ana_show_rows(const struct ana_show *s, size_t n);

/* Keeps a product for the legend; returns it. */
const char *ana_show_product(struct ana_show *s, const char *product);
/* "licence pending for mag.sh under cn-2026-03". */
void ana_show_cause(struct ana_show *s, struct ana_para *to, int cause);

/* ---- show_plot.c ---- */

/* A share, 0..1, as a bar in `width` columns, 16 at most. What is more than 0 can be seen. */
enum { ANA_PLOT_BAR = 16 * 3 + 1 };
void ana_plot_bar(const struct ana_show *s, char to[ANA_PLOT_BAR], double share, size_t width);
/* Prints n numbers, 0..1 and beyond, as columns in n places, or as digits, tenths; NaN: a blank. */
void ana_plot_spark(const struct ana_show *s, const double x[], size_t n);
/* Loss of all scenarios beside each other, on one scale; where plots are wanted. */
void ana_show_losses(struct ana_show *s);
/* Output of stages by week against the baseline; likewise. */
void ana_show_output(struct ana_show *s, const struct ana_versus *v);

/* ---- show_table.c ---- */

void ana_show_plants(struct ana_show *s, const struct ana_versus *v);
void ana_show_tiers(struct ana_show *s, const struct ana_versus *v);
int ana_show_quiet(const struct ana_tier *t); /* nothing stops, output as in the baseline */
void ana_show_demand(struct ana_show *s, const struct ana_versus *v);
void ana_show_causes(struct ana_show *s, const struct ana_versus *v);

/* ---- show_trade.c ---- */

void ana_show_flows(struct ana_show *s, const struct ana_versus *v);
void ana_show_offices(struct ana_show *s);

/* ---- show_price.c ---- */

void ana_show_prices(struct ana_show *s, const struct ana_versus *v); /* if there are any */

/* ---- show_response.c ---- */

void ana_show_responses(struct ana_show *s, const struct ana_versus *v); /* if there are any */

/* ---- show_measure.c ---- */

/* of_loss 0: those of missed starts only. */
void ana_show_kinds(struct ana_show *s, const struct ana_versus *v, int of_loss);
void ana_show_exposure(struct ana_show *s, const struct ana_versus *v);
void ana_show_bodies(struct ana_show *s, const struct ana_versus *v);
void ana_show_goods(struct ana_show *s, const struct ana_versus *v);
void ana_show_content(struct ana_show *s, const struct ana_versus *v);
void ana_show_service(struct ana_show *s, const struct ana_versus *v);
void ana_show_cohorts(struct ana_show *s, const struct ana_versus *v);

/* ---- show_note.c ---- */

void ana_show_note_words(struct ana_show *s);  /* what the words mean, and how sure numbers are */
void ana_show_note_limits(struct ana_show *s); /* what must not be concluded */

#endif

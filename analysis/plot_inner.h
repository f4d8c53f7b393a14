/* What the files plot*.c share; for nobody else. */
#ifndef ANA_PLOT_INNER_H
#define ANA_PLOT_INNER_H

#include "analysis/plot.h"

/* Units of the picture: pixels where it is as wide as it is meant to be. */
enum {
    ANA_PLOT_WIDTH = 720,
    ANA_PLOT_EDGE = 8,
    ANA_PLOT_KEY = 18,   /* height of a row of the key */
    ANA_PLOT_NAME = 220, /* width of a name at most */
    ANA_PLOT_CATEGORIES = 8
};

/* ---- text ---- */

double ana_plot_width(const char *text); /* at least what it takes */
/* The larger of w and the text's width, as far as names may be wide. */
double ana_plot_widest(double w, const char *text);
/* anchor: "" (begins at x), "middle" or "end". What has no room is cut. */
void ana_plot_text(struct ana_text *to, double x, double y, const char *anchor, const char *text,
                   double room);
/* 1.25e9 -> "1.25 bn", as the page's script says it. */
void ana_plot_short(char to[32], double x);

/* ---- the picture ---- */

void ana_plot_open(struct ana_text *to, const char *label, double height);
void ana_plot_close(struct ana_text *to);
void ana_plot_nothing(struct ana_text *to, const char *label); /* all of a picture without data */
void ana_plot_rule(struct ana_text *to, const char *class, double x1, double y1, double x2,
                   double y2);

/* Where the names of a key stand: in rows, as many in each as have room. */
struct ana_plot_key {
    double x, y;
    double next; /* x of the one after */
};
struct ana_plot_key ana_plot_key_first(void);
void ana_plot_key_place(struct ana_plot_key *k, const char *name);

/* ---- axes ---- */

/* lo .. hi in steps of 1, 2 or 5 x 10^k; x is drawn at `at` + `per` x. */
struct ana_plot_scale {
    double lo, hi, step, at, per;
};
/* Holds lo, hi and 0, with about five steps. */
void ana_plot_scale_set(struct ana_plot_scale *s, double lo, double hi);
void ana_plot_scale_place(struct ana_plot_scale *s, double from, double until);
double ana_plot_place(const struct ana_plot_scale *s, double x);
int ana_plot_n_tick(const struct ana_plot_scale *s);
double ana_plot_tick(const struct ana_plot_scale *s, int i);

#endif

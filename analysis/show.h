/* A comparison as text: the answer that an analyst reads in a terminal. */
#ifndef ANA_SHOW_H
#define ANA_SHOW_H

#include "analysis/compare.h"

#include <stdio.h>

enum { ANA_SHOW_WIDTH_MIN = 80, ANA_SHOW_WIDTH = 100, ANA_SHOW_TOP = 8 };

/* Bars and lines among the text: ANA_PLOTS_BLOCKS by block elements and box drawing (Unicode). */
enum ana_plots { ANA_PLOTS_NONE, ANA_PLOTS_ASCII, ANA_PLOTS_BLOCKS };

struct ana_show_options {
    const char *file;     /* name of the result, as the user gave it */
    const char *against;  /* name of the baseline's file, or NULL */
    const char *scenario; /* label of the only one to be shown, or NULL */
    int all;              /* 1: every line that ever stops, every row of every list */
    size_t top;           /* plants for each scenario, > 0; the other lists are half as long */
    size_t width;         /* columns, >= ANA_SHOW_WIDTH_MIN */
    int utf8;             /* 0: characters that are not ASCII become '?' */
    enum ana_plots plots;
    int strong; /* 1: titles by escape sequences for bold */
};

/* Writes c to `to`. Depends on nothing but its arguments. Returns 0; SIM_EINPUT when c has no
 * scenario of that name (the line lists those there are; nothing is written). Faults of `to` are
 * left to ferror. */
int ana_show(FILE *to, const struct ana_compare *c, const struct ana_show_options *o,
             struct sim_err *err) SIM_CHECKED;

#endif

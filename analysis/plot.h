/* Charts as static SVG, for pages without a script and for whoever wants a picture from C.
 *
 * Colours are classes of the page's style, so they follow light and dark: `p0` .. `p7` categories
 * (the ninth is as the first), `h0` .. `h5` heat, `grid`, `text`. All texts are escaped; those that
 * are too long for their place are cut and whole in a <title>. Each has role="img" and the label.
 * What is not finite is not there: a gap; with nothing at all the picture says "no data". Axes
 * begin at 0, or at what is below. The same arguments give the same bytes. */
#ifndef ANA_PLOT_H
#define ANA_PLOT_H

#include "analysis/markup.h"

#include <stdint.h>

/* A line over time, and a band around it. */
struct ana_plot_line {
    const char *name;
    const double *mid;     /* [n] */
    const double *lo, *hi; /* [n], or NULL */
};
/* A marked time, from .. until, days from `start`; what lies outside the days is cut off. */
struct ana_plot_span {
    const char *name;
    double from, until; /* until not finite: to the end */
};
/* day: [n] days from `start` (a day number), rising. */
void ana_plot_lines(struct ana_text *to, const char *label, const char *unit, int32_t start,
                    const double day[], size_t n, const struct ana_plot_line line[], size_t n_line,
                    const struct ana_plot_span span[], size_t n_span);

/* A horizontal bar of parts, one after the other; an interval lo .. hi around their sum. */
struct ana_plot_bar {
    const char *name;
    const double *part; /* [n_part] >= 0 */
    double lo, hi;      /* NaN: none */
};
void ana_plot_bars(struct ana_text *to, const char *label, const char *unit,
                   const char *const part[], size_t n_part, const struct ana_plot_bar bar[],
                   size_t n_bar);

/* x: [n_row][n_column], 0 (nothing) to 1 (dark), shown in six steps. Columns are named where their
 * label is not "". */
void ana_plot_cells(struct ana_text *to, const char *label, const char *const row[], size_t n_row,
                    const char *const column[], size_t n_column, const double x[]);

#endif

/* Calendar days, proleptic Gregorian. Day 0 is 1970-01-01. */
#ifndef SIM_DATE_H
#define SIM_DATE_H

#include "sim/err.h"

#include <stdint.h>

#define SIM_DAY_NONE INT32_MIN /* "no date" */
enum { SIM_TICKS_PER_DAY = 86400 };

/* "YYYY-MM-DD", years 1900..2999, to a day number. Returns 0 or SIM_EINPUT. */
int sim_date_parse(int32_t *day, const char *text) SIM_CHECKED;
/* Writes "YYYY-MM-DD" into to[11], or "none" outside the years 0..9999 (SIM_DAY_NONE). */
void sim_date_print(int32_t day, char to[11]);
/* year, month 1..12, day of month 1..31. */
void sim_date_split(int32_t day, int *y, int *m, int *d);
int32_t sim_date_join(int y, int m, int d);

#endif

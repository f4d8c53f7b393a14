#include "sim/date.h"

#include <string.h>

enum { FIRST_YEAR = 1900, LAST_YEAR = 2999, DAYS_PER_ERA = 146097, EPOCH_IN_ERAS = 719468 };

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Years begin in March, so that the leap day is the last day of one; an era has 400 of them. */
int32_t sim_date_join(int y, int m, int d)
{
    int64_t year = (int64_t)y - (m <= 2);
    int64_t era = floor_div(year, 400);
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;

    return (int32_t)(era * DAYS_PER_ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
                     EPOCH_IN_ERAS);
}

void sim_date_split(int32_t day, int *y, int *m, int *d)
{
    int64_t z = (int64_t)day + EPOCH_IN_ERAS;
    int64_t era = floor_div(z, DAYS_PER_ERA);
    int64_t n = z - era * DAYS_PER_ERA;
    int64_t of_era = (n - n / 1460 + n / 36524 - n / 146096) / 365;
    int64_t of_year = n - (365 * of_era + of_era / 4 - of_era / 100);
    int64_t month = (5 * of_year + 2) / 153;

    *d = (int)(of_year - (153 * month + 2) / 5 + 1);
    *m = (int)(month < 10 ? month + 3 : month - 9);
    *y = (int)(of_era + era * 400 + (*m <= 2));
}

static int digits(const char *s, int n)
{
    int x = 0;

    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        x = 10 * x + (s[i] - '0');
    }
    return x;
}

int sim_date_parse(int32_t *day, const char *text)
{
    int y, m, d, y2, m2, d2;
    int32_t n;

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return SIM_EINPUT;
    y = digits(text, 4);
    m = digits(text + 5, 2);
    d = digits(text + 8, 2);
    if (y < FIRST_YEAR || y > LAST_YEAR || m < 1 || m > 12 || d < 1 || d > 31)
        return SIM_EINPUT;
    n = sim_date_join(y, m, d);
    sim_date_split(n, &y2, &m2, &d2);
    if (m2 != m || d2 != d) /* 30 February and the like */
        return SIM_EINPUT;
    *day = n;
    return 0;
}

void sim_date_print(int32_t day, char to[11])
{
    int y, m, d;

    sim_date_split(day, &y, &m, &d);
    if (y < 0 || y > 9999) {
        memcpy(to, "none", 5);
        return;
    }
    for (int i = 3; i >= 0; i--, y /= 10)
        to[i] = (char)('0' + y % 10);
    to[4] = '-';
    to[5] = (char)('0' + m / 10);
    to[6] = (char)('0' + m % 10);
    to[7] = '-';
    to[8] = (char)('0' + d / 10);
    to[9] = (char)('0' + d % 10);
    to[10] = '\0';
}

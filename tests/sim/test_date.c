#include "sim/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void test_date_join__known_days(void **state)
{
    static const struct {
        int y, m, d;
        int32_t day;
    } table[] = {
        {1970, 1, 1, 0},       {1970, 1, 2, 1},       {1969, 12, 31, -1},   {2000, 2, 29, 11016},
        {2000, 3, 1, 11017},   {1900, 1, 1, -25567},  {1900, 3, 1, -25508}, {2026, 1, 6, 20459},
        {2024, 12, 31, 20088}, {2038, 1, 19, 24855},  {2100, 3, 1, 47541},  {2999, 12, 31, 376199},
        {1, 1, 1, -719162},    {1600, 1, 1, -135140}, {-4, 2, 29, -720930},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        int y, m, d;

        assert_int_equal(sim_date_join(table[i].y, table[i].m, table[i].d), table[i].day);
        sim_date_split(table[i].day, &y, &m, &d);
        assert_true(y == table[i].y && m == table[i].m && d == table[i].d);
    }
}

static int days_of(int y, int m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[m - 1] + (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
}

/* Against the plain counting of days, through print and parse. */
static void test_date__every_day_of_1100_years(void **state)
{
    int y = 1900, m = 1, d = 1;
    int32_t day = sim_date_join(1900, 1, 1), got;

    (void)state;
    for (; y < 3000; day++) {
        int y2, m2, d2;
        char text[11], want[32];

        sim_date_split(day, &y2, &m2, &d2);
        assert_true(y2 == y && m2 == m && d2 == d);
        assert_true(sim_date_join(y, m, d) == day);
        sim_date_print(day, text);
        snprintf(want, sizeof want, "%04d-%02d-%02d", y, m, d);
        assert_true(strcmp(text, want) == 0);
        assert_true(sim_date_parse(&got, text) == 0 && got == day);
        if (++d > days_of(y, m)) {
            d = 1;
            if (++m > 12) {
                m = 1;
                y++;
            }
        }
    }
}

static void test_date_parse__refuses_all_else(void **state)
{
    static const char *const table[] = {
        "",           "2026",        "2026-1-06",  "2026-01-6",  "2026-01-06 ", " 2026-01-06",
        "2026/01/06", "20260106",    "2026-13-01", "2026-00-01", "2026-01-00",  "2026-01-32",
        "2026-02-29", "2024-02-30",  "1900-02-29", "2026-04-31", "1899-12-31",  "3000-01-01",
        "-026-01-06", "+026-01-06",  "2026-+1-06", "2026-01-0x", "2026 01 06",  "06-01-2026",
        "2026-01-0",  "2026-01-066", "none",
    };
    int32_t day = 12345;

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(sim_date_parse(&day, table[i]), SIM_EINPUT);
        assert_int_equal(day, 12345);
    }
}

static void test_date_print__no_date(void **state)
{
    char text[11];

    (void)state;
    sim_date_print(SIM_DAY_NONE, text);
    assert_string_equal(text, "none");
    sim_date_print(INT32_MAX, text);
    assert_string_equal(text, "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_date_join__known_days),
        cmocka_unit_test(test_date__every_day_of_1100_years),
        cmocka_unit_test(test_date_parse__refuses_all_else),
        cmocka_unit_test(test_date_print__no_date),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}

#include "sim/result.h"
#include "tests/dies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const two[] = {"base", "ban"};
static const double three[] = {0, 1, 2};

static void add_axes(struct sim_result *r)
{
    assert_int_equal(
        sim_result_axis(
            r,
            &(struct sim_axis){.name = "scenario", .long_name = "scenario", .n = 2, .label = two}),
        0);
    assert_int_equal(
        sim_result_axis(r, &(struct sim_axis){.name = "run", .units = "1", .n = 3, .value = three}),
        1);
    assert_int_equal(
        sim_result_axis(
            r, &(struct sim_axis){.name = "week", .units = "days", .n = 3, .value = three}),
        2);
}

static void test_result_axis__copies_what_it_is_given(void **state)
{
    struct sim_result r = {0};
    char name[] = "site", label[] = "jp-magnet", country[] = "JP";
    const char *labels[] = {label, "cn-mine"}, *countries[] = {country, "CN"};
    double lat[] = {35.7, 26.5};
    struct sim_axis a = {.name = name, .long_name = "sites", .n = 2, .label = labels, .n_coord = 2};
    int i;

    (void)state;
    a.coord[0] = (struct sim_coord){.name = "country", .long_name = "where", .label = countries};
    a.coord[1] = (struct sim_coord){.name = "lat", .units = "degrees_north", .value = lat};
    i = sim_result_axis(&r, &a);
    memset(name, 'x', sizeof name - 1);
    memset(label, 'x', sizeof label - 1);
    memset(country, 'x', sizeof country - 1);
    labels[1] = NULL;
    lat[1] = 0;
    assert_int_equal(sim_result_find_axis(&r, "site"), i);
    assert_string_equal(r.axis[i].label[0], "jp-magnet");
    assert_string_equal(r.axis[i].label[1], "cn-mine");
    assert_null(r.axis[i].value);
    assert_null(r.axis[i].units);
    assert_string_equal(r.axis[i].coord[0].label[0], "JP");
    assert_null(r.axis[i].coord[0].units);
    assert_string_equal(r.axis[i].coord[1].units, "degrees_north");
    assert_true(r.axis[i].coord[1].value[1] == 26.5);
    sim_result_free(&r);
}

static void test_result_axis__of_no_length(void **state)
{
    struct sim_result r = {0};
    double none[1];

    (void)state;
    sim_result_axis(&r, &(struct sim_axis){.name = "rule", .n = 0, .value = none});
    sim_result_column(&r, "x", "rule", SIM_F64, SIM_KEEP, "1", "nothing");
    assert_int_equal(sim_column_n(&r, sim_result_find(&r, "x")), 0);
    sim_result_free(&r);
}

static void test_result_column__shape_and_zeroes(void **state)
{
    struct sim_result r = {0};
    const struct sim_column *c;
    int i;

    (void)state;
    add_axes(&r);
    i = sim_result_column(&r, "lost", " scenario run  week ", SIM_I32, SIM_KEEP_BAND, "pcs",
                          "lost");
    c = sim_result_find(&r, "lost");
    assert_ptr_equal(c, &r.column[i]);
    assert_int_equal(c->n_axis, 3);
    assert_true(c->axis[0] == 0 && c->axis[1] == 1 && c->axis[2] == 2);
    assert_int_equal(sim_column_n(&r, c), 18);
    assert_int_equal(sim_column_slot(&r, c), 3);
    assert_string_equal(c->units, "pcs");
    assert_string_equal(c->long_name, "lost");
    assert_true(c->keep == SIM_KEEP_BAND && c->type == SIM_I32);
    for (size_t k = 0; k < 18; k++)
        assert_true(sim_column_at(c, k) == 0);
    sim_result_column(&r, "horizon", "", SIM_F64, SIM_KEEP, "d", "no axis: one value");
    c = sim_result_find(&r, "horizon");
    assert_int_equal(sim_column_n(&r, c), 1);
    assert_int_equal(sim_column_slot(&r, c), 1);
    sim_result_free(&r);
}

static void test_column_at__any_type_as_a_double(void **state)
{
    static const struct {
        enum sim_type type;
        size_t size;
        double second;
    } table[] = {{SIM_F64, 8, -1.5},
                 {SIM_F32, 4, -1.5},
                 {SIM_I64, 8, -0x1p40},
                 {SIM_I32, 4, -100000},
                 {SIM_I8, 1, -128}};

    (void)state;
    for (size_t k = 0; k < 5; k++) {
        struct sim_result r = {0};
        const struct sim_column *c;

        add_axes(&r);
        sim_result_column(&r, "x", "week", table[k].type, SIM_KEEP, "1", "x");
        c = sim_result_find(&r, "x");
        assert_int_equal(sim_type_size(table[k].type), table[k].size);
        switch (table[k].type) {
        case SIM_F64:
            memcpy(c->data, (double[]){0, -1.5, 7}, 24);
            break;
        case SIM_F32:
            memcpy(c->data, (float[]){0, -1.5f, 7}, 12);
            break;
        case SIM_I64:
            memcpy(c->data, (int64_t[]){0, -(INT64_C(1) << 40), 7}, 24);
            break;
        case SIM_I32:
            memcpy(c->data, (int32_t[]){0, -100000, 7}, 12);
            break;
        case SIM_I8:
            memcpy(c->data, (int8_t[]){0, -128, 7}, 3);
            break;
        }
        assert_true(sim_column_at(c, 0) == 0);
        assert_true(sim_column_at(c, 1) == table[k].second);
        assert_true(sim_column_at(c, 2) == 7);
        sim_result_free(&r);
    }
}

/* More than the lists' first room: nothing is lost when they grow. */
static void test_result__grows(void **state)
{
    struct sim_result r = {0};
    char name[32];
    double *data[200];

    (void)state;
    for (int i = 0; i < 200; i++) {
        snprintf(name, sizeof name, "axis_%c%c", 'a' + i / 26, 'a' + i % 26);
        assert_int_equal(
            sim_result_axis(&r, &(struct sim_axis){.name = name, .n = 3, .value = three}), i);
        snprintf(name, sizeof name, "axis_%c%c", 'a' + i / 26, 'a' + i % 26);
        assert_int_equal(sim_result_column(&r, name, name, SIM_F64, SIM_KEEP, "1", "x"), i);
        data[i] = r.column[i].data;
        data[i][2] = i;
        sim_result_attr(&r, name, "%d", i);
        sim_result_input(&r, name, name);
    }
    for (int i = 0; i < 200; i++) {
        char text[16];

        snprintf(name, sizeof name, "axis_%c%c", 'a' + i / 26, 'a' + i % 26);
        snprintf(text, sizeof text, "%d", i);
        assert_int_equal(sim_result_find_axis(&r, name), i);
        assert_true(sim_column_at(sim_result_find(&r, name), 2) == i);
        assert_string_equal(sim_result_find_attr(&r, name), text);
        assert_string_equal(sim_result_find_input(&r, name), name);
    }
    sim_result_free(&r);
}

static void test_result_find__minus_1_or_null(void **state)
{
    struct sim_result r = {0};

    (void)state;
    assert_int_equal(sim_result_find_axis(&r, "x"), -1);
    add_axes(&r);
    sim_result_attr(&r, "title", "%s, %d %%", "A ban", 50);
    assert_string_equal(sim_result_find_attr(&r, "title"), "A ban, 50 %");
    assert_int_equal(sim_result_find_axis(&r, "weeks"), -1);
    assert_null(sim_result_find(&r, "lost"));
    assert_null(sim_result_find_attr(&r, "seed"));
    assert_null(sim_result_find_input(&r, "title"));
    sim_result_free(&r);
    sim_result_free(&r);
    assert_int_equal(r.n_axis, 0);
}

static void unknown_axis(void *r)
{
    sim_result_column(r, "x", "scenario month", SIM_F64, SIM_KEEP, "1", "x");
}

static void too_many_axes(void *r)
{
    sim_result_column(r, "x", "run run run run run run run", SIM_F64, SIM_KEEP, "1", "x");
}

static void column_twice(void *r)
{
    sim_result_column(r, "y", "run", SIM_F64, SIM_KEEP, "1", "x");
    sim_result_column(r, "y", "week", SIM_F64, SIM_KEEP, "1", "x");
}

static void axis_twice(void *r)
{
    sim_result_axis(r, &(struct sim_axis){.name = "run", .n = 3, .value = three});
}

static void axis_of_two_kinds(void *r)
{
    sim_result_axis(r, &(struct sim_axis){.name = "x", .n = 2, .value = three, .label = two});
}

static void axis_of_no_kind(void *r)
{
    sim_result_axis(r, &(struct sim_axis){.name = "x", .n = 2});
}

static void attr_twice(void *r)
{
    sim_result_attr(r, "a", "1");
    sim_result_attr(r, "a", "1");
}

static void input_twice(void *r)
{
    sim_result_input(r, "a", "1");
    sim_result_input(r, "a", "1");
}

static void test_result__misuse_is_a_bug(void **state)
{
    static void (*const misuse[])(void *) = {unknown_axis, too_many_axes,     column_twice,
                                             axis_twice,   axis_of_two_kinds, axis_of_no_kind,
                                             attr_twice,   input_twice};
    struct sim_result r = {0};

    (void)state;
    add_axes(&r);
    for (size_t i = 0; i < sizeof misuse / sizeof misuse[0]; i++)
        assert_true(is_bug(misuse[i], &r));
    sim_result_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_result_axis__copies_what_it_is_given),
        cmocka_unit_test(test_result_axis__of_no_length),
        cmocka_unit_test(test_result_column__shape_and_zeroes),
        cmocka_unit_test(test_column_at__any_type_as_a_double),
        cmocka_unit_test(test_result__grows),
        cmocka_unit_test(test_result_find__minus_1_or_null),
        cmocka_unit_test(test_result__misuse_is_a_bug),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}

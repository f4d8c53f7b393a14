#include "models/balance.h"
#include "models/content.h"

#include <math.h>
#include <string.h>

static double ratio(const struct mdl_part *p)
{
    return (double)p->num / (double)p->den;
}

static int makes_as_main(const struct mdl_network *n, uint32_t process, uint32_t point)
{
    return n->process[process].out_point[0] == point;
}

/* Share of process `k` among those that make a point's product as their main output. */
static double main_share(const struct mdl_network *n, const struct mdl_point *p, uint32_t at,
                         uint32_t k)
{
    double stated = 0, cap = 0, mine = n->process[k].share;
    uint32_t open = 0;

    for (uint32_t i = 0; i < p->n_maker; i++) {
        const struct mdl_process *q = &n->process[p->maker[i]];

        if (!makes_as_main(n, p->maker[i], at) || q->from != SIM_DAY_NONE)
            continue;
        if (!isnan(q->share)) {
            stated += q->share;
        } else {
            cap += fmin(q->capacity_d, 1e15);
            open++;
        }
    }
    if (n->process[k].from != SIM_DAY_NONE)
        return 0;
    if (!isnan(mine))
        return open ? mine : stated > 0 ? mine / stated : 0;
    return fmax(0, 1 - stated) *
           (cap > 0 ? fmin(n->process[k].capacity_d, 1e15) / cap : 1.0 / open);
}

/* What the processes make of a point as joint or by-product at the present levels. */
static double side_output(const struct mdl_balance *b, const struct mdl_point *p, uint32_t at,
                          int u)
{
    const struct mdl_network *n = b->net;
    double sum = 0;

    for (uint32_t i = 0; i < p->n_maker; i++) {
        const struct mdl_process *q = &n->process[p->maker[i]];
        const struct mdl_recipe *r = &n->recipe[q->recipe];

        for (uint32_t j = 1; j < r->n_out; j++)
            if (q->out_point[j] == at)
                sum += b->level[u][p->maker[i]] * ratio(&r->out[j]) * q->yield;
    }
    return sum;
}

static int has_main_maker(const struct mdl_network *n, const struct mdl_point *p, uint32_t at)
{
    for (uint32_t i = 0; i < p->n_maker; i++)
        if (makes_as_main(n, p->maker[i], at))
            return 1;
    return 0;
}

/* Level of a process for one use: the scarcest of its wanted outputs. */
static double level_of(const struct mdl_balance *b, uint32_t k, int u)
{
    const struct mdl_network *n = b->net;
    const struct mdl_process *q = &n->process[k];
    const struct mdl_recipe *r = &n->recipe[q->recipe];
    uint32_t at = q->out_point[0];
    const struct mdl_point *p = &n->point[at];
    double best =
        fmax(0, b->need[u][at] - side_output(b, p, at, u)) * main_share(n, p, at, k) / q->yield;

    for (uint32_t j = 1; j < r->n_out; j++) {
        const struct mdl_point *o = &n->point[q->out_point[j]];

        if (r->out[j].role != MDL_JOINT || has_main_maker(n, o, q->out_point[j]) ||
            q->from != SIM_DAY_NONE)
            continue;
        best = fmax(best, b->need[u][q->out_point[j]] / (double)o->n_maker / ratio(&r->out[j]) /
                              q->yield);
    }
    return best;
}

static double share_sum(const struct mdl_network *n, const struct mdl_point *p)
{
    double sum = 0;

    for (uint32_t i = 0; i < p->n_lane_in; i++)
        sum += n->lane[p->lane_in[i]].share;
    return sum;
}

/* One sweep; returns the largest relative change of a need. */
static double sweep(struct mdl_balance *b, int u, double *next)
{
    const struct mdl_network *n = b->net;
    double change = 0;

    for (uint32_t k = 0; k < n->n_process; k++)
        b->level[u][k] = level_of(b, k, u);
    for (uint32_t i = 0; i < n->n_point; i++) {
        const struct mdl_point *p = &n->point[i];
        double all = share_sum(n, p);

        for (uint32_t k = 0; k < p->n_lane_in; k++)
            b->flow[u][p->lane_in[k]] =
                p->wanted || all <= 0 ? 0 : b->need[u][i] * n->lane[p->lane_in[k]].share / all;
    }
    memset(next, 0, n->n_point * sizeof *next);
    for (uint32_t i = 0; i < n->n_demand; i++)
        if (n->demand[i].use == u)
            next[n->demand[i].point] +=
                n->demand[i].rate_d * (double)n->product[n->demand[i].product].qpu;
    for (uint32_t k = 0; k < n->n_process; k++) {
        const struct mdl_recipe *r = &n->recipe[n->process[k].recipe];

        for (uint32_t j = 0; j < r->n_in; j++)
            next[n->process[k].in_point[j]] += b->level[u][k] * ratio(&r->in[j]);
    }
    for (uint32_t i = 0; i < n->n_lane; i++)
        next[n->lane[i].from_point] += b->flow[u][i];
    for (uint32_t i = 0; i < n->n_point; i++) {
        double d = fabs(next[i] - b->need[u][i]) / (1e-300 + fmax(next[i], b->need[u][i]));

        if (next[i] + b->need[u][i] > 1e-6)
            change = isfinite(d) ? fmax(change, d) : INFINITY;
        b->need[u][i] = next[i];
    }
    return change;
}

/* ---- origins ---- */

void mdl_balance_mix(const struct mdl_balance *b, uint32_t k, double *mix)
{
    const struct mdl_network *n = b->net;
    const struct mdl_process *q = &n->process[k];
    const struct mdl_recipe *r = &n->recipe[q->recipe];
    size_t w = (size_t)n->n_share;
    uint32_t home = n->site[q->site].country;

    for (int e = 0; e < r->n_el; e++) {
        double *m = mix + (size_t)e * w, mass = 0;

        memset(m, 0, w * sizeof *m);
        for (uint32_t j = 0; j < r->n_in; j++) {
            const struct mdl_product *p = &n->product[r->in[j].product];
            int slot = p->slot[r->el[e]];
            double kg = slot < 0 ? 0 : p->el_g[r->el[e]] * r->in[j].units;

            if (kg > 0) {
                mass += kg;
                mdl_content_mix(m, mass - kg, b->share[q->in_point[j]] + (size_t)slot * w, kg, w);
            }
        }
        if (r->n_in == 0) {
            m[n->mined_of[home]] = 1;
            m[n->n_mined] = 1;
        }
        if (r->separates) {
            memset(m + n->n_mined, 0, (size_t)n->n_origin * sizeof *m);
            m[n->n_mined + n->origin_of[home]] = 1;
        }
    }
}

static void origin_sweep(struct mdl_balance *b, double *mix, double *weight)
{
    const struct mdl_network *n = b->net;
    size_t w = (size_t)n->n_share;

    memset(weight, 0, n->n_point * sizeof *weight);
    for (uint32_t k = 0; k < n->n_process; k++) {
        const struct mdl_process *q = &n->process[k];
        const struct mdl_recipe *r = &n->recipe[q->recipe];
        double level = b->level[0][k] + b->level[1][k] + 1e-9;

        mdl_balance_mix(b, k, mix);
        for (uint32_t j = 0; j < r->n_out; j++) {
            uint32_t at = q->out_point[j];
            double dq = level * ratio(&r->out[j]);

            for (int e = 0; e < r->n_el; e++) {
                int slot = n->product[r->out[j].product].slot[r->el[e]];

                if (slot >= 0)
                    mdl_content_mix(b->share[at] + (size_t)slot * w, weight[at],
                                    mix + (size_t)e * w, dq, w);
            }
            weight[at] += dq;
        }
    }
    for (uint32_t i = 0; i < n->n_lane; i++) {
        const struct mdl_lane *l = &n->lane[i];
        double dq = b->flow[0][i] + b->flow[1][i] + 1e-9 * l->share + 1e-12;

        mdl_content_mix(b->share[l->to_point], weight[l->to_point], b->share[l->from_point], dq,
                        mdl_network_width(n, &n->product[l->product]));
        weight[l->to_point] += dq;
    }
}

static void solve_origins(struct mdl_balance *b, struct sim_arena *a)
{
    const struct mdl_network *n = b->net;
    double *mix = sim_arena_alloc(a, MDL_MAX_ELEMENTS * (size_t)n->n_share, sizeof *mix);
    double *weight = sim_arena_alloc(a, n->n_point, sizeof *weight);

    b->share = sim_arena_alloc(a, n->n_point, sizeof *b->share);
    for (uint32_t i = 0; i < n->n_point; i++) {
        const struct mdl_product *p = &n->product[n->point[i].product];

        b->share[i] = sim_arena_alloc(a, mdl_network_width(n, p), sizeof(double));
        for (int e = 0; e < p->n_el; e++)
            b->share[i][e * n->n_share] = b->share[i][e * n->n_share + n->n_mined] = 1;
    }
    for (int s = 0; s < 100 && n->n_mined > 0; s++)
        origin_sweep(b, mix, weight);
}

int mdl_balance_solve(struct mdl_balance *b, struct sim_arena *a, const struct mdl_network *n,
                      struct sim_err *err)
{
    double *next = sim_arena_alloc(a, n->n_point, sizeof *next);

    *b = (struct mdl_balance){.net = n};
    for (int u = 0; u < MDL_USES; u++) {
        int s = 0;

        b->need[u] = sim_arena_alloc(a, n->n_point, sizeof(double));
        b->level[u] = sim_arena_alloc(a, n->n_process, sizeof(double));
        b->flow[u] = sim_arena_alloc(a, n->n_lane, sizeof(double));
        while (sweep(b, u, next) > 1e-10)
            if (++s > 10000)
                return sim_err_add(err, SIM_EINPUT,
                                   "%s: demand has no steady state: a loop through recipes or "
                                   "lanes needs more of a "
                                   "product than it gives",
                                   n->name);
        b->sweeps += s;
    }
    b->supply = sim_arena_alloc(a, n->n_point, sizeof(double));
    for (int u = 0; u < MDL_USES; u++) {
        for (uint32_t k = 0; k < n->n_process; k++) {
            const struct mdl_recipe *r = &n->recipe[n->process[k].recipe];

            for (uint32_t j = 0; j < r->n_out; j++)
                b->supply[n->process[k].out_point[j]] +=
                    b->level[u][k] * ratio(&r->out[j]) * n->process[k].yield;
        }
        for (uint32_t i = 0; i < n->n_lane; i++)
            b->supply[n->lane[i].to_point] += b->flow[u][i];
    }
    solve_origins(b, a);
    return 0;
}

/* ---- the balance sheet ---- */

static void print_shares(const struct mdl_balance *b, uint32_t product, double total, FILE *to)
{
    const struct mdl_network *n = b->net;
    char *done = n->n_country ? (char[512]){0} : NULL;

    for (int best = 0, k = 0; k < 5 && best >= 0; k++) {
        double most = 0.005 * total;

        best = -1;
        for (uint32_t c = 0; c < n->n_country && c < 512; c++) {
            double q = 0;

            for (uint32_t i = 0; i < n->n_process && !done[c]; i++) {
                const struct mdl_process *p = &n->process[i];
                const struct mdl_recipe *r = &n->recipe[p->recipe];

                for (uint32_t j = 0; j < r->n_out && n->site[p->site].country == c; j++)
                    if (r->out[j].product == product)
                        q += (b->level[0][i] + b->level[1][i]) * ratio(&r->out[j]) * p->yield;
            }
            if (q > most) {
                most = q;
                best = (int)c;
            }
        }
        if (best >= 0) {
            done[best] = 1;
            fprintf(to, " %s %.1f%%", n->country[best], 100 * most / total);
        }
    }
}

/* How many recipes in use lie between the ground and a product, at least; 0 = it is not made. */
static void depths(const struct mdl_balance *b, uint32_t *depth)
{
    const struct mdl_network *n = b->net;
    char *used = sim_arena_alloc(n->arena, n->n_recipe, 1);

    for (uint32_t k = 0; k < n->n_process; k++)
        used[n->process[k].recipe] |= b->level[0][k] + b->level[1][k] > 0;
    for (uint32_t round = 1, more = 1; more; round++) {
        more = 0;
        for (uint32_t i = 0; i < n->n_recipe; i++) {
            const struct mdl_recipe *r = &n->recipe[i];
            int ready = used[i];

            for (uint32_t j = 0; j < r->n_in; j++)
                ready &= depth[r->in[j].product] > 0 && depth[r->in[j].product] < round;
            for (uint32_t j = 0; j < r->n_out && ready; j++)
                if (depth[r->out[j].product] == 0) {
                    depth[r->out[j].product] = round;
                    more = 1;
                }
        }
    }
}

/* Mean depth of the products of a stage: its place along the chain. */
static double stage_depth(const struct mdl_network *n, const uint32_t *depth, const char *stage)
{
    double sum = 0, count = 0;

    for (uint32_t i = 0; i < n->n_product; i++)
        if (strcmp(n->product[i].stage, stage) == 0) {
            sum += depth[i];
            count++;
        }
    return sum / count;
}

static void print_product(const struct mdl_balance *b, uint32_t i, FILE *to)
{
    const struct mdl_network *n = b->net;
    const struct mdl_product *p = &n->product[i];
    double made = 0, cap = 0, busy = 0, f = 365.0 / (double)p->qpu;

    for (uint32_t k = 0; k < n->n_process; k++) {
        const struct mdl_process *q = &n->process[k];
        const struct mdl_recipe *r = &n->recipe[q->recipe];
        double level = b->level[0][k] + b->level[1][k];

        for (uint32_t j = 0; j < r->n_out; j++)
            if (r->out[j].product == i)
                made += level * ratio(&r->out[j]) * q->yield * f;
        if (r->out[0].product == i && q->from == SIM_DAY_NONE) {
            cap += q->capacity_d * 365;
            busy += level * f;
        }
    }
    if (made <= 0 && cap <= 0)
        return;
    fprintf(to, "%-12s %-22s %-6s %14.1f ", p->stage, p->id, p->unit, made);
    if (cap > 0)
        fprintf(to, "%14.1f %5.0f%%", cap, isfinite(cap) ? 100 * busy / cap : 0.0);
    else
        fprintf(to, "%14s %6s", "-", "-");
    fprintf(to, " ");
    if (made > 0)
        print_shares(b, i, made / f, to);
    fputc('\n', to);
}

void mdl_balance_print(const struct mdl_balance *b, FILE *to)
{
    const struct mdl_network *n = b->net;
    uint32_t *depth = sim_arena_alloc(n->arena, n->n_product, sizeof *depth);
    char *done = sim_arena_alloc(n->arena, n->n_product, 1);

    fprintf(to, "%-12s %-22s %-6s %14s %14s %6s  %s\n", "stage", "product", "unit", "made /a",
            "capacity /a", "used", "made in");
    depths(b, depth);
    for (;;) {
        uint32_t best = UINT32_MAX;
        double least = INFINITY;

        for (uint32_t i = 0; i < n->n_product; i++) {
            double d = done[i] ? INFINITY : stage_depth(n, depth, n->product[i].stage);

            if (d < least) {
                least = d;
                best = i;
            }
        }
        if (best == UINT32_MAX)
            break;
        for (uint32_t i = 0; i < n->n_product; i++)
            if (strcmp(n->product[i].stage, n->product[best].stage) == 0) {
                done[i] = 1;
                print_product(b, i, to);
            }
    }
}

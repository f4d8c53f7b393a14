#include "models/actors.h"
#include "models/uncertain.h"

static void number_actors(struct mdl_state *w)
{
    uint32_t n[MDL_ACTORS] = {[MDL_ACTOR_SITE] = w->net->n_site,
                              [MDL_ACTOR_OFFICE] = w->sc->n_office,
                              [MDL_ACTOR_PRICE] = w->sc->prices.n,
                              [MDL_ACTOR_RESERVE] = w->sc->n_reserve,
                              [MDL_ACTOR_TRIGGER] = w->sc->n_trigger};

    for (uint32_t r = 0; r < w->sc->n_rule; r++)
        n[MDL_ACTOR_QUOTA] += mdl_policies[w->sc->rule[r].action] == &mdl_policy_quota;
    for (int k = 0; k < MDL_ACTORS; k++)
        w->first_actor[k + 1] = w->first_actor[k] + n[k];
}

int mdl_run(const struct mdl_study *st, uint32_t scenario, const struct mdl_run_options *o,
            struct sim_result *res, struct mdl_run_report *report, struct sim_err *err)
{
    const struct mdl_scenario *sc = &st->scenario[scenario];
    struct mdl_state w = {.st = st,
                          .net = &st->net,
                          .sc = sc,
                          .gate = &st->gate[scenario],
                          .rule_cause = st->rule_cause[scenario],
                          .opt = *o,
                          .res = res,
                          .scenario = scenario,
                          .day0 = sc->start - (int32_t)sc->warm_up_d};
    struct mdl_study own;
    int64_t last = (sc->warm_up_d + sc->horizon_d) * MDL_TICKS_PER_DAY - 1;
    int rc;

    *report = (struct mdl_run_report){0};
    number_actors(&w);
    rc = sim_run_init(&w.run, w.first_actor[MDL_ACTORS], sc->message_s, mdl_site_handle, NULL, &w,
                      err);
    if (rc != 0)
        return rc;
    w.run.seed = (uint64_t)st->seed;
    w.run.index = o->run;
    w.run.stop = o->stop;
    if (st->n_input > 0) {
        rc = mdl_uncertain_draw(&own, st, scenario, &w.run.arena, o->run, res, o->slot, err);
        w.st = &own;
        w.net = &own.net;
        w.sc = &own.scenario[scenario];
        w.gate = &own.gate[scenario];
    }
    if (rc == 0) {
        if (o->trace)
            mdl_trace_begin(&w, o->trace);
        mdl_start(&w);
        rc = sim_run_until(&w.run, last, err);
    }
    if (rc == 0 && o->audit)
        rc = mdl_audit(&w, report, err);
    if (rc == 0) {
        mdl_record_store(&w);
    }
    if (rc == 0 && o->trace)
        mdl_trace_end(&w, o->events);
    report->events = w.run.handled;
    report->bytes = w.run.arena.held + sim_queue_bytes(w.run.queue);
    sim_run_free(&w.run);
    return rc;
}

/* What a random draw is for: the purpose of its stream (SEMANTICS: draws are indexed by what they
 * are for). */
#ifndef MDL_PURPOSE_H
#define MDL_PURPOSE_H

enum mdl_purpose {
    MDL_FOR_DEMAND = 1,  /* market, product, use; index day */
    MDL_FOR_ARRIVAL,     /* the same for arrivals in continuous time; index number of the arrival */
    MDL_FOR_CYCLE,       /* process; index day of the start */
    MDL_FOR_TRANSIT,     /* lane; index day of dispatch and number of the shipment that day; transit
                            first, then customs clearance */
    MDL_FOR_INSPECT = 6, /* lane and rule; index the order line: mdl_line_index */
    MDL_FOR_REVIEW,      /* buyer, product, lane and rule; the same index */
    MDL_FOR_APPROVAL,
    MDL_FOR_MISTAKEN,
    MDL_FOR_WORLD,   /* rule: does it exist */
    MDL_FOR_QUALIFY, /* lane; index the try: days until its supplier is qualified */
    MDL_FOR_ORDER,   /* lane; index the order line: days until it is due */
    MDL_FOR_FILING,  /* as MDL_FOR_REVIEW */
    MDL_FOR_NOTICE,  /* lane and rule; index the order line */
    MDL_FOR_LISTED,  /* list and product or company: is it on an undisclosed list */
    MDL_FOR_SUSPECT, /* rule and company (or site without one): is it suspected */
    MDL_FOR_DECLINE, /* rule and company: does it take no orders */
    MDL_FOR_RETURN, /* as MDL_FOR_REVIEW, index with the round: are papers returned, for how long */
    MDL_FOR_DETOUR, /* lane and detour; index the order line: does it try */
    MDL_FOR_SEIZURE,     /* lane and detour; index day of dispatch and number of the shipment */
    MDL_FOR_CAUGHT,      /* process's site and diversion; index day */
    MDL_FOR_SHOCK,       /* shock, and with `each` its site or lane; index what: shock.c */
    MDL_FOR_SHOCK_DELAY, /* lane and shock; index as MDL_FOR_TRANSIT */
    MDL_FOR_CHANGE_OVER, /* process and substitute: days of change-over */
    MDL_FOR_DELAY,       /* site: how much later its new processes come */
    MDL_FOR_HOARD,       /* entry and company: does it react (index 0), after how many days (1) */
    MDL_FOR_UNFIT,       /* lane; index the try: does the qualification fail */
    MDL_FOR_INPUT = 100  /* name of an uncertain input; index 0: its value in the run */
};

#endif

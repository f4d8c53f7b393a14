/* Exact results of queueing and inventory theory that the tests compare with. */
#ifndef TEST_EXACT_H
#define TEST_EXACT_H

#define KLEINROCK "Kleinrock, Queueing Systems vol. 1 (1975)"
#define GROSS "Gross et al., Fundamentals of Queueing Theory"
#define ZIPKIN "Zipkin, Foundations of Inventory Management (2000)"
#define PALM "Palm (1938); Feeney & Sherbrooke (1966); " ZIPKIN
#define HADLEY "Hadley & Whitin (1963); " ZIPKIN
#define SERIAL "Simon (1971); Graves (1985); " ZIPKIN
#define SS "Veinott & Wagner (1965); Zheng & Federgruen (1991)"
#define SNYDER "Snyder & Shen, Fundamentals of Supply Chain Theory"

static const struct {
    const char *what;
    double value;
    const char *formula, *source;
} exact[] = {
    /* time in units of the mean service time */
    {"M/M/1 lambda=0.8: L", 4, "rho/(1-rho)", KLEINROCK},
    {"M/M/1 lambda=0.8: Lq", 3.2, "rho^2/(1-rho)", KLEINROCK},
    {"M/M/1 lambda=0.8: W", 5, "1/(mu-lambda)", KLEINROCK},
    {"M/M/1 lambda=0.8: Wq", 4, "rho/(mu-lambda)", KLEINROCK},
    {"M/M/1 lambda=0.8: P(W>10)", 0.135335283237, "exp(-(mu-lambda)t)", KLEINROCK},
    {"M/M/1 lambda=0.8: P(N>=5)", 0.32768, "rho^n", KLEINROCK},
    {"M/M/1 lambda=0.8: mean busy period", 5, "1/(mu-lambda)", KLEINROCK},
    {"M/M/3 lambda=2.5: P(wait)", 0.702247191011, "Erlang C", GROSS},
    {"M/M/3 lambda=2.5: Wq", 1.40449438202, "C/(c mu-lambda)", GROSS},
    {"M/M/3 lambda=2.5: W", 2.40449438202, "Wq+1/mu", GROSS},
    {"M/M/3 lambda=2.5: L", 6.01123595506, "a+C rho/(1-rho)", GROSS},
    {"M/M/3 lambda=2.5: P(Wq>2)", 0.258342304193, "C exp(-(c mu-lambda)t)", GROSS},
    {"M/M/5 lambda=4: Wq", 0.554113, "Erlang C/(c mu-lambda)", GROSS},
    {"M/D/1 lambda=0.8: Wq", 2, "rho/(2 mu(1-rho))", KLEINROCK},
    {"M/E2/1 lambda=0.8: Wq", 3, "lambda E[S^2]/(2(1-rho)), SCV=0.5 (Pollaczek-Khinchine)",
     KLEINROCK},
    {"M/G/1 lognormal lambda=0.8: Wq", 6, "lambda E[S^2]/(2(1-rho)), SCV=2 (Pollaczek-Khinchine)",
     KLEINROCK},
    {"tandem lambda=0.6 mu=1,0.9: time in system", 5.83333333333, "sum 1/(mu_i-lambda)",
     "Jackson (1957); " KLEINROCK},

    /* continuous review, unit Poisson demand */
    {"base-stock lambda=1 E[L]=5 S=8: fill rate", 0.86662832593, "P(Poisson(lambda L)<=S-1)", PALM},
    {"base-stock lambda=1 E[L]=5 S=8: backorders", 0.122109292575, "sum_{k>S}(k-S)p_k", PALM},
    {"base-stock lambda=1 E[L]=5 S=8: on hand", 3.12210929258, "S-lambda L+E[B]", PALM},
    {"base-stock lambda=1 E[L]=4 S=4: fill rate", 0.43347, "P(Poisson(lambda L)<=S-1)", PALM},
    {"base-stock lambda=1 E[L]=4 S=4: backorders", 0.781467, "sum_{k>S}(k-S)p_k", PALM},
    {"base-stock lambda=1 E[L]=4 S=6: fill rate", 0.78513, "P(Poisson(lambda L)<=S-1)", PALM},
    {"base-stock lambda=1 E[L]=4 S=6: backorders", 0.195435, "sum_{k>S}(k-S)p_k", PALM},
    {"lost sales lambda E[L]=10 S=12: share lost", 0.119739188445, "Erlang B, M/G/c/c", GROSS},
    {"lost sales lambda E[L]=4 S=4: share lost", 0.31068, "Erlang B, M/G/c/c", GROSS},
    {"lost sales lambda E[L]=4 S=8: share lost", 0.03042, "Erlang B, M/G/c/c", GROSS},
    {"(r,Q)=(4,6) lambda=1 L=5: fill rate", 0.764224006129,
     "average over IP uniform on r+1..r+Q of P(D(L)<=IP-1)", HADLEY},
    {"(r,Q)=(4,6) lambda=1 L=5: backorders", 0.304071311689, "average of E[(D(L)-IP)^+]", HADLEY},
    {"(r,Q)=(4,6) lambda=1 L=5: on hand", 2.80407131169, "E[IP]-lambda L+E[B]", HADLEY},
    {"(r,Q)=(4,6) lambda=1 L=5: orders per day", 0.166666666667, "lambda/Q", HADLEY},
    {"(r,Q)=(3,5) lambda=1.5 L=2 K=100 h=20 p=150: cost", 107.9235806331498,
     "K lambda/Q + h E[I] + p E[B]", SNYDER ", example 5.8"},
    {"two stages lambda=2 L=3,1 S=6,4: upstream backorders", 0.963738846288, "E[(D(L2)-S2)^+]",
     SERIAL},
    {"two stages lambda=2 L=3,1 S=6,4: backorders", 0.454809524553, "E[(B2+D(L1)-S1)^+]", SERIAL},
    {"two stages lambda=2 L=3,1 S=6,4: fill rate", 0.664078623314, "P(B2+D(L1)<=S1-1)", SERIAL},
    {"two stages lambda=2 L=3,1 S=6,4: on hand", 1.49107067827, "S1-E[B2]-lambda L1+E[B1]", SERIAL},

    /* periodic review, lead time 0; cost per period at the period's end */
    {"(s,S)=(6,40) Poisson 10, K=64 h=1 p=9: cost", 35.0215552723,
     "[K+sum_j m(j)G(S-j)]/M(S-s), renewal density m", SS},
    {"(s,S)=(6,40) Poisson 10: periods between orders", 3.90024689187, "M(S-s)", SS},
    {"(s,S)=(14,62) Poisson 20, K=64 h=1 p=9: cost", 49.173, "as above", SS},
    {"(s,S)=(19,56) Poisson 25, K=64 h=1 p=9: cost", 54.262, "as above", SS},
    {"(s,S)=(23,66) Poisson 30, K=64 h=1 p=9: cost", 57.819, "as above", SS},
    {"(s,S)=(4,10) Poisson 6, K=5 h=1 p=4: cost", 8.034111561471644, "as above",
     SNYDER ", example 4.7"},
    {"newsvendor Poisson 20, q=24 cu=4 co=1: cost", 6.43800370201, "co E[(q-D)^+] + cu E[(D-q)^+]",
     ZIPKIN},
};

#endif

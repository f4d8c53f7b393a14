#!/bin/sh
# What the compiler does not check: lint.sh COMPILE_COMMAND BUILD_DIR
# The direction of includes, which file may know which library, the prefixes of symbols, no writable
# data, and that each header stands alone.
cmd=$1 b=$2
faults=$(mktemp) || exit 1
trap 'rm -f "$faults"' EXIT

# none WHAT: a fault if there is input.
none() {
    found=$(cat)
    [ -z "$found" ] && return
    printf '%s:\n%s\n' "$1" "$found" | tee -a "$faults" >&2
}

# including PATTERN FILE...: the include lines that match, with file and line.
including() {
    p=$1
    shift
    grep -HnE "^ *# *include +$p" "$@" 2> /dev/null
}

src() {
    find "$@" -maxdepth 1 -name '*.[ch]' 2> /dev/null | sort
}
sim=$(src sim) models=$(src models models/policy) analysis=$(src analysis) cli=$(src analysis/cli)

including '"(models|analysis)/' $sim /dev/null | none 'sim includes a layer above it'
including '"analysis/' $models /dev/null | none 'models includes analysis'
including '"models/' $analysis /dev/null | none 'analysis includes models'

standard='(assert|ctype|errno|fenv|float|inttypes|limits|locale|math|signal|stdalign|stdarg|stddef|stdint|stdio|stdlib|string|strings|time|dirent|fcntl|poll|unistd|sys/(mman|resource|stat|time|types|wait|ioctl)|sanitizer/asan_interface)\.h'
including '<' $sim $models $analysis $cli /dev/null |
    grep -vE "<$standard>" |
    grep -vE '^(sim/(rng|dist)\.[ch]|analysis/(stats|design_sobol|sense_regress|sense_prim)\.[ch]):[0-9]+:.*<gsl/' |
    grep -vE '^sim/batch\.c:[0-9]+:.*<omp\.h>' |
    grep -vE '^sim/tree\.c:[0-9]+:.*<libconfig\.h>' |
    grep -vE '^analysis/store[a-z_]*\.[ch]:[0-9]+:.*<hdf5(_hl)?\.h>' |
    grep -vE '^analysis/[a-z_]*\.[ch]:[0-9]+:.*<(sha2|sha256|md5)\.h>' |
    none 'a library in a file that may not know it'
grep -HnE '^ *# *pragma +omp' $sim $models $analysis $cli /dev/null | grep -v '^sim/batch\.c:' |
    none 'OpenMP outside sim/batch.c'

for layer in sim:sim models:mdl analysis:ana; do
    lib=$b/lib${layer%:*}.a
    nm -g --defined-only "$lib" 2> /dev/null | awk 'NF == 3 { print $3 }' |
        grep -v "^${layer#*:}_" | grep -vE '^(__(asan|tsan|odr)|_ZN?[0-9]*asan)' |
        none "$lib: a symbol without the prefix ${layer#*:}_"
    objdump -t "$lib" 2> /dev/null |
        awk '{ for (i = 1; i < NF; i++)
                   if ($i ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)(\.|$)/ && $i !~ /^\.data\.rel\.ro/ &&
                       $(i + 1) !~ /^0+$/) { print; break } }' |
        none "$lib: data that can be written"
done
for o in $(find "$b/analysis/cli" -name '*.o' 2> /dev/null); do
    nm -g --defined-only "$o" | awk 'NF == 3 { print $3 }' | grep -vE '^(cmd_.*|main)$' |
        none "$o: a symbol without the prefix cmd_"
done

for h in $(printf '%s\n' $sim $models $analysis $cli | grep '\.h$'); do
    echo "#include \"$h\"" | $cmd -fsyntax-only -x c - 2>&1 | none "$h does not stand alone"
done
[ ! -s "$faults" ]

#!/bin/sh
# Runs test binaries and scripts, as many at a time as there are cores, and counts: run.sh TEST...
# A cmocka binary reports its tests; a script (*.sh) prints "ok - name", "not ok - name" or
# "skipped - name" for each.
# A test that ends badly, or reports no test at all, is a failure: what it printed comes after all
# others are done. The last line is the sum.

# Lines that match, before cmocka's summary.
count() {
    sed '/test(s) run\./q' "$out" | grep -c -e "$1"
}

# one FOLDER TEST: leaves the counts in FOLDER, and the output of a test that failed.
one() {
    t=$2
    out=$(mktemp "$1/out.XXXXXX") || exit 255
    begin=$(date +%s)
    case $t in
    *.sh)
        timeout -k 5 600 sh "$t" > "$out" 2>&1
        status=$?
        good=$(count '^ok - ') bad=$(count '^not ok - ') skip=$(count '^skipped - ')
        ;;
    *)
        timeout -k 5 600 "$t" > "$out" 2>&1
        status=$?
        n=$(sed -n 's/.*Running \([0-9]*\) test(s).*/\1/p' "$out" | awk '{ s += $1 } END { print s + 0 }')
        good=$(count '^\[ *OK \]') skip=$(count '^\[ *SKIPPED \]')
        bad=$((n - good - skip))
        ;;
    esac
    if [ "$status" -ne 0 ] && [ "$bad" -le 0 ]; then
        bad=1
    elif [ $((good + bad + skip)) -eq 0 ]; then
        echo "reports no tests" >> "$out"
        bad=1
    fi
    if [ "$bad" -eq 0 ]; then
        printf 'ok      %s: %d tests, %d s\n' "$t" "$good" $(($(date +%s) - begin))
    else
        printf 'FAILED  %s: %d of %d, exit status %d\n' "$t" "$bad" $((good + bad)) "$status" |
            tee "$out.failed"
        sed 's/^/    /' "$out" >> "$out.failed"
    fi
    echo "$good $bad $skip" > "$out.sum"
}

if [ "$1" = --one ]; then
    one "$2" "$3"
    exit 0
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
for t in "$@"; do
    printf '%s\0' "$t"
done | xargs -0 -n 1 -P "$(nproc 2> /dev/null || echo 2)" sh "$0" --one "$dir"
cat "$dir"/*.failed 2> /dev/null
cat "$dir"/*.sum 2> /dev/null | awk -v asked=$# '
    { passed += $1; failed += $2; skipped += $3 }
    END {
        failed += asked - NR # never came to its end
        if (skipped)
            print skipped " skipped"
        printf "%d passed, %d failed\n", passed, failed
        exit !(failed == 0 && passed > 0)
    }'

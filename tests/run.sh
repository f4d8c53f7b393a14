#!/bin/sh
# Runs test binaries and scripts and counts: run.sh TEST...
# A cmocka binary reports its tests; a script (*.sh) prints "ok - name" or "not ok - name" for each.
# A test that ends badly, or reports no test at all, is a failure. The last line is the sum.
passed=0 failed=0 skipped=0
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
trap 'exit 130' INT TERM

# Lines that match, before cmocka's summary.
count() {
    sed '/test(s) run\./q' "$out" | grep -c -e "$1"
}

for t in "$@"; do
    begin=$(date +%s)
    case $t in
    *.sh)
        timeout -k 5 600 sh "$t" > "$out" 2>&1
        status=$?
        good=$(count '^ok - ') bad=$(count '^not ok - ') skip=0
        ;;
    *)
        timeout -k 5 300 "$t" > "$out" 2>&1
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
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skip))
    if [ "$bad" -eq 0 ]; then
        printf 'ok      %s: %d tests, %d s\n' "$t" "$good" $(($(date +%s) - begin))
    else
        sed 's/^/    /' "$out"
        printf 'FAILED  %s: %d of %d, exit status %d\n' "$t" "$bad" $((good + bad)) "$status"
    fi
done
[ "$skipped" -gt 0 ] && echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

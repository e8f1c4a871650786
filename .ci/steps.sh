# Steps of the check: each runs a command with its output in a log, says how long it took, and shows the end of the log
# when it failed. A failed step counts as one failure beside those of the tests.

logs=$(mktemp -d)
step_failures=0

# run_logged NAME SECONDS COMMAND...: the command's exit code; output in $logs/NAME.log.
# Output goes to a file and not to our pipe: build servers that outlive the command would keep the pipe open.
run_logged() {
    local name=$1 seconds=$2
    shift 2
    timeout --kill-after=10 "$seconds" "$@" >"$logs/$name.log" 2>&1 </dev/null
}

# step NAME SECONDS COMMAND...: runs, reports, counts.
step() {
    local name=$1 seconds=$2 started=$SECONDS code=0
    run_logged "$@" || code=$?
    if [ "$code" -eq 0 ]; then
        echo "ok      $name ($((SECONDS - started)) s)"
        return 0
    fi

    [ "$code" -ge 124 ] && echo "        stopped after $seconds s, or killed"
    fail "$name" "exit code $code after $((SECONDS - started)) s: ${*:3}"
    tail -n 60 "$logs/$name.log" | sed 's/^/        | /'
    return "$code"
}

# fail NAME MESSAGE: counts and reports a failure that is no command's.
fail() {
    step_failures=$((step_failures + 1))
    echo "FAILED  $1: $2"
}

skip() {
    echo "skipped $1: $2"
}

# counter NAME FILE...: the sum of a counter over test result files.
counter() {
    local name=$1
    shift
    grep -ho "<Counters [^>]*>" "$@" 2>/dev/null |
        sed -n "s/.* $name=\"\([0-9]*\)\".*/\1/p" |
        awk '{ sum += $1 } END { print sum + 0 }'
}

# tests_failed RESULTS: how many tests of the result files ran and did not pass.
tests_failed() {
    echo $(($(counter executed "$1"/*.trx) - $(counter passed "$1"/*.trx)))
}

# finish RESULTS: the last line, and the exit code. No test at all is a failure: nothing was shown to hold.
finish() {
    local total passed failed skipped
    total=$(counter total "$1"/*.trx)
    passed=$(counter passed "$1"/*.trx)
    skipped=$((total - $(counter executed "$1"/*.trx)))
    failed=$(($(tests_failed "$1") + step_failures))
    [ "$step_failures" -gt 0 ] && echo "$step_failures of the failures are steps of the check; they are named above."
    if [ "$total" -eq 0 ] && [ "$failed" -eq 0 ]; then
        echo "No test ran."
        failed=1
    fi

    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}

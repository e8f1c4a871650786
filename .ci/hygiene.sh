# What must not be in the repository: paths and package feeds of the machine it was written on, received snapshots.

check_hygiene() {
    if ! git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        skip hygiene "not a git checkout"
        return
    fi

    local received paths hosts host before=$step_failures
    received=$(git ls-files | grep -E '\.received\.')
    [ -n "$received" ] && fail hygiene "received snapshots are tracked: $received"

    # The brackets keep this file from finding itself.
    paths=$(git grep -nIE '(^|[^[:alnum:]_./~-])/([w]ork|[r]oot|[h]ome/[a-z]+|[U]sers/[a-z]+|[t]mp/[a-z]+)/' | head -n 20)
    [ -n "$paths" ] && fail hygiene "machine paths in tracked files:
$paths"

    hosts=$(dotnet nuget list source --format Short | sed -nE 's#.*https?://([^/:@]+@)?([^/:]+).*#\2#p' | sort -u)
    for host in $hosts; do
        paths=$(git grep -lIF "$host" | head -n 20)
        [ -n "$paths" ] && fail hygiene "the package feed $host is named in: $paths"
    done

    [ "$step_failures" -eq "$before" ] && echo "ok      hygiene"
}

tracked_state() {
    git diff 2>/dev/null | git hash-object --stdin 2>/dev/null
}

# check_untouched STATE: building, testing and running leave the tracked files as they were.
check_untouched() {
    if [ "$(tracked_state)" != "$1" ]; then
        fail untouched "the check changed tracked files: $(git diff --name-only | head -n 20)"
    fi
}

# The commands that README.md shows, so that what the reader is told to type is what is checked.

# readme_commands: one line for each `dotnet` command in a fenced block; lines that end in \ are joined.
readme_commands() {
    awk '
        /^[ \t]*```/ { fenced = !fenced; next }
        fenced {
            line = pending $0; pending = ""
            if (sub(/\\$/, "", line)) { pending = line; next }
            sub(/^[ \t]*(\$ )?/, "", line); sub(/[ \t]+#.*$/, "", line); sub(/[ \t]+$/, "", line)
            if (line ~ /^dotnet /) print line
        }' README.md
}

readme_test_command() {
    readme_commands | grep -m 1 '^dotnet test'
}

# check_readme_commands: runs each command but the test command, which is a step of its own.
check_readme_commands() {
    local command number=0
    while IFS= read -r command; do
        number=$((number + 1))
        case $command in
        "dotnet test"*) continue ;;
        "dotnet new"* | "dotnet add"*)
            skip "README: $command" "for a user's own project; OptBias.Package.Tests does it"
            continue
            ;;
        *../shared/*)
            if [ ! -e ../shared ]; then
                skip "README: $command" "there is no ../shared"
                continue
            fi
            ;;
        esac
        echo "        README: $command"
        step "readme-$number" 600 bash -c "$command" || true
    done < <(readme_commands)
}

#!/usr/bin/env bash
# One task for the action. Everything that comes from outside is in the environment and is never read as code:
# TASK, ANTHROPIC_API_KEY, BASE_URL, MODEL, MAX_COST, MAX_ITERATIONS. Ends with 0; the status of nex is an output.
set -euo pipefail

folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/nex-result-XXXXXX")
result=$folder/result.json

if [ -n "${BASE_URL:-}" ]; then export ANTHROPIC_BASE_URL=$BASE_URL; fi
flags=(--yes --output-format json --max-cost "${MAX_COST:-1.00}" --max-iterations "${MAX_ITERATIONS:-25}")
if [ -n "${MODEL:-}" ]; then flags+=(--model "$MODEL"); fi

# A runner has no name of its own; the commit needs one.
export GIT_AUTHOR_NAME=${GIT_AUTHOR_NAME:-nex} GIT_AUTHOR_EMAIL=${GIT_AUTHOR_EMAIL:-nex@users.noreply.github.com}
export GIT_COMMITTER_NAME=${GIT_COMMITTER_NAME:-$GIT_AUTHOR_NAME} GIT_COMMITTER_EMAIL=${GIT_COMMITTER_EMAIL:-$GIT_AUTHOR_EMAIL}

start=$(git rev-parse HEAD)
status=0
# On standard input a task may begin with a dash and hold any character.
printf '%s' "$TASK" | nex "${flags[@]}" - > "$result" || status=$?

# The value at this key; nothing when there is no result, or null.
value() {
  node -e '
    const fs = require("node:fs");
    let end = {};
    try { end = JSON.parse(fs.readFileSync(process.argv[1], "utf8")); } catch {}
    process.stdout.write(String(end[process.argv[2]] ?? ""));
  ' "$result" "$1"
}

# A name that the value cannot hold ends it: a model cannot write further outputs.
output() {
  local mark
  mark=end-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s<<%s\n%s\n%s\n' "$1" "$mark" "$2" "$mark" >> "${GITHUB_OUTPUT:-/dev/stdout}"
}

branch=$(value branch)
commit=$(value commit)
if [ -n "$commit" ]; then git bundle create "$folder/branch.bundle" "refs/heads/$branch" "^$start" 2> /dev/null; fi

output exit-status "$status"
output outcome "$(value outcome)"
output branch "$branch"
output commit "$commit"
output cost-usd "$(value cost_usd)"
output text "$(value text)"
output folder "$folder"

if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  {
    printf '### nex: %s\n\n' "$(value outcome)"
    printf '| exit status | branch | commit | cost in $ |\n| --- | --- | --- | --- |\n'
    printf '| %s | %s | %s | %s |\n\n' "$status" "$branch" "$commit" "$(value cost_usd)"
    # Indented it is text, whatever is in it.
    value text | sed 's/^/    /'
    printf '\n'
  } >> "$GITHUB_STEP_SUMMARY"
fi

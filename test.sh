#!/usr/bin/env bash
# Everything that is to be tested. Last line: "N passed, N failed" (", N skipped" when any); exit code 1 on a failure.
#   --no-install    install nothing; what is missing is skipped and counted
#   --conformance   only the tests over third-party corpora (FHIR_CORPORA names their folder)
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

install=yes
conformance=no
for argument in "$@"; do
    case "$argument" in
        --no-install) install=no ;;
        --conformance) conformance=yes ;;
        *) echo "usage: ./test.sh [--no-install] [--conformance]" >&2; exit 2 ;;
    esac
done

if ! command -v dotnet >/dev/null || ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
    echo "FhirMyeloma needs the .NET SDK 10.0 (any feature band): https://dotnet.microsoft.com/download/dotnet/10.0" >&2
    exit 1
fi

passed=0
failed=0
skipped=0
finish() {
    local line="$passed passed, $failed failed"
    [ "$skipped" -gt 0 ] && line="$line, $skipped skipped"
    echo "$line"
    [ "$failed" -eq 0 ]
    exit
}
# One step is one check: it counts as passed or failed like a test.
step() {
    local name=$1
    shift
    echo "== $name"
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name"; return 1; fi
}

step "restore (locked)" dotnet restore FhirMyeloma.sln --locked-mode -v quiet || finish
step "build (warnings are errors)" dotnet build FhirMyeloma.sln -c Release --no-restore -v quiet --nologo || finish

results=artifacts/test-results
rm -rf "$results"
filter=()
if [ "$conformance" = yes ]; then
    classes=$(grep -rlF '[CorporaFact' tests --include='*.cs' | grep -v '^tests/Shared/' | xargs -r -n1 basename -s .cs | sort -u)
    for class in $classes; do filter+=("FullyQualifiedName~.$class."); done
    if [ ${#filter[@]} -eq 0 ]; then echo "no test reads a corpus"; finish; fi
    filter=(--filter "$(IFS='|'; echo "${filter[*]}")")
else
    step "format" dotnet format FhirMyeloma.sln --verify-no-changes --no-restore
fi

# The tests of the second engine start a server of their own; no service of the system is started or used.
postgres_15() { compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }
if [ "$conformance" = no ] && [ "$install" = yes ] && [ -z "${PG_TEST:-}" ] && ! postgres_15 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing postgresql with apt-get (--no-install prevents this)"
    mkdir -p "$results" /etc/postgresql-common
    # Without this the package makes and starts a cluster.
    [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; } >"$results/apt-postgresql.log" 2>&1 \
        || tail -n 5 "$results/apt-postgresql.log"
fi

# Counted from the result files, over all projects; a project that dies without results is a failure of its own.
for project in tests/*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    echo "== $name"
    dotnet test "$project" -c Release --no-build --nologo -v quiet ${filter[@]+"${filter[@]}"} \
        --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" --results-directory "$results"
    code=$?
    trx="$results/$name.trx"
    before=$failed
    if [ -f "$trx" ]; then
        count() { grep -oE '<UnitTestResult [^>]*' "$trx" | grep -c "outcome=\"$1\"" || true; }
        all=$(grep -cE '<UnitTestResult ' "$trx" || true)
        ok=$(count Passed)
        left=$(count NotExecuted)
        passed=$((passed + ok))
        skipped=$((skipped + left))
        failed=$((failed + all - ok - left))
    fi
    if [ "$code" -ne 0 ] && [ "$failed" -eq "$before" ]; then
        failed=$((failed + 1))
        echo "FAILED: $name ended with code $code without a failed test"
    fi
done
if [ "$conformance" = yes ]; then
    grep -ohE '^ *(<StdOut>)?[a-z0-9/A-Z-]+: [0-9]+/[0-9]+' "$results"/*.trx | sed -E 's/^ *(<StdOut>)?//' | sort -u
    finish
fi

# The tests in Node: a FHIR client of others (fhir-kit-client), and a browser (playwright-core and a Chromium).
debian_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
missing=()
[ -n "$chromium" ] || missing+=(chromium)
node_20() { command -v node >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; }
node_20 || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if [ ${#missing[@]} -gt 0 ] && [ "$install" = yes ] && debian_root; then
    echo "installing ${missing[*]} with apt-get (--no-install prevents this)"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$results/apt.log" 2>&1 \
        || tail -n 5 "$results/apt.log"
    chromium=${CHROMIUM:-$(command -v chromium || true)}
fi
# One folder of tests in Node, counted from its last line: name, the package that it is about, and chromium where it needs that too.
node_tests() {
    local name=$1 package=$2 also=${3:-} folder=tests/$1 code counts ok=0 bad=0
    echo "== $name"
    if command -v npm >/dev/null && [ "$install" = yes ] && ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock.json"; then
        echo "installing $package from $folder/package-lock.json with npm (--no-install prevents this)"
        (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error && cp package-lock.json node_modules/.installed-lock.json)
    fi
    if { [ -n "$also" ] && [ -z "$chromium" ]; } || ! node_20 || [ ! -d "$folder/node_modules/$package" ]; then
        skipped=$((skipped + $(grep -cE '^ *await check\(' "$folder/$name.mjs")))
        echo "skipped: the $name test needs ${also:+$also and }Node 20 or later. Install with:"
        echo "  sudo apt-get install -y --no-install-recommends ${also:+$also }nodejs npm && (cd $folder && npm ci --ignore-scripts && cp package-lock.json node_modules/.installed-lock.json)"
        return
    fi
    CHROMIUM="$chromium" node "$folder/$name.mjs" | tee "$results/$name.log"
    code=${PIPESTATUS[0]}
    counts=$(grep -E "^$name: [0-9]+ passed, [0-9]+ failed\$" "$results/$name.log" | tail -n 1)
    if [ -n "$counts" ]; then
        read -r _ ok _ bad _ <<<"$counts"
        passed=$((passed + ok))
        failed=$((failed + bad))
    fi
    if [ "$code" -ne 0 ] && [ "$bad" = 0 ]; then failed=$((failed + 1)); echo "FAILED: $name test ended with code $code"; fi
}
node_tests client fhir-kit-client
node_tests browser playwright-core chromium
finish

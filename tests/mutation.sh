#!/usr/bin/env bash
# Mutation testing of a folder of the clinical engine, e.g. tests/mutation.sh Washout; see docs/mutation.md. Never part of ./test.sh: it takes minutes to hours.
#   tests/mutation.sh <folder or glob> [concurrency] [further options of dotnet-stryker]
set -euo pipefail
if [ $# -eq 0 ]; then echo "usage: tests/mutation.sh <folder of src/FhirMyeloma.Clinical, or glob of files> [concurrency] [stryker options]" >&2; exit 2; fi
what=$1
concurrency=${2:-1}
shift $(($# > 1 ? 2 : 1))
case "$what" in */* | *.cs) glob=$what ;; *) glob="**/$what/*.cs" ;; esac
# The tests that were written for a folder; the others take most of the time and can only add kills. MUTATION_TESTS=all runs those too.
case "${MUTATION_TESTS:-$what}" in
    Lines) tests="FullyQualifiedName~.Lines.|FullyQualifiedName~.Refractoriness." ;;
    Response | Staging | Washout) tests="FullyQualifiedName~.$what." ;;
    *) tests= ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/FhirMyeloma.Clinical.Tests"
dotnet tool restore >/dev/null
report=../../artifacts/mutation/$(tr -c 'A-Za-z0-9\n' '-' <<<"$what")
rm -rf "$report"
mkdir -p "$report"
settings=stryker-config.json
if [ -n "$tests" ]; then
    settings=$report/settings.json
    sed "s/\"test-case-filter\": \".*\"/\"test-case-filter\": \"$tests\"/" stryker-config.json >"$settings"
fi
# Every mutant starts a test host anew. Listing the rows of all case tables first would take it longer than the tests.
bin=../../artifacts/bin/FhirMyeloma.Clinical.Tests/debug
mkdir -p "$bin"
echo '{ "preEnumerateTheories": false }' >"$bin/xunit.runner.json"
trap 'rm -f "$bin/xunit.runner.json"' EXIT
# ./test.sh runs the analyzers; here they would only make the build slower.
export RunAnalyzers=false DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet stryker --skip-version-check --config-file "$settings" --mutate "$glob" --concurrency "$concurrency" --output "$report" "$@"

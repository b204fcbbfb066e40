#!/usr/bin/env bash
# Builds and starts the service, or derives or validates on the command line.
#   ./run.sh                          serve on http://localhost:5080 (loopback only; ASPNETCORE_URLS changes it)
#   ./run.sh --store postgres --connection "Host=…"   keep resources in PostgreSQL instead of data/fhirmyeloma.db
#   ./run.sh --open                   serve on every network interface, also where nobody is asked who they are
#   ./run.sh assess FILE|FOLDER...    derive without a server; options: ./run.sh assess --help
#   ./run.sh validate FILE|FOLDER...  validate without a server; options: ./run.sh validate --help
#   ./run.sh key create --center NAME make an API key for a centre's systems; also: key list, key revoke ID
#   ./run.sh audit verify             follow the chain of the audit; prints its head, or the first broken row
#   ./run.sh backup FILE              copy the store into a new file, also while the service runs; ./run.sh restore FILE makes the store of it
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if ! command -v dotnet >/dev/null || ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
    echo "FhirMyeloma needs the .NET SDK 10.0 (any feature band): https://dotnet.microsoft.com/download/dotnet/10.0" >&2
    exit 1
fi
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# Everything that the build says goes to stderr, so that stdout is the derived Bundle and nothing else.
(cd "$here" && dotnet build src/FhirMyeloma.Service/FhirMyeloma.Service.csproj -c Release -v quiet --nologo "-clp:ErrorsOnly;NoSummary") >&2
service="$here/artifacts/bin/FhirMyeloma.Service/release/FhirMyeloma.Service.dll"

case "${1:-}" in
    assess | validate | key | audit | backup | restore | --help | -h | -\? | --version) exec dotnet "$service" "$@" ;;
esac

url=${ASPNETCORE_URLS:-http://localhost:5080}
for argument in "$@"; do
    if [ "$argument" = --open ]; then
        url=${ASPNETCORE_URLS:-http://0.0.0.0:5080}
        echo "WARNING: --open listens beyond this machine. Without an API key or an issuer of tokens nobody is asked who they are: send no patient data then that others may not see."
    fi
done
url=${url%%;*}
url=${url%/}
echo "FhirMyeloma. Research and data quality only, not for patient care."
echo "  page      $url/"
echo "  Swagger   $url/swagger"
echo "  metadata  $url/fhir/metadata"
exec dotnet "$service" "$@"

#!/usr/bin/env bash
# Publishes the service and its command line, compiled ahead of time (ReadyToRun), so that the first answer does not wait for the JIT.
#   ./publish.sh [FOLDER]             default artifacts/publish; start it with: FOLDER/FhirMyeloma.Service
# The folder needs the .NET runtime 10.0 (aspnetcore) on the machine and runs on Linux x64; elsewhere use ./run.sh or dotnet publish.
set -euo pipefail
folder=$(realpath -m "${1:-$(dirname "${BASH_SOURCE[0]}")/artifacts/publish}")
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet publish src/FhirMyeloma.Service/FhirMyeloma.Service.csproj -c Release -r linux-x64 --self-contained false \
    -p:PublishReadyToRun=true -p:RestoreLockedMode=true -o "$folder" -v quiet --nologo "-clp:ErrorsOnly;NoSummary"
echo "$folder"

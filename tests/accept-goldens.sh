#!/usr/bin/env bash
# Shows how the stories' results differ from their goldens, then asks before it takes them. Read the difference: a golden freezes what is, not what is right.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dotnet test tests/FhirMyeloma.Mapping.Tests -v quiet --nologo --filter 'FullyQualifiedName~Stories' >/dev/null || true
found=no
while IFS= read -r received; do
    found=yes
    golden=${received/.received/}
    git --no-pager diff --no-index --stat --patch -- "$golden" "$received" || true
done < <(find fhir-examples -name '*.received*' | sort)
if [ "$found" = no ]; then echo "No golden differs."; exit 0; fi
read -r -p "Accept these results as goldens? [y/N] " answer
if [ "$answer" = y ]; then
    ACCEPT_GOLDENS=1 dotnet test tests/FhirMyeloma.Mapping.Tests -v quiet --nologo --no-build --filter 'FullyQualifiedName~Stories' >/dev/null || true
    find fhir-examples -name '*.received*' -delete
    git --no-pager diff --stat -- fhir-examples
fi

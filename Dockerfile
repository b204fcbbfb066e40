# syntax=docker/dockerfile:1
# docker build -t fhirmyeloma .                    (pin both images by digest in production: --build-arg RUNTIME=…@sha256:…)
# docker build --target test .                     runs the tests on the way
# docker run -v fhirmyeloma:/data fhirmyeloma key create --center NAME    first: without a key, an issuer or --open it does not listen beyond its container
# docker run -p 127.0.0.1:5080:8080 -v fhirmyeloma:/data fhirmyeloma        keys are secrets on the wire: publish it through a proxy with TLS
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled

FROM ${SDK} AS restore
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/FhirMyeloma.R4/FhirMyeloma.R4.csproj src/FhirMyeloma.R4/packages.lock.json src/FhirMyeloma.R4/
COPY src/FhirMyeloma.Clinical/FhirMyeloma.Clinical.csproj src/FhirMyeloma.Clinical/packages.lock.json src/FhirMyeloma.Clinical/
COPY src/FhirMyeloma.Mapping/FhirMyeloma.Mapping.csproj src/FhirMyeloma.Mapping/packages.lock.json src/FhirMyeloma.Mapping/
COPY src/FhirMyeloma.Store/FhirMyeloma.Store.csproj src/FhirMyeloma.Store/packages.lock.json src/FhirMyeloma.Store/
COPY src/FhirMyeloma.Service/FhirMyeloma.Service.csproj src/FhirMyeloma.Service/packages.lock.json src/FhirMyeloma.Service/
RUN dotnet restore src/FhirMyeloma.Service/FhirMyeloma.Service.csproj --locked-mode

FROM restore AS build
COPY src/ src/
COPY profiles/ profiles/
COPY fhir-examples/ fhir-examples/
RUN dotnet publish src/FhirMyeloma.Service/FhirMyeloma.Service.csproj -c Release --no-restore -o /app && mkdir /data

FROM build AS test
COPY . .
RUN ./test.sh --no-install

FROM ${RUNTIME} AS runtime
WORKDIR /app
COPY --from=build /app ./
COPY --from=build --chown=1654:1654 /data /data
ENV ASPNETCORE_URLS=http://+:8080 DOTNET_EnableDiagnostics=0 FhirMyeloma__DataFolder=/data
VOLUME /data
EXPOSE 8080
USER 1654
ENTRYPOINT ["dotnet", "FhirMyeloma.Service.dll"]

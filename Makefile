# All Go is built without C, so that every target shares one build cache.
export CGO_ENABLED = 0

REGION := bin/region
GO_PACKAGES := ./...

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: setup $(REGION) ## Boot the region, tell the coffee shop's story, stay up (EXIT=1: end after it)
	$(REGION) demo $(if $(EXIT),--exit)

.PHONY: test
test: lint unit region-test ## Everything: lint, unit and scenario tests, tests in the region

.PHONY: unit
unit: setup ## Unit and scenario tests
	go test $(GO_PACKAGES)

.PHONY: race
race: ## Unit and scenario tests under the race detector; needs a C compiler
	CGO_ENABLED=1 go test -race $(GO_PACKAGES)

.PHONY: region-test
region-test: setup $(REGION) ## Tests in a region with real Kubernetes and real containers
	$(REGION) build
	cd region && go test -p 1 -count=1 -timeout=30m ./...

.PHONY: soak
soak: setup $(REGION) ## Fifty cycles of reserves, idle to load to idle (CYCLES=N for another number), and a hundred first requests
	$(REGION) build
	cd region && EBB_SOAK=$(or $(CYCLES),50) go test -count=1 -timeout=60m -v -run '^(TestSoak|TestFirstRequest)$$' ./reserve

.PHONY: conformance
conformance: setup $(REGION) ## Knative's ingress conformance suite, in both modes of the gateway; its counts
	$(REGION) build
	cd region && go test -count=1 -timeout=15m -v ./conformance

.PHONY: lint
lint: ## Formatting, go vet, staticcheck
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	if [ -n "$$unformatted" ]; then echo "gofmt these files:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool -modfile=tools/go.mod staticcheck ./...
	cd region && go vet ./...

.PHONY: bench
bench: setup $(REGION) ## Measure pod throughput, cost in API calls, the gateway and its relay
	$(REGION) bench
	go test -run='^$$' -bench=. -benchtime=1x ./gateway
	go test -run='^$$' -bench=. ./gateway/ingress ./gateway/relay

.PHONY: build
build: $(REGION) ## Build all binaries
	$(REGION) build

.PHONY: up down
up: setup $(REGION) ## Boot the region and stay
	$(REGION) up
down: $(REGION) ## End the region
	$(REGION) down

.PHONY: setup
setup: ## Install the system packages that are missing
	@scripts/setup.sh

.PHONY: clean
clean: ## Remove all that was built
	rm -rf bin .region

.PHONY: $(REGION)
$(REGION):
	@cd region && go build -o ../$(REGION) ./cmd/region

# The portal's chores. `make help` lists them; `make run` and `make test` are the two to know.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VAR ?= $(CURDIR)/var
BIN := $(VAR)/bin
LINT_VERSION := v2.15.0
ASSETS := web/dist/manifest.json
ASSET_SOURCES := web/package-lock.json $(wildcard web/*.mjs) $(shell find web/src -type f 2>/dev/null)
export PORTAIL_MODE ?= demonstration
export PORTAIL_LOG_NIVEAU ?= warn

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: $(BIN)/portail ## serve the site with its own Postgres and the Vosges data, and print its address
	@exec $(BIN)/portail serve --seed --migrate

.PHONY: dev
dev: $(ASSETS) ## serve with live reload: pages and assets are made again and the server restarted at each change
	@node web/watch.mjs & trap "kill $$!" EXIT; \
	go tool templ generate --watch --open-browser=false --proxy=http://localhost:8080 \
		--watch-pattern='(.+\.go$$)|(.+\.templ$$)|(.+_templ\.txt$$)|(dist/manifest\.json$$)' --cmd="env PORTAIL_CACHE_MO=0 go run ./cmd/portail serve --seed --migrate"

.PHONY: test
test: tools assets generated lint ## check everything: generated code, lint, unit, integration, crawl, accessibility, browser journeys
	go test -timeout 20m ./...

.PHONY: bench
bench: assets ## measure against bare handlers in the same run, and print the table; README=README.md replaces the one there, PART=posts measures a part
	go test -timeout 30m -run '^$$' -bench Portail -benchtime 1x ./internal/bench $(if $(README),-readme $(CURDIR)/$(README)) $(if $(PART),-part '$(PART)')

.PHONY: captures
captures: tools assets ## take a picture of each page in var/captures: 1280 and 360 px, light and dark, and printed
	@rm -rf $(VAR)/captures
	go test -timeout 20m -run '^TestPublicSite$$/^captures$$' ./internal/e2e -captures $(VAR)/captures
	@echo "$$(ls $(VAR)/captures | wc -l) files in $(VAR)/captures"

.PHONY: build
build: $(BIN)/portail ## build the binary into var/bin

$(BIN)/portail: $(ASSETS) FORCE
	@mkdir -p $(BIN)
	@go build -trimpath -o $@ ./cmd/portail

.PHONY: assets
assets: $(ASSETS) ## build the front-end assets

$(ASSETS): $(ASSET_SOURCES) web/node_modules/.package-lock.json
	@cd web && node build.mjs

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	@cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: generate
generate: ## generate the Go code of the pages
	go tool templ generate
	go tool templ fmt .

.PHONY: generated
generated: ## fail if generating or formatting the pages changes anything
	@before=$$(find . -name '*_templ.go' -not -path './web/node_modules/*' | sort | xargs sha256sum); \
	go tool templ generate >/dev/null || exit 1; \
	after=$$(find . -name '*_templ.go' -not -path './web/node_modules/*' | sort | xargs sha256sum); \
	if [ "$$before" != "$$after" ]; then echo "Generated pages are out of date: run make generate."; exit 1; fi
	@go tool templ fmt -fail . >/dev/null || { echo "Templates are not formatted: run make generate."; exit 1; }

.PHONY: lint
lint: $(BIN)/golangci-lint-$(LINT_VERSION) $(ASSETS) ## vet and lint the Go code
	@unformatted=$$(gofmt -l cmd internal migrations web/*.go web/typo); if [ -n "$$unformatted" ]; then echo "Not gofmt'ed: $$unformatted"; exit 1; fi
	$(BIN)/golangci-lint-$(LINT_VERSION) run ./...

$(BIN)/golangci-lint-$(LINT_VERSION):
	@mkdir -p $(BIN)
	GOBIN=$(BIN) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv $(BIN)/golangci-lint $@

.PHONY: tools
tools: ## bring what the checks need: node, and a Chromium, installed by apt where that can be
	@command -v node >/dev/null || { echo "Node.js 20 or later is needed: apt-get install nodejs npm"; exit 1; }
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium; } || \
	{ echo "A Chromium is needed for the browser tests: apt-get install chromium (or set CHROMIUM to its path)"; [ -x "$$CHROMIUM" ]; }

.PHONY: clean
clean: ## remove what was built; the data of var/pg stays
	rm -rf $(BIN) web/node_modules web/dist/*

FORCE:

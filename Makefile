# reconcile-agent: build, try and check the project. `make` alone says how.
#
# SWIFTFLAGS reaches every build: make test SWIFTFLAGS="-j 1"

SWIFTFLAGS ?=

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help build test demo bench clean lint format root packages-build packages-run packages-test release

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: packages-build release ## build the agent for release, into .build/release

test: root packages-test lint ## run every test, those on the real kernel too (as root)
	@echo "==> building the tests"
	@swift build --build-tests $(SWIFTFLAGS)
	@echo "==> running the tests"
	@swift test --skip-build $(SWIFTFLAGS)

demo: root packages-run release ## push Pods to Git and watch them run, end to end (as root)
	@echo "==> running the demo"
	@scripts/demo.sh

bench: root packages-run release ## measure on this machine (as root)
	@echo "==> building the floor: a bare C program that does the same"
	@cc -O2 -static -o .build/release/bench-floor Benchmarks/floor.c
	@echo "==> measuring"
	@.build/release/bench .build/release/bench-floor
	@.build/release/bench-source .build/release/reconcile-agent

lint: ## check the layout of every Swift file
	@echo "==> checking the layout of Swift files"
	@swift format lint --strict -r Package.swift Sources Tests

format: ## lay every Swift file out as the house does
	@echo "==> laying Swift files out"
	@swift format -i -r Package.swift Sources Tests

clean: ## remove what was built
	@echo "==> removing .build"
	@rm -rf .build

root:
	@scripts/require-root.sh $(MAKECMDGOALS)

packages-build: purposes = build
packages-run: purposes = build run
packages-test: purposes = build run test
packages-build packages-run packages-test:
	@echo "==> installing system packages"
	@scripts/install-packages.sh $(purposes)

release:
	@echo "==> building for release"
	@swift build -c release $(SWIFTFLAGS)
